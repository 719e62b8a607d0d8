package paths

import (
	"strings"
	"testing"
)

// FuzzTarget checks that no request target runs a handler with the policy of another
// path.
func FuzzTarget(f *testing.F) {
	for _, target := range curated {
		f.Add(target)
	}
	for target := range ordinary {
		f.Add(target)
	}
	withRoot, without := sites(true), sites(false)
	f.Fuzz(func(t *testing.T, target string) {
		if target == "" || strings.ContainsAny(target, " \r\n") || len(target) > 2000 {
			return // not one target
		}
		for _, list := range [][]Site{withRoot, without} {
			for _, s := range list {
				handler, policy := get(s, target)
				isRoot := handler == "/" && policy == "none"
				if handler != "" && policy != handler && policy != "nobody" && !isRoot {
					t.Errorf("%s: %q runs a handler of %q with the policy of %q", s.Name, target, handler, policy)
				}
			}
		}
	})
}
