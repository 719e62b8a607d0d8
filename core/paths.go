package cors

import (
	"cmp"
	"context"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/origin"
)

// Paths maps path prefixes to policies, for a site whose parts have different
// policies. Every adapter has a function Paths that takes it:
//
//	router.Use(gincors.Paths(cors.Paths{"/public/": open, "/api/": strict}))
//
// A key is a path from the root of the site, as clients send it, even if the
// middleware is mounted below a prefix. "/api" and "/api/" both mean "/api" and
// everything below, but not "/apix". The longest key wins. A nil *Policy turns
// CORS off below a prefix. Concurrent use is safe as long as the map is not
// modified.
type Paths map[string]*Policy

// Policy returns the policy for a path, as it was sent: escaped, without the
// query. It returns nil if no key is a prefix, or if the policy of the key is nil.
//
// Routers read paths in different ways: some decode the path before they look
// for a route, remove empty and dot segments, or ignore case. Policy considers
// all these readings. If they lead to different policies, it returns a policy
// that allows no origin: a request must not get the policy of one path and the
// handler of another. That policy rejects like RejectDisallowed if any policy of
// the map does, and calls the OnReject of every policy in the map, with
// [ReasonPathAmbiguous].
//
// The function Paths of an adapter is faster, and also considers the path that
// middleware has changed.
func (m Paths) Policy(path string) *Policy { return m.Selector(false)(path) }

// Selector returns a function that returns the policy for a request, like
// [Paths.Policy]. Only adapters need it. ignoreCase is for a router that matches
// ASCII letters in either case. Selector copies the map.
//
// sent is the path as it was sent. routed are the paths that the router matches,
// if middleware has changed the path. All must lead to the same policy. There is
// one exception: a routed path may lack only a prefix of sent, as in a router
// that is mounted below the prefix. Then sent decides, unless the routed path
// has a longer key: the map may be meant for that router.
func (m Paths) Selector(ignoreCase bool) func(sent string, routed ...string) *Policy {
	s := newSelector(m, ignoreCase)
	return func(sent string, routed ...string) *Policy {
		found := s.read(sent, true)
		for _, p := range routed {
			if p == sent {
				continue
			}
			if !strings.HasPrefix(p, "/") {
				p = "/" + p // http.StripPrefix("/api/", h) removes it
			}
			found = found.and(s.read(p, false), isStripped(sent, p))
		}
		if found.ambiguous {
			return s.ambiguousPolicy()
		}
		return found.policy
	}
}

// A selector is a Paths prepared for requests.
type selector struct {
	prefixes   []prefix // the longest key first
	policies   []*Policy
	ignoreCase bool
}

// A prefix is a spelling of a key, without the slash at its end.
type prefix struct {
	text      string
	length    int // for comparison: the same for all spellings
	policy    *Policy
	ambiguous bool // whether another key means the same to the router
}

func newSelector(m Paths, ignoreCase bool) *selector {
	s := &selector{ignoreCase: ignoreCase, prefixes: make([]prefix, 0, 2*len(m)), policies: make([]*Policy, 0, len(m))}
	for key, p := range m {
		if p != nil && !slices.Contains(s.policies, p) {
			s.policies = append(s.policies, p)
		}
		s.add(key, p)
	}
	slices.SortFunc(s.prefixes, func(a, b prefix) int {
		return cmp.Or(b.length-a.length, strings.Compare(a.text, b.text))
	})
	for i := range s.prefixes {
		a := &s.prefixes[i]
		for _, b := range s.prefixes {
			if a.length == b.length && a.policy != b.policy && s.same(a.text, b.text) {
				a.ambiguous = true
			}
		}
	}
	return s
}

// add adds the ways in which a key can be the prefix of a path: as it is, decoded
// and escaped.
func (s *selector) add(key string, p *Policy) {
	text := key
	if !strings.HasPrefix(text, "/") {
		text = "/" + text
	}
	text = strings.TrimSuffix(path.Clean(text), "/")
	decoded := decodedOrAsIs(text)
	texts := []string{text, decoded, (&url.URL{Path: decoded}).EscapedPath()}
	if strings.Count(decoded, "/") != strings.Count(text, "/") {
		texts = texts[:1] // decoded, it would be another path
	}
	length := 2 * len(decoded)
	if strings.HasSuffix(key, "/") {
		length++ // more than that of the key without the slash
	}
	for i, t := range texts {
		if !slices.Contains(texts[:i], t) {
			s.prefixes = append(s.prefixes, prefix{text: t, length: length, policy: p})
		}
	}
}

// same reports whether the router reads two texts in the same way.
func (s *selector) same(a, b string) bool {
	return a == b || s.ignoreCase && len(a) == len(b) && equalFoldASCII(a, b)
}

// find finds the longest key that is a prefix of a reading. A key in another
// letter case makes it ambiguous, unless there is one in the same case.
func (s *selector) find(reading string) finding {
	found := finding{shortest: -1, longest: -1}
	for i := range s.prefixes {
		p := &s.prefixes[i]
		if found.ambiguous && p.length < found.longest {
			break
		}
		n := len(p.text)
		if n > len(reading) || n < len(reading) && reading[n] != '/' {
			continue
		}
		same := s.same(reading[:n], p.text)
		if !same && !strings.EqualFold(reading[:n], p.text) {
			continue
		}
		found = finding{p.policy, p.length, p.length, p.ambiguous || !same}
		if same {
			break
		}
	}
	return found
}

// ambiguousPolicy returns the policy for ambiguous paths. It allows no origin.
func (s *selector) ambiguousPolicy() *Policy {
	cfg := Config{}
	var callbacks []func(context.Context, Rejection)
	for _, p := range s.policies {
		if c := p.compiled.Load(); c != nil {
			cfg.RejectDisallowed = cfg.RejectDisallowed || c.cfg.RejectDisallowed
			if c.cfg.OnReject != nil {
				callbacks = append(callbacks, c.cfg.OnReject)
			}
		}
	}
	if callbacks != nil {
		cfg.OnReject = func(ctx context.Context, r Rejection) {
			for _, onReject := range callbacks {
				onReject(ctx, r)
			}
		}
	}
	c := ambiguous
	c.cfg, c.consults = cfg, callbacks != nil
	p := new(Policy)
	p.compiled.Store(&c)
	return p
}

// ambiguous has what all policies for ambiguous paths have in common.
var ambiguous = func() compiled {
	c := compiled{origins: origin.NewSet(nil), ambiguousPath: true}
	c.prepareAnswers("", "", "", "", "")
	return c
}()
