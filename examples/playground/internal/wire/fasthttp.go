package wire

import "github.com/valyala/fasthttp"

// Fast records what a handler of fasthttp receives and answers.
func (l *Log) Fast(framework string, next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		e := Exchange{
			Framework: framework, Method: string(c.Method()), Path: string(c.Path()),
			visit: string(c.QueryArgs().Peek(Visit)),
		}
		for name, value := range c.Request.Header.All() {
			e.Request = append(e.Request, Line{string(name), string(value)})
		}
		e.Request = newLines(e.Request)
		next(c)
		e.Status = c.Response.StatusCode()
		e.Handled = len(c.Response.Header.Peek(TotalCount)) > 0
		for name, value := range c.Response.Header.All() {
			e.Response = append(e.Response, Line{string(name), string(value)})
		}
		e.Response = newLines(e.Response)
		l.add(e)
	}
}
