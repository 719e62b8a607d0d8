package verdicts

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/httpcors"
)

// behind starts an API, and a proxy in front of it that changes responses.
func behind(api http.Handler, change func(http.Header)) site {
	return func(t *testing.T) string {
		upstream := httptest.NewServer(api)
		t.Cleanup(upstream.Close)
		to, err := url.Parse(upstream.URL)
		if err != nil {
			t.Fatal(err)
		}
		proxy := &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) },
			ModifyResponse: func(r *http.Response) error {
				change(r.Header)
				return nil
			},
		}
		return start(t, proxy)
	}
}

func gateways() []row {
	good := httpcors.New(policy())(items())
	nothing := func(http.Header) {}
	adds := func(value string) func(http.Header) {
		return func(h http.Header) { h.Add("Access-Control-Allow-Origin", value) }
	}
	isGET := func(r *http.Request) bool { return r.Method == http.MethodGet }
	isOPTIONS := func(r *http.Request) bool { return r.Method == http.MethodOptions }
	gone := site(func(t *testing.T) string {
		to, _ := url.Parse("http://127.0.0.1:1")
		return start(t, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ErrorLog: quiet})
	})
	const elsewhere, put = "the middleware is not where the request goes", "-method PUT"
	return []row{
		{name: "passes everything", server: behind(good, nothing), args: put, verdict: allowed, cause: "rejected:"},
		{name: "drops Vary", server: behind(good, func(h http.Header) { h.Del("Vary") }), verdict: allowed, cause: "no response has Vary: Origin"},
		{name: "drops Vary, for a PUT", server: behind(good, func(h http.Header) { h.Del("Vary") }), args: put, verdict: allowed, cause: "no response has Vary: Origin"},
		{name: "doubles the header", server: behind(good, adds(front)), args: put, verdict: refused, cause: "two things add the header"},
		{name: "adds a star", server: behind(good, adds("*")), verdict: refused, cause: "two things add the header"},
		{name: "joins two headers", server: behind(items(), adds(front+", https://other.example")), verdict: refused, cause: "the header holds a list"},
		{name: "sets one origin", server: behind(items(), adds("https://other.example")), verdict: refused, cause: `sends "https://other.example" to every origin`},
		{name: "sets a pattern", server: behind(items(), adds("https://*.myapp.com")), verdict: refused, cause: "browsers know no patterns"},
		{name: "sets an empty value", server: behind(items(), adds("")), verdict: refused, cause: "the header is empty"},
		{name: "sets a host", server: behind(items(), adds("myapp.com")), verdict: refused, cause: "has no scheme"},
		{name: "sets a slash", server: behind(items(), adds(front+"/")), verdict: refused, cause: "the server sends a trailing slash"},
		{name: "sets upper case", server: behind(items(), adds("https://MyApp.com")), verdict: refused, cause: "changes upper and lower case"},
		{name: "adds headers to a router without OPTIONS", server: behind(items(), adds(front)), args: put, verdict: refused, cause: "passes the preflight on to the router, which answers 405"},
		{name: "answers OPTIONS with 204", server: split(status(204), good), args: put, verdict: refused, cause: elsewhere},
		{name: "answers OPTIONS with 405", server: split(status(405), good), args: put, verdict: refused, cause: elsewhere},
		{name: "answers OPTIONS with a page", server: split(status(200, "Content-Type", "text/html"), good), args: put, verdict: refused, cause: elsewhere},
		{name: "asks for a password", server: status(401, "WWW-Authenticate", "Basic"), args: put, verdict: refused, cause: "authentication comes before CORS"},
		{name: "asks preflights for a password", server: split(status(401, "WWW-Authenticate", "Basic"), good), args: put, verdict: refused, cause: "authentication comes before CORS"},
		{name: "asks for a login of its own", server: status(511), verdict: refused, cause: "a proxy on the way"},
		{name: "forbids OPTIONS", server: before(good, status(403), isOPTIONS), args: put, verdict: refused, cause: "something before it answers"},
		{name: "limits the rate", server: status(429, "Retry-After", "1"), args: put, verdict: refused, cause: "a rate limit comes before CORS"},
		{name: "waits for a GET in vain", server: before(good, status(504), isGET), verdict: refused, cause: "does not respond in time", without: "mount"},
		{name: "waits for a GET in vain, beside a PUT", server: before(good, status(504), isGET), args: put, verdict: untold, cause: "does not respond in time", without: "mount"},
		{name: "waits for everything in vain", server: status(504), args: put, verdict: refused, cause: "a proxy or gateway answers with 504", without: "mount"},
		{name: "has lost its server", server: gone, args: put, verdict: refused, cause: "a proxy or gateway answers with 502", without: "mount"},
		{name: "is busy", server: status(503, "Server", "envoy"), verdict: refused, cause: "a proxy or gateway (envoy) answers with 503", without: "mount"},
		{name: "cannot reach its origin", server: status(522, "Server", "cloudflare"), verdict: refused, cause: "a proxy or gateway (cloudflare) answers with 522"},
		{name: "says 503 with the policy's headers", server: behind(httpcors.New(policy())(status(503)), nothing), verdict: allowed, cause: "may read the response"},
		{name: "hides errors", server: before(good, status(500), isGET), verdict: refused, cause: "the response with status 500 has no CORS headers"},
		{name: "stores headers", server: stores(good), verdict: allowed, cause: "a cache stores CORS headers"},
		{name: "stores headers of another origin", server: stores(httpcors.New(twoOrigins())(items()), "https://admin.myapp.com"), verdict: refused, cause: "a cache stores CORS headers"},
	}
}

