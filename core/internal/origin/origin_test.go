package origin_test

import (
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

func TestParse(t *testing.T) {
	longName := strings.Repeat("a23456789.", 25) + "com" // 253 bytes
	for _, tt := range []struct {
		origin string
		want   origin.Parts
	}{
		{"https://myapp.com", origin.Parts{Scheme: "https", Host: "myapp.com"}},
		{"http://localhost:3000", origin.Parts{Scheme: "http", Host: "localhost", Port: "3000"}},
		{"http://a:1", origin.Parts{Scheme: "http", Host: "a", Port: "1"}},
		{"https://a:65535", origin.Parts{Scheme: "https", Host: "a", Port: "65535"}},
		{"http://myapp.com:443", origin.Parts{Scheme: "http", Host: "myapp.com", Port: "443"}},
		{"https://myapp.com:80", origin.Parts{Scheme: "https", Host: "myapp.com", Port: "80"}},
		{"http://myapp.test.:7001", origin.Parts{Scheme: "http", Host: "myapp.test.", Port: "7001"}},
		{"https://xn--bcher-kva.example", origin.Parts{Scheme: "https", Host: "xn--bcher-kva.example"}},
		{"https://my_app.example", origin.Parts{Scheme: "https", Host: "my_app.example"}},
		{"https://-a-.example", origin.Parts{Scheme: "https", Host: "-a-.example"}},
		{"https://1e3", origin.Parts{Scheme: "https", Host: "1e3"}},
		{"https://127.0.0.1", origin.Parts{Scheme: "https", Host: "127.0.0.1"}},
		{"https://0.0.0.0:8080", origin.Parts{Scheme: "https", Host: "0.0.0.0", Port: "8080"}},
		{"http://[::1]:7001", origin.Parts{Scheme: "http", Host: "[::1]", Port: "7001"}},
		{"http://[2001:db8::1:0:0:1]", origin.Parts{Scheme: "http", Host: "[2001:db8::1:0:0:1]"}},
		{"http://[::ffff:7f00:1]", origin.Parts{Scheme: "http", Host: "[::ffff:7f00:1]"}},
		{"https://" + longName, origin.Parts{Scheme: "https", Host: longName}},
		{"https://" + longName + ".:8443", origin.Parts{Scheme: "https", Host: longName + ".", Port: "8443"}},
		{"https://" + strings.Repeat("a", 63) + ".com", origin.Parts{Scheme: "https", Host: strings.Repeat("a", 63) + ".com"}},
		{"tauri://localhost", origin.Parts{Scheme: "tauri", Host: "localhost"}},
		{"capacitor://localhost", origin.Parts{Scheme: "capacitor", Host: "localhost"}},
		{"chrome-extension://abcdefghijklmnopabcdefghijklmnop", origin.Parts{Scheme: "chrome-extension", Host: "abcdefghijklmnopabcdefghijklmnop"}},
		{"app+v1.x://Main", origin.Parts{Scheme: "app+v1.x", Host: "Main"}},
	} {
		t.Run(tt.origin, func(t *testing.T) {
			got, ok := origin.Parse(tt.origin)
			if !ok || got != tt.want {
				t.Errorf("Parse = %#v, %t; want %#v", got, ok, tt.want)
			}
			if s := got.String(); s != tt.origin {
				t.Errorf("Parts.String = %q, want the origin itself", s)
			}
		})
	}
}

// notSerialized lists strings that browsers never send as an origin.
var notSerialized = []string{
	"", "null", "*", "https", "https:", "https:/", "https://", "://", "://a", "myapp.com", "//myapp.com",
	"https:myapp.com", "https:/myapp.com", "https:///myapp.com",

	// letter case
	"HTTPS://myapp.com", "Https://myapp.com", "https://MyApp.com", "https://myapp.coM",

	// more than scheme, host and port
	"https://myapp.com/", "https://myapp.com/x", "https://myapp.com?", "https://myapp.com#", "https://myapp.com\\",
	"https://user@myapp.com", "https://user:pw@myapp.com", "https://@myapp.com",

	// ports
	"https://myapp.com:", "https://myapp.com:443", "http://myapp.com:80", "https://myapp.com:0",
	"https://myapp.com:08443", "https://myapp.com:65536", "https://myapp.com:100000", "https://myapp.com:99999999999999999999",
	"https://myapp.com:x", "https://myapp.com:8x", "https://myapp.com:-1", "https://myapp.com:+1", "https://myapp.com: 1",
	"https://myapp.com:8443:8443", "https://myapp.com:*", "https://:8443", "https://myapp.com:８",

	// schemes
	"ws://myapp.com", "wss://myapp.com", "file://", "file://localhost", "1a://b", "-a://b", "+a://b", "a_b://c", "a b://c",
	" https://myapp.com", "ht\x00tps://myapp.com", "ä://b", "blob:https://myapp.com",

	// host names
	"https://.", "https://..", "https://.myapp.com", "https://myapp..com", "https://myapp.com..",
	"https://*.myapp.com", "https://*", "https://my app.com", "https://myapp.com ", "https://my\tapp.com",
	"https://myapp.com\r", "https://myapp.com\n", "https://my\x00app.com", "https://my\x7fapp.com", "https://my\xffapp.com",
	"https://bücher.example", "https://my%61pp.com", "https://my`app.com", "https://my{app.com", "https://my}app.com",
	"https://a,b", "https://a;b", "https://a!b", "https://a'b", "https://a(b", "https://a&b", "https://a=b", "https://a$b",
	"https://a|b", "https://a^b", "https://a~b", "https://a\"b", "https://a<b", "https://a+b",
	"https://" + strings.Repeat("a", 64) + ".com",
	"https://" + strings.Repeat("a23456789.", 25) + "comm", // 254 bytes

	// IPv4
	"https://1.2.3", "https://127.1", "https://0x7f000001", "https://0x7f.1", "https://a.0x", "https://1.2.3.04", "https://256.1.1.1",
	"https://1.2.3.4.5", "https://1.2.3.4.", "https://2130706433", "https://a.1", "https://a.09",

	// IPv6
	"https://[]", "https://[", "https://[::1", "https://::1", "https://[::1]x", "https://[::1]:", "https://[::0001]", "https://[0:0:0:0:0:0:0:1]",
	"https://[2001:DB8::1]", "https://[2001:db8:0:0:1:0:0:1]", "https://[::ffff:127.0.0.1]", "https://[::127.0.0.1]",
	"https://[fe80::1%eth0]", "https://[127.0.0.1]", "https://[myapp.com]", "https://[[::1]]", "https://[::1].myapp.com",

	// hosts of other schemes
	"tauri://", "tauri://local host", "tauri://localhost/", "tauri://a@b", "tauri://[::1]", "tauri://ä", "tauri://" + strings.Repeat("a", 254),

	// several origins
	"https://a.com,https://b.com", "https://a.com, https://b.com", "https://a.com https://b.com", "https://a.com://b.com",
	strings.Repeat("a", origin.MaxLen) + "://b",
}

func TestParseRejects(t *testing.T) {
	for _, s := range notSerialized {
		if p, ok := origin.Parse(s); ok {
			t.Errorf("Parse(%q) = %#v, want a rejection", s, p)
		}
	}
}

func TestParseAllocs(t *testing.T) {
	for name, s := range map[string]string{
		"an ordinary origin":     "https://www.myapp.com",
		"half a megabyte":        "https://" + strings.Repeat("a", 512<<10),
		"as many dots as fit":    "https://" + strings.Repeat("a.", 140),
		"as many colons as fit":  "https://a" + strings.Repeat(":", 280),
		"as many slashes as fit": "https:" + strings.Repeat("/", 290),
	} {
		t.Run(name, func(t *testing.T) {
			if n := testing.AllocsPerRun(100, func() { origin.Parse(s) }); n != 0 {
				t.Errorf("Parse allocates %v times, want 0", n)
			}
		})
	}
}
