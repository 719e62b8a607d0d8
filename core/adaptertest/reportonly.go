package adaptertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// rejections records the calls of OnReject.
type rejections struct {
	mu   sync.Mutex
	list []string
}

func (l *rejections) onReject(_ context.Context, r cors.Rejection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, fmt.Sprintf("%t %s %s %s %s %s", r.ReportOnly, r.Reason, r.Origin, r.Method, r.Path, r.Header))
}

// take returns the calls of OnReject since the last call of take.
func (l *rejections) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list
	l.list = nil
	return list
}

// testReportOnly sends each request to a policy, and to one that differs by
// ReportOnly.
func testReportOnly[M, C any](t *testing.T, a Adapter[M, C]) {
	var l rejections
	open := cors.Config{AllowOrigins: []string{"*"}, AllowHeaders: []string{"*"}, MaxAge: -1, OnReject: l.onReject}
	strict := full()
	strict.AllowOriginFunc = func(ctx context.Context, origin string) (bool, error) {
		switch a.Header(ctx, "X-Tenant") {
		case "evil":
			return origin == "https://evil.example", nil
		case "fails":
			return false, errLookup
		case "panics":
			panic(secret)
		}
		return false, nil
	}
	rejecting := with(myApp(), func(c *cors.Config) { c.OnReject, c.RejectDisallowed = l.onReject, true })
	trying := func(cfg, tried cors.Config) cors.Config { cfg.ReportOnly = &tried; return cfg }
	for _, tt := range []struct {
		name    string
		cfg     cors.Config
		tried   cors.Config
		request request
		want    string // what OnReject gets
	}{
		{"a request", open, strict, putFromEvil, "true origin-not-allowed https://evil.example PUT /items "},
		{"a request that both allow", open, strict, putFromMyApp, ""},
		{"a request without Origin", open, strict, "GET /items", ""},
		{"a preflight", open, strict, preflightFromEvil, "true origin-not-allowed https://evil.example PUT /items "},
		{"a preflight that both allow", open, strict, preflightFromMyApp + "\nAccess-Control-Request-Headers: content-type", ""},
		{"a preflight for a method", open, strict, "OPTIONS /items\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PATCH",
			"true method-not-allowed https://myapp.com PATCH /items "},
		{"a preflight for a header", open, strict, preflightFromMyApp + "\nAccess-Control-Request-Headers: x-a",
			"true header-not-allowed https://myapp.com PUT /items x-a"},
		{"a callback that allows", open, strict, putFromEvil + "\nX-Tenant: evil", ""},
		{"a callback that fails", open, strict, putFromEvil + "\nX-Tenant: fails", "true callback-failed https://evil.example PUT /items "},
		{"a callback that panics", open, strict, putFromEvil + "\nX-Tenant: panics", "true callback-failed https://evil.example PUT /items "},
		{"a request that both refuse", rejecting, full(), putFromEvil, "false origin-not-allowed https://evil.example PUT /items "},
		{"a request that only the policy in force refuses", rejecting, cors.AllowAll(), putFromEvil,
			"false origin-not-allowed https://evil.example PUT /items "},
		{"a request of the server's own origin", open, strict, "PUT /items\nOrigin: https://api.example\nSec-Fetch-Site: same-origin", ""},
	} {
		app := newApp(Response{})
		without := send(t, a.Serve(t, []M{a.New(tt.cfg)}, app.endpoints), tt.request)
		handled := app.handled.Swap(0)
		l.take()
		got := send(t, a.Serve(t, []M{a.New(trying(tt.cfg, tt.tried))}, app.endpoints), tt.request)
		if got.status != without.status || got.cors != without.cors || got.body != without.body || app.handled.Load() != handled {
			t.Errorf("%s: the response is\n%d %s\nwithout ReportOnly\n%d %s", tt.name, got.status, got.cors, without.status, without.cors)
		}
		if list := l.take(); strings.Join(list, "; ") != tt.want {
			t.Errorf("%s: OnReject gets %q, want %q", tt.name, list, tt.want)
		}
	}
	if got := recovered(func() { a.New(trying(myApp(), cors.Config{AllowOrigins: []string{"https://a.example/"}})) }); !strings.Contains(got, "ReportOnly.AllowOrigins[0]") {
		t.Errorf("New panics with %q, want the problems of ReportOnly", got)
	}
}

// testNavigation sends what browsers send for a form.
func testNavigation[M, C any](t *testing.T, a Adapter[M, C]) {
	var l rejections
	const form = "POST /items\nOrigin: https://login.example\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate"
	for _, reject := range []bool{false, true} {
		cfg := with(myApp(), func(c *cors.Config) { c.OnReject, c.RejectDisallowed = l.onReject, reject })
		got := send(t, a.Serve(t, []M{a.New(cfg)}, newApp(Response{}).endpoints), form)
		list := l.take()
		switch {
		case !reject && len(list) != 0:
			t.Errorf("status %d, OnReject gets %q, want nothing", got.status, list)
		case reject && (got.status != 403 || !slices.Equal(list, []string{"false origin-not-allowed https://login.example POST /items "})):
			t.Errorf("with RejectDisallowed: status %d, OnReject gets %q", got.status, list)
		}
	}
}
