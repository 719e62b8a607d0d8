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
	{"http://*.Localhost", "has upper case in its host", "http://*.localhost"},

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
	{"*://myapp.com", "has an asterisk in its scheme, which must be spelled out", "https://myapp.com"},
	{"1a://b", "has an invalid scheme", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"blob:https://myapp.com", "is the URL of a blob, but browsers send the origin of the page that made it", "https://myapp.com"},

	// userinfo
	{"https://user@myapp.com", "has a user name", "https://myapp.com"},
	{"https://user:pw@myapp.com:8443", "has a user name", "https://myapp.com:8443"},

	// ports
	{"http://*.localhost:0", `has the port "0", which is not between 1 and 65535`, "http://*.localhost:*"},
	{"https://*.x.localhost:443", "names the default port of https, which browsers leave out", "https://*.x.localhost"},
	{"https://myapp.com:443", "names the default port of https, which browsers leave out", "https://myapp.com"},
	{"http://myapp.com:80", "names the default port of http, which browsers leave out", "http://myapp.com"},
	{"https://*.myapp.com:443", "names the default port of https, which browsers leave out", "https://*.myapp.com"},
	{"https://myapp.com:", "has a colon without a port", "https://myapp.com"},
	{"https://myapp.com:08443", "has a port with leading zeros", "https://myapp.com:8443"},
	{"https://myapp.com:0443", "has a port with leading zeros", "https://myapp.com"},
	{"https://myapp.com:0", `has the port "0", which is not between 1 and 65535`, `write the right port, or "https://myapp.com" for the default one`},
	{"https://myapp.com:65536", `has the port "65536", which is not between 1 and 65535`, `write the right port, or "https://myapp.com" for the default one`},
	{"https://myapp.com:99999999999999999999", `has the port "9999999999", which is not between 1 and 65535`, `write the right port, or "https://myapp.com" for the default one`},
	{"https://myapp.com:http", `has the port "http", which is not a number`, `write the right port, or "https://myapp.com" for the default one`},
	{"https://myapp.com:8443:1", `has the port "8443:1", which is not a number`, `write the right port, or "https://myapp.com" for the default one`},
	{"https://myapp.com:80*", "has an asterisk inside its port: only :* stands for any port", "https://myapp.com:*"},

	// hosts
	{"https://", "has no host", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"moz-extension://", "has no host", "moz-extension://*"},
	{"https://.myapp.com", "has a dot before its host", `"https://myapp.com", "https://*.myapp.com"`},
	{"https://myapp..com", "has an empty label in its host", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://my%20app.com", "has '%' in its host", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://my\x00app.com", "has an invisible character", "https://myapp.com"},
	{"https://" + strings.Repeat("a", 64) + ".com", "has a label of more than 63 bytes in its host", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://" + strings.Repeat("a.", 126) + "aa", "has a host of more than 253 bytes", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://bücher.example", "has a host that is not ASCII, but browsers send Punycode", "https://xn--bcher-kva.example"},
	{"https://*.bücher.example", "has a host that is not ASCII, but browsers send Punycode", "https://*.xn--bcher-kva.example"},
	{"https://ｍｙａｐｐ.com", "has a host that is not ASCII, but browsers send Punycode", "https://myapp.com"},

	{"https://a\u200d.com", "has an invalid host", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},

	// asterisks and Punycode that can match nothing, or domains of strangers
	{"https://*example.com", `also allows "https://evilexample.com", a domain that anyone can register`, "https://*.example.com"},
	{"https://*example.co.uk:*", `also allows "https://evilexample.co.uk", a domain that anyone can register`, "https://*.example.co.uk:*"},
	{"https://*-app.com.", `also allows "https://evil-app.com.", a domain that anyone can register`, `write your own domain after it, such as "https://*-app.myapp.com."`},
	{"https://pr-*.com", `also allows "https://pr-evil.com", a domain that anyone can register`, `write your own domain after it, such as "https://pr-*.myapp.com"`},
	{"https://a*b.co.uk", `also allows "https://aevilb.co.uk", a domain that anyone can register`, `write your own domain after it, such as "https://a*b.myapp.co.uk"`},
	{"http://xn--f", `has "xn--f" in its host, which is not valid Punycode`, `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://a.xn--99999999.example", `has "xn--99999999" in its host, which is not valid Punycode`, `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://*.xn--u-ccb.example", `has "xn--u-ccb" in its host, which is not valid Punycode`, `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`}, // not normalised
	{"https://xn--.example", `has "xn--" in its host, which is not valid Punycode`, `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://*." + strings.Repeat("abc.", 62) + "abcd", "has a host so long that nothing fits in place of the asterisk: a host has at most 253 bytes, a label 63", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://a*." + strings.Repeat("abc.", 62) + "abc", "has a host so long that nothing fits in place of the asterisk: a host has at most 253 bytes, a label 63", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://" + strings.Repeat("a", 63) + "*.myapp.com", "has a host so long that nothing fits in place of the asterisk: a host has at most 253 bytes, a label 63", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},

	// addresses
	{"https://127.1", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://0x7f000001", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://0177.0.0.1", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://2130706433", "has an IPv4 address that is not in canonical form", "https://127.0.0.1"},
	{"https://1.2.3.4.", "has an IPv4 address that is not in canonical form", "https://1.2.3.4"},
	{"https://256.1.1.1", "has an invalid IPv4 address", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://1.2.3.4.5", "has an invalid IPv4 address", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://1..2", "has an invalid IPv4 address", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://4294967296", "has an invalid IPv4 address", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://[0:0:0:0:0:0:0:1]:8443", "has an IPv6 address that is not in canonical form", "https://[::1]:8443"},
	{"https://[2001:DB8::1]", "has upper case in its host", "https://[2001:db8::1]"},
	{"https://[::ffff:127.0.0.1]", "has an IPv6 address that is not in canonical form", "https://[::ffff:7f00:1]"},
	{"https://::1", "has an IPv6 address without brackets", "https://[::1]"},
	{"https://[fe80::1%eth0]", "has an IPv6 address with a zone, which browsers do not accept", "remove it"},
	{"https://[zz]", "has an invalid IPv6 address", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},

	// asterisks
	{"https://*", "allows every host", `list the hosts, or use "*" for every origin`},
	{"https://*:*", "allows every host", `list the hosts, or use "*" for every origin`},
	{"https://*.*.myapp.com", "has several asterisks, but one at the front covers all depths", "https://*.myapp.com"},
	{"https://a*b*c.myapp.com", "has several asterisks, but only one is allowed", `list the hosts, such as "https://axbxc.myapp.com"`},
	{"https://**.myapp.com", "has several asterisks, but one at the front covers all depths", "https://*.myapp.com"},
	{"https://*.a.*", "has an asterisk in place of a domain, which anyone can register", `name the domains that are yours, such as "https://*.a.com"`},
	{"https://www.*.myapp.com", "has an asterisk outside its first label", `list the hosts, such as "https://www.app.myapp.com"`},
	{"https://myapp.*", "has an asterisk in place of a domain, which anyone can register", `name the domains that are yours, such as "https://myapp.com"`},
	{"https://example.com*", "has an asterisk after its host", "https://example.com"},
	{"https://pr-*", "has an asterisk without a domain after it", `write your own domain after it, such as "https://pr-*.myapp.com"`},
	{"https://*.", "allows every host", `list the hosts, or use "*" for every origin`},
	{"https://*..myapp.com", "has an empty label in its host", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"https://*.127.0.0.1", "has an asterisk in an IP address", "https://127.0.0.1"},
	{"https://pr-*.1", "has an asterisk in an IP address", `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"moz-extension://*:*", "has a port after an asterisk that stands for every host", "moz-extension://*"},
	{"foo://a*b", "has an asterisk that stands for a part of its host", `list the hosts, or use "foo://*" for all`},

	// blanks, quotes, regular expressions
	{"", "is empty", "set the variable or file that it comes from, or remove it"},
	{" \t", "is empty", "set the variable or file that it comes from, or remove it"},
	{" https://myapp.com ", "has blanks around it", "https://myapp.com"},
	{"https://myapp.com\n", "has blanks around it", "https://myapp.com"},
	{" * ", "has blanks around it", "*"},
	{`"https://myapp.com"`, "has quotes inside the string", "https://myapp.com"},
	{"NULL", "has upper case", "null"},
	{`^https://.*\.myapp\.com$`, "looks like a regular expression", "https://*.myapp.com"},
	{"https://(a|b).com", "looks like a regular expression", `write it to AllowOriginRegexps, or list the origins, such as "https://myapp.com"`},

	// text around an origin, without the origin
	{"( 80)", "has brackets around it and has no host", `write all of the origin, such as "http://localhost:80"`},
	{",", "has a separator beside it, such as a comma and is empty", "remove it"},
	{"[ ]", "has brackets around it and is empty", "remove it"},

	// several origins
	{"https://a.com,https://b.com", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"https://a.com, https://b.com/", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"https://a.com https://b.com", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"a.com;b.com", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},
	{"https://a.com\nhttps://b.com\n", "holds several origins, but each needs a string of its own", `"https://a.com", "https://b.com"`},

	// several mistakes in one entry
	{"HTTPS://MyApp.com:443/", "has upper case in its scheme, has a trailing slash, names the default port of https, which browsers leave out and has upper case in its host", "https://myapp.com"},
	{"LOCALHOST:80/", "has no scheme such as https://, has a trailing slash, names the default port of http, which browsers leave out and has upper case in its host", "http://localhost"},
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
			if mistake.Suggestion() != tt.suggestion {
				t.Errorf("suggestion: got %q, want %q", mistake.Suggestion(), tt.suggestion)
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
	if mistake.Suggestion() == "" {
		t.Errorf("%q is rejected without a suggestion", entry)
	}
	for _, suggested := range mistake.Entries {
		if suggested == "*" || suggested == "null" {
			continue
		}
		if _, again := origin.ParsePattern(suggested); again != nil {
			t.Errorf("%q: the suggestion %q is rejected: %s", entry, suggested, again.Reason)
		}
	}
}
