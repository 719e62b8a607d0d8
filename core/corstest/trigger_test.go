package corstest_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

func TestPreflightMethods(t *testing.T) {
	for _, tt := range []struct {
		method     string
		preflights int
		sent       string // the method in the request line; empty if the page sends nothing
	}{
		{"GET", 0, "GET"},
		{"HEAD", 0, "HEAD"},
		{"POST", 0, "POST"},
		{"", 0, "GET"},
		{"get", 0, "GET"},
		{"head", 0, "HEAD"},
		{"Post", 0, "POST"},
		{"PUT", 1, "PUT"},
		{"put", 1, "PUT"},
		{"DELETE", 1, "DELETE"},
		{"delete", 1, "DELETE"},
		{"PATCH", 1, "PATCH"},
		{"patch", 1, "patch"},
		{"Patch", 1, "Patch"},
		{"OPTIONS", 1, "OPTIONS"},
		{"options", 1, "OPTIONS"},
		{"QUERY", 1, "QUERY"},
		{"query", 1, "query"},
		{"PROPFIND", 1, "PROPFIND"},
		{"x!y", 1, "x!y"},
		{"TRACE", 0, ""},
		{"trace", 0, ""},
		{"CONNECT", 0, ""},
		{"TRACK", 0, ""},
		{"a b", 0, ""},
		{"é", 0, ""},
	} {
		t.Run("the method "+tt.method, func(t *testing.T) {
			p := pageOf(open())
			want := ok
			if tt.sent == "" {
				want = "TypeError"
			}
			if got := outcome(t, p, request(t, tt.method, "/x")); got != want {
				t.Fatalf("outcome %s, want %s", got, want)
			}
			if got := p.Preflights(); got != tt.preflights {
				t.Errorf("%d preflights, want %d", got, tt.preflights)
			}
			sent := p.Exchanges()
			if tt.sent == "" {
				if len(sent) > 0 {
					t.Errorf("sent %v, want nothing", sent)
				}
				return
			}
			if got := sent[len(sent)-1].Method; got != tt.sent {
				t.Errorf("sent as %s, want %s", got, tt.sent)
			}
			if tt.preflights == 1 {
				if got := sent[0].RequestHeader.Get("Access-Control-Request-Method"); got != tt.sent {
					t.Errorf("the preflight asks for %s, want %s", got, tt.sent)
				}
			}
		})
	}
}

