package expr

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

// reads reports whether a shape has an origin.
func (s *shape) reads(o string) bool {
	states := map[int32]bool{0: true}
	for i := range len(o) {
		next := map[int32]bool{}
		for q := range states {
			for _, e := range s.edges[q] {
				if e.chars.has(o[i]) {
					next[e.to] = true
				}
			}
		}
		states = next
	}
	for q := range states {
		if s.accepts[q] {
			return true
		}
	}
	return false
}

// inShape reports whether one of the shapes has an origin. More than one is an
// error.
func inShape(t *testing.T, o string) bool {
	all := allShapes()
	list := []*shape{all.custom}
	for _, w := range all.web {
		list = append(list, w.names)
		for _, a := range w.addresses {
			if a.exact().reads(o) && !a.rough.reads(o) {
				t.Errorf("%q is no address for the rough shape", o)
			}
			list = append(list, a.exact())
		}
	}
	n := 0
	for _, s := range list {
		if s.reads(o) {
			n++
		}
	}
	if n > 1 {
		t.Errorf("%q is of %d shapes", o, n)
	}
	return n > 0
}

func checkShape(t *testing.T, o string) {
	t.Helper()
	if _, want := origin.Parse(o); inShape(t, o) != want {
		t.Errorf("%q: Parse says %t, the shapes do not", o, want)
	}
}

// TestShapes checks that the shapes describe the origins that Parse accepts.
func TestShapes(t *testing.T) {
	t.Run("ports", func(t *testing.T) {
		for port := 0; port < 66_000; port += 1 + port/1000 {
			checkShape(t, fmt.Sprintf("%s://a:%d", []string{"http", "https", "app"}[port%3], port))
		}
		for _, scheme := range []string{"http", "https", "app"} {
			for _, port := range []string{"", "0", "00", "080", "80", "443", "8", "800", "8080", "44", "4430", "44300", "59999", "60000", "64999", "65000", "65499", "65500", "65529", "65530", "65535", "65536", "6", "65", "655", "6553", "6554", "6555", "6559", "6560", "6999", "69999", "655350", "99999", "100000", "a", "8a"} {
				checkShape(t, scheme+"://a:"+port)
				checkShape(t, scheme+"://a.:"+port)
			}
		}
	})
	t.Run("octets", func(t *testing.T) {
		for n := range 1100 {
			for _, host := range []string{"%d.0.0.1", "10.%d.0.1", "10.0.0.%d", "0%d.0.0.1", "10.0.0.0%d", "a%d", "%d", "0x%d", "%dx", "1.0x%d", "%d.", "a.%da"} {
				checkShape(t, "https://"+fmt.Sprintf(host, n))
			}
		}
	})
	r := rand.New(rand.NewPCG(5, 6))
	t.Run("IPv6 addresses", func(t *testing.T) {
		for range 3_000 {
			var b [16]byte
			for i := range 8 {
				if r.IntN(2) == 0 {
					b[2*i] = byte(r.IntN(256) >> r.IntN(9))
					b[2*i+1] = byte(r.IntN(256) >> r.IntN(9))
				}
			}
			addr := netip.AddrFrom16(b)
			o := "https://[" + addr.String() + "]"
			checkShape(t, o)
			checkShape(t, "http://["+addr.StringExpanded()+"]")
			at := len("https://[") + r.IntN(len(o)-len("https://["))
			checkShape(t, o[:at]+string("0:1f]"[r.IntN(5)])+o[at:])
			checkShape(t, o[:at]+o[at+1:])
		}
	})
	t.Run("anything", func(t *testing.T) {
		pieces := []string{"https://", "http://", "app://", "ws://", "wss://", "file://", "httpss://", "htt", "fil", "a+b://", "://", ":", "/", ".", "-", "_", "a", "B", "x", "0", "0x", "1", "f",
			"127", "localhost", "test", ":80", ":443", ":8443", "[::1]", "[", "]", "::", "é", "%", "*", "com", ".1", "g"}
		for range 15_000 {
			o := pieces[r.IntN(8)]
			for range 1 + r.IntN(6) {
				o += pieces[r.IntN(len(pieces))]
			}
			checkShape(t, o)
		}
	})
}
