package origin_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

func newSet(t testing.TB, entries ...string) *origin.Set {
	t.Helper()
	s := origin.NewSet(entries)
	for _, entry := range entries {
		s.Add(mustPattern(t, entry), entry)
	}
	return s
}

// amongMany adds enough entries to make a set look up all of them rather than
// compare them one by one.
func amongMany(entries ...string) []string {
	entries = slices.Clip(entries)
	for i := range 10 {
		entries = append(entries,
			fmt.Sprintf("https://tenant-%d.invalid", i),
			fmt.Sprintf("https://*.tenant-%d.invalid", i))
	}
	return entries
}

// sets lists origins that a set of entries allows, and origins that it refuses.
var sets = []struct {
	name    string
	entries string // separated by blanks
	allowed string // separated by blanks
	refused []string
}{
	{
		name:    "an exact origin allows only itself",
		entries: "https://myapp.com",
		allowed: "https://myapp.com",
		refused: []string{
			"http://myapp.com", "https://myapp.com:8443", "https://www.myapp.com", "https://myapp.co", "https://myapp.com.evil.org",
			"https://evilmyapp.com", "https://MYAPP.com", "HTTPS://myapp.com", "https://myapp.com/", "https://myapp.com:443", "https://myapp.com.",
			"https://myapp.com ", " https://myapp.com", "https://myapp.com\x00", "https://myapp.com,https://myapp.com", "null", "", "*", "https://",
		},
	},
	{
		name:    "an exact origin with a port",
		entries: "https://myapp.com:8443",
		allowed: "https://myapp.com:8443",
		refused: []string{"https://myapp.com", "https://myapp.com:844", "https://myapp.com:84433", "https://myapp.com:08443", "https://myapp.com:443"},
	},
	{
		name:    "any port of a host, the default port included",
		entries: "http://localhost:*",
		allowed: "http://localhost http://localhost:1 http://localhost:443 http://localhost:3000 http://localhost:65535",
		refused: []string{
			"https://localhost", "http://localhost:80", "http://localhost:0", "http://localhost:65536", "http://localhost:03000", "http://localhost:",
			"http://localhost:*", "http://localhost:x", "http://localhost:3000/", "http://localhost:3000:3000", "http://localhost.evil.com",
			"http://localhost.evil.com:3000", "http://localhost:3000.evil.com", "http://localhost:pw@evil.com", "http://localhost@evil.com",
			"http://evillocalhost:3000", "http://a.localhost:3000", "http://localhosts:3000", "http://localhost.:3000",
		},
	},
	{
		name:    "any port of an address",
		entries: "http://127.0.0.1:* http://[::1]:*",
		allowed: "http://127.0.0.1 http://127.0.0.1:8080 http://[::1] http://[::1]:7001",
		refused: []string{
			"http://127.0.0.1.evil.com", "http://127.1:8080", "http://0x7f.0.0.1", "http://127.0.0.11", "http://[::1]evil.com", "http://[::1].evil.com",
			"http://[::1]:", "http://[::1", "http://::1", "http://[::11]", "http://[0:0:0:0:0:0:0:1]",
		},
	},
	{
		name:    "any port of the longest host",
		entries: "https://" + strings.Repeat("a.", 126) + "a:*",
		allowed: "https://" + strings.Repeat("a.", 126) + "a https://" + strings.Repeat("a.", 126) + "a:8443",
		refused: []string{"https://" + strings.Repeat("a.", 127) + "a:8443", "https://" + strings.Repeat("a.", 125) + "a"},
	},
	{
		name:    "subdomains at any depth, but not the domain itself",
		entries: "https://*.myapp.com",
		allowed: "https://a.myapp.com https://a.b.c.d.e.f.myapp.com https://xn--bcher-kva.myapp.com https://-.myapp.com https://_a.myapp.com https://1.2.3.4.myapp.com " +
			"https://" + strings.Repeat("a", 63) + ".myapp.com https://" + strings.Repeat("a.", 121) + "b.myapp.com",
		refused: []string{
			"https://myapp.com", "http://a.myapp.com", "https://a.myapp.com:8443", "https://a.myapp.com:443", "https://a.myapp.com.", "https://a.myapp.com/",
			"https://evil.com#.myapp.com", "https://evil.com/.myapp.com", "https://evil.com?.myapp.com", "https://evil.com\\.myapp.com",
			"https://a@b.myapp.com", "https://evil.net@x.myapp.com", "https://.myapp.com", "https://..myapp.com", "https://a..myapp.com", "https://.a.myapp.com",
			"https://evilmyapp.com", "https://evil-myapp.com", "https://myapp.com.evil.org", "https://a.myapp.com.evil.org", "https://a.myapp.comevil.org",
			"https://a.myappXcom", "https://a.myapp.com:8443.myapp.com", "https://evil.net:1.myapp.com", "https://evil.net:1@a.myapp.com",
			"https://evil.net, https://a.myapp.com", "https://evil.net,https://a.myapp.com", "https://a.myapp.com,https://evil.net",
			"https://evil.net`.myapp.com", "https://evil.net{.myapp.com", "https://evil.net}.myapp.com", "https://evil.net!.myapp.com", "https://evil.net;.myapp.com",
			"https://evil.net'.myapp.com", "https://evil.net\".myapp.com", "https://evil.net|.myapp.com", "https://evil.net^.myapp.com", "https://evil.net~.myapp.com",
			"https://evil.net%23.myapp.com", "https://evil.net%.myapp.com", "https://evil.net&.myapp.com", "https://evil.net=.myapp.com", "https://evil.net(.myapp.com",
			"https://evil.net\x00.myapp.com", "https://evil.net\n.myapp.com", "https://evil.net\r\n.myapp.com", "https://evil.net\t.myapp.com", "https://evil.net .myapp.com",
			"https://evil.net\x7f.myapp.com", "https://evil.net\x80.myapp.com", "https://ä.myapp.com", "https://A.myapp.com", "https://*.myapp.com",
			"https://[::1].myapp.com", "https://[evil.myapp.com", "https://[evil].myapp.com", "https://https://a.myapp.com", "https:///.myapp.com",
			"https://" + strings.Repeat("a", 64) + ".myapp.com", "https://" + strings.Repeat("a.", 122) + "b.myapp.com", "https://" + strings.Repeat("a.", 400) + "myapp.com",
			"null", "", ".myapp.com", "a.myapp.com", "//a.myapp.com", "https:a.myapp.com",
		},
	},
	{
		name:    "subdomains on any port",
		entries: "https://*.myapp.com:*",
		allowed: "https://a.myapp.com https://a.myapp.com:8443 https://a.b.myapp.com:1",
		refused: []string{
			"https://myapp.com", "https://myapp.com:8443", "https://a.myapp.com:443", "https://a.myapp.com:0", "https://a.myapp.com:65536", "https://a.myapp.com:x",
			"https://a.myapp.com:", "https://a.myapp.com:8443/", "https://a.myapp.com:pw@evil.net", "https://evil.net:1.myapp.com", "https://a.myapp.com:*",
		},
	},
	{
		name:    "an asterisk in an origin",
		entries: "http://localhost:* http://*.localhost:* https://*.myapp.dev https://pr-*.myapp.dev moz-extension://*",
		allowed: "http://localhost http://a.localhost",
		refused: []string{
			"http://localhost:*", "http://*.localhost", "http://*.localhost:1", "http://*.localhost:*", "http://*:*", "https://*.myapp.dev",
			"https://pr-*.myapp.dev", "https://*pr-1.myapp.dev", "https://a.*.myapp.dev", "https://*.pr-*.myapp.dev", "moz-extension://*",
		},
	},
	{
		name:    "subdomains on one port",
		entries: "https://*.myapp.com:8443",
		allowed: "https://a.myapp.com:8443 https://a.b.myapp.com:8443",
		refused: []string{"https://a.myapp.com", "https://a.myapp.com:84430", "https://a.myapp.com:843", "https://myapp.com:8443", "https://a:8443.myapp.com:8443"},
	},
	{
		name:    "subdomains of a name with a trailing dot",
		entries: "https://*.myapp.com.",
		allowed: "https://a.myapp.com. https://a.b.myapp.com.",
		refused: []string{"https://a.myapp.com", "https://myapp.com.", "https://a.myapp.com..", "https://.myapp.com."},
	},
	{
		name:    "part of a label, but not a dot",
		entries: "https://pr-*.myapp.dev",
		allowed: "https://pr-1.myapp.dev https://pr-a-b_c.myapp.dev https://pr--.myapp.dev https://pr-" + strings.Repeat("a", 60) + ".myapp.dev",
		refused: []string{
			"https://pr-.myapp.dev", "https://pr.myapp.dev", "https://a.pr-1.myapp.dev", "https://pr-1.a.myapp.dev", "https://pr-.a.myapp.dev", "https://xpr-1.myapp.dev",
			"https://pr-1.myapp.dev:8443", "http://pr-1.myapp.dev", "https://pr-1.myapp.devil", "https://pr-1-myapp.dev", "https://pr-evil.net/.myapp.dev",
			"https://pr-a@b.myapp.dev", "https://pr-A.myapp.dev", "https://pr-*.myapp.dev", "https://pr-%.myapp.dev", "https://pr-" + strings.Repeat("a", 61) + ".myapp.dev",
		},
	},
	{
		name:    "an asterisk at the front of a label",
		entries: "https://*--site.example",
		allowed: "https://a--site.example https://---site.example",
		refused: []string{"https://a.b--site.example", "https://--site.example", "https://a-site.example", "https://a--site.a.example", "https://a--site.example.evil.net"},
	},
	{
		name:    "an asterisk in the middle of a label, on any port",
		entries: "https://a-*-b.myapp.dev:*",
		allowed: "https://a-1-b.myapp.dev https://a-1-b.myapp.dev:81 https://a---b.myapp.dev",
		refused: []string{"https://a-b.myapp.dev", "https://a--b.myapp.dev", "https://a-1-b.myapp.dev:0", "https://a-1.2-b.myapp.dev"},
	},
	{
		name:    "all hosts of a scheme",
		entries: "moz-extension://*",
		allowed: "moz-extension://6f0e2b40-6b1e-4c3c-a1b4-2d2a4f7f3d77 moz-extension://A moz-extension://a.b",
		refused: []string{
			"moz-extension://", "moz-extension://a:1", "moz-extension://a/", "moz-extension://*", "moz-extension://a b", "moz-extension://a@b", "moz-extension:a",
			"moz-extensions://a", "xmoz-extension://a", "MOZ-extension://a", "chrome-extension://a", "https://moz-extension", "moz-extension://" + strings.Repeat("a", 254),
		},
	},
	{
		name:    "subdomains in another scheme",
		entries: "vscode-webview://*.app",
		allowed: "vscode-webview://a.app vscode-webview://a.b.app",
		refused: []string{"vscode-webview://app", "vscode-webview://.app", "https://a.app"},
	},
	{
		name: "all kinds of entries",
		entries: "https://a.com https://*.a.com http://localhost:* https://*.b.com:* https://b.com https://pr-*.c.dev https://*-x.c.dev:8443 " +
			"moz-extension://* tauri://localhost https://*.deep.d.com https://*.e.com:444",
		allowed: "https://a.com https://x.a.com https://x.y.a.com http://localhost http://localhost:3000 https://x.b.com https://x.b.com:5 https://b.com " +
			"https://pr-1.c.dev https://1-x.c.dev:8443 moz-extension://abc tauri://localhost https://x.deep.d.com https://x.y.deep.d.com https://x.e.com:444",
		refused: []string{
			"https://b.com:5", "https://pr-1.c.dev:8443", "https://1-x.c.dev", "tauri://localhost:1", "https://deep.d.com", "https://x.d.com", "https://x.e.com",
			"https://a.com:444", "https://xa.com", "https://xb.com", "https://c.dev", "http://a.com", "http://x.a.com", "moz-extension://abc:1", "https://x.localhost",
		},
	},
}