// The table maps a header of a GET request to the headers that the preflight
// requests. It is empty if there is no preflight.
func TestPreflightHeaders(t *testing.T) {
	value := func(n int) string { return strings.Repeat("a", n) }
	for line, want := range map[string]string{
		"Accept: application/json":        "",
		"Accept: */*;q=0.5":               "",
		"Accept: ":                        "",
		"Accept: é":                       "",
		"Accept: a\tb":                    "",
		"Accept: " + value(128):           "",
		"Accept: " + value(129):           "accept",
		"Accept: a\"b":                    "accept",
		"Accept: a{b":                     "accept",
		"Accept: a:b":                     "accept",
		"Accept: a\x7fb":                  "accept",
		"Accept: a\x01b":                  "accept",
		"Accept-Language: de-CH, en;q=.8": "",
		"Accept-Language: *":              "",
		"Accept-Language: en_US":          "accept-language",
		"Accept-Language: " + value(129):  "accept-language",
		"Content-Language: de":            "",
		"Content-Language: en(":           "content-language",
		"Content-Language: é":             "content-language",

		"Content-Type: text/plain":                         "",
		"Content-Type: TEXT/Plain":                         "",
		"Content-Type:  text/plain ":                       "",
		"Content-Type: text/plain ;charset=utf-8":          "",
		"Content-Type: application/x-www-form-urlencoded":  "",
		"Content-Type: multipart/form-data; boundary=x":    "",
		"Content-Type: text/plain; a=" + value(114):        "",
		"Content-Type: text/plain; a=" + value(115):        "content-type",
		"Content-Type: application/json":                   "content-type",
		"Content-Type: text/html":                          "content-type",
		"Content-Type: text/xml":                           "content-type",
		"Content-Type: application/octet-stream":           "content-type",
		"Content-Type: application/grpc-web+proto":         "content-type",
		"Content-Type: ":                                   "content-type",
		"Content-Type: text":                               "content-type",
		"Content-Type: text/plain, text/plain":             "content-type",
		"Content-Type: text/plain;charset=\"utf-8\"":       "content-type",
		"Content-Type: multipart/form-data; boundary=(x":   "content-type",
		"Content-Type: application/json;x=text/plain":      "content-type",
		"Range: bytes=0-99":                                "",
		"Range: bytes=0-":                                  "",
		"Range: bytes=0-0":                                 "",
		"Range: bytes=00-0":                                "",
		"Range: bytes=9-10":                                "",
		"Range: bytes=-5":                                  "range",
		"Range: bytes=-":                                   "range",
		"Range: bytes=0":                                   "range",
		"Range: bytes=5-1":                                 "range",
		"Range: bytes=10-9":                                "range",
		"Range: bytes=99999999999999999999-1":              "range",
		"Range: bytes=0-1,3-4":                             "range",
		"Range: items=0-1":                                 "range",
		"Range: bytes= 0-1":                                "range",
		"Range: bytes=0-x":                                 "range",
		"Range: bytes=0-99999999999999999999":              "range",
		"Range: bytes=0-9223372036854775806":               "",
		"Range: bytes=0-9223372036854775807":               "range",
		"Authorization: Bearer x":                          "authorization",
		"X-Requested-With: XMLHttpRequest":                 "x-requested-with",
		"Cache-Control: no-cache":                          "cache-control",
		"Pragma: no-cache":                                 "pragma",
		"If-None-Match: \"x\"":                             "if-none-match",
		"If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT": "if-modified-since",
		"Last-Event-ID: 1":                                 "last-event-id",
		"traceparent: 00-1-1-00":                           "traceparent",
		"Priority: u=1":                                    "priority",
		"Idempotency-Key: 1":                               "idempotency-key",
		"X-HTTP-Method-Override: PUT":                      "x-http-method-override",
		"X-HTTP-Method-Override: TRACER":                   "x-http-method-override",
		"X-HTTP-Method-Override: TRACE":                    "",
		"X-HTTP-Method: track":                             "",
		"X-Method-Override: GET, connect":                  "",
		"DPR: 1":                                           "",
		"Width: 100":                                       "",
		"Viewport-Width: 100":                              "",
		"Save-Data: on":                                    "",
		"Downlink: 1":                                      "",
		"ECT: 4g":                                          "",
		"RTT: 100":                                         "",
		"Device-Memory: 1":                                 "",
		"Sec-CH-UA: x":                                     "",
		"User-Agent: mine":                                 "",
	} {
		t.Run(line[:min(len(line), 60)], func(t *testing.T) {
			p := pageOf(nil)
			p.Transport = unchecked(open())
			if got := outcome(t, p, request(t, "GET", "/x", line)); got != ok {
				t.Fatalf("outcome %s", got)
			}
			var got string
			if p.Preflights() > 0 {
				got = strings.Join(requestHeader(p, 0, "Access-Control-Request-Headers"), "|")
			}
			if got != want {
				t.Errorf("asks for %q, want %q", got, want)
			}
		})
	}
}

func TestSafelistSize(t *testing.T) {
	// Nine values of 128 bytes exceed the 1024 bytes of the standard. This takes
	// more headers than the standard's safelist has, so there are client hints.
	long := strings.Repeat("1", 128)
	lines := []string{"Accept: " + long, "Accept-Language: " + long, "Content-Language: " + long, "Content-Type: text/plain;" + long[:117],
		"Dpr: " + long, "Width: " + long, "Rtt: " + long, "Downlink: " + long}
	p := pageOf(open())
	if outcome(t, p, request(t, "GET", "/x", lines...)); p.Preflights() != 0 {
		t.Errorf("1024 bytes cause a preflight for %q", requestHeader(p, 0, "Access-Control-Request-Headers"))
	}
	p = pageOf(open())
	outcome(t, p, request(t, "GET", "/x", append(lines, "Range: bytes=0-1")...))
	const want = "accept,accept-language,content-language,content-type,downlink,dpr,range,rtt,width"
	if got := requestHeader(p, 0, "Access-Control-Request-Headers"); len(got) != 1 || got[0] != want {
		t.Errorf("more than 1024 bytes ask for %q, want %q", got, want)
	}
}

func TestStandardSafelist(t *testing.T) {
	for line, want := range map[string]string{"DPR: 1": "dpr", "User-Agent: mine": "user-agent"} {
		for _, browser := range []corstest.Browser{corstest.Firefox, corstest.Safari} {
			p := pageOf(open())
			p.Browser = browser
			outcome(t, p, request(t, "GET", "/x", line))
			if got := requestHeader(p, 0, "Access-Control-Request-Headers"); !slices.Equal(got, []string{want}) {
				t.Errorf("%v with %s asks for %q, want %q", browser, line, got, want)
			}
		}
	}
}

