package cors

import (
	"slices"
	"unsafe"
)

// A Decision says how to respond to a request: with which status, if any, and
// with which headers. Users do not need it; adapters do. [Policy.Decide] fills
// it; it must not be used before that.
//
// Adapters loop over its headers by index. An interface for response headers
// would allocate, and an iterator would cost a tenth of all that CORS costs.
type Decision struct {
	answer *answer

	// What the answer echoes from the request.
	origin, method, headers string
}

// Status returns the status that ends the request, with an empty body and
// without calling the next handler. Zero means that the request goes on.
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

// Line returns the i-th line of a response that has no CORS headers yet: like
// Header, and then Vary. After the last line, it returns empty strings.
func (d *Decision) Line(i int) (name, value string) {
	switch n := len(d.answer.headers); {
	case i < n:
		return d.Header(i)
	case i == n && d.answer.vary != "":
		return "Vary", d.answer.vary
	}
	return "", ""
}

// Absent returns the headers that the response must not have, not even from an
// earlier handler. Deleting them lets the innermost policy win. The list must
// not be modified.
func (d *Decision) Absent() []string { return d.answer.absent }

// Vary returns the names to add to the Vary header of the response, given its
// lines: those that are not there yet.
func (d *Decision) Vary(lines ...string) string {
	switch {
	case len(lines) == 0:
		return d.answer.vary
	case lines[0] == d.answer.vary: // written before
		return ""
	}
	return missingNames(d.answer.vary, lines)
}

// Keep copies what the Decision echoes from the request to buf, and to the heap
// if buf is too small. After that, the Decision is valid as long as buf is not
// written to, even if the memory of the request is used again. An adapter needs
// Keep if it writes the Decision a second time.
func (d *Decision) Keep(buf []byte) {
	for _, h := range d.answer.headers {
		if h.echo == echoNothing {
			continue
		}
		s := d.echoed(h.echo)
		n := len(buf)
		buf = append(buf, *s...)
		*s = unsafe.String(&buf[n], len(*s)) // no copy: the caller owns buf
	}
}

// leaveAlone is the answer of the zero Policy.
var leaveAlone answer

// An answer is what all requests of one kind get, prepared by New.
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

// An echo says which part of the request stands in place of a header's value.
type echo uint8

const (
	echoNothing echo = iota
	echoOrigin
	echoMethod
	echoHeaders
)

// newAnswer returns an answer that has those of the headers that have a value.
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