// stores responds to each GET as to the first one, which may come from another
// origin.
func stores(h http.Handler, origin ...string) http.Handler {
	if len(origin) == 0 {
		origin = []string{front}
	}
	return before(h, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Origin", origin[0])
		h.ServeHTTP(w, r)
	}), func(r *http.Request) bool { return r.Method == http.MethodGet })
}

func redirects() []row {
	good := httpcors.New(policy())(items())
	to := func(code int, url string) http.Handler {
		return before(good, http.RedirectHandler(url, code), func(r *http.Request) bool { return r.URL.Path != item+"/" })
	}
	open := httpcors.AllowAll()
	secure := func(h http.Handler) site {
		return func(t *testing.T) string {
			s := httptest.NewUnstartedServer(h)
			s.Config.ErrorLog = quiet
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}
	}
	away := func(code int) http.Handler { return open(http.RedirectHandler("http://192.0.2.1/", code)) }
	local := site(func(t *testing.T) string {
		return secure(open(http.RedirectHandler(start(t, open(items()))+item, http.StatusFound)))(t)
	})
	const secret = "-header X-Api-Key:secret"
	return []row{
		{name: "from https to http", server: secure(away(302)), args: "-timeout 3s", verdict: refused, cause: "mixed content"},
		{name: "from https to http with a secret", server: secure(away(307)), args: secret + " -timeout 3s", verdict: refused, cause: "mixed content"},
		{name: "from https to http, for a page on http", server: secure(away(307)), args: "-origin http://myapp.com " + secret + " -timeout 3s",
			verdict: untold, cause: "does not send your headers in clear text"},
		{name: "from https to http on loopback", server: local, verdict: allowed, cause: "may read the response"},
		{name: "to a server that is gone", server: open(http.RedirectHandler("https://127.0.0.1:1/", http.StatusFound)), verdict: untold, cause: "nothing listens on 127.0.0.1:1"},
		{name: "of a preflight to a login", server: to(302, "/login"), args: "-method PUT", verdict: refused, cause: "if that is a login"},
		{name: "of a preflight to https", server: before(good, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusPermanentRedirect)
		}), func(*http.Request) bool { return true }), args: "-method PUT", verdict: refused, cause: "the redirect leads to https"},
		{name: "of a GET to a login", server: to(302, "/login"), verdict: refused, cause: "the redirect comes before CORS"},
		{name: "to a path that does not allow the page", server: before(httpcors.New(policy())(http.RedirectHandler("/bare", http.StatusFound)), ok,
			func(r *http.Request) bool { return r.URL.Path == "/bare" }), verdict: refused, cause: "mount it for the whole application"},
		{name: "to a server that does not allow the page", server: site(func(t *testing.T) string {
			return start(t, open(http.RedirectHandler(start(t, ok)+"/login", http.StatusFound)))
		}), verdict: refused, cause: "respond with 401 instead of the redirect"},
		{name: "to a server that allows any page without an origin", server: site(func(t *testing.T) string {
			return start(t, open(http.RedirectHandler(start(t, http.HandlerFunc(mirror))+"/", http.StatusFound)))
		}), verdict: dangerous, cause: "allows null with credentials"},
		{name: "in a circle", server: open(http.RedirectHandler(item, http.StatusFound)), verdict: refused, cause: "more than 20 redirects"},
		{name: "to a mail address", server: open(http.RedirectHandler("mailto:a@b.example", http.StatusFound)), verdict: refused, cause: "redirect"},
		{name: "to two places", server: open(status(302, "Location", "/a", "Location", "/b")), verdict: refused, cause: "browsers do not follow the redirect"},
		{name: "none, but http for a page on https", server: site(func(*testing.T) string { return "http://192.0.2.1" }), verdict: refused, cause: "nothing was sent"},
	}
}

