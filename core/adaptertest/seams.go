package adaptertest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	cors "github.com/polycors/polycors/core"
)

func mustPolicy(t *testing.T, cfg cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// testPaths sends spellings of paths. If a path has readings with different
// policies, the handler must not run, because a router may use either reading.
func testPaths[M, C any](t *testing.T, a Adapter[M, C]) {
	strict := with(myApp(), func(c *cors.Config) { c.RejectDisallowed = true })
	paths := cors.Paths{
		"/public/": mustPolicy(t, cors.AllowAll()), "/api/": mustPolicy(t, strict), "/": mustPolicy(t, strict), "/off/": nil,
	}
	app := newApp(Response{})
	addr := a.Serve(t, []M{a.Paths(paths)}, app.endpoints)
	clear(paths) // a copy is in use
	const refused = "Vary: Origin"
	for _, tt := range []struct {
		target, want string
		status       int
	}{
		{"/public/list", allowsAny, 200},
		{"/public/list?next=//api/..", allowsAny, 200},
		{"http://api.example/public/list", allowsAny, 200},
		{"/public/a%20b", allowsAny, 404},
		{"/public/caf%C3%A9", allowsAny, 404},
		{"/public/a%2Fb", allowsAny, 404},
		{"/public/.well-known", allowsAny, 404},
		{"/public/100%25", allowsAny, 404},
		{"/off/x", "", 404},
		{"/items", refused, 403},
		{"/publicx", refused, 403},
		{"/api/list", refused, 403},
		{"http://api.example/api/list", refused, 403},
		{"/off%2Fx", refused, 403},
		{"/public%2Flist", refused, 403},
		{"/public%2flist", refused, 403},
		{"/public%5Clist", refused, 403},
		{"/%70ublic/list", refused, 403},
		{"/%61pi/list", refused, 403},
		{"//api/list", refused, 403},
		{"//public/list", refused, 403},
		{"/public/../api/list", refused, 403},
		{"/public/%2e%2e/api/list", refused, 403},
		{"/public/.%2E%2Fapi/list", refused, 403},
		{"/public/..\\api\\list", refused, 403},
		{"/public/./../api/list", refused, 403},
		{"http://api.example//api/list", refused, 403},
	} {
		before := app.handled.Load()
		got := send(t, addr, request("GET "+tt.target+"\nOrigin: https://evil.example"))
		if got.status != tt.status || got.cors != tt.want {
			t.Errorf("%s: status %d, want %d; CORS headers:\n%s\nwant:\n%s", tt.target, got.status, tt.status, got.cors, tt.want)
		}
		if handled := app.handled.Load() > before; handled != (tt.status == 200) {
			t.Errorf("%s: handler called: %t", tt.target, handled)
		}
	}
}

// testCallbackRequest allows an origin by another header of the request.
func testCallbackRequest[M, C any](t *testing.T, a Adapter[M, C]) {
	var mu sync.Mutex
	var tenants []string
	addr := a.Serve(t, []M{a.New(cors.Config{
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			return origin == "https://"+a.Header(ctx, "X-Tenant")+".example", nil
		},
		OnReject: func(ctx context.Context, r cors.Rejection) {
			mu.Lock()
			defer mu.Unlock()
			tenants = append(tenants, strings.Clone(a.Header(ctx, "X-Tenant")))
		},
		Vary: []string{"X-Tenant"},
	})}, newApp(Response{}).endpoints)
	for _, tt := range []struct{ tenant, want string }{
		{"acme", "Access-Control-Allow-Origin: https://acme.example\nVary: Origin, X-Tenant"},
		{"other", "Vary: Origin, X-Tenant"},
	} {
		if got := send(t, addr, request("GET /items\nOrigin: https://acme.example\nX-Tenant: "+tt.tenant)).cors; got != tt.want {
			t.Errorf("tenant %s: CORS headers:\n%s\nwant:\n%s", tt.tenant, got, tt.want)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(tenants, []string{"other"}) {
		t.Errorf("OnReject reads the tenants %q", tenants)
	}
	if got := a.Header(t.Context(), "X-Tenant"); got != "" {
		t.Errorf("a context outside a request has the header %q", got)
	}
}

func testRejectionPath[M, C any](t *testing.T, a Adapter[M, C]) {
	var mu sync.Mutex
	var got []string
	addr := a.Serve(t, []M{a.New(with(myApp(), func(c *cors.Config) {
		c.OnReject = func(_ context.Context, r cors.Rejection) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, r.Path)
		}
	}))}, newApp(Response{}).endpoints)
	long := "/" + strings.Repeat("a", 1000)
	for _, target := range []string{"/items?token=secret", "/a%0Ab", "http://api.example/items?x", long} {
		send(t, addr, request("GET "+target+"\nOrigin: https://evil.example"))
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"/items", "/a%0Ab", "/items"}; len(got) != 4 || !slices.Equal(got[:3], want) {
		t.Errorf("paths %q, want %q and a long one", got, want)
	} else if n := len(got[3]); n > 200 || !strings.HasPrefix(long, got[3][:100]) {
		t.Errorf("the long path becomes %q", got[3])
	}
}

