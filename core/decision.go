package cors

import "slices"

// A Decision is the status and the headers to set on the response to a request.
// Only adapters need it. [Policy.Decide] fills it in; it must not be used
// before.
//
// Adapters loop over its headers by index, because an iterator would make CORS a
// tenth slower. Adapters that write the headers after the next handler use an
// [Earlier].
type Decision struct {
	answer *answer

	// Values of the request that the answer echoes.
	origin, method, headers string
}

// Status returns the status that ends the request, with an empty body and
// without calling the next handler. Zero means that the adapter calls the next
// handler.
func (d *Decision) Status() int { return d.answer.status }

// Len returns the number of headers to set, other than Vary.
func (d *Decision) Len() int { return len(d.answer.headers) }

// Header returns the i-th header to set, by its canonical name. It replaces all
// lines of that name in the response. The value is not empty and contains no
// line break, whatever the request.
func (d *Decision) Header(i int) (name, value string) {
	h := &d.answer.headers[i]
	if h.echo != echoNothing {
		return h.name, *d.echoed(h.echo)
	}
	return h.name, h.value
}

func (d *Decision) echoed(e echo) *string {
	switch e {
	case echoOrigin:
		return &d.origin
	case echoMethod:
		return &d.method
	default:
		return &d.headers
	}
}

// Absent returns the headers to delete from the response. An earlier handler may
// have set them; the innermost policy wins. The list must not be modified.
func (d *Decision) Absent() []string { return d.answer.absent }

// Vary returns the names to add to the Vary header of the response, which has
// the given lines. It omits names that the lines contain, and returns an empty
// string if no name is left.
func (d *Decision) Vary(lines ...string) string {
	switch {
	case len(lines) == 0:
		return d.answer.vary
	case lines[0] == d.answer.vary: // written before
		return ""
	}
	return missingNames(d.answer.vary, lines)
}

// leaveAlone is the answer of the zero Policy.
var leaveAlone answer

// An answer is the response to all requests of one kind, prepared by New.
type answer struct {
	status  int
	headers []header
	absent  []string
	vary    string
}

type header struct {
	name  string
	value string
	echo  echo
}

// An echo says which part of the request a header's value is copied from.
type echo uint8

const (
	echoNothing echo = iota
	echoOrigin
	echoMethod
	echoHeaders
)

// newAnswer returns an answer with the headers that have a value.
func newAnswer(status int, vary string, headers ...header) *answer {
	a := &answer{status: status, vary: vary}
	for _, name := range corsHeaders {
		i := slices.IndexFunc(headers, func(h header) bool { return h.name == name })
		if i < 0 || headers[i].value == "" && headers[i].echo == echoNothing {
			a.absent = append(a.absent, name)
		} else {
			a.headers = append(a.headers, headers[i])
		}
	}
	return a
}

// The response headers of the CORS protocol.
//
// https://fetch.spec.whatwg.org/#http-responses
const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
	maxAge           = "Access-Control-Max-Age"
)

var corsHeaders = [...]string{allowOrigin, allowCredentials, allowMethods, allowHeaders, exposeHeaders, maxAge}