func TestForbiddenHeaders(t *testing.T) {
	for _, line := range []string{
		"Cookie: a=b", "Origin: https://evil.example", "Referer: https://evil.example/", "DNT: 1", "Content-Length: 3",
		"Accept-Charset: utf-8", "Accept-Encoding: br", "Connection: close", "Date: today", "Expect: x", "Host: evil.example",
		"Keep-Alive: x", "Te: x", "Trailer: x", "Transfer-Encoding: chunked", "Upgrade: x", "Via: x", "Set-Cookie: a=b",
		"Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x", "Sec-Anything: 1", "Proxy-Authorization: x",
		"User-Agent: mine", "X-Http-Method: CONNECT",
	} {
		p := pageOf(open())
		if got := outcome(t, p, request(t, "GET", "/x", line)); got != ok || p.Preflights() != 0 {
			t.Errorf("%s: %s after %d preflights", line, got, p.Preflights())
		}
		name, value, _ := strings.Cut(line, ": ")
		if got := requestHeader(p, 0, name); slices.Contains(got, value) {
			t.Errorf("%s was sent", line)
		}
	}
}

func TestPreflightRequest(t *testing.T) {
	headers := []string{"Content-Type: application/json", "X-Zeta: secret", "x-alpha: secret", "Authorization: Bearer secret",
		"x~t: 1", "x.y: 1", "x'!: 1", "X-A_b: 1", "X-Alpha: again", "Accept: text/html"}
	for _, tt := range []struct {
		name, method, url string
		headers           []string
		want              http.Header
	}{
		{"for a method", "PUT", api + "/x", nil, http.Header{
			"Accept":                        {"*/*"},
			"Origin":                        {app},
			"Access-Control-Request-Method": {"PUT"},
			"Sec-Fetch-Mode":                {"cors"},
		}},
		{"for headers of a safelisted method", "POST", api + "/x", headers, http.Header{
			"Accept":                         {"*/*"},
			"Origin":                         {app},
			"Access-Control-Request-Method":  {"POST"},
			"Access-Control-Request-Headers": {"authorization,content-type,x'!,x-a_b,x-alpha,x-zeta,x.y,x~t"},
			"Sec-Fetch-Mode":                 {"cors"},
		}},
		{"to a trustworthy server", "DELETE", "https://api.test/x", nil, http.Header{
			"Accept":                        {"*/*"},
			"Origin":                        {app},
			"Access-Control-Request-Method": {"DELETE"},
			"Sec-Fetch-Mode":                {"cors"},
			"Sec-Fetch-Dest":                {"empty"},
			"Sec-Fetch-Site":                {"cross-site"},
		}},
		{"for a conditional request", "GET", api + "/x", []string{"If-None-Match: \"x\""}, http.Header{
			"Accept":                         {"*/*"},
			"Origin":                         {app},
			"Access-Control-Request-Method":  {"GET"},
			"Access-Control-Request-Headers": {"if-none-match"},
			"Cache-Control":                  {"max-age=0"},
			"Sec-Fetch-Mode":                 {"cors"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := pageOf(open())
			p.Credentials = corstest.Include
			p.Jar = jarWith(t, api, "session=1")
			outcome(t, p, request(t, tt.method, tt.url, tt.headers...))
			sent := p.Exchanges()[0]
			if !sent.Preflight || sent.Method != "OPTIONS" || sent.URL != tt.url {
				t.Errorf("sent %s %s", sent.Method, sent.URL)
			}
			if !maps.EqualFunc(sent.RequestHeader, tt.want, slices.Equal) {
				t.Errorf("headers of the preflight\n %v, want\n %v", sent.RequestHeader, tt.want)
			}
		})
	}
}

func TestActualRequest(t *testing.T) {
	p := pageOf(open())
	outcome(t, p, request(t, "POST", "/x", "X-Alpha: 1", "x-alpha:  2 ", "Content-Type: application/json"))
	want := http.Header{
		"Accept":       {"*/*"},
		"Origin":       {app},
		"Content-Type": {"application/json"},
		"X-Alpha":      {"1, 2"},
	}
	if got := p.Exchanges()[1].RequestHeader; !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("headers\n %v, want\n %v", got, want)
	}
}

func TestManyHeaders(t *testing.T) {
	long := strings.Repeat("x", 8000)
	lines := []string{long + ": 1"}
	for i := range 200 {
		lines = append(lines, "X-"+strings.Repeat("a", i)+": 1")
	}
	p := pageOf(open())
	outcome(t, p, request(t, "GET", "/x", lines...))
	names := strings.Split(requestHeader(p, 0, "Access-Control-Request-Headers")[0], ",")
	if len(names) != 201 || !slices.Contains(names, long) || !slices.IsSorted(names) {
		t.Errorf("%d names, sorted: %t", len(names), slices.IsSorted(names))
	}
}

