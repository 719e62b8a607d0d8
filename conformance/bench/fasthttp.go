package bench

import (
	"net/http"
	"unsafe"

	"github.com/valyala/fasthttp"
)

// A fastApp is an app on fasthttp.
type fastApp struct {
	handler fasthttp.RequestHandler
	ctx     fasthttp.RequestCtx
	earlier []string // names and values in turn
	handled bool
}

func newFastApp(s *Scenario) *fastApp {
	a := new(fastApp)
	var req fasthttp.Request
	req.Header.SetMethod(s.Request.Method)
	req.SetRequestURI(s.Request.RequestURI)
	for name, lines := range s.Request.Header {
		for _, line := range lines {
			req.Header.Add(name, line)
		}
	}
	for name, lines := range s.Earlier {
		a.earlier = append(a.earlier, name, lines[0])
	}
	a.ctx.Init(&req, nil, nil)
	return a
}

func (a *fastApp) Serve() {
	a.ctx.Response.Reset()
	a.ctx.ResetUserValues() // as fasthttp does after each request
	for i := 0; i < len(a.earlier); i += 2 {
		a.ctx.Response.Header.Set(a.earlier[i], a.earlier[i+1])
	}
	a.handler(&a.ctx)
}

func (a *fastApp) Response() Response {
	a.handled = false
	a.Serve()
	h := http.Header{}
	for name, value := range a.ctx.Response.Header.All() {
		h.Add(string(name), string(value))
	}
	return Response{Status: a.ctx.Response.StatusCode(), Handled: a.handled, Header: corsOnly(h)}
}

// A fastFloor is a floor with its values as bytes, which fasthttp copies into
// the response without any further check. The values contain no line breaks.
type fastFloor struct {
	*floor
	methods, headers, maxAge []byte
}

var (
	bytesAllowOrigin      = []byte(allowOrigin)
	bytesAllowCredentials = []byte(allowCredentials)
	bytesAllowMethods     = []byte(allowMethods)
	bytesAllowHeaders     = []byte(allowHeaders)
	bytesMaxAge           = []byte(maxAge)
	bytesTrue             = []byte("true")
	bytesAny              = []byte("*")
)

func newFastFloor(s *setup) *fastFloor {
	f := newFloor(s)
	return &fastFloor{f, []byte(f.methods), []byte(f.headers), []byte(f.maxAge)}
}

func (f *fastFloor) serve(c *fasthttp.RequestCtx) int {
	h := &c.Response.Header
	request := &c.Request.Header
	var origin []byte
	if lines := request.PeekAll("Origin"); len(lines) == 1 {
		origin = lines[0]
	}
	if len(origin) > 0 && string(request.Method()) == http.MethodOptions && request.Peek(requestMethod) != nil {
		return f.preflight(h, origin, request)
	}
	if f.anyOrigin {
		h.SetCanonical(bytesAllowOrigin, bytesAny)
		return 0
	}
	if len(origin) > 0 && f.allows(unsafeString(origin)) {
		h.SetCanonical(bytesAllowOrigin, origin)
		h.SetCanonical(bytesAllowCredentials, bytesTrue)
	}
	h.Add("Vary", "Origin")
	return 0
}

func (f *fastFloor) preflight(h *fasthttp.ResponseHeader, origin []byte, request *fasthttp.RequestHeader) int {
	h.Add("Vary", preflightVary)
	if !f.allows(unsafeString(origin)) {
		return http.StatusForbidden
	}
	h.SetCanonical(bytesAllowOrigin, origin)
	h.SetCanonical(bytesAllowCredentials, bytesTrue)
	h.SetCanonical(bytesAllowMethods, f.methods)
	h.SetCanonical(bytesMaxAge, f.maxAge)
	if !f.echo {
		h.SetCanonical(bytesAllowHeaders, f.headers)
	} else if asked := request.Peek(requestHeaders); mayEcho(unsafeString(asked)) {
		h.SetCanonical(bytesAllowHeaders, asked)
	}
	return http.StatusNoContent
}

func unsafeString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
