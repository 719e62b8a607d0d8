package cors

import (
	"context"
	"net/url"
	"path"
	"strings"

	"github.com/polycors/polycors/core/internal/origin"
)

// Paths maps path prefixes to policies, for a site whose parts have different
// policies. Every adapter has a function Paths that takes it:
//
//	router.Use(gincors.Paths(cors.Paths{"/public/": open, "/api/": strict}))
//
// A key is a path from the root of the site, as clients send it, also where the
// middleware is mounted in a part of it. "/api" and "/api/" both mean "/api" and
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
// The optional further paths are what middleware has made of the path. All must
// lead to the same policy.
func (m Paths) Policy(path string, further ...string) *Policy {
	r := pathReader{paths: m}
	r.read(path)
	for _, p := range further {
		r.read(p)
	}
	if r.ambiguous {
		return m.nobody()
	}
	return r.policy
}

// Fold returns the map for a router that ignores case. Its keys are in lower
// case, and so must the paths be that are given to Policy. Only adapters need it.
func (m Paths) Fold() Paths {
	folded := make(Paths, len(m))
	for key, p := range m {
		lower := strings.ToLower(key)
		if other, ok := folded[lower]; ok && other != p {
			p = Paths{key: p, lower: other}.nobody()
		}
		folded[lower] = p
	}
	return folded
}

// maxReadPath is the length beyond which a path has only one reading or none: to
// decode and clean a path takes time and memory.
const maxReadPath = 8192

// A pathReader finds the policy that all readings of some paths lead to.
type pathReader struct {
	paths     Paths
	policy    *Policy
	began     bool
	ambiguous bool
}

// read considers all readings of a path.
func (r *pathReader) read(sent string) {
	if sent == "" {
		sent = "/" // RFC 9110, section 4.2.3
	}
	if isPlainPath(sent) {
		r.consider(sent)
		return
	}
	decoded, err := url.PathUnescape(sent)
	if err != nil || len(sent) > maxReadPath {
		r.ambiguous = true
		return
	}
	for _, form := range []string{upperHex(sent), decoded} {
		slashed := strings.ReplaceAll(form, `\`, "/")
		for _, reading := range []string{form, path.Clean("/" + form), slashed, path.Clean("/" + slashed)} {
			r.consider(reading)
		}
	}
}

// isPlainPath reports whether every router reads a path in the same way, up to
// letter case.
func isPlainPath(p string) bool {
	return p[0] == '/' && !strings.ContainsAny(p, `%\`) && !strings.Contains(p, "//") && !strings.Contains(p, "/.")
}

// upperHex returns a valid escaped path with its hexadecimal digits in upper case.
func upperHex(p string) string {
	b := []byte(p)
	for i := 0; i < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], strings.ToUpper(p[i:i+3]))
			i += 2
		}
	}
	return string(b)
}

func (r *pathReader) consider(reading string) {
	p, ok := r.paths.longest(reading)
	if !ok || r.began && p != r.policy {
		r.ambiguous = true
	}
	r.policy, r.began = p, true
}

// longest returns the policy of the longest key that is a prefix of a path. It is
// not ok if that is so in another letter case only.
func (m Paths) longest(path string) (p *Policy, ok bool) {
	length, ok := -1, true
	for key, candidate := range m {
		for _, spelling := range keySpellings(key) {
			n := len(strings.TrimSuffix(spelling, "/"))
			if n > len(path) || n < len(path) && path[n] != '/' || !strings.EqualFold(path[:n], spelling[:n]) {
				continue
			}
			exact := path[:n] == spelling[:n]
			if len(key) > length || len(key) == length && exact {
				p, length, ok = candidate, len(key), exact
			}
		}
	}
	return p, ok
}

// keySpellings returns the ways in which a key can be a prefix of a path: as it
// is, escaped and decoded.
func keySpellings(key string) []string {
	if !strings.HasPrefix(key, "/") {
		key = "/" + key
	}
	if isUnreserved(key) {
		return []string{key}
	}
	decoded, err := url.PathUnescape(key)
	if err != nil {
		decoded = key
	}
	escaped := (&url.URL{Path: decoded}).EscapedPath()
	return []string{key, decoded, escaped}
}

// isUnreserved reports whether a path has only one spelling (RFC 3986, section
// 2.3).
func isUnreserved(path string) bool {
	for _, c := range []byte(path) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("/-._~", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// nobody returns a policy that allows no origin, in place of those of the map.
func (m Paths) nobody() *Policy {
	told := map[*Policy]func(context.Context, Rejection){}
	cfg := Config{}
	for _, p := range m {
		if p == nil {
			continue
		}
		if c := p.compiled.Load(); c != nil {
			cfg.RejectDisallowed = cfg.RejectDisallowed || c.cfg.RejectDisallowed
			if c.cfg.OnReject != nil {
				told[p] = c.cfg.OnReject
			}
		}
	}
	if len(told) > 0 {
		cfg.OnReject = func(ctx context.Context, r Rejection) {
			for _, onReject := range told {
				onReject(ctx, r)
			}
		}
	}
	c := ambiguous
	c.cfg, c.consults = cfg, cfg.OnReject != nil
	p := new(Policy)
	p.compiled.Store(&c)
	return p
}

// ambiguous is what the policies of ambiguous paths have in common.
var ambiguous = func() compiled {
	c := compiled{origins: origin.NewSet(nil), ambiguousPath: true}
	c.prepareAnswers("", "", "", "", "")
	return c
}()