func TestOptionsRequest(t *testing.T) {
	p := pageOf(open())
	outcome(t, p, request(t, "OPTIONS", "/x"))
	sent := p.Exchanges()
	if len(sent) != 2 || !sent[0].Preflight || sent[1].Preflight || sent[1].Method != "OPTIONS" {
		t.Fatalf("sent %v", sent)
	}
	if got := requestHeader(p, 0, "Access-Control-Request-Method"); !slices.Equal(got, []string{"OPTIONS"}) {
		t.Errorf("the preflight asks for %q", got)
	}
	if got := requestHeader(p, 1, "Access-Control-Request-Method"); got != nil {
		t.Errorf("the request itself asks for %q", got)
	}
}

func TestForcePreflight(t *testing.T) {
	p := pageOf(open())
	p.ForcePreflight = true
	if got := outcome(t, p, request(t, "POST", "/x")); got != ok || p.Preflights() != 1 {
		t.Errorf("%s after %d preflights, want one", got, p.Preflights())
	}
	if got := requestHeader(p, 0, "Access-Control-Request-Headers"); got != nil {
		t.Errorf("it asks for the headers %q", got)
	}
	if got := outcome(t, p, request(t, "POST", app+"/x")); got != ok || p.Preflights() != 1 {
		t.Errorf("%s after %d preflights, want none for the page's own origin", got, p.Preflights()-1)
	}
}

func TestFetchMetadata(t *testing.T) {
	const none = "" // of the headers
	for _, tt := range []struct{ page, url, site string }{
		{"https://myapp.com", "https://myapp.com/x", "same-origin"},
		{"https://myapp.com", "https://api.myapp.com/x", "same-site"},
		{"https://myapp.com", "https://myapp.com:8443/x", "same-site"},
		{"http://myapp.com", "https://myapp.com/x", "cross-site"},
		{"https://a.github.io", "https://b.github.io/x", "cross-site"},
		{"https://myapp.com", "https://other.com/x", "cross-site"},
		{"https://10.0.0.1", "https://192.0.0.1/x", "cross-site"},
		{"https://10.0.0.1", "https://10.0.0.1:8443/x", "same-site"},
		{"http://localhost:3000", "http://localhost:8080/x", "same-site"},
		{"http://localhost:3000", "http://127.0.0.1:8080/x", "cross-site"},
		{"http://[::1]:3000", "http://[::1]:8080/x", "same-site"},
		{"null", "https://myapp.com/x", "cross-site"},
		{"chrome-extension://abc", "https://myapp.com/x", "cross-site"},
		{"http://myapp.com", "http://myapp.com/x", none},
		{"http://myapp.com", "http://other.com/x", none},
		{"http://[::1]:3000", "http://[::ffff:127.0.0.1]/x", none},
	} {
		for name, mode := range map[string]corstest.Mode{"cors": corstest.CORS, "no-cors": corstest.NoCORS} {
			p := pageOf(open())
			p.Origin, p.Mode = tt.page, mode
			outcome(t, p, request(t, "GET", tt.url))
			want := []string{name, tt.site, "empty"}
			if tt.site == none {
				want = []string{"", "", ""}
			}
			h := p.Exchanges()[0].RequestHeader
			if got := []string{h.Get("Sec-Fetch-Mode"), h.Get("Sec-Fetch-Site"), h.Get("Sec-Fetch-Dest")}; !slices.Equal(got, want) {
				t.Errorf("%s to %s: %q, want %q", tt.page, tt.url, got, want)
			}
		}
	}
}

func TestOriginHeader(t *testing.T) {
	for _, origin := range []string{
		"http://myapp.test", "https://myapp.test:8443", "http://xn--bcher-kva.test:7001", "http://[::1]:7001", "http://127.0.0.1",
		"http://myapp.test.:7001", "null", "chrome-extension://abcdef", "tauri://localhost", "capacitor://localhost",
	} {
		p := pageOf(open())
		p.Origin = origin
		if got := outcome(t, p, request(t, "GET", "/x")); got != ok {
			t.Errorf("%s: %s", origin, got)
		} else if got := requestHeader(p, 0, "Origin"); !slices.Equal(got, []string{origin}) {
			t.Errorf("%s is sent as %q", origin, got)
		}
	}
}

func TestClientHints(t *testing.T) {
	for preflights, lines := range [][]string{
		{"Dpr: 1.5", "Width: 100", "Viewport-Width: 100", "Save-Data: ON", "Downlink: 1", "Ect: slow-2g", "Rtt: 100", "Device-Memory: 0.5"},
		{"Dpr: x", "Dpr: 1.", "Width: 1.5", "Save-Data: off", "Ect: 5g", "Rtt: -1", "Rtt: ", "Device-Memory: .5"},
	} {
		for _, line := range lines {
			p := pageOf(open())
			if got := outcome(t, p, request(t, "GET", "/x", line)); got != ok || p.Preflights() != preflights {
				t.Errorf("%s: %s after %d preflights, want %d", line, got, p.Preflights(), preflights)
			}
		}
	}
}
