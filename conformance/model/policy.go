package model

import (
	"context"
	"slices"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A Policy is what a Config means. Its expressions are judged by hand: see
// Expression.
type Policy struct {
	cors.Config
	Expressions []Expression
}

// An Expression is an element of AllowOriginRegexps, with what it allows.
type Expression struct {
	Text       string
	Impossible bool // it matches no origin
	Dangerous  bool // it matches domains that anyone can register
	Insecure   bool // it matches http beyond loopback
	Public     bool // it matches names right below a public suffix
}

// opaque are the origins that any page or file can have.
var opaque = []string{"null", "file://"}

// IsValid reports whether New accepts the policy.
func (p Policy) IsValid() bool {
	return p.hasOrigins() && p.originsFit() && p.expressionsFit() && p.methodsFit() && p.headersFit() &&
		(p.MaxAge < 0 || p.MaxAge%time.Second == 0) &&
		(p.PreflightStatus == 0 || p.PreflightStatus/100 == 2)
}

// hasOrigins reports whether something says which origins are allowed. An empty
// list says that none is.
func (p Policy) hasOrigins() bool {
	return p.AllowOrigins != nil || len(p.Expressions) > 0 || p.AllowOriginFunc != nil
}

func (p Policy) anyOrigin() bool { return slices.Contains(p.AllowOrigins, "*") }

func (p Policy) originsFit() bool {
	if p.anyOrigin() {
		others := slices.ContainsFunc(p.AllowOrigins, func(e string) bool { return e != "*" })
		return !others && len(p.Expressions) == 0 && p.AllowOriginFunc == nil && !p.AllowCredentials
	}
	for _, text := range p.AllowOrigins {
		if !p.entryFits(text) {
			return false
		}
	}
	return true
}

func (p Policy) entryFits(text string) bool {
	if slices.Contains(opaque, text) {
		return p.Unsafe.NullOrigin
	}
	e, ok := parseEntry(text)
	if !ok || !e.isValid() {
		return false
	}
	if !p.AllowCredentials {
		return true
	}
	return (!e.isInsecure() || p.Unsafe.InsecureOrigins) && (!e.isPublic() || p.Unsafe.PublicSuffixes)
}

func (p Policy) expressionsFit() bool {
	for _, e := range p.Expressions {
		if e.Impossible || p.AllowCredentials && e.Dangerous || p.AllowCredentials && e.Insecure && !p.Unsafe.InsecureOrigins ||
			p.AllowCredentials && e.Public && !p.Unsafe.PublicSuffixes {
			return false
		}
	}
	return true
}

func (p Policy) methodsFit() bool {
	patch := false
	for _, m := range p.AllowMethods {
		switch upper := strings.ToUpper(m); {
		case !isToken(m), upper == "CONNECT", upper == "TRACE", upper == "TRACK":
			return false
		case upper == "PATCH" && m != "PATCH":
			patch = true
		}
	}
	// A list with patch, but without PATCH, is a mistake: browsers send what the
	// script says.
	return !patch || slices.Contains(p.AllowMethods, "PATCH") || slices.Contains(p.AllowMethods, "*")
}

func (p Policy) headersFit() bool {
	for _, name := range p.AllowHeaders {
		lower := strings.ToLower(name)
		useless := lower == "cookie" || lower == "cookie2" || lower == "set-cookie" || strings.HasPrefix(lower, "sec-") ||
			strings.HasPrefix(lower, "proxy-") || strings.HasPrefix(lower, "access-control-request-")
		if !isToken(name) || useless {
			return false
		}
	}
	for _, name := range p.ExposeHeaders {
		lower := strings.ToLower(name)
		if !isToken(name) || lower == "set-cookie" || lower == "set-cookie2" || name == "*" && p.AllowCredentials {
			return false
		}
	}
	return true
}

// AllowsOrigin reports whether pages of an origin may read responses. An error is
// from AllowOriginFunc.
func (p Policy) AllowsOrigin(origin string) (bool, error) {
	if p.anyOrigin() {
		return origin != "" && !strings.Contains(origin, ","), nil // a list is not an origin
	}
	isOpaque := slices.Contains(opaque, origin)
	for _, text := range p.AllowOrigins {
		if isOpaque && text == origin {
			return true, nil
		}
		if e, ok := parseEntry(text); ok && e.allows(origin) {
			return true, nil
		}
	}
	if !isOrigin(origin) && !(isOpaque && p.Unsafe.NullOrigin) {
		return false, nil
	}
	for _, e := range p.Expressions {
		if matches(e.Text, origin) {
			return true, nil
		}
	}
	if p.AllowOriginFunc != nil {
		allowed, err := p.AllowOriginFunc(context.Background(), origin)
		return allowed && err == nil, err
	}
	return false, nil
}

// allowsMethod reports whether scripts may use a method. The three that forms can
// use need no permission.
func (p Policy) allowsMethod(method string) bool {
	list := p.AllowMethods
	if list == nil {
		list = []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"}
	}
	return isSafelistedMethod(method) || slices.ContainsFunc(list, func(m string) bool { return m == "*" || normalize(m) == method })
}

// allowsHeader reports whether scripts may set a header that needs permission. An
// asterisk does not include Authorization.
func (p Policy) allowsHeader(name string) bool {
	return slices.ContainsFunc(p.AllowHeaders, func(h string) bool {
		return strings.EqualFold(h, name) || h == "*" && !strings.EqualFold(name, "Authorization")
	})
}

// exposes reports whether scripts may read a response header.
func (p Policy) exposes(name string) bool {
	return isSafelistedResponse(name) || slices.ContainsFunc(p.ExposeHeaders, func(h string) bool { return h == "*" || strings.EqualFold(h, name) })
}

// An Outcome is what comes of a request of a script.
type Outcome struct {
	Reads   bool     // the script gets the response
	Exposed []string // the names of the response's headers that it sees, sorted
	Handled int      // how often the handlers of the application run
}

// Means returns what the policy means for a request of a script to a server, whose
// response has some headers.
func (p Policy) Means(s Script, server string, sent []string) (out Outcome) {
	sees := func(name string) bool { return true }
	if s.Origin != server {
		allowed, err := p.AllowsOrigin(s.Origin)
		out.Reads = allowed && (!s.Include || p.AllowCredentials)
		sees = p.exposes
		if names := s.unsafeHeaders(); !isSafelistedMethod(normalize(s.Method)) || len(names) > 0 {
			out.Handled += count(p.PreflightContinue && allowed)
			if !out.Reads || !p.allowsMethod(normalize(s.Method)) || slices.ContainsFunc(names, func(name string) bool { return !p.lets(s, name) }) {
				out.Reads = false
				return out // the browser does not send the request
			}
		}
		out.Handled += count(err == nil && (allowed || !p.RejectDisallowed))
	} else {
		_, err := p.AllowsOrigin(s.Origin)
		out.Reads = true
		out.Handled = count(err == nil || !s.sendsOwnOrigin())
	}
	if out.Reads {
		out.Exposed = slices.DeleteFunc(slices.Clone(sent), func(name string) bool { return !sees(name) })
	}
	return out
}

// lets is allowsHeader, with the one difference of a browser: without credentials,
// Chromium takes an asterisk for Authorization, too.
func (p Policy) lets(s Script, name string) bool {
	return p.allowsHeader(name) || s.Lenient && name == "authorization" && slices.Contains(p.AllowHeaders, "*") && !p.AllowCredentials
}

func count(happens bool) int {
	if happens {
		return 1
	}
	return 0
}
