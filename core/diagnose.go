package cors

import (
	"context"
	"fmt"
	"strings"

	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
	"github.com/polycors/polycors/core/internal/show"
)

// A diagnosis has what [Explanation] and [Rejection] have in common. It is zero
// if the browser refuses nothing.
type diagnosis struct {
	reason  Reason
	header  string // the first header name that is refused
	message string
	hint    string
}

// Explain says whether a browser accepts the response to a request, and why. It
// says the same as a [Rejection]. It calls Config.AllowOriginFunc, but not
// Config.OnReject.
//
// To explain a preflight, set Method to OPTIONS, and RequestMethod. For any
// other request, Explain looks only at the origin and at Credentials.
func (p *Policy) Explain(ctx context.Context, req Request) Explanation {
	c := p.compiled.Load()
	switch {
	case c == nil:
		return Explanation{Reason: ReasonNotConfigured, Message: "the policy has no configuration, so it allows nothing",
			Hint: "create it with cors.New, or call Reconfigure"}
	case req.Origin == "":
		return Explanation{Allowed: true, Message: "the request has no Origin header, so CORS does not apply: " +
			"it comes from the server's own pages, or not from a browser"}
	case !req.isPreflight() && req.isSameOrigin():
		return Explanation{Allowed: true, Message: "the request comes from the server's own origin, so CORS does not apply"}
	}
	ok, err := c.allows(ctx, req.Origin)
	d := c.diagnose(&req, ok, err)
	e := Explanation{Allowed: d.reason == "", Reason: d.reason, Message: d.message, Hint: d.hint}
	if ok {
		e.Matched = c.matched(req.Origin)
	}
	if e.Allowed {
		e.Message = fmt.Sprintf("the origin %s is allowed by %s", show.Quoted(req.Origin), e.Matched)
	}
	return e
}

// matched names what allows the origin o, which is allowed.
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

// report calls OnReject if a browser will refuse the response.
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
		Origin:  show.Plain(req.Origin, show.Field),
		Method:  show.Plain(method, show.Field),
		Header:  d.header,
		Reason:  d.reason,
		Message: d.message,
		Hint:    d.hint,
	})
}

// diagnose finds the first thing that a browser will refuse, in the order in
// which browsers check. ok and err are the results of allows.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func (c *compiled) diagnose(req *Request, ok bool, err error) diagnosis {
	switch {
	case err != nil:
		return diagnosis{reason: ReasonCallbackFailed,
			message: fmt.Sprintf("AllowOriginFunc failed for the origin %s: %s", show.Quoted(req.Origin), show.Plain(err.Error(), show.Field)),
			hint:    "fix the cause of the error: no origin is allowed while the callback fails"}
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
		message: "the request is sent with credentials, which the policy does not allow",
		hint:    "set AllowCredentials to true, or remove credentials: \"include\" from the request"}
	if c.anyOrigin {
		d.hint = `list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
			`or remove credentials: "include" from the request`
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
		message: fmt.Sprintf("the method %s is not allowed", show.Quoted(method)),
		hint:    fmt.Sprintf("add %s to AllowMethods", show.Quoted(method))}
	upper := strings.ToUpper(method)
	switch {
	case !fetch.IsToken(method) || len(method) > maxEchoMethod:
		d.hint = "no browser sends such a method"
	case fetch.IsForbiddenMethod(method):
		d.hint = "browsers never send this method"
	case upper != method && (c.methods[upper] || fetch.IsSafelistedMethod(upper)):
		d.hint = advice.MethodCase(method)
	case upper != method:
		d.hint = fmt.Sprintf("write %q in the front end, because methods are case-sensitive, and add it to AllowMethods", upper)
	}
	return d
}

func (c *compiled) allowsHeader(name string) bool {
	lower := strings.ToLower(name)
	return c.headers[lower] || c.headers["*"] && lower != "authorization" && fetch.IsToken(name)
}

func (c *compiled) diagnoseHeaders(requested string) diagnosis {
	const maxLen = 8192 // anybody can send a megabyte
	for name := range strings.SplitSeq(requested[:min(len(requested), maxLen)], ",") {
		if name = strings.Trim(name, " \t"); name != "" && !c.allowsHeader(name) {
			return c.diagnoseHeader(name)
		}
	}
	if c.echoesHeaders && requested != "" && cleanHeaders(requested, true) == "" {
		return diagnosis{reason: ReasonHeaderRefused,
			message: fmt.Sprintf("the request asks for a list of headers that is too long to be copied into the response: %d bytes", len(requested)),
			hint:    `list the names in AllowHeaders instead of "*"`}
	}
	return diagnosis{}
}

func (c *compiled) diagnoseHeader(name string) diagnosis {
	d := diagnosis{reason: ReasonHeaderRefused,
		header:  show.Plain(name, show.Field),
		message: fmt.Sprintf("the request header %s is not allowed", show.Quoted(name)),
		hint:    advice.AddHeader(name, "AllowHeaders", c.headers["*"])}
	lower := strings.ToLower(name)
	switch {
	case !fetch.IsToken(name):
		d.hint = "no browser sends such a header name"
	case strings.HasPrefix(lower, "access-control-allow-"):
		d.hint = "remove it from the request: it is a response header, which this policy sets"
	}
	return d
}

// diagnoseOrigin explains why no entry allows an origin.
func (c *compiled) diagnoseOrigin(o string) diagnosis {
	d := diagnosis{reason: ReasonOriginRefused, message: fmt.Sprintf("the origin %s is not allowed", show.Quoted(o))}
	if o == "null" {
		d.reason = ReasonOriginNull
		d.hint = advice.NullOrigin
		return d
	}
	parts, ok := origin.Parse(o)
	if !ok {
		d.reason = ReasonOriginMalformed
		d.message = fmt.Sprintf("the Origin header %s is not in the form that browsers send", show.Quoted(o))
		d.hint = malformedHint(o)
		return d
	}
	d.hint = c.originHint(parts)
	return d
}

func malformedHint(o string) string {
	if strings.Contains(o, ",") {
		return "send one Origin header with one origin: a proxy or a test may add another"
	}
	if len(o) <= origin.MaxLen {
		_, mistake := origin.ParsePattern(o)
		if mistake != nil && mistake.Suggestion != "" && !strings.Contains(mistake.Suggestion, `"`) {
			return fmt.Sprintf("it %s; send %q", mistake.Reason, mistake.Suggestion)
		}
	}
	return "browsers send scheme://host, with :port if it is not the scheme's default"
}

// originHint says what to change for an origin, depending on the entry that it
// resembles.
func (c *compiled) originHint(o origin.Parts) string {
	for _, re := range c.cfg.AllowOriginRegexps {
		if re.MatchString(o.String()) {
			return fmt.Sprintf("the regular expression %q matches only a part of it, but it must match the whole: begin it with %q", re, `https://`)
		}
	}
	remedy := fmt.Sprintf("add %q to AllowOrigins", o)
	if c.cfg.AllowCredentials && !c.cfg.Unsafe.InsecureOrigins && o.Scheme == "http" && !origin.IsLoopback(o.Host) {
		remedy = "serve the page over https, because http is not safe with AllowCredentials, and allow that origin"
	}
	entry, relation := origin.Nearest(c.cfg.AllowOrigins, o, maxResembled)
	return advice.Refused(o, relation, entry, remedy)
}

// maxResembled bounds the entries that a refused origin is compared with. Each
// costs time, and anybody can send such requests.
const maxResembled = 256
