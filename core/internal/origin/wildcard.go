package origin

import "strings"

// A wildcard is a pattern, prepared for fast comparison with an origin.
type wildcard struct {
	entry      string // as users write it
	kind       Wildcard
	scheme     string
	head, tail string // before and after the asterisk in the host, without ":*"
	maxLen     int    // of the text that the asterisk matches
	anyPort    bool
}

func newWildcard(p Pattern, entry string) wildcard {
	w := wildcard{entry: entry, kind: p.Wildcard, scheme: p.Scheme, anyPort: p.Port == AnyPort}
	w.head, w.tail, _ = strings.Cut(strings.TrimSuffix(entry, ":"+AnyPort), "*")
	w.maxLen = p.room()
	return w
}

// allows reports whether the pattern allows an origin.
func (w *wildcard) allows(origin string) bool {
	free, ok := strings.CutPrefix(origin, w.head)
	if ok && w.anyPort {
		free, ok = cutPort(w.scheme, free)
	}
	if ok {
		free, ok = strings.CutSuffix(free, w.tail)
	}
	return ok && len(free) <= w.maxLen && w.kind.covers(free)
}

// cutPort removes the port from the end of an origin. It reports false if the
// port is invalid.
func cutPort(scheme, s string) (before string, ok bool) {
	before, port, found := strings.Cut(s, ":")
	return before, !found || validPort(scheme, port)
}
