package diff

import (
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
)

// names is a list of methods or header names, as browsers understand it.
type names struct {
	field string
	any   bool              // "*"
	shown map[string]string // the names as they are written, by the form in which they are compared
	index map[string]int    // their places in the list
	order []string
}

func newNames(field string, list []string, form func(name string) string) names {
	n := names{field: field, shown: map[string]string{}, index: map[string]int{}}
	for i, name := range list {
		if name == "*" {
			n.any = true
			continue
		}
		key := form(name)
		if _, twice := n.shown[key]; key != "" && !twice {
			n.shown[key], n.index[key] = name, i
			n.order = append(n.order, key)
		}
	}
	return n
}

func (n names) has(key string) bool { _, ok := n.shown[key]; return ok }

// readNames reads the lists of names, without those that change nothing.
func (s *side) readNames() {
	methods := s.cfg.AllowMethods
	if methods == nil {
		methods = fetch.CommonMethods()
	}
	s.methods = newNames("allowMethods", methods, func(name string) string {
		if name = fetch.NormalizeMethod(name); fetch.IsSafelistedMethod(name) {
			return ""
		}
		return name
	})
	s.headers = newNames("allowHeaders", s.cfg.AllowHeaders, func(name string) string {
		if name = strings.ToLower(name); fetch.IsForbiddenRequestHeader(name) {
			return ""
		}
		return name
	})
	s.exposed = newNames("exposeHeaders", s.cfg.ExposeHeaders, func(name string) string {
		if name = strings.ToLower(name); fetch.IsSafelistedResponseHeader(name) {
			return ""
		}
		return name
	})
}

// permissions adds what one side permits to the origins that it allows, and the
// other does not permit.
func (c *comparison) permissions(d direction) {
	origin := c.sample(d)
	if origin == "" {
		return // a policy that allows no origin permits nothing
	}
	if d.has.cfg.AllowCredentials && !d.lacks.cfg.AllowCredentials {
		c.add(d, Change{Aspect: Credentials, Value: "requests with cookies", Key: "allowCredentials", Exact: true,
			Witness: &Request{Origin: origin, Credentials: true}})
	}
	c.names(d, Methods, d.has.methods, d.lacks.methods, "any method", func(name string) *Request {
		return &Request{Origin: origin, Method: name}
	})
	c.headers(d, origin)
	c.names(d, Exposed, d.has.exposed, d.lacks.exposed, "every response header", func(name string) *Request {
		return &Request{Origin: origin, Exposed: name}
	})
}

// other returns a name that a list does not have.
func (n names) other(name string) string {
	for n.has(name) || n.has(strings.ToLower(name)) {
		name += "-X"
	}
	return name
}

// names adds the names that one list has and the other does not.
func (c *comparison) names(d direction, a Aspect, has, lacks names, all string, witness func(name string) *Request) {
	switch {
	case lacks.any:
		return
	case has.any:
		c.add(d, Change{Aspect: a, Value: all, Key: has.field, Witness: witness(lacks.other("X-OTHER"))})
		return
	}
	for _, key := range has.order {
		if !lacks.has(key) {
			c.add(d, Change{Aspect: a, Value: has.shown[key], Key: indexed(has.field, has.index[key]), Exact: true, Witness: witness(key)})
		}
	}
}

// headers is like names for request headers: "*" covers all but Authorization.
func (c *comparison) headers(d direction, origin string) {
	const authorization = "authorization"
	has, lacks := d.has.headers, d.lacks.headers
	witness := func(name string) *Request { return &Request{Origin: origin, Header: name} }
	all := "any header but Authorization"
	switch {
	case lacks.any || has.any:
		if has.has(authorization) && !lacks.has(authorization) {
			c.add(d, Change{Aspect: Headers, Value: has.shown[authorization], Key: indexed(has.field, has.index[authorization]),
				Exact: true, Witness: witness(authorization)})
		}
		if !lacks.any {
			c.add(d, Change{Aspect: Headers, Value: all, Key: has.field, Witness: witness(lacks.other("x-other"))})
		}
		return
	}
	c.names(d, Headers, has, lacks, all, witness)
}
