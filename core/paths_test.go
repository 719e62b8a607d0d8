package cors_test

import (
	"context"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

func TestPaths(t *testing.T) {
	root, api, v2, dir, cafe := new(cors.Policy), new(cors.Policy), new(cors.Policy), new(cors.Policy), new(cors.Policy)
	names := map[*cors.Policy]string{root: "root", api: "api", v2: "v2", dir: "dir", cafe: "cafe", nil: "none"}
	paths := cors.Paths{
		"/": root, "/api": api, "/api/v2/": v2, "/dir/": dir, "/dir": api, "/off/": nil, "/café/": cafe, "/b%20c": cafe, "no/slash": dir,
		"//odd//": cafe, "/café/menu": api, "b c/d": api,
	}
	for path, want := range map[string]string{
		"/": "root", "": "root", "/x": "root", "/x/y": "root",
		"/api": "api", "/api/": "api", "/api/x": "api", "/apix": "root", "/APIX": "root", "/ap": "root", "/api.": "root",
		"/api/v2": "v2", "/api/v2/": "v2", "/api/v2/x": "v2", "/api/v20": "api",
		"/dir": "dir", "/dir/x": "dir", "/no/slash/x": "dir",
		"/off": "none", "/off/x": "none",

		// a segment with special characters
		"/caf%C3%A9/x": "cafe", "/caf%c3%a9": "cafe", "/caf%C3%A8/x": "root",
		"/b%20c/x": "cafe", "/b%20cd": "root",
		"/caf%C3%A9/menu/x": "api", "/b%20c/d": "api", "/b%20c/e": "cafe",

		// a key with empty segments means what it is without
		"/odd": "cafe", "/odd/x": "cafe", "//odd": "nobody",

		// readings that agree
		"/x//y": "root", "/x/../y": "root", "//": "root", "/./x": "root", "/x%2Fy": "root", "/x\\y": "root", "/..": "root", "/%61b": "root",
		"/api//x": "api", "/api/a%2Fb": "api", "/api/./x": "api", "/api/x/../y": "api", "/api/...": "api", "/api/..x": "api", "/api/.well-known": "api",
		"/api/x%20y": "api", "/api/caf%C3%A9": "api", "/api/100%25": "api", "/api/%252F": "api", "/api/v2//": "v2",

		// readings that differ
		"/api%2fx": "nobody", "/api%2Fx": "nobody", "/%61pi/x": "nobody", "/%61pi": "nobody", "/api%2e": "root", "/api/v2%2Fx": "nobody", "/%2fapi": "nobody",
		"/api/../x": "nobody", "/x/../api": "nobody", "/api/..": "nobody", "/./api": "nobody", "//api/x": "nobody", "/api//v2": "nobody",
		"/api/%2e%2e/x": "nobody", "/api/.%2E/x": "nobody", "/x/%2e%2e/api": "nobody", "/api%2F..%2Fx": "nobody", "/%2e/api": "nobody",
		"/api\\x": "nobody", "/api%5Cx": "nobody", "/x\\..\\api": "nobody", "\\api": "nobody", "/x%5c..%5capi": "nobody",
		"/API": "nobody", "/Api/x": "nobody", "/api/V2/x": "nobody", "/OFF/x": "nobody", "/%41pi": "nobody",
		"/off%2Fx": "nobody", "//off": "nobody",
		"/a%2Fb/%2e%2e/api": "nobody", "/x%2Fy/../api": "nobody", "/a//../api/v2": "nobody", "/api//./v2": "nobody",

		// what cannot be read
		"/api/%": "nobody", "/%zz": "nobody", "/x/%2": "nobody",
		"*": "nobody", "api": "nobody", "api/x": "nobody", ".": "nobody", "x": "nobody",
	} {
		got := paths.Policy(path)
		name, known := names[got]
		if !known {
			name = "nobody"
		}
		if name != want {
			t.Errorf("Policy(%q) = %s, want %s", path, name, want)
		}
	}
}

func TestPathsLength(t *testing.T) {
	p := new(cors.Policy)
	paths := cors.Paths{"/": p}
	long := "/" + strings.Repeat("a", 1<<20)
	if paths.Policy("/fetch/https://x.example/"+strings.Repeat("%20", 100)) != p {
		t.Error("a path with an empty segment has no policy")
	}
	if got := paths.Policy("/x" + strings.Repeat("/.", 1000)); got == p || got == nil {
		t.Error("a long path with dot segments is read")
	}
	if paths.Policy(long) != p {
		t.Error("a long path without special characters has no policy")
	}
	if got := paths.Policy(long + "%20"); got == p || got == nil {
		t.Error("a long path with special characters is read")
	}
}

func TestPathsCase(t *testing.T) {
	upper, lower := new(cors.Policy), new(cors.Policy)
	paths := cors.Paths{"/A": upper, "/a": lower}
	for range 20 { // in any order of the map
		if paths.Policy("/A/x") != upper || paths.Policy("/a/x") != lower {
			t.Fatal("the prefix in the path's own case does not win")
		}
	}
	folded := paths.Selector(true)
	if got := folded("/a/x"); got == upper || got == lower || got == nil {
		t.Error("a router that ignores case can tell the two apart")
	}
	if got := (cors.Paths{"/Api": upper}).Selector(true)("/api/x"); got != upper {
		t.Error("a folded key is not found")
	}
}

func TestPathsWithoutRoot(t *testing.T) {
	api := new(cors.Policy)
	paths := cors.Paths{"/api/": api}
	for path, want := range map[string]*cors.Policy{"/api": api, "/api/x": api, "/": nil, "/x": nil, "/apix": nil, "": nil, "/x%20y": nil, "//x": nil} {
		if got := paths.Policy(path); got != want {
			t.Errorf("Policy(%q) = %p, want %p", path, got, want)
		}
	}
	if got := paths.Policy("//api/x"); got == nil || got == api {
		t.Error("a path that may be below a key has its policy, or none")
	}
	if cors.Paths(nil).Policy("/") != nil || cors.Paths(nil).Policy("/%2e") != nil {
		t.Error("nil Paths have a policy")
	}
}

func TestPathsRouted(t *testing.T) {
	root, api := new(cors.Policy), new(cors.Policy)
	paths := cors.Paths{"/": root, "/api/": api}
	if paths.Selector(false)("/api/x", "/api/y") != api {
		t.Error("two paths with one policy do not have it")
	}
	if got := paths.Selector(false)("/x", "/api/y"); got == root || got == api {
		t.Error("two paths with different policies have one of them")
	}
}

func TestPathsAmbiguous(t *testing.T) {
	var calls []cors.Rejection
	record := func(_ context.Context, r cors.Rejection) { calls = append(calls, r) }
	open := mustPolicy(t, change(cors.AllowAll(), func(c *cors.Config) { c.OnReject = record }))
	strict := mustPolicy(t, refusing(origins("https://myapp.com")))
	paths := cors.Paths{"/public/": open, "/": strict, "/off/": nil, "/zero/": new(cors.Policy)}
	p := paths.Policy("/public%2Fx")

	for _, tt := range []struct {
		name  string
		req   cors.Request
		want  decision
		calls int
	}{
		{"a request is rejected if a policy of the map rejects", get("https://myapp.com"), decision{Status: 403, Vary: "Origin"}, 1},
		{"a preflight is refused", preflight("https://myapp.com", "PUT", ""), decision{Status: 403, Vary: preflightVary}, 1},
		{"a request without Origin passes", get(""), decision{Vary: "Origin"}, 0},
		{"a request from the server's own origin passes", cors.Request{Method: "POST", Origin: "https://api.example", Host: "api.example"}, decision{Vary: "Origin"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			calls = nil
			got, err := decide(t.Context(), p, tt.req)
			if got != tt.want || err != nil {
				t.Errorf("Decide = %+v, %v; want %+v", got, err, tt.want)
			}
			if len(calls) != tt.calls {
				t.Fatalf("OnReject is called %d times, want %d", len(calls), tt.calls)
			}
			if tt.calls > 0 && (calls[0].Reason != cors.ReasonPathAmbiguous || !strings.Contains(calls[0].String(), "several ways")) {
				t.Errorf("OnReject gets %s: %s", calls[0].Reason, calls[0])
			}
		})
	}

	t.Run("a request passes without permission if no policy rejects", func(t *testing.T) {
		p := cors.Paths{"/public/": open, "/": mustPolicy(t, origins("https://myapp.com"))}.Policy("/public%2Fx")
		if got, _ := decide(t.Context(), p, get("https://myapp.com")); got != (decision{Vary: "Origin"}) {
			t.Errorf("Decide = %+v", got)
		}
		if ok, err := p.AllowsOrigin(t.Context(), "https://myapp.com"); ok || err != nil {
			t.Errorf("AllowsOrigin = %t, %v", ok, err)
		}
		if e := p.Explain(t.Context(), get("https://myapp.com")); e.Allowed || e.Reason != cors.ReasonPathAmbiguous {
			t.Errorf("Explain: %s", e)
		}
	})
}

func TestSelectorStripped(t *testing.T) {
	root, api, part := new(cors.Policy), new(cors.Policy), new(cors.Policy)
	names := map[*cors.Policy]string{root: "root", api: "api", part: "part", nil: "none"}
	site := cors.Paths{"/": root, "/api/": api, "/part/": part, "/part/api/": api}
	for _, tt := range []struct {
		name   string
		paths  cors.Paths
		sent   string
		routed []string
		want   string
	}{
		{"below a mounted prefix", site, "/part/x", []string{"/x"}, "part"},
		{"at the prefix itself", site, "/part/", []string{"/"}, "part"},
		{"below a key of the mounted part", site, "/part/api/x", []string{"/api/x"}, "api"},
		{"without the slash at the front", site, "/part/x", []string{"x"}, "part"},
		{"with characters that net/url escapes", site, "/part/a|b", []string{"/a%7Cb"}, "part"},
		{"with keys for the mounted part only", cors.Paths{"/api/": api}, "/part/api/x", []string{"/api/x"}, "nobody"},
		{"with a key that the part has, too", cors.Paths{"/": root, "/api/": api}, "/part/api/x", []string{"/api/x"}, "nobody"},
		{"a rewritten path with the same policy", site, "/api/x", []string{"/api/y"}, "api"},
		{"a rewritten path with another policy", site, "/part/x", []string{"/api/x"}, "nobody"},
		{"one of two rewritten paths with another policy", site, "/part/x", []string{"/x", "/api/x"}, "nobody"},
		{"a rewritten path that is decoded", site, "/part/100%25/", []string{"/part/100%"}, "part"},
		{"the path that was sent cannot be decoded", site, "/part/100%", []string{"/part/100%"}, "nobody"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name, known := names[tt.paths.Selector(false)(tt.sent, tt.routed...)]
			if !known {
				name = "nobody"
			}
			if name != tt.want {
				t.Errorf("%s, want %s", name, tt.want)
			}
		})
	}
}

func TestSelectorIgnoresCase(t *testing.T) {
	root, kit := new(cors.Policy), new(cors.Policy)
	policy := cors.Paths{"/": root, "/kit/": kit, "/café": kit}.Selector(true)
	for path, want := range map[string]*cors.Policy{
		"/KIT/x": kit, "/Kit": kit, "/%4Bit": nil, "/CAF%C3%A9/x": kit, "/caf%c3%a9": kit,
		"/Kit": root, "/%E2%84%AAit": root, // routers do not take a Kelvin sign for a k
	} {
		if got := policy(path); got != want && (want != nil || got == root || got == kit) {
			t.Errorf("policy(%q) = %p, want %p", path, got, want)
		}
	}
	if got := policy("/CAFÉ/x"); got == root || got == kit {
		t.Error("letters beyond ASCII are folded, or not noticed")
	}
}
