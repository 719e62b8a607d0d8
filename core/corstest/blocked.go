package corstest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A Stage says which response a browser was not content with.
type Stage string

const (
	StagePreflight Stage = "preflight"
	StageResponse  Stage = "response"
)

// A Reason is the code that Chromium's DevTools have for a CORS error. The
// first six have the prefix "Preflight" where they are about a preflight.
type Reason string

const (
	ReasonMissingAllowOrigin          Reason = "MissingAllowOriginHeader"
	ReasonAllowOriginMismatch         Reason = "AllowOriginMismatch"
	ReasonInvalidAllowOrigin          Reason = "InvalidAllowOriginValue"
	ReasonMultipleAllowOrigin         Reason = "MultipleAllowOriginValues"
	ReasonWildcardOrigin              Reason = "WildcardOriginNotAllowed"
	ReasonInvalidCredentials          Reason = "InvalidAllowCredentials"
	ReasonPreflightStatus             Reason = "PreflightInvalidStatus"
	ReasonPreflightRedirect           Reason = "PreflightDisallowedRedirect"
	ReasonInvalidAllowMethods         Reason = "InvalidAllowMethodsPreflightResponse"
	ReasonInvalidAllowHeaders         Reason = "InvalidAllowHeadersPreflightResponse"
	ReasonMethodDisallowed            Reason = "MethodDisallowedByPreflightResponse"
	ReasonHeaderDisallowed            Reason = "HeaderDisallowedByPreflightResponse"
	ReasonRedirectContainsCredentials Reason = "RedirectContainsCredentials"
)

// A BlockedError says that a browser would keep a response from a script, or
// not send the request at all, because of CORS. Values of responses are bounded
// in it, and without control characters.
type BlockedError struct {
	Stage   Stage
	Reason  Reason
	URL     string // of the response
	Origin  string // as sent: the page's, or "null"
	Status  int    // of the response; 0 if there was none to judge
	Message string // what Chromium's console says
	Hint    string // what to change, on the server as a rule
}

// Error returns the message.
func (e *BlockedError) Error() string { return e.Message }

// blocked makes the error for a response.
func (f *fetching) blocked(stage Stage, reason Reason, value string, res *http.Response) *BlockedError {
	e := &BlockedError{Stage: stage, Reason: reason, URL: f.req.URL.String(), Origin: f.origin()}
	if res != nil {
		e.Status = res.StatusCode
	}
	value = clean(value)
	redirected := ""
	if f.first.String() != e.URL {
		redirected = fmt.Sprintf(" (redirected from '%s')", f.first)
	}
	base, preflight := strings.CutPrefix(string(reason), "Preflight")
	if reason == ReasonPreflightStatus || reason == ReasonPreflightRedirect {
		base, preflight = string(reason), true
	}
	prefix := ""
	if preflight {
		prefix = "Response to preflight request doesn't pass access control check: "
	}
	e.Message = fmt.Sprintf("Access to fetch at '%s'%s from origin '%s' has been blocked by CORS policy: %s%s",
		e.URL, redirected, f.page.Origin, prefix, consoleText(Reason(base), value))
	e.Hint = hint(Reason(base), value, e)
	return e
}

// clean makes a value fit for a message.
func clean(s string) string {
	const most = 200
	q := strconv.Quote(s[:min(len(s), most)])
	return q[1 : len(q)-1]
}

// consoleText is what Chromium says.
func consoleText(reason Reason, value string) string {
	const another = "' that is not equal to the supplied origin. Have the server send the header with a valid value."
	switch reason {
	case ReasonMissingAllowOrigin:
		return "No 'Access-Control-Allow-Origin' header is present on the requested resource."
	case ReasonAllowOriginMismatch:
		return "The 'Access-Control-Allow-Origin' header has a value '" + value + another
	case ReasonInvalidAllowOrigin:
		return "The 'Access-Control-Allow-Origin' header contains the invalid value '" + value + "'. Have the server send the header with a valid value."
	case ReasonMultipleAllowOrigin:
		return "The 'Access-Control-Allow-Origin' header contains multiple values '" + value + "', but only one is allowed. " +
			"Have the server send the header with a valid value."
	case ReasonWildcardOrigin:
		return "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' " +
			"when the request's credentials mode is 'include'."
	case ReasonInvalidCredentials:
		return "The value of the 'Access-Control-Allow-Credentials' header in the response is '" + value + "' which must be 'true' " +
			"when the request's credentials mode is 'include'."
	case ReasonPreflightStatus:
		return "It does not have HTTP ok status."
	case ReasonPreflightRedirect:
		return "Redirect is not allowed for a preflight request."
	case ReasonMethodDisallowed:
		return "Method " + value + " is not allowed by Access-Control-Allow-Methods in preflight response."
	case ReasonHeaderDisallowed:
		return "Request header field " + value + " is not allowed by Access-Control-Allow-Headers in preflight response."
	case ReasonInvalidAllowMethods:
		return "Cannot parse Access-Control-Allow-Methods response header field in preflight response."
	case ReasonInvalidAllowHeaders:
		return "Cannot parse Access-Control-Allow-Headers response header field in preflight response."
	default:
		return "Redirect location '" + value + "' contains a username and password, which is disallowed for cross-origin requests."
	}
}

