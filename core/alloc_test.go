package cors_test

import (
	"context"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// A scenario is a request whose cost is measured.
type scenario struct {
	name string
	cfg  cors.Config
	req  cors.Request
}

// echoing allows any method and any header, with credentials.
func echoing() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"*"}, AllowCredentials: true,
	}
}

func scenarios() []scenario {
	const megabyte = 1 << 20
	huge := strings.Repeat("a", megabyte/2)
	withRegexp := expressions(`https://[a-z]+\.myapp\.com`)
	return []scenario{
		{"no origin", full(), get("")},
		{"any origin", cors.AllowAll(), get("https://a.com")},
		{"one origin", full(), get("https://myapp.com")},
		{"subdomain", full(), get("https://a.b.myapp.com")},
		{"any port", full(), get("http://localhost:3000")},
		{"regular expression", withRegexp, get("https://a.myapp.com")},
		{"refused", full(), get("https://evil.example")},
		{"rejected", refusing(full()), get("https://evil.example")},
		{"preflight", full(), preflight("https://myapp.com", "PUT", "content-type")},
		{"preflight, any origin", cors.AllowAll(), preflight("https://a.com", "PUT", "content-type")},
		{"preflight, refused", full(), preflight("https://evil.example", "PUT", "content-type")},
		{"preflight, echoed", echoing(), preflight("https://myapp.com", "PROPFIND", "accept,content-type,x-a,x-b")},

		{"ReportOnly, allowed", reporting(full()), get("https://myapp.com")},
		{"ReportOnly, preflight", reporting(full()), preflight("https://myapp.com", "PUT", "content-type")},

		{"hostile: origin of 512 KiB", full(), get("https://" + huge + ".myapp.com")},
		{"hostile: origin of 512 KiB, any origin", cors.AllowAll(), get("https://" + huge)},
		{"hostile: origin of 512 KiB, rejected", refusing(full()), get("https://" + huge)},
		{"hostile: origin of 512 KiB, regular expression", withRegexp, get("https://" + huge + ".myapp.com")},
		{"hostile: origin with many dots", full(), get("https://" + strings.Repeat("a.", 140) + "com")},
		{"hostile: requested headers of 512 KiB", full(), preflight("https://myapp.com", "PUT", huge)},
		{"hostile: requested headers of 512 KiB, echoed", echoing(), preflight("https://myapp.com", "PUT", huge)},
		{"hostile: commas, echoed", echoing(), preflight("https://myapp.com", "PUT", strings.Repeat(",", megabyte))},
		{"hostile: the most commas that fit, echoed", echoing(), preflight("https://myapp.com", "PUT", strings.Repeat(",", 1024))},
		{"hostile: requested method of 512 KiB, echoed", echoing(), preflight("https://myapp.com", huge, "")},
	}
}

func TestDecideAllocations(t *testing.T) {
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			p, src := mustPolicy(t, s.cfg), &source{t.Context(), s.req}
			if n := testing.AllocsPerRun(100, func() { _ = p.Decide(src, new(cors.Decision)) }); n != 0 {
				t.Errorf("Decide allocates %v times, want 0", n)
			}
		})
	}
}

// An origin that resembles an IP address costs one allocation, for an error
// value.
func TestAddressAllocations(t *testing.T) {
	p := mustPolicy(t, cors.Config{AllowOriginFunc: func(context.Context, string) (bool, error) { return false, nil }})
	for _, o := range []string{
		"https://[" + strings.Repeat(":", 280) + "]", "https://1.2.3.4.5",
		"https://[::1%" + strings.Repeat("a", 250) + "]", "https://" + strings.Repeat("1.", 140),
	} {
		src := &source{t.Context(), get(o)}
		if n := testing.AllocsPerRun(100, func() { _ = p.Decide(src, new(cors.Decision)) }); n > 4 {
			t.Errorf("%.40q: Decide allocates %v times", o, n)
		}
	}
}
