package cors

import "strings"

// A Reason says what a browser refuses. The strings are stable: use them as
// labels of metrics.
type Reason string

// The reasons, in the order in which browsers check.
const (
	ReasonOriginMalformed Reason = "origin-malformed"        // Origin is not in the form browsers send
	ReasonOriginNull      Reason = "origin-null"             // a sandboxed frame, a file, or a redirect
	ReasonOriginRefused   Reason = "origin-not-allowed"      // no entry allows the origin
	ReasonCallbackFailed  Reason = "callback-failed"         // AllowOriginFunc returned an error
	ReasonCredentials     Reason = "credentials-not-allowed" // cookies were sent, without AllowCredentials
	ReasonMethodRefused   Reason = "method-not-allowed"      // not in AllowMethods
	ReasonHeaderRefused   Reason = "header-not-allowed"      // not in AllowHeaders
	ReasonNotConfigured   Reason = "not-configured"          // the policy is the zero Policy
)

// An Explanation says what a browser makes of the answer to a request, and why.
// Values of the request are quoted in it, and bounded in length.
type Explanation struct {
	Allowed bool   // whether the browser goes on, or lets the script read
	Reason  Reason // empty if allowed
	Matched string // what allows the origin: an entry of AllowOrigins, say; empty if nothing does
	Message string // what happens, in one sentence
	Hint    string // what to change, in another; empty if nothing
}

// String returns all that an Explanation says, in a line or two.
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

// A Rejection tells [Config].OnReject about a request that a browser will
// refuse. Its strings are bounded, free of control characters, and safe to keep.
type Rejection struct {
	Origin  string // of the request
	Method  string // of the request or, for a preflight, the one asked for
	Header  string // the first header name that is refused; empty for other reasons
	Reason  Reason
	Message string // what happens, in one sentence
	Hint    string // what to change, in another; may be empty
}

// String returns all that a Rejection says, in one line.
func (r Rejection) String() string {
	s := "cors: " + r.Message
	if r.Hint != "" {
		s += "; " + r.Hint
	}
	return s
}
