package cors

import (
	"context"
	"fmt"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/show"
)

// A Reason says what a browser refuses. The strings are stable: use them as
// labels of metrics.
type Reason string

// The reasons, in the order in which browsers check.
const (
	ReasonOriginMalformed Reason = "origin-malformed"        // Origin is not in the form that browsers send
	ReasonOriginNull      Reason = "origin-null"             // Origin is null: a sandboxed frame, a file, or a redirect
	ReasonOriginRefused   Reason = "origin-not-allowed"      // no entry allows the origin
	ReasonCallbackFailed  Reason = "callback-failed"         // AllowOriginFunc returned an error
	ReasonCredentials     Reason = "credentials-not-allowed" // cookies were sent without AllowCredentials
	ReasonMethodRefused   Reason = "method-not-allowed"      // not in AllowMethods
	ReasonHeaderRefused   Reason = "header-not-allowed"      // not in AllowHeaders
	ReasonNotConfigured   Reason = "not-configured"          // the policy is the zero Policy
	ReasonPathAmbiguous   Reason = "path-ambiguous"          // Paths has different policies for the readings of the path
)

// An Explanation says whether a browser accepts the response to a request, and
// why. It quotes values of the request and bounds their length.
type Explanation struct {
	Allowed bool   // whether the browser continues, or passes the response to the script
	Reason  Reason // empty if allowed
	Matched string // what allows the origin, such as an entry of AllowOrigins; empty if nothing does
	Message string // what happens, in one sentence
	Hint    string // what to change, in another sentence; may be empty
}

// String returns the message of an Explanation and, on a second line, its hint.
func (e Explanation) String() string {
	var b strings.Builder
	if e.Allowed {
		b.WriteString("allowed: ")
	} else {
		b.WriteString("refused (" + string(e.Reason) + "): ")
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString("\nhint: " + e.Hint)
	}
	return b.String()
}

// Explain says whether a browser accepts the response to a request, and why. Its
// sentences are those of a [Rejection]. It calls Config.AllowOriginFunc, but not
// Config.OnReject, and ignores Config.ReportOnly.
//
// Set Method to the method that the script uses, and RequestHeaders to the names
// of the headers that it sets. If the browser sends a preflight before the
// request, Explain judges the preflight, too. It assumes that Content-Type and
// Range need permission, although some of their values do not. To explain only a
// preflight, set the fields as they are in the preflight: Method to OPTIONS, and
// RequestMethod to the method of the script.
func (p *Policy) Explain(ctx context.Context, req Request) Explanation {
	c := p.compiled.Load()
	req.Method = fetch.NormalizeMethod(req.Method)
	switch {
	case c == nil:
		return Explanation{Reason: ReasonNotConfigured, Message: "the policy has no configuration, so it allows nothing",
			Hint: "create it with cors.New, or call Reconfigure"}
	case req.Origin == "":
		return Explanation{Allowed: true, Message: "the request has no Origin header, so CORS does not apply: " +
			"it comes from the server's own pages, or not from a browser"}
	case !req.isPreflight() && req.isSameOrigin():
		return Explanation{Allowed: true, Message: "the request comes from the server's own origin, so CORS does not apply"}
	case req.isNavigation() && !c.cfg.RejectDisallowed:
		return Explanation{Allowed: true, Message: "the browser shows the response itself, for example after a form is submitted, so CORS does not apply"}
	}
	ok, err := c.allows(ctx, req.Origin)
	matched := ""
	if ok {
		matched = c.matched(req.Origin)
	}
	r := c.refuse(&req, ok, err)
	if first, needed := req.preflight(); r.reason == "" && needed && !req.isPreflight() && !req.isNavigation() {
		r = c.refuse(&first, ok, nil)
	}
	if r.reason == "" {
		return Explanation{Allowed: true, Matched: matched, Hint: droppedHint(&req),
			Message: fmt.Sprintf("the origin %s is allowed by %s", show.Quoted(req.Origin), matched)}
	}
	return Explanation{Reason: r.reason, Matched: matched, Message: r.message(), Hint: r.hint()}
}