func TestSetContains(t *testing.T) {
	for _, tt := range sets {
		entries := strings.Fields(tt.entries)
		for name, entries := range map[string][]string{tt.name: entries, tt.name + ", among many": amongMany(entries...)} {
			t.Run(name, func(t *testing.T) {
				s := newSet(t, entries...)
				for o := range strings.FieldsSeq(tt.allowed) {
					if !s.Contains(o) {
						t.Errorf("%q is refused", o)
					}
				}
				for _, o := range tt.refused {
					if s.Contains(o) {
						t.Errorf("%q is allowed", o)
					}
				}
			})
		}
	}
}

// In the radix tree of another library, entries could hide each other.
func TestEntryOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var all []string
	for _, tt := range sets {
		all = append(all, strings.Fields(tt.entries)...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	want := newSet(t, all...)
	for range 20 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		got := newSet(t, all...)
		for _, tt := range sets {
			for _, o := range append(strings.Fields(tt.allowed), tt.refused...) {
				if got.Contains(o) != want.Contains(o) {
					t.Fatalf("Contains(%q) = %t in the order %q, but %t in another", o, got.Contains(o), all, want.Contains(o))
				}
			}
		}
		for _, tt := range sets {
			for o := range strings.FieldsSeq(tt.allowed) {
				if !got.Contains(o) {
					t.Fatalf("%q is allowed by %q, but not together with other entries", o, tt.entries)
				}
			}
		}
	}
}