// hint says what to change.
func hint(reason Reason, value string, e *BlockedError) string {
	switch reason {
	case ReasonMissingAllowOrigin:
		return missingHint(e)
	case ReasonAllowOriginMismatch:
		return fmt.Sprintf("send the origin of the request, to the letter: %q", e.Origin)
	case ReasonInvalidAllowOrigin:
		return fmt.Sprintf("send one origin, %q, or * without credentials", e.Origin)
	case ReasonMultipleAllowOrigin:
		return "send the header once, with one origin: a proxy or a second middleware adds another"
	case ReasonWildcardOrigin:
		return fmt.Sprintf("send the origin %q instead of *, or leave the credentials out", e.Origin)
	case ReasonInvalidCredentials:
		return "send Access-Control-Allow-Credentials: true, or leave the credentials out"
	case ReasonPreflightStatus:
		return fmt.Sprintf("answer preflights with 204, not %d: authentication, rate limits and routing have to come after CORS", e.Status)
	case ReasonPreflightRedirect:
		return "answer preflights before any redirect, or request the URL that the redirect leads to: look for a trailing slash, or http for https"
	case ReasonMethodDisallowed:
		if upper := strings.ToUpper(value); upper != value {
			return fmt.Sprintf("write %s in the front end: methods are case-sensitive, and browsers do not upper-case this one", upper)
		}
		return fmt.Sprintf("add %s to Access-Control-Allow-Methods; with credentials, * is not enough", value)
	case ReasonHeaderDisallowed:
		return fmt.Sprintf("add %s to Access-Control-Allow-Headers; with credentials, * is not enough", value)
	case ReasonInvalidAllowMethods, ReasonInvalidAllowHeaders:
		return "send names with commas between them: one that is none spoils the whole header"
	default:
		return "leave the user name and password out of the redirect"
	}
}

// missingHint guesses at what answered in the place of a CORS middleware.
func missingHint(e *BlockedError) string {
	if e.Stage == StageResponse {
		return "the response does not come through the CORS middleware, or the origin is not allowed: " +
			"mount it for the whole application, before the routes, and list the origin"
	}
	switch {
	case e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed:
		return fmt.Sprintf("the middleware is not where the request goes: the router answered %d, as it does when CORS is mounted "+
			"on a group or a route; mount it for the whole application", e.Status)
	case e.Status == http.StatusUnauthorized:
		return "authentication comes before CORS: mount CORS first, since preflights carry no credentials"
	case e.Status == http.StatusForbidden:
		return fmt.Sprintf("the origin is not allowed: list %q, if it is yours", e.Origin)
	case e.Status >= 200 && e.Status < 300:
		return "something else answers OPTIONS, or the origin is not allowed: mount CORS for the whole application, first, and list the origin"
	}
	return "mount CORS first, so that it answers the preflight"
}

// A Warning is about something that works, but is wrong.
type Warning struct {
	URL  string
	Text string
}

// The texts of warnings.
const (
	WarnVary                  = "Access-Control-Allow-Origin depends on the request, but Vary does not name Origin: caches will give one origin's answer to another"
	WarnDuplicateAllowOrigin  = "Access-Control-Allow-Origin stands on several lines"
	WarnWildcardCredentials   = "Access-Control-Allow-Credentials: true beside Access-Control-Allow-Origin: * allows no credentials"
	WarnMaxAge                = "Access-Control-Max-Age is beyond what this browser remembers"
	WarnAuthorizationWildcard = "Authorization is allowed by * alone: the standard and other browsers want it listed in Access-Control-Allow-Headers"
)

// String returns the warning in one line.
func (w Warning) String() string { return w.URL + ": " + w.Text }

func (p *Page) warn(u *url.URL, text string) { p.warnText(u.String(), text) }

func (p *Page) warnText(u, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := (Warning{u, text}); !slices.Contains(p.warnings, w) {
		p.warnings = append(p.warnings, w)
	}
}
