package cors

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
)

// A diagnosis is what [Explanation] and [Rejection] are made of. The zero
// diagnosis finds nothing wrong.
type diagnosis struct {
	reason  Reason
	header  string // the first that is refused
	message string
	hint    string
}

// Explain says what a browser makes of the answer to a request, in the words in
// which Config.OnReject is told of refusals. It asks AllowOriginFunc, but not
// Config.OnReject.
//
// For a preflight, give Method OPTIONS and RequestMethod. Without those, only
// the origin and Credentials are judged.
func (p *Policy) Explain(ctx context.Context, req Request) Explanation {
	c := p.compiled.Load()
	switch {
	case c == nil:
		return Explanation{Reason: ReasonNotConfigured, Message: "the policy has no configuration, so that it allows nothing",
			Hint: "create it by cors.New, or call Reconfigure"}
	case req.Origin == "":
		return Explanation{Allowed: true, Message: "the request has no Origin, so that CORS does not apply: " +
			"it comes from the server's own pages, or from no browser"}
	case !req.isPreflight() && req.isSameOrigin():
		return Explanation{Allowed: true, Message: "the request comes from the server's own origin, so that CORS does not apply"}
	}
	ok, err := c.allows(ctx, req.Origin)
	d := c.diagnose(&req, ok, err)
	e := Explanation{Allowed: d.reason == "", Reason: d.reason, Message: d.message, Hint: d.hint}
	if ok {
		e.Matched = c.matched(req.Origin)
	}
	if e.Allowed {
		e.Message = fmt.Sprintf("the origin %s is allowed by %s", quote(req.Origin), e.Matched)
	}
	return e
}

// matched names what allows an origin that is allowed.
func (c *compiled) matched(o string) string {
	if entry := c.origins.Match(o); entry != "" {
		return fmt.Sprintf("the entry %q", entry)
	}
	for i, re := range c.regexps {
		if re.MatchString(o) {
			return fmt.Sprintf("the regular expression %q", c.cfg.AllowOriginRegexps[i])
		}
	}
	return "AllowOriginFunc"
}

// report tells OnReject about a request, if a browser will refuse it.
func (c *compiled) report(ctx context.Context, req Request, ok bool, err error) {
	if !req.isPreflight() && req.isSameOrigin() {
		return
	}
	d := c.diagnose(&req, ok, err)
	if d.reason == "" {
		return
	}
	method := req.Method
	if req.isPreflight() {
		method = req.RequestMethod
	}
	c.cfg.OnReject(ctx, Rejection{
		Origin:  printable(req.Origin),
		Method:  printable(method),
		Header:  d.header,
		Reason:  d.reason,
		Message: d.message,
		Hint:    d.hint,
	})
}

// diagnose finds the first thing that a browser will refuse, in the order in
// which browsers look. ok and err are what allows said about the origin.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func (c *compiled) diagnose(req *Request, ok bool, err error) diagnosis {
	switch {
	case err != nil:
		return diagnosis{reason: ReasonCallbackFailed,
			message: fmt.Sprintf("AllowOriginFunc failed for the origin %s: %s", quote(req.Origin), printable(err.Error())),
			hint:    "mend what it depends on: as long as it fails, nothing is allowed"}
	case !ok:
		return c.diagnoseOrigin(req.Origin)
	case req.Credentials && !c.cfg.AllowCredentials:
		return c.diagnoseCredentials()
	case !req.isPreflight():
		return diagnosis{}
	case !c.allowsMethod(req.RequestMethod):
		return c.diagnoseMethod(req.RequestMethod)
	}
	return c.diagnoseHeaders(req.RequestHeaders)
}

