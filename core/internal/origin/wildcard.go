package origin

import "strings"

// A wildcard is a pattern that stands for several origins, cut so that it is
// quickly compared with one.
type wildcard struct {
	entry      string // as users write it
	kind       Wildcard
	scheme     string
	head, tail string // what stands before and after the asterisk in the host
	room       int    // how many bytes the asterisk may stand for
	anyPort    bool
}

func newWildcard(p Pattern, entry string) wildcard {
	w := wildcard{entry: entry, kind: p.Wildcard, scheme: p.Scheme, anyPort: p.Port == AnyPort}
	w.head, w.tail, _ = strings.Cut(strings.TrimSuffix(entry, ":"+AnyPort), "*")
	switch label := len(p.Before) + len(p.After); p.Wildcard {
	case Subdomains:
		w.room = maxHost - len(".") - len(p.Host)
	case Label:
		w.room = min(maxHost-len(".")-len(p.Host), maxLabel) - label
	case AnyHost:
		w.room = maxHost
	}
	return w
}

// allows reports whether the pattern stands for an origin.
func (w *wildcard) allows(origin string) bool {
	free, ok := strings.CutPrefix(origin, w.head)
	if ok && w.anyPort {
		free, ok = cutPort(w.scheme, free)
	}
	if ok {
		free, ok = strings.CutSuffix(free, w.tail)
	}
	if !ok || len(free) > w.room {
		return false
	}
	switch w.kind {
	case Subdomains:
		return validLabels(free)
	case Label:
		return validLabels(free) && strings.IndexByte(free, '.') < 0
	case AnyHost:
		return validOpaqueHost(free)
	}
	return free == ""
}

// cutPort takes the port off the end of an origin, if there is one.
func cutPort(scheme, s string) (before string, ok bool) {
	before, port, found := strings.Cut(s, ":")
	return before, !found || validPort(scheme, port)
}