// testChangedRequest fails if the adapter reads headers of the request after the
// handler, because a framework may reuse the memory of a header.
func testChangedRequest[M, C any](t *testing.T, a Adapter[M, C]) {
	echoing := with(full(), func(c *cors.Config) {
		c.AllowMethods, c.AllowHeaders, c.PreflightContinue = []string{"*"}, []string{"*"}, true
	})
	change := a.Select(func(c C) *cors.Policy {
		for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
			a.Set(c, name, "")
			a.Set(c, "X-"+name, "https://secret.example/0123456789")
			a.Set(c, name, "https://secret.example/0123456789")
		}
		return nil
	})
	addr := a.Serve(t, []M{a.New(echoing), change}, newApp(Response{}).endpoints)
	actual := withCredentials + "\n" + allowsMyApp + "\nAccess-Control-Expose-Headers: X-Total-Count\nVary: Origin"
	preflight := withCredentials + "\nAccess-Control-Allow-Headers: x-a,x-b\nAccess-Control-Allow-Methods: PURGE\n" + allowsMyApp +
		"\nAccess-Control-Max-Age: 86400\n" + preflightVary
	if got := send(t, addr, putFromMyApp).cors; got != actual {
		t.Errorf("request: CORS headers:\n%s\nwant:\n%s", got, actual)
	}
	got := send(t, addr, "OPTIONS /own\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PURGE\nAccess-Control-Request-Headers: x-a,x-b").cors
	if got != preflight {
		t.Errorf("preflight: CORS headers:\n%s\nwant:\n%s", got, preflight)
	}
}

func testReplacedResponse[M, C any](t *testing.T, a Adapter[M, C]) {
	if a.Replace == nil {
		return
	}
	replace := a.Select(func(c C) *cors.Policy {
		a.Replace(c, "Access-Control-Allow-Origin", "https://other.example")
		return nil
	})
	reject := a.New(with(myApp(), func(c *cors.Config) { c.RejectDisallowed = true }))
	for _, tt := range []struct {
		name       string
		middleware []M
		request    request
		want       string
		status     int
	}{
		{"from an allowed origin", []M{a.New(myApp()), replace}, putFromMyApp, allowsMyApp + "\nVary: Origin", 200},
		{"from another origin", []M{a.New(myApp()), replace}, putFromEvil, "Vary: Origin", 200},
		{"without Origin", []M{a.New(myApp()), replace}, "GET /items", "Vary: Origin", 200},
		{"behind an inner policy", []M{a.New(myApp()), a.AllowAll(), replace}, putFromMyApp, allowsAny + "\nVary: Origin", 200},
		{"before an inner policy that rejects", []M{a.AllowAll(), replace, reject}, putFromEvil, "Vary: Origin", 403},
		{"behind the zero Policy", []M{a.New(myApp()), a.From(new(cors.Policy)), replace}, putFromMyApp, allowsMyApp + "\nVary: Origin", 200},
	} {
		got := send(t, a.Serve(t, tt.middleware, newApp(Response{Header: http.Header{"X-Handled": {"yes"}}}).endpoints), tt.request)
		if got.cors != tt.want || got.status != tt.status {
			t.Errorf("%s: status %d, want %d; CORS headers:\n%s\nwant:\n%s", tt.name, got.status, tt.status, got.cors, tt.want)
		}
	}
}
