package cors

import (
	"context"
	"net/http"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
)

// Decide stores the decision about a request in d. Only adapters need it: they
// call it once for each request, and write d to the response.
//
// If AllowOriginFunc returns an error, Decide returns it, and d allows nothing.
// The adapter must still write d, must not call the next handler, and passes the
// error to the error handling of its framework.
//
// Decide fills d because returning a Decision would make CORS a tenth slower.
//
// The steps follow the CORS protocol for servers:
// https://fetch.spec.whatwg.org/#http-responses
func (p *Policy) Decide(src Source, d *Decision) error {
	c := p.compiled.Load()
	if c == nil {
		d.answer = &leaveAlone
		return nil
	}
	d.origin = src.Header("Origin")
	if d.origin == "" {
		d.answer = c.noOrigin
		return nil
	}
	requestMethod := ""
	answers := &c.actual
	if src.Method() == http.MethodOptions {
		if requestMethod = src.Header("Access-Control-Request-Method"); requestMethod != "" {
			answers = &c.preflight
		}
	}

	allowed, err := c.origins.Contains(d.origin), error(nil)
	if c.consults {
		allowed, err = c.consult(src, d.origin, allowed)
	}

	switch {
	case err != nil:
		d.answer = answers.failed
	case allowed && c.echoing != nil && requestMethod != "":
		c.echo(d, requestMethod, src.Header("Access-Control-Request-Headers"))
	case allowed:
		d.answer = answers.allowed
	case c.cfg.RejectDisallowed && answers == &c.actual && !isSameOrigin(src):
		d.answer = c.rejected
	default:
		d.answer = answers.refused
	}
	return err
}

// echo answers an allowed preflight with the method and the headers that it
// requests, if the policy allows any of them with credentials. Browsers then
// take "*" as a name.
func (c *compiled) echo(d *Decision, method, headers string) {
	var kind echoKind
	if c.echoesMethod {
		d.method = cleanMethod(method)
		kind.method = d.method != ""
	}
	if c.echoesHeaders {
		d.headers = cleanHeaders(headers, c.headers["authorization"])
		kind.headers = d.headers != ""
	}
	d.answer = c.echoing[kind]
}

// consult returns whether an origin is allowed, and calls OnReject if a browser
// will refuse the response. listed is true if an entry allows the origin. A call
// of consult takes longer than a lookup.
func (c *compiled) consult(src Source, origin string, listed bool) (allowed bool, err error) {
	ctx := context.Background()
	if c.cfg.AllowOriginFunc != nil || c.cfg.OnReject != nil {
		ctx = src.Context()
	}
	allowed = listed
	if !listed {
		allowed, err = c.ask(ctx, origin)
	}
	if c.cfg.OnReject != nil {
		c.report(ctx, readRequest(src), allowed, err)
	}
	return allowed, err
}

// allows reports whether the policy allows a non-empty origin.
func (c *compiled) allows(ctx context.Context, o string) (bool, error) {
	if c.origins.Contains(o) {
		return true, nil
	}
	return c.ask(ctx, o)
}

// ask consults the regular expressions and AllowOriginFunc about an origin that
// is not listed. They are called only with well-formed origins.
func (c *compiled) ask(ctx context.Context, o string) (bool, error) {
	if c.regexps == nil && c.cfg.AllowOriginFunc == nil {
		return false, nil
	}
	if _, ok := origin.Parse(o); !ok && (!isOpaque(o) || !c.cfg.Unsafe.NullOrigin) {
		return false, nil
	}
	for _, re := range c.regexps {
		if re.MatchString(o) {
			return true, nil
		}
	}
	if c.cfg.AllowOriginFunc == nil {
		return false, nil
	}
	// The string may be part of a buffer that the framework reuses.
	ok, err := c.cfg.AllowOriginFunc(ctx, strings.Clone(o))
	return ok && err == nil, err
}

func isSameOrigin(src Source) bool {
	req := Request{TLS: src.TLS(), Host: src.Host(), Origin: src.Header("Origin"), FetchSite: src.Header("Sec-Fetch-Site")}
	return req.isSameOrigin()
}

// Limits on request values that are copied into a response. Browsers send the
// names of the headers that a script sets: a few dozen bytes. Empty list
// elements come from proxies that join lines; a recipient must accept a
// reasonable number of them (RFC 9110, section 5.6.1.2).
const (
	maxEchoMethod  = 64
	maxEchoHeaders = 1024
	maxEchoEmpty   = 16
)

// cleanMethod returns the method that a preflight requests, or an empty string
// if it is not valid.
func cleanMethod(requested string) string {
	if len(requested) > maxEchoMethod || !fetch.IsToken(requested) || fetch.IsForbiddenMethod(requested) {
		return ""
	}
	return requested
}

// cleanHeaders returns the header names that a preflight requests, without
// Authorization unless it is listed: the browser then reports only that name. If
// the list contains anything but names, cleanHeaders returns an empty string.
func cleanHeaders(requested string, authorization bool) string {
	if len(requested) > maxEchoHeaders {
		return ""
	}
	empty, unlisted := 0, false
	for next := 0; next < len(requested); next++ {
		start := skipBlanks(requested, next)
		end := start
		for end < len(requested) && fetch.IsTokenByte(requested[end]) {
			end++
		}
		if next = skipBlanks(requested, end); next < len(requested) && requested[next] != ',' {
			return ""
		}
		if start == end {
			if empty++; empty > maxEchoEmpty {
				return ""
			}
		}
		unlisted = unlisted || !authorization && isAuthorization(requested[start:end])
	}
	if unlisted {
		return withoutAuthorization(requested)
	}
	return requested
}

func withoutAuthorization(names string) string {
	kept := make([]byte, 0, len(names))
	for name := range strings.SplitSeq(names, ",") {
		if name = fetch.TrimBlanks(name); name == "" || isAuthorization(name) {
			continue
		}
		if len(kept) > 0 {
			kept = append(kept, ',')
		}
		kept = append(kept, name...)
	}
	return string(kept)
}

func isAuthorization(name string) bool { return strings.EqualFold(name, "authorization") }

// skipBlanks returns the index of the first non-blank byte of s at or after i.
func skipBlanks(s string, i int) int {
	for i < len(s) && fetch.IsBlank(s[i]) {
		i++
	}
	return i
}