func TestMatch(t *testing.T) {
	for entry, o := range map[string]string{
		"https://a.com":          "https://a.com",
		"https://a.com:*":        "https://a.com:81",
		"https://*.a.com":        "https://c.b.a.com",
		"https://*.a.com:*":      "https://b.a.com",
		"https://*.a.com:81":     "https://b.a.com:81",
		"https://x*.a.com":       "https://xy.a.com",
		"https://*x.a.com":       "https://yx.a.com",
		"https://x-*-y.a.com:*":  "https://x-1-y.a.com:8443",
		"https://x-*-y.a.com:81": "https://x-1-y.a.com:81",
		"moz-extension://*":      "moz-extension://abc",
	} {
		few := []string{entry, "http://*.a.com", "tauri://*.a.com", "https://z*.a.com"}
		for _, entries := range [][]string{few, amongMany(few...)} {
			s := newSet(t, entries...)
			if got := s.Match(o); got != entry {
				t.Errorf("%s is allowed by %q, want %q", o, got, entry)
			}
			if got := s.Match("https://nowhere.com"); got != "" {
				t.Errorf("an origin that is not allowed is allowed by %q", got)
			}
		}
	}
}

func TestManyLabelPatterns(t *testing.T) {
	entry := func(i int) string {
		return fmt.Sprintf("https://%s-%d-*-%s.myapp.dev", strings.Repeat("t", i%7), i, strings.Repeat("u", i%5))
	}
	var entries []string
	for i := range 2000 {
		entries = append(entries, entry(i))
	}
	s := newSet(t, entries...)
	for i := range 2000 {
		allowed := strings.Replace(entry(i), "*", "pr1", 1)
		if !s.Contains(allowed) {
			t.Fatalf("%s is refused", allowed)
		}
		for _, refused := range []string{
			strings.Replace(entry(i), "*", "", 1),
			strings.Replace(entry(i), "*", "a.b", 1),
			strings.Replace(entry(i+2000), "*", "pr1", 1),
		} {
			if s.Contains(refused) {
				t.Fatalf("%s is allowed", refused)
			}
		}
	}
}

