package cors

import "strings"

// Paths maps path prefixes to policies, for a site whose parts have different
// ones. It is meant for the adapters' Select:
//
//	paths := cors.Paths{"/public/": open, "/api/": strict}
//	router.Use(gincors.Select(func(c *gin.Context) *cors.Policy {
//		return paths.Policy(c.Request.URL.Path)
//	}))
//
// A nil *Policy switches CORS off below a prefix. Concurrent use is safe as long
// as the map is not changed.
type Paths map[string]*Policy

// Policy returns the policy of the longest prefix of path that ends where a
// segment of path does, or nil if there is none: "/api" and "/api/" both stand
// for "/api" and all below it, not for "/apix".
//
// It returns nil, too, for paths that a router may read differently, so that
// the prefix would say nothing about the handler: with dot segments or empty
// ones ("/api/../x", "//x"), and those of which a longer prefix matches in
// another letter case only ("/API/x"). For a router that ignores case, as
// fiber's does by default, write the prefixes in lower case, and give this
// strings.ToLower(path).
func (m Paths) Policy(path string) *Policy {
	if !isClean(path) {
		return nil
	}
	var policy *Policy
	longest, exact := -1, true
	for key, p := range m {
		n := len(strings.TrimSuffix(key, "/"))
		if n > len(path) || n < len(path) && path[n] != '/' || !strings.EqualFold(path[:n], key[:n]) {
			continue
		}
		same := path[:n] == key[:n]
		if len(key) > longest || len(key) == longest && same {
			policy, longest, exact = p, len(key), same
		}
	}
	if !exact {
		return nil
	}
	return policy
}

func isClean(path string) bool {
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return !strings.Contains(path, "//")
}
