package corstest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

func TestOpen(t *testing.T) {
	now := time.Now()
	p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		with(allowCredentials+"true", allowMethods+"PUT", variesByOrigin, "Set-Cookie: a=1; Secure; SameSite=None").write(w)
	}))
	p.Credentials, p.Server, p.Browser, p.Now = corstest.Include, "https://api.test", corstest.Firefox, func() time.Time { return now }
	corstest.Allows(t, p, "PUT", "/x")

	second := p.Open(app)
	corstest.Allows(t, second, "PUT", "/x")
	if second.Preflights() != 0 || second.Browser != corstest.Firefox || len(p.Exchanges()) != 2 {
		t.Errorf("a page of the same origin sends %d preflights, want 0", second.Preflights())
	}
	if got := requestHeader(second, 0, "Cookie"); len(got) != 1 || got[0] != "a=1" {
		t.Errorf("a page of the same origin sends the cookies %q", got)
	}

	other := second.Open("https://other.test")
	corstest.Allows(t, other, "PUT", "/x")
	if other.Preflights() != 1 || requestHeader(other, 1, "Cookie") == nil {
		t.Errorf("a page of another origin sends %d preflights, want 1, and the cookies %q", other.Preflights(), requestHeader(other, 1, "Cookie"))
	}

	now = now.Add(time.Minute)
	corstest.Allows(t, second, "PUT", "/x")
	corstest.Allows(t, p, "PUT", "/x")
	if p.Preflights()+second.Preflights() != 2 {
		t.Errorf("%d preflights, want 2: one more after the cache expires", p.Preflights()+second.Preflights())
	}
}

func TestPageWithoutServer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		server string
		url    string
		want   string
	}{
		{"neither Server nor Transport", "", "/x", "corstest: the page has neither a Transport nor a Server: set Transport to corstest.Handler(router)"},
		{"a server without a scheme", "localhost:8080", "/x",
			`corstest: Page.Server "localhost:8080" is not a URL of a server: did you mean "http://localhost:8080"?`},
		{"an address without a scheme", "127.0.0.1:8080", "/x", `did you mean "http://127.0.0.1:8080"?`},
		{"a name without a scheme", "api.example", "/x", `did you mean "http://api.example"?`},
	} {
		p := &corstest.Page{Origin: app, Server: tt.server}
		if _, err := p.Fetch(request(t, "GET", tt.url)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
		got := failures(t, func(t testing.TB) { corstest.CheckRoutes(t, p, []corstest.Route{{"GET", "/x"}}) })
		if len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s: failures %q of CheckRoutes, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRedirectToTheNetwork(t *testing.T) {
	var url string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		switch r.URL.Path {
		case "/leave":
			http.Redirect(w, r, "https://login.invalid/x", http.StatusFound)
		case "/stay":
			http.Redirect(w, r, strings.Replace(url, "127.0.0.1", "localhost", 1), http.StatusFound)
		}
	}))
	defer srv.Close()
	url = srv.URL
	p := &corstest.Page{Origin: app, Server: url}
	const want = "corstest: a redirect leads from the test server to https://login.invalid: set Page.Transport to http.DefaultTransport"
	if _, err := p.Fetch(request(t, "GET", "/leave")); err == nil || !strings.HasPrefix(err.Error(), want) || len(p.Exchanges()) != 1 {
		t.Errorf("error %v after %d exchanges, want %q", err, len(p.Exchanges()), want)
	}
	res, err := p.Fetch(request(t, "GET", "/stay"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if n := len(p.Exchanges()); n != 3 || p.Exchanges()[n-1].Status != 200 {
		t.Errorf("exchanges %v", p.Exchanges())
	}
}

func TestHosts(t *testing.T) {
	host := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.URL.Path == "/login" {
			http.Redirect(w, r, "https://login.myapp.com/done", http.StatusFound)
			return
		}
		write(w, r.Host)
	}
	p := &corstest.Page{Origin: "https://myapp.com", Server: "https://API.myapp.com", Transport: corstest.Hosts(map[string]http.Handler{
		"Api.myapp.com": http.HandlerFunc(host), "login.myapp.com": http.HandlerFunc(host), "localhost:3000": http.HandlerFunc(host),
	})}
	for url, want := range map[string]string{
		"/x": "api.myapp.com", "/login": "login.myapp.com", "http://localhost:3000": "localhost:3000", "http://login.myapp.com:80/": "login.myapp.com",
	} {
		res := corstest.Allows(t, p, "GET", url)
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != want {
			t.Errorf("%s: the host is %q, want %q", url, body, want)
		}
	}
	for _, url := range []string{"http://localhost", "https://other.test/x"} {
		_, err := p.Fetch(request(t, "GET", url))
		want := `: it has api.myapp.com, localhost:3000, login.myapp.com`
		if err == nil || !strings.HasPrefix(err.Error(), "corstest: Hosts has no handler for ") || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: error %v, want one that ends with %q", url, err, want)
		}
	}
}

// TestFilePage fetches from a page of an app shell that sends "file://".
func TestFilePage(t *testing.T) {
	page := &corstest.Page{Origin: "file://", Transport: corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") == "file://" {
			with("Access-Control-Allow-Origin: file://", allowMethods+"PUT").write(w)
		}
	}))}
	corstest.Allows(t, page, "PUT", "/x")
}
