package cors

import (
	"fmt"
	"strings"

	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
	"github.com/polycors/polycors/core/internal/show"
)

// A refusal is the first part of a request that a browser will refuse, in the
// order in which browsers check. Its reason is empty if the browser refuses
// nothing. Finding a refusal must be cheap, because anybody can cause refusals:
// its sentences are composed on demand.
type refusal struct {
	policy *compiled
	reason Reason

	// From the request, each at most maxRetained bytes long in a [Rejection].
	origin, method, header string
	host                   string // if the origin may be the server's own

	navigation, mayBeForm bool // see the methods of Request
	originLen, headersLen int  // of the whole headers
	cause                 error
}

// refuse returns the refusal of a request. ok and err are the results of allows.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func (c *compiled) refuse(req *Request, ok bool, err error) refusal {
	r := refusal{
		policy: c, origin: req.Origin, originLen: len(req.Origin),
		method: req.RequestMethod, headersLen: len(req.RequestHeaders), cause: err,
	}
	switch {
	case c.ambiguousPath:
		r.reason = ReasonPathAmbiguous
	case err != nil:
		r.reason = ReasonCallbackFailed
	case !ok && (c.cfg.RejectDisallowed || !req.isNavigation()):
		r.reason = originReason(req.Origin)
		r.navigation, r.mayBeForm = req.isNavigation(), req.mayBeForm()
		if !req.isPreflight() && req.FetchSite == "" {
			r.host = req.Host
		}
	case req.isNavigation(): // the browser shows the response
	case req.Credentials && !c.cfg.AllowCredentials:
		r.reason = ReasonCredentials
	case !req.isPreflight():
	case !c.allowsMethod(req.RequestMethod):
		r.reason = ReasonMethodRefused
	default:
		r.header, ok = c.refusedHeader(req.RequestHeaders)
		if !ok {
			r.reason = ReasonHeaderRefused
		}
	}
	return r
}

func originReason(o string) Reason {
	if isOpaque(o) {
		return ReasonOriginNull
	}
	if _, ok := origin.Parse(o); !ok {
		return ReasonOriginMalformed
	}
	return ReasonOriginRefused
}

// maxRetained is more than the length of any origin.
const maxRetained = origin.MaxLen + 1

// message returns a sentence that says what happens.
func (r *refusal) message() string {
	o := show.QuotedPrefix(r.origin, r.originLen)
	switch r.reason {
	case ReasonCallbackFailed:
		return fmt.Sprintf("AllowOriginFunc failed for the origin %s: %s", o, show.Plain(r.cause.Error(), show.Field))
	case ReasonOriginMalformed:
		return fmt.Sprintf("the Origin header %s is not in the form that browsers send", o)
	case ReasonOriginNull, ReasonOriginRefused:
		return fmt.Sprintf("the origin %s is not allowed", o)
	case ReasonPathAmbiguous:
		return "the path can be read in several ways, for which Paths has different policies, so no origin is allowed"
	case ReasonCredentials:
		return "the request is sent with credentials, which the policy does not allow"
	case ReasonMethodRefused:
		return fmt.Sprintf("the method %s is not allowed", show.Quoted(r.method))
	case ReasonHeaderRefused:
		if r.header == "" {
			return fmt.Sprintf("the request asks for a list of headers that is too long to be copied into the response: %d bytes", r.headersLen)
		}
		return fmt.Sprintf("the request header %s is not allowed", show.Quoted(r.header))
	}
	return ""
}

// hint returns a sentence that says what to change.
func (r *refusal) hint() string {
	switch r.reason {
	case ReasonCallbackFailed:
		return "fix the cause of the error: no origin is allowed while the callback fails"
	case ReasonOriginNull:
		return r.nullHint()
	case ReasonOriginMalformed:
		return malformedHint(r.origin)
	case ReasonOriginRefused:
		return r.policy.emptyHint() + r.originHint()
	case ReasonPathAmbiguous:
		return "request the path without escaped slashes, letters or dots, in lower case, and without empty and dot segments"
	case ReasonCredentials:
		return r.credentialsHint()
	case ReasonMethodRefused:
		return r.methodHint()
	case ReasonHeaderRefused:
		return r.headerHint()
	}
	return ""
}