// mirror allows every origin with credentials.
func mirror(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

// hostile are servers that would keep a careless client forever.
func hostile() []row {
	good := httpcors.New(policy())
	forever := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}
	drip := func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte("."))
			_ = rc.Flush()
			wait(r, 50*time.Millisecond)
		}
	}
	slow := func(d time.Duration) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			wait(r, d)
			good(items()).ServeHTTP(w, r)
		})
	}
	raw := func(send func(w func(string) error)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			send(func(s string) error { _, err := conn.Write([]byte(s)); return err })
		})
	}
	return []row{
		{name: "a body without end", server: good(http.HandlerFunc(forever)), verdict: allowed, cause: "rejected:"},
		{name: "a body in drops", server: good(http.HandlerFunc(drip)), verdict: allowed, cause: "may read the response"},
		{name: "a preflight with a body without end", server: split(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range map[string]string{"Origin": front, "Methods": "PUT"} {
				w.Header().Set("Access-Control-Allow-"+name, value)
			}
			drip(w, r)
		}), good(ok)), args: "-method PUT", verdict: allowed, cause: "the PUT itself was not sent"},
		{name: "headers without end", server: raw(func(write func(string) error) {
			_ = write("HTTP/1.1 200 OK\r\n")
			for i := 0; write(fmt.Sprintf("X-%d: %s\r\n", i, strings.Repeat("a", 1000))) == nil; i++ {
			}
		}), verdict: untold, cause: "KiB of headers"},
		{name: "headers in drops", server: raw(func(write func(string) error) {
			_ = write("HTTP/1.1 200 OK\r\n")
			for range time.Tick(20 * time.Millisecond) {
				if write("X: y\r\n") != nil {
					return
				}
			}
		}), args: "-timeout 500ms", verdict: untold, cause: "does not respond within 500ms"},
		{name: "interim responses without end", server: raw(func(write func(string) error) {
			for write("HTTP/1.1 103 Early Hints\r\n\r\n") == nil {
			}
		}), args: "-timeout 2s", verdict: untold, cause: ""},
		{name: "headers that break off", server: raw(func(write func(string) error) { _ = write("HTTP/1.1 200 OK\r\nAccess-Control-All") }),
			verdict: untold, cause: "ends within its headers"},
		{name: "a body that breaks off", server: raw(func(write func(string) error) {
			_ = write("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 9\r\n\r\nhalf")
		}), verdict: allowed, cause: "the script fails when it reads the body"},
		{name: "chunks that are none", server: raw(func(write func(string) error) {
			_ = write("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
		}), verdict: allowed, cause: "the script fails when it reads the body"},
		{name: "every origin, by Referer", server: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Origin", strings.TrimSuffix(r.Referer(), "/"))
			mirror(w, r)
		}), args: "-credentials", verdict: dangerous, cause: "every site is allowed with credentials"},
		{name: "every origin, for a POST only", server: before(ok, http.HandlerFunc(mirror), func(r *http.Request) bool { return r.Method == http.MethodPost }),
			args: "-method POST -send -credentials", verdict: allowed, cause: "other origins could not be tried", without: "rejected:"},
		{name: "every origin, for a POST that is not sent", server: before(ok, http.HandlerFunc(mirror), func(r *http.Request) bool { return r.Method == http.MethodPost }),
			args: "-method POST", verdict: untold, cause: "use -send", without: "could not be tried"},
		{name: "two lines of credentials", server: status(200, "Access-Control-Allow-Origin", front, "Access-Control-Allow-Credentials", "true", "Access-Control-Allow-Credentials", "true"),
			args: "-credentials", verdict: refused, cause: "two things add Access-Control-Allow-Credentials"},
		{name: "not HTTP", server: raw(func(write func(string) error) { _ = write("220 mail.example ESMTP\r\n") }), verdict: untold, cause: "does not respond with HTTP"},
		{name: "no response", server: raw(func(func(string) error) {}), verdict: untold, cause: "closes the connection without a response"},
		{name: "silence", server: slow(time.Hour), args: "-timeout 300ms", verdict: untold, cause: "does not respond within 300ms"},
		{name: "slow answers", server: slow(300 * time.Millisecond), args: "-timeout 500ms", verdict: allowed, cause: "some other origins could not be tried"},
		{name: "slow answers to a PUT", server: slow(300 * time.Millisecond), args: "-method PUT -timeout 500ms", verdict: untold, cause: "a GET of this URL gets no response"},
		{name: "control characters in headers", server: status(200, "Access-Control-Allow-Origin", "\u009b2Jhttps://myapp.com"), verdict: refused, cause: `\u009b2J`},
	}
}

// quiet drops the log of a server whose clients leave early.
var quiet = log.New(io.Discard, "", 0)

// wait waits until a request ends, but at most for d.
func wait(r *http.Request, d time.Duration) {
	select {
	case <-r.Context().Done():
	case <-time.After(d):
	}
}
