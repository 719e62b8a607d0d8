package origin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

const (
	notFile = `is not what browsers send for a page from a file: that is "null", or "file://" in some app shells`
	useFile = `remove it, or write "file://" and set Unsafe.NullOrigin to true`
)

// mistakes are invalid entries, with the reason and the suggestion for each.
var mistakes = []struct{ entry, reason, suggestion string }{
	// text after the host and port
	{"https://myapp.com/", "has a trailing slash", "https://myapp.com"},
	{"https://*.myapp.com/", "has a trailing slash", "https://*.myapp.com"},
	{"http://localhost:*/", "has a trailing slash", "http://localhost:*"},
	{"moz-extension://abc/", "has a trailing slash", "moz-extension://abc"},
	{"https://myapp.com/app", "has a path", "https://myapp.com"},
	{"https://example.com/*", "has a path", "https://example.com"},
	{"https://myapp.com?x=1", "has a query", "https://myapp.com"},
	{"https://myapp.com#x", "has a fragment", "https://myapp.com"},

	// letter case
	{"HTTPS://myapp.com", "has upper case in its scheme", "https://myapp.com"},
	{"Tauri://localhost", "has upper case in its scheme", "tauri://localhost"},
	{"https://MyApp.com", "has upper case in its host", "https://myapp.com"},
	{"https://*.MyApp.com", "has upper case in its host", "https://*.myapp.com"},

	// the scheme
	{"myapp.com", "has no scheme such as https://", "https://myapp.com"},
	{"*.myapp.com", "has no scheme such as https://", "https://*.myapp.com"},
	{"//myapp.com", "has no scheme such as https://", "https://myapp.com"},
	{"https:myapp.com", "has no scheme such as https://", "https://myapp.com"},
	{"https:/myapp.com", "has no scheme such as https://", "https://myapp.com"},
	{"https//myapp.com", "has no scheme such as https://", "https://myapp.com"},
	{"localhost:3000", "has no scheme such as https://", "http://localhost:3000"},
	{"localhost:*", "has no scheme such as https://", "http://localhost:*"},
	{"127.0.0.1:3000", "has no scheme such as https://", "http://127.0.0.1:3000"},
	{"[::1]:3000", "has no scheme such as https://", "http://[::1]:3000"},
	{"ws://localhost:3000", "is a WebSocket URL, but browsers send the http or https origin of the page", "http://localhost:3000"},
	{"wss://myapp.com", "is a WebSocket URL, but browsers send the http or https origin of the page", "https://myapp.com"},
	{"wss://*.myapp.com", "is a WebSocket URL, but browsers send the http or https origin of the page", "https://*.myapp.com"},
	{"file://localhost", notFile, useFile},
	{"file:///index.html", notFile, useFile},
	{"file://*", notFile, useFile},
	{"FILE://", notFile, useFile},
	{"*://myapp.com", "has an asterisk as its scheme, which must be spelled out", "https://myapp.com"},
	{"1a://b", "has an invalid scheme", ""},
	{"blob:https://myapp.com", "has an invalid scheme", ""},

	// userinfo
	{"https://user@myapp.com", "has a user name", "https://myapp.com"},
	{"https://user:pw@myapp.com:8443", "has a user name", "https://myapp.com:8443"},

	// ports
	{"https://myapp.com:443", "names the default port of https, which browsers leave out", "https://myapp.com"},
	{"http://myapp.com:80", "names the default port of http, which browsers leave out", "http://myapp.com"},
	{"https://*.myapp.com:443", "names the default port of https, which browsers leave out", "https://*.myapp.com"},
	{"https://myapp.com:", "has a colon without a port", "https://myapp.com"},
	{"https://myapp.com:08443", "has a port with leading zeros", "https://myapp.com:8443"},
	{"https://myapp.com:0443", "has a port with leading zeros", "https://myapp.com"},
	{"https://myapp.com:0", `has the port "0", which is not between 1 and 65535`, ""},
	{"https://myapp.com:65536", `has the port "65536", which is not between 1 and 65535`, ""},
	{"https://myapp.com:99999999999999999999", `has the port "9999999999", which is not between 1 and 65535`, ""},
	{"https://myapp.com:http", `has the port "http", which is not between 1 and 65535`, ""},
	{"https://myapp.com:8443:1", `has the port "8443:1", which is not between 1 and 65535`, ""},
	{"https://myapp.com:80*", "has an asterisk inside its port: only :* stands for any port", "https://myapp.com:*"},

	// hosts
	{"https://", "has no host", ""},
	{"moz-extension://", "has no host", ""},
	{"https://.myapp.com", "has an empty label in its host", ""},
	{"https://myapp..com", "has an empty label in its host", ""},
	{"https://my%20app.com", "has '%' in its host", ""},
	{"https://my\x00app.com", `has '\x00' in its host`, ""},
	{"https://" + strings.Repeat("a", 64) + ".com", "has a label of more than 63 bytes in its host", ""},
	{"https://" + strings.Repeat("a.", 126) + "aa", "has a host of more than 253 bytes", ""},
	{"https://bücher.example", "has a host that is not ASCII, but browsers send Punycode", "https://xn--bcher-kva.example"},
	{"https://*.bücher.example", "has a host that is not ASCII, but browsers send Punycode", "https://*.xn--bcher-kva.example"},
	{"https://ｍｙａｐｐ.com", "has a host that is not ASCII, but browsers send Punycode", "https://myapp.com"},

	{"https://a\u200d.com", "has an invalid host", ""},

	// asterisks and Punycode that can match nothing, or domains of strangers
	{"https://*example.com", `also allows "https://evilexample.com", a domain that anyone can register`, "https://*.example.com"},
	{"https://*example.co.uk:*", `also allows "https://evilexample.co.uk", a domain that anyone can register`, "https://*.example.co.uk:*"},
	{"https://*-app.com.", `also allows "https://evil-app.com.", a domain that anyone can register`, `write your own domain after it, such as "https://*-app.myapp.com."`},
	{"https://pr-*.com", `also allows "https://pr-evil.com", a domain that anyone can register`, `write your own domain after it, such as "https://pr-*.myapp.com"`},
	{"https://a*b.co.uk", `also allows "https://aevilb.co.uk", a domain that anyone can register`, `write your own domain after it, such as "https://a*b.myapp.co.uk"`},
	{"http://xn--f", `has "xn--f" in its host, which is not valid Punycode`, ""},
	{"https://a.xn--99999999.example", `has "xn--99999999" in its host, which is not valid Punycode`, ""},
	{"https://*.xn--u-ccb.example", `has "xn--u-ccb" in its host, which is not valid Punycode`, ""}, // not normalised
	{"https://xn--.example", `has "xn--" in its host, which is not valid Punycode`, ""},
	{"https://*." + strings.Repeat("abc.", 62) + "abcd", "has a host so long that nothing fits in place of the asterisk: a host has at most 253 bytes, a label 63", ""},
	{"https://a*." + strings.Repeat("abc.", 62) + "abc", "has a host so long that nothing fits in place of the asterisk: a host has at most 253 bytes, a label 63", ""},
	{"https://" + strings.Repeat("a", 63) + "*.myapp.com", "has a host so long that nothing fits in place of the asterisk: a host has at most 253 bytes, a label 63", ""},

	// addresses
	{"https://127.1", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://0x7f000001", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://0177.0.0.1", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://2130706433", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://1.2.3.4.", "has an IPv4 address that is not in canonical form", "https://1.2.3.4"},
	{"https://256.1.1.1", "has an invalid IPv4 address", ""},
	{"https://1.2.3.4.5", "has an invalid IPv4 address", ""},
	{"https://1..2", "has an invalid IPv4 address", ""},
	{"https://4294967296", "has an invalid IPv4 address", ""},
	{"https://[0:0:0:0:0:0:0:1]:8443", "has an IPv6 address that is not in canonical form", "https://[::1]:8443"},
	{"https://[2001:DB8::1]", "has upper case in its host", "https://[2001:db8::1]"},
	{"https://[::ffff:127.0.0.1]", "has an IPv6 address that is not in canonical form", "https://[::ffff:7f00:1]"},
	{"https://::1", "has an IPv6 address without brackets", "https://[::1]"},
	{"https://[fe80::1%eth0]", "has an invalid IPv6 address", ""},
	{"https://[zz]", "has an invalid IPv6 address", ""},

	// asterisks
	{"https://*", `allows every host: list the hosts, or allow every origin with "*"`, ""},
	{"https://*:*", `allows every host: list the hosts, or allow every origin with "*"`, ""},
	{"https://*.*.myapp.com", "has several asterisks, but one at the front covers all depths", "https://*.myapp.com"},
	{"https://a*b*c.myapp.com", "has several asterisks, but only one is allowed", ""},
	{"https://**.myapp.com", "has several asterisks, but only one is allowed", ""},
	{"https://*.a.*", "has several asterisks, but only one is allowed", ""},
	{"https://www.*.myapp.com", "has an asterisk outside its first label", ""},
	{"https://myapp.*", "has an asterisk outside its first label", ""},
	{"https://example.com*", "has an asterisk outside its first label", ""},
	{"https://pr-*", "has an asterisk without a domain after it", ""},
	{"https://*.", "has an asterisk without a domain after it", ""},
	{"https://*..myapp.com", "has an empty label in its host", ""},
	{"https://*.127.0.0.1", "has an asterisk in an IP address", ""},
	{"https://pr-*.1", "has an asterisk in an IP address", ""},
	{"moz-extension://*:*", "is not an origin: expected scheme://host or scheme://host:port", ""},
	{"foo://a*b", "is not an origin: expected scheme://host or scheme://host:port", ""},

	// blanks, quotes, regular expressions
	{"", "is empty", ""},
	{" \t", "is empty", ""},
	{" https://myapp.com ", "has blanks around it", "https://myapp.com"},
	{"https://myapp.com\n", "has blanks around it", "https://myapp.com"},
	{" * ", "has blanks around it", "*"},
	{`"https://myapp.com"`, "has quotes inside the string", "https://myapp.com"},
	{"NULL", "is not an origin: expected scheme://host or scheme://host:port", "null"},
	{`^https://.*\.myapp\.com$`, "looks like a regular expression, which belongs in AllowOriginRegexps", ""},
	{"https://(a|b).com", "looks like a regular expression, which belongs in AllowOriginRegexps", ""},

	// several origins
	{"https://a.com,https://b.com", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"https://a.com, https://b.com/", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"https://a.com https://b.com", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"a.com;b.com", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"https://a.com\nhttps://b.com\n", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},

	// several mistakes in one entry
	{"HTTPS://MyApp.com:443/", "has upper case in its scheme and has a trailing slash and " +
		"names the default port of https, which browsers leave out and has upper case in its host", "https://myapp.com"},
	{"LOCALHOST:80/", "has no scheme such as https:// and has a trailing slash and " +
		"names the default port of http, which browsers leave out and has upper case in its host", "http://localhost"},
}

func TestMistakes(t *testing.T) {
	for _, tt := range mistakes {
		t.Run(tt.entry, func(t *testing.T) {
			_, mistake := origin.ParsePattern(tt.entry)
			if mistake == nil {
				t.Fatal("got no mistake")
			}
			if mistake.Reason != tt.reason {
				t.Errorf("reason:\n got %s\nwant %s", mistake.Reason, tt.reason)
			}
			if mistake.Suggestion != tt.suggestion {
				t.Errorf("suggestion: got %q, want %q", mistake.Suggestion, tt.suggestion)
			}
		})
	}
}

// A suggestion must itself be a valid entry.
func TestSuggestions(t *testing.T) {
	entries := slices.Clone(notSerialized)
	for _, tt := range mistakes {
		entries = append(entries, tt.entry)
	}
	for _, entry := range entries {
		_, mistake := origin.ParsePattern(entry)
		if mistake == nil {
			continue // a valid pattern
		}
		checkMistake(t, entry, mistake)
	}
}

func checkMistake(t *testing.T, entry string, mistake *origin.Mistake) {
	t.Helper()
	if mistake.Reason == "" {
		t.Errorf("%q is rejected without a reason", entry)
	}
	switch s := mistake.Suggestion; {
	case s == "", s == "*", s == "null", strings.HasPrefix(s, `"`), strings.Contains(s, " "):
	default:
		if _, again := origin.ParsePattern(s); again != nil {
			t.Errorf("%q: the suggestion %q is rejected: %s", entry, s, again.Reason)
		}
	}
}
