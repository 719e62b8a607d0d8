package cors

import (
	"context"
	"net/http"
	"slices"
)

// An Answer is a [Decision] in the form that adapters write: all that it sets,
// in a list, prepared once for all requests that get it. It must not be changed.
// Like the zero Decision, an Answer without status and headers leaves the response
// alone.
//
// Otherwise a header of the list replaces those of the same name, and those that a
// Decision has a field for but that are not in it must not be in the response, not
// even from an earlier handler. Vary alone is added to; see [MissingVary].
//
//	a, err := policy.Answer(src, &req)
//	// … take back what an earlier handler decided, then
//	for i := range a.Headers {
//		switch name, value := a.Headers[i].Name, a.Headers[i].Value(&req); {
//		case value == "":
//		case name == "Vary":
//			// add what is missing of it
//		default:
//			// set it
//		}
//	}
type Answer struct {
	Status  int      // as in Decision
	Headers []Header // if Vary is among them, it is the last
	Vary    string   // its value, or empty

	decision Decision // the same, less what is repeated
}

// A Header is one that a response gets.
type Header struct {
	Name   string // in canonical form
	value  string
	repeat repeat // in place of the value
}

// A repeat is what a header repeats of the request.
type repeat uint8

const (
	nothing repeat = iota
	theOrigin
	theMethod
	theHeaders
	theHeadersAndAuthorization
)

// Value returns what a response to req gets, or the empty string if it gets no
// such header.
func (h *Header) Value(req *Request) string {
	if h.repeat == nothing {
		return h.value
	}
	return h.repeat.of(req)
}

func (r repeat) of(req *Request) string {
	switch r {
	case theOrigin:
		return req.Origin
	case theMethod:
		return echoMethod(req.RequestMethod)
	default:
		return echoHeaders(req.RequestHeaders, r == theHeadersAndAuthorization)
	}
}

// A Source is a request as an adapter has it. It is read as far as a policy
// looks at it.
type Source interface {
	// Context returns the context of the request, which callbacks may keep.
	Context() context.Context

	// Header returns the lines of a request header, joined by commas, or the
	// empty string if there are none. The name is in canonical form. That of
	// Host may come from elsewhere, such as :authority.
	Header(name string) string
}

// Answer is [Policy.Decide] as adapters call it: it reads nothing that the policy
// does not look at, and copies nothing. Of req, Method and Origin have to be set;
// the rest is filled in from src.
func (p *Policy) Answer(src Source, req *Request) (*Answer, error) {
	c := p.compiled.Load()
	switch {
	case c == nil:
		return &unconfigured, nil
	case req.Origin == "":
		return c.noOrigin, nil
	case !c.looks && req.Method != http.MethodOptions: // most requests
		return c.answer(context.Background(), req)
	}
	return c.answer(c.read(src, req), req)
}

// unconfigured is the Answer of a policy without a configuration.
var unconfigured Answer

// Answer returns a Decision in the form that adapters write.
func (d Decision) Answer() *Answer { return newAnswer(d, nothing, nothing, nothing) }

// newAnswer prepares an Answer. What of a request is repeated in it stands in
// place of what the Decision says.
func newAnswer(d Decision, origin, method, headers repeat) *Answer {
	a := &Answer{Status: d.Status, Vary: d.Vary, decision: d}
	for _, h := range [...]Header{
		{"Access-Control-Allow-Origin", d.AllowOrigin, origin},
		{"Access-Control-Allow-Credentials", d.AllowCredentials, nothing},
		{"Access-Control-Allow-Methods", d.AllowMethods, method},
		{"Access-Control-Allow-Headers", d.AllowHeaders, headers},
		{"Access-Control-Expose-Headers", d.ExposeHeaders, nothing},
		{"Access-Control-Max-Age", d.MaxAge, nothing},
		{"Vary", d.Vary, nothing},
	} {
		if h.value != "" || h.repeat != nothing {
			a.Headers = append(a.Headers, h)
		}
	}
	a.Headers = slices.Clip(a.Headers)
	return a
}

// decide returns the Decision that is answered to a request.
func (a *Answer) decide(req *Request) (d Decision) {
	d = a.decision
	for i := range a.Headers {
		switch h := &a.Headers[i]; h.repeat {
		case nothing:
		case theOrigin:
			d.AllowOrigin = h.Value(req)
		case theMethod:
			d.AllowMethods = h.Value(req)
		default:
			d.AllowHeaders = h.Value(req)
		}
	}
	return d
}
