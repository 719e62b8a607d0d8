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
// Concurrent use is safe as long as the map is not changed.
type Paths map[string]*Policy

// Policy returns the policy of the longest prefix of path that ends where a
// segment of path does, or nil if there is none: "/api" and "/api/" both stand
// for "/api" and all below it, not for "/apix". Letter case counts: where the
// router ignores it, as fiber's does by default, write the prefixes in lower
// case and give this strings.ToLower(path).
//
// A path with dot segments or empty ones, "/api/../x" or "//x", has no policy: a
// router may read it differently, so that the prefix would say nothing about
// the handler.
func (m Paths) Policy(path string) *Policy {
	if !isClean(path) {
		return nil
	}
	var policy *Policy
	longest := -1
	for key, p := range m {
		rest, ok := strings.CutPrefix(path, strings.TrimSuffix(key, "/"))
		if ok && (rest == "" || rest[0] == '/') && len(key) > longest {
			policy, longest = p, len(key)
		}
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