func (c *compiled) diagnoseCredentials() diagnosis {
	d := diagnosis{reason: ReasonCredentials,
		message: "the request was made with credentials, which the policy does not allow",
		hint:    "set AllowCredentials to true, or leave credentials: \"include\" out of the request"}
	if c.anyOrigin {
		d.hint = `list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
			`or leave credentials: "include" out of the request`
	}
	return d
}

func (c *compiled) allowsMethod(method string) bool {
	switch {
	case fetch.IsSafelistedMethod(method) || c.methods[method]:
		return true
	case !c.methods["*"]:
		return false
	}
	return !c.echoesMethod || cleanMethod(method) != ""
}

func (c *compiled) diagnoseMethod(method string) diagnosis {
	d := diagnosis{reason: ReasonMethodRefused,
		message: fmt.Sprintf("the method %s is not allowed", quote(method)),
		hint:    fmt.Sprintf("add %s to AllowMethods", quote(method))}
	upper := strings.ToUpper(method)
	switch {
	case !fetch.IsToken(method) || len(method) > maxEchoMethod:
		d.hint = "no browser sends such a method"
	case fetch.IsForbiddenMethod(method):
		d.hint = "browsers never send this method"
	case upper != method && (c.methods[upper] || fetch.IsSafelistedMethod(upper)):
		d.hint = fmt.Sprintf("write %q in the front end: methods are case-sensitive, and browsers do not upper-case this one", upper)
	case upper != method:
		d.hint = fmt.Sprintf("write %q in the front end, since methods are case-sensitive, and add it to AllowMethods", upper)
	}
	return d
}

func (c *compiled) allowsHeader(name string) bool {
	lower := strings.ToLower(name)
	return c.headers[lower] || c.headers["*"] && lower != "authorization" && fetch.IsToken(name)
}

func (c *compiled) diagnoseHeaders(requested string) diagnosis {
	const most = 8192 // bytes that are looked at: anybody can send a megabyte
	for name := range strings.SplitSeq(requested[:min(len(requested), most)], ",") {
		if name = strings.Trim(name, " \t"); name != "" && !c.allowsHeader(name) {
			return c.diagnoseHeader(name)
		}
	}
	if c.echoesHeaders && requested != "" && cleanHeaders(requested, true) == "" {
		return diagnosis{reason: ReasonHeaderRefused,
			message: fmt.Sprintf("the request asks for a longer list of headers than is repeated: %d bytes", len(requested)),
			hint:    `list the names in AllowHeaders instead of "*"`}
	}
	return diagnosis{}
}

func (c *compiled) diagnoseHeader(name string) diagnosis {
	d := diagnosis{reason: ReasonHeaderRefused,
		header:  printable(name),
		message: fmt.Sprintf("the request header %s is not allowed", quote(name)),
		hint:    fmt.Sprintf("add %s to AllowHeaders", quote(http.CanonicalHeaderKey(name)))}
	lower := strings.ToLower(name)
	switch {
	case !fetch.IsToken(name):
		d.hint = "no browser sends such a header name"
	case lower == "authorization" && c.headers["*"]:
		d.hint = `add "Authorization" to AllowHeaders: "*" does not cover it`
	case strings.HasPrefix(lower, "access-control-allow-"):
		d.hint = "leave it out of the request: it is a header of responses, which this policy sets"
	}
	return d
}

// diagnoseOrigin explains why no entry allows an origin.
func (c *compiled) diagnoseOrigin(o string) diagnosis {
	d := diagnosis{reason: ReasonOriginRefused, message: fmt.Sprintf("the origin %s is not allowed", quote(o))}
	if o == "null" {
		d.reason = ReasonOriginNull
		d.hint = "serve the page by http or https, and without a sandbox: local files, sandboxed frames and redirects to " +
			"another origin send null, and so can any site"
		return d
	}
	parts, ok := origin.Parse(o)
	if !ok {
		d.reason = ReasonOriginMalformed
		d.message = fmt.Sprintf("the Origin header %s is not an origin as browsers send it", quote(o))
		d.hint = malformedHint(o)
		return d
	}
	d.hint = c.originHint(parts)
	return d
}

func malformedHint(o string) string {
	if strings.Contains(o, ",") {
		return "send one Origin header with one origin: a proxy or a test may have added another"
	}
	if len(o) <= origin.MaxLen {
		_, mistake := origin.ParsePattern(o)
		if mistake != nil && mistake.Suggestion != "" && !strings.Contains(mistake.Suggestion, `"`) {
			return fmt.Sprintf("it %s; send %q", mistake.Reason, mistake.Suggestion)
		}
	}
	return "browsers send scheme://host, with :port if it is not the scheme's default"
}

// originHint says what to change for an origin, which depends on what allowed
// entry it resembles.
func (c *compiled) originHint(o origin.Parts) string {
	// A request must not cost a walk through a hundred thousand entries.
	const most = 256
	add := fmt.Sprintf("add %q to AllowOrigins", o)
	if c.cfg.AllowCredentials && !c.cfg.Unsafe.InsecureOrigins && o.Scheme == "http" && !origin.IsLoopback(o.Host) {
		add = "serve the page over https, since http is not safe with AllowCredentials, and allow that origin"
	}
	for _, re := range c.cfg.AllowOriginRegexps {
		if re.MatchString(o.String()) {
			return fmt.Sprintf("the regular expression %q matches a part of it, but has to match the whole: begin it with %q", re, `https://`)
		}
	}
	entry, relation := origin.Nearest(c.cfg.AllowOrigins, o, most)
	switch relation {
	case origin.OtherScheme:
		if o.Scheme == "http" {
			return fmt.Sprintf("%q is allowed, and http and https are different origins: open the page over https", entry)
		}
		return fmt.Sprintf("%q is allowed, and http and https are different origins: %s", entry, add)
	case origin.OtherPort:
		if origin.IsLoopback(o.Host) {
			return fmt.Sprintf("%q is allowed, and every port is another origin: %s, or \"%s://%s:*\" for all ports",
				entry, add, o.Scheme, o.Host)
		}
		return fmt.Sprintf("%q is allowed, and every port is another origin: %s", entry, add)
	case origin.LoopbackName:
		return fmt.Sprintf("%q is allowed, but localhost, 127.0.0.1 and [::1] are different origins to a browser: open the page there, or %s", entry, add)
	case origin.WWW:
		return fmt.Sprintf("%q is allowed, and with and without www. are different origins: %s", entry, add)
	case origin.Apex:
		return fmt.Sprintf("%q allows its subdomains, not the domain itself: %s", entry, add)
	case origin.Subdomain:
		return fmt.Sprintf("%q does not cover this subdomain: if it is yours, %s", entry, add)
	case origin.Lookalike:
		return fmt.Sprintf("it resembles %q, but is another site: mend the spelling if it is a slip, and do not add it unless it is yours", entry)
	}
	return "if it is an origin of yours, " + add
}