// droppedHint returns a hint about a header that scripts cannot set.
func droppedHint(req *Request) string {
	if req.isPreflight() {
		return ""
	}
	for name := range strings.SplitSeq(req.RequestHeaders, ",") {
		name = fetch.TrimBlanks(name)
		switch lower := strings.ToLower(name); {
		case lower == "cookie":
			return fmt.Sprintf(`scripts cannot set the header %s, and browsers leave it out: use credentials: "include" to send cookies`, show.Quoted(name))
		case fetch.IsForbiddenRequestHeader(lower):
			return fmt.Sprintf("scripts cannot set the header %s, and browsers leave it out", show.Quoted(name))
		}
	}
	return ""
}

// matched describes what allows the origin o. The origin must be allowed.
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

// A Rejection describes a request whose response a browser will refuse, for
// [Config].OnReject. Its strings are bounded, free of control characters, and safe
// to retain.
type Rejection struct {
	Origin string // of the request
	Method string // of the request or, for a preflight, the method that it requests
	Path   string // of the request, as it was sent, without the query
	Header string // the first header name that is refused; empty for other reasons
	Reason Reason

	// ReportOnly says that the request is not refused, but would be if
	// Config.ReportOnly were in force.
	ReportOnly bool

	refusal refusal
}

// Message returns one sentence that says what happens. It composes the sentence
// on each call. For a Rejection that does not come from a policy, it returns the
// Reason.
func (r Rejection) Message() string {
	if r.refusal.policy == nil {
		return string(r.Reason)
	}
	if r.ReportOnly {
		return "under ReportOnly, " + r.refusal.message()
	}
	return r.refusal.message()
}

// Hint returns another sentence, which says what to change. It may be empty.
// Each call compares the origin with up to 256 entries.
func (r Rejection) Hint() string {
	if r.ReportOnly {
		return insideReportOnly(r.refusal.hint())
	}
	return r.refusal.hint()
}

// String returns the message and the hint of a Rejection, in one line.
func (r Rejection) String() string {
	s := "cors: " + r.Message()
	if hint := r.Hint(); hint != "" {
		s += "; " + hint
	}
	return s
}

// report calls OnReject if a browser will refuse the response.
func (c *compiled) report(ctx context.Context, req Request, ok bool, err error) {
	if !req.isPreflight() && req.isSameOrigin() {
		return
	}
	r := c.refuse(&req, ok, err)
	if r.reason == "" && c.reportOnly != nil {
		r = c.reportOnly.try(ctx, &req)
	}
	if r.reason == "" {
		return
	}
	method := req.Method
	if req.isPreflight() {
		method = req.RequestMethod
	}
	shown := [...]string{req.Origin, method, req.Path, r.header}
	retained := [...]string{r.origin, r.method, r.header, r.host}
	retain(&shown, &retained)
	r.origin, r.method, r.header, r.host = retained[0], retained[1], retained[2], retained[3]
	c.cfg.OnReject(ctx, Rejection{
		Origin: shown[0], Method: shown[1], Path: shown[2], Header: shown[3], Reason: r.reason,
		ReportOnly: r.policy.isReportOnly, refusal: r,
	})
}

// retain replaces strings of a request by copies, because they may be part of a
// buffer that the framework reuses. It also makes the strings in shown safe to
// show. It allocates once, because anybody can cause refusals.
func retain(shown, retained *[4]string) {
	var room [1024]byte
	var lengths [len(shown)]int
	b := room[:0]
	for i, s := range shown {
		before := len(b)
		b = show.AppendASCII(b, s)
		lengths[i] = len(b) - before
	}
	for i, s := range retained {
		retained[i] = s[:min(len(s), maxRetained)]
		b = append(b, retained[i]...)
	}
	all := string(b)
	for i, n := range lengths {
		shown[i], all = all[:n], all[n:]
	}
	for i, s := range retained {
		retained[i], all = all[:len(s)], all[len(s):]
	}
}