func (r *refusal) credentialsHint() string {
	if r.policy.anyOrigin {
		return `list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
			`or remove credentials: "include" from the request`
	}
	return `set AllowCredentials to true, or remove credentials: "include" from the request`
}

func (c *compiled) allowsMethod(method string) bool {
	switch {
	case fetch.IsSafelistedMethod(method) || c.methods[method]:
		return true
	case !c.methods["*"]:
		return false
	case c.echoesMethod:
		return cleanMethod(method) != ""
	}
	return fetch.IsToken(method) && !fetch.IsForbiddenMethod(method)
}

func (r *refusal) methodHint() string {
	upper := strings.ToUpper(r.method)
	switch {
	case !fetch.IsToken(r.method) || len(r.method) > maxEchoMethod:
		return "no browser sends such a method"
	case fetch.IsForbiddenMethod(r.method):
		return "browsers never send this method"
	case !isName(r.method):
		return "use letters, digits and hyphens only"
	case fetch.NormalizeMethod(r.method) != r.method:
		return fmt.Sprintf("browsers send this method in upper case: send %q", upper)
	case upper != r.method && (r.policy.methods[upper] || fetch.IsSafelistedMethod(upper)):
		return advice.MethodCase(r.method)
	case upper != r.method:
		return fmt.Sprintf("write %q in the front end, because methods are case-sensitive, and add it to AllowMethods", upper)
	}
	return fmt.Sprintf("add %s to AllowMethods", show.Quoted(r.method))
}

func (c *compiled) allowsHeader(name string) bool {
	lower := strings.ToLower(name)
	return c.headers[lower] || c.headers["*"] && lower != "authorization" && fetch.IsToken(name)
}

// refusedHeader returns the first name of a list that is not allowed. If the list
// as a whole is not allowed, the name is empty.
func (c *compiled) refusedHeader(requested string) (name string, ok bool) {
	const maxLen = 8192 // anybody can send a megabyte
	for name := range strings.SplitSeq(requested[:min(len(requested), maxLen)], ",") {
		if name = fetch.TrimBlanks(name); name != "" && !c.allowsHeader(name) {
			return name, false
		}
	}
	return "", !c.echoesHeaders || requested == "" || cleanHeaders(requested, true) != ""
}

func (r *refusal) headerHint() string {
	switch {
	case r.header == "":
		return `list the names in AllowHeaders instead of "*"`
	case !fetch.IsToken(r.header):
		return "no browser sends such a header name"
	case strings.HasPrefix(strings.ToLower(r.header), "access-control-allow-"):
		return "remove it from the request: it is a response header, which this policy sets"
	case fetch.IsForbiddenRequestHeader(strings.ToLower(r.header)):
		return "remove it from the request: scripts cannot set this header, and browsers never ask for it"
	case !isName(r.header):
		return "use letters, digits and hyphens only"
	case len(r.header) > maxEchoMethod:
		return "shorten its name, and add it to AllowHeaders"
	}
	return advice.AddHeader(r.header, "AllowHeaders", r.policy.headers["*"])
}

// nullHint returns the usual causes of a null origin. Without Sec-Fetch-Site, the
// cause can also be a form.
func (r *refusal) nullHint() string {
	if r.navigation {
		return advice.Form
	}
	if r.host == "" {
		return advice.NullOrigin
	}
	return advice.NullOrigin + "; " + advice.NoReferrer
}

func malformedHint(o string) string {
	if strings.Contains(o, ",") {
		return "send one Origin header with one origin: a proxy or a test may add another"
	}
	if len(o) <= origin.MaxLen {
		_, mistake := origin.ParsePattern(o)
		if mistake != nil && len(mistake.Entries) == 1 && mistake.Code != "origin-blanks" && mistake.Code != "origin-invisible" {
			return fmt.Sprintf("it %s; send %q", mistake.Reason, mistake.Entries[0])
		}
	}
	return "browsers send scheme://host, with :port if it is not the scheme's default"
}

// emptyHint returns the beginning of a hint if AllowOrigins is an empty list.
func (c *compiled) emptyHint() string {
	if c.cfg.AllowOrigins == nil || len(c.cfg.AllowOrigins) > 0 {
		return ""
	}
	return "AllowOrigins is an empty list, which allows no origin: "
}

// originHint returns the hint for an origin. It depends on the entry that the
// origin resembles.
func (r *refusal) originHint() string {
	if r.navigation {
		return advice.Form
	}
	c := r.policy
	o, _ := origin.Parse(r.origin)
	remedy := c.remedy(o)
	for _, re := range c.cfg.AllowOriginRegexps[:min(len(c.cfg.AllowOriginRegexps), maxResembled)] {
		if part := re.FindString(r.origin); part != "" {
			return fmt.Sprintf("the regular expression %q matches only the part %q of it, but it must match the whole: "+
				"if this origin is yours, %s", re, part, remedy)
		}
	}
	entry, relation := origin.Nearest(c.resembled, o)
	hint := advice.Refused(o, relation, entry, remedy)
	if relation == origin.Unrelated && r.host != "" && !strings.EqualFold(r.host, o.HostPort()) {
		hint += "; " + advice.OwnOrigin(r.host)
	}
	if relation == origin.Unrelated && r.mayBeForm {
		hint += "; but " + advice.Form
	}
	return hint
}

// remedy says how to allow an origin.
func (c *compiled) remedy(o origin.Parts) string {
	add := fmt.Sprintf("add %q to AllowOrigins", o)
	switch insecure := o.Scheme == "http" && !origin.IsLoopback(o.Host); {
	case !insecure || !c.cfg.AllowCredentials || c.cfg.Unsafe.InsecureOrigins:
		return add
	case origin.IsUnspecified(o.Host):
		o.Host = "localhost"
		return fmt.Sprintf("open the page at %q, and add that to AllowOrigins", o)
	case origin.IsLocal(o.Host):
		return "set Unsafe.InsecureOrigins to true for development, and " + add
	}
	const serve = "serve the page over https, because http is not safe with AllowCredentials, and "
	if o.Port != "" {
		return serve + "allow that origin"
	}
	o.Scheme = "https"
	return serve + fmt.Sprintf("add %q to AllowOrigins", o)
}

// maxResembled is the most entries that a refused origin is compared with. Each
// comparison takes time, and anybody can send such requests.
const maxResembled = 256
