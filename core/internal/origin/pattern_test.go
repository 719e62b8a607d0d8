package origin_test

import (
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

func TestParsePattern(t *testing.T) {
	pattern := func(scheme, host, port string, w origin.Wildcard, before, after string) origin.Pattern {
		return origin.Pattern{Parts: origin.Parts{Scheme: scheme, Host: host, Port: port}, Wildcard: w, Before: before, After: after}
	}
	for entry, want := range map[string]origin.Pattern{
		"https://myapp.com":           pattern("https", "myapp.com", "", origin.None, "", ""),
		"https://myapp.com:8443":      pattern("https", "myapp.com", "8443", origin.None, "", ""),
		"http://localhost:*":          pattern("http", "localhost", "*", origin.None, "", ""),
		"http://127.0.0.1:*":          pattern("http", "127.0.0.1", "*", origin.None, "", ""),
		"http://[::1]:*":              pattern("http", "[::1]", "*", origin.None, "", ""),
		"https://*.myapp.com":         pattern("https", "myapp.com", "", origin.Subdomains, "", ""),
		"https://*.myapp.com:8443":    pattern("https", "myapp.com", "8443", origin.Subdomains, "", ""),
		"https://*.myapp.com:*":       pattern("https", "myapp.com", "*", origin.Subdomains, "", ""),
		"http://*.localhost:*":        pattern("http", "localhost", "*", origin.Subdomains, "", ""),
		"https://*.myapp.com.":        pattern("https", "myapp.com.", "", origin.Subdomains, "", ""),
		"https://pr-*.myapp.dev":      pattern("https", "myapp.dev", "", origin.Label, "pr-", ""),
		"https://xn--bcher-kva.de":    pattern("https", "xn--bcher-kva.de", "", origin.None, "", ""),
		"https://xn--i-7iq.ws":        pattern("https", "xn--i-7iq.ws", "", origin.None, "", ""),
		"https://r3---sn.myapp.com":   pattern("https", "r3---sn.myapp.com", "", origin.None, "", ""),
		"https://*--site.example":     pattern("https", "example", "", origin.Label, "", "--site"),
		"https://a-*-b.myapp.dev:*":   pattern("https", "myapp.dev", "*", origin.Label, "a-", "-b"),
		"https://a-*-b.myapp.dev:81":  pattern("https", "myapp.dev", "81", origin.Label, "a-", "-b"),
		"moz-extension://*":           pattern("moz-extension", "", "", origin.AnyHost, "", ""),
		"tauri://localhost":           pattern("tauri", "localhost", "", origin.None, "", ""),
		"capacitor://localhost":       pattern("capacitor", "localhost", "", origin.None, "", ""),
		"chrome-extension://abcdefgh": pattern("chrome-extension", "abcdefgh", "", origin.None, "", ""),
		"vscode-webview://*.app":      pattern("vscode-webview", "app", "", origin.Subdomains, "", ""),
	} {
		t.Run(entry, func(t *testing.T) {
			got, mistake := origin.ParsePattern(entry)
			if mistake != nil {
				t.Fatalf("rejected: %+v", *mistake)
			}
			if got != want {
				t.Errorf("got  %#v\nwant %#v", got, want)
			}
			if s := got.String(); s != entry {
				t.Errorf("String = %q, want the entry itself", s)
			}
		})
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost.": true, "app.localhost": true, "a.b.localhost.": true,
		"127.0.0.1": true, "127.255.0.9": true, "[::1]": true,
		"": false, "notlocalhost": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
		"128.0.0.1": false, "0.0.0.0": false, "10.0.0.1": false, "[::2]": false, "[fe80::1]": false, "myapp.com": false,
	} {
		if got := origin.IsLoopback(host); got != want {
			t.Errorf("IsLoopback(%q) = %t, want %t", host, got, want)
		}
	}
}

func TestIsLocal(t *testing.T) {
	for host, want := range map[string]bool{
		"192.168.1.5": true, "10.0.2.2": true, "172.16.0.1": true, "169.254.1.1": true, "[fe80::1]": true, "[fd00::1]": true,
		"nas": true, "nas.local": true, "nas.lan.": true, "host.docker.internal": true, "app.test": true, "nas.home.arpa": true,
		"myapp.com": false, "8.8.8.8": false, "172.32.0.1": false, "[2001:db8::1]": false, "local.com": false, "com.": true,
	} {
		if got := origin.IsLocal(host); got != want {
			t.Errorf("IsLocal(%q) = %t, want %t", host, got, want)
		}
	}
}

func TestIsInsecure(t *testing.T) {
	for entry, want := range map[string]bool{
		"https://myapp.com":      false,
		"https://*.myapp.com":    false,
		"http://localhost:*":     false,
		"http://*.localhost":     false,
		"http://[::1]:3000":      false,
		"http://pr-*.localhost":  false,
		"tauri://localhost":      false,
		"http://myapp.com":       true,
		"http://192.168.1.5:*":   true,
		"http://*.myapp.com":     true,
		"http://localhost.com":   true,
		"moz-extension://*":      true,
		"http://pr-*.myapp.dev":  true,
		"vscode-webview://*.app": false,
	} {
		if got := mustPattern(t, entry).IsInsecure(); got != want {
			t.Errorf("%s: IsInsecure = %t, want %t", entry, got, want)
		}
	}
}

func TestPublicSuffix(t *testing.T) {
	for entry, want := range map[string]string{
		"https://*.com":               "com",
		"https://*.com.":              "com",
		"https://*.co.uk":             "co.uk",
		"https://*.github.io":         "github.io",
		"https://*.github.io:*":       "github.io",
		"https://pr-*.github.io":      "github.io",
		"https://*--site.netlify.app": "netlify.app",
		"https://*.vercel.app":        "vercel.app",
		"https://*.unheard-of-tld":    "unheard-of-tld",
		"https://*.ck":                "ck",
		"https://*.city.ck":           "city.ck", // by the rule *.ck
		"http://*.co.uk":              "co.uk",

		// The rule *.kawasaki.jp makes every name below kawasaki.jp a public suffix.
		"https://*.kawasaki.jp":    "*.kawasaki.jp",
		"https://pr-*.kawasaki.jp": "*.kawasaki.jp",

		// Domains above a public suffix.
		"https://*.railway.app":              "up.railway.app",
		"https://*.railway.app.:*":           "up.railway.app",
		"http://*.amazonaws.com":             "s3.amazonaws.com",
		"https://*.eu-west-1.amazonaws.com":  "s3.eu-west-1.amazonaws.com",
		"https://*.airflow.amazonaws.com.cn": "*.cn-north-1.airflow.amazonaws.com.cn",
		"https://u*.railway.app":             "", // at most up.railway.app itself
		"https://*.me.up.railway.app":        "",
		"https://railway.app":                "",

		"https://github.io":           "",
		"https://github.io:*":         "",
		"https://*.myapp.com":         "",
		"https://*.me.github.io":      "",
		"https://pr-*.me.vercel.app":  "",
		"https://*.www.ck":            "", // excepted by !www.ck
		"https://*.city.kawasaki.jp":  "",
		"https://*.localhost":         "",
		"https://*.test":              "",
		"https://*.internal":          "",
		"https://*.example":           "",
		"https://*.invalid":           "",
		"moz-extension://*":           "",
		"vscode-webview://*.com":      "",
		"https://*.corp.myapp.co.uk.": "",
	} {
		if got := mustPattern(t, entry).PublicSuffix(); got != want {
			t.Errorf("%s: PublicSuffix = %q, want %q", entry, got, want)
		}
	}
}

func mustPattern(t testing.TB, entry string) origin.Pattern {
	t.Helper()
	p, mistake := origin.ParsePattern(entry)
	if mistake != nil {
		t.Fatalf("ParsePattern(%q): %+v", entry, *mistake)
	}
	return p
}