func TestRepeatedEntries(t *testing.T) {
	entries := amongMany("https://a.com", "https://*.b.com")
	s := newSet(t, slices.Concat(entries, entries, entries)...)
	for _, o := range []string{"https://a.com", "https://x.b.com", "https://tenant-7.invalid", "https://a.tenant-9.invalid"} {
		if !s.Contains(o) {
			t.Errorf("%q is refused", o)
		}
	}
	if o := "https://tenant-10.invalid"; s.Contains(o) {
		t.Errorf("%q is allowed", o)
	}
}

func TestZeroSet(t *testing.T) {
	var s origin.Set
	for _, o := range []string{"", "null", "https://a.com", "*", "://"} {
		if s.Contains(o) {
			t.Errorf("contains %q", o)
		}
	}
}

func TestContainsAllocs(t *testing.T) {
	few := []string{"https://a.com", "https://*.myapp.com", "http://localhost:*", "https://pr-*.myapp.dev", "https://*.a.b.c.d.e.f.g:*"}
	compared, lookedUp := newSet(t, few...), newSet(t, append(amongMany(few...), "moz-extension://*")...)
	for name, o := range map[string]string{
		"an allowed subdomain":    "https://a.myapp.com",
		"an unrelated origin":     "https://evil.example",
		"half a megabyte":         "https://" + strings.Repeat("a", 512<<10) + ".myapp.com",
		"as many dots as fit":     "https://" + strings.Repeat(".", 280),
		"as many labels as fit":   "https://" + strings.Repeat("a.", 120) + "myapp.com",
		"as many colons as fit":   "https://a" + strings.Repeat(":", 280),
		"an IPv6 look-alike":      "https://[" + strings.Repeat(":", 280) + "]",
		"an IPv4 look-alike":      "https://1.2.3.4.5.6.7.8.9",
		"bytes that are not text": strings.Repeat("\xff", 300),
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range []*origin.Set{compared, lookedUp} {
				if n := testing.AllocsPerRun(100, func() { s.Contains(o) }); n != 0 {
					t.Errorf("Contains allocates %v times, want 0", n)
				}
			}
		})
	}
}

func TestManySubdomainPatterns(t *testing.T) {
	const n = 5000
	entries := make([]string, 0, 3*n)
	for i := range n {
		entries = append(entries,
			fmt.Sprintf("https://tenant-%05d.example", i),
			fmt.Sprintf("https://*.tenant-%05d.example", i),
			fmt.Sprintf("http://host-%05d.test:*", i))
	}
	s := newSet(t, entries...)
	for i := range n {
		for _, o := range []string{
			fmt.Sprintf("https://tenant-%05d.example", i),
			fmt.Sprintf("https://a.tenant-%05d.example", i),
			fmt.Sprintf("http://host-%05d.test:%d", i, i+1000),
		} {
			if !s.Contains(o) {
				t.Fatalf("%s is refused", o)
			}
		}
		if o := fmt.Sprintf("https://atenant-%05d.example", i); s.Contains(o) {
			t.Fatalf("%s is allowed", o)
		}
	}
}
