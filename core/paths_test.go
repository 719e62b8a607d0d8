package cors_test

import (
	"testing"

	cors "github.com/polycors/polycors/core"
)

func TestPathsChooseTheLongestPrefix(t *testing.T) {
	root, api, v2, dir := new(cors.Policy), new(cors.Policy), new(cors.Policy), new(cors.Policy)
	names := map[*cors.Policy]string{root: "root", api: "api", v2: "v2", dir: "dir", nil: "none"}
	paths := cors.Paths{"/": root, "/api": api, "/api/v2/": v2, "/dir/": dir, "/dir": api, "/off/": nil}
	for path, want := range map[string]*cors.Policy{
		"/": root, "": root, "/x": root, "/x/y": root,
		"/api": api, "/api/": api, "/api/x": api,
		"/apix": root, "/APIX": root, "/api%2fx": root, "/ap": root, "/api.": root,
		"/api/v2": v2, "/api/v2/": v2, "/api/v2/x": v2, "/api/v20": api,
		"/dir": dir, "/dir/x": dir,
		"/off": nil, "/off/x": nil,

		// What a router makes of these is anybody's guess.
		"/api/../x": nil, "/x/../api": nil, "/api/..": nil, "/./api": nil, "/..": nil, ".": nil, "//": nil, "/api//x": nil, "//api/x": nil,
		"/api/...": api, "/api/..x": api, "/api/.well-known": api,

		// fiber, for one, takes these for "/api".
		"/API": nil, "/Api/x": nil, "/api/V2/x": nil,

		"*": nil, "api": nil, // no paths
	} {
		if got := paths.Policy(path); got != want {
			t.Errorf("Policy(%q) = %s, want %s", path, names[got], names[want])
		}
	}
}

func TestPathsThatDifferInCaseOnlyAreTwo(t *testing.T) {
	upper, lower := new(cors.Policy), new(cors.Policy)
	paths := cors.Paths{"/A": upper, "/a": lower}
	for range 20 { // in any order of the map
		if paths.Policy("/A/x") != upper || paths.Policy("/a/x") != lower {
			t.Fatal("the prefix in the path's own case does not win")
		}
	}
}

func TestPathsWithoutARootLeaveTheRestAlone(t *testing.T) {
	api := new(cors.Policy)
	paths := cors.Paths{"/api/": api}
	for path, want := range map[string]*cors.Policy{"/api": api, "/api/x": api, "/": nil, "/x": nil, "/apix": nil, "": nil} {
		if got := paths.Policy(path); got != want {
			t.Errorf("Policy(%q) = %p, want %p", path, got, want)
		}
	}
	if cors.Paths(nil).Policy("/") != nil {
		t.Error("nil Paths have a policy")
	}
}
