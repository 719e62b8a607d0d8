package corstest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/show"
)

// A Stage says which response a browser refuses.
type Stage string

const (
	StagePreflight Stage = "preflight"
	StageResponse  Stage = "response"
)

// A Reason is the code that Chromium's DevTools have for a CORS error. The
// first six have the prefix "Preflight" where they are about a preflight:
// "PreflightMissingAllowOriginHeader".
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
	ReasonDisabledScheme              Reason = "CorsDisabledScheme" // a redirect to what is not http or https
)

// A BlockedError says that a browser, because of CORS, hides a response from a
// script or does not send the request. Values of responses have a limited length
// in it, and no control characters.
type BlockedError struct {
	Stage   Stage
	Reason  Reason
	URL     string // of the response
	Origin  string // as sent: the page's, or "null"
	Status  int    // of the response; 0 if there was none to judge
	Message string // what Chromium's console says
	Hint    string // what to change, usually on the server
}

// Error returns the message.
func (e *BlockedError) Error() string { return e.Message }

// blocked makes the error for a response.
func (f *fetching) blocked(stage Stage, reason Reason, value string, res *http.Response) *BlockedError {
	e := &BlockedError{Stage: stage, Reason: reason, URL: f.req.URL.String(), Origin: f.origin()}
	if res != nil {
		e.Status = res.StatusCode
	}
	said := clean(inASCII(value))
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
		e.URL, redirected, f.page.Origin, prefix, consoleText(Reason(base), said))
	e.Hint = hint(Reason(base), value, e, f.asked)
	return e
}

// clean makes a value safe for a message. It stands there without quotes, or in
// those of Chromium.
func clean(s string) string { return show.Plain(s, 200) }

// inASCII writes the bytes of a header as Chromium's console does.
func inASCII(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, `\u%04X`, s[i])
		}
	}
	return b.String()
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
	case ReasonDisabledScheme:
		return "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, " +
			"chrome-extension, chrome-untrusted, data, http, https, isolated-app."
	default:
		return "Redirect location '" + value + "' contains a username and password, which is disallowed for cross-origin requests."
	}
}

// hint says what to change. asked is true if a preflight allowed the request
// whose response is blocked.
func hint(reason Reason, value string, e *BlockedError, asked bool) string {
	switch reason {
	case ReasonMissingAllowOrigin:
		if e.Stage == StageResponse {
			return bareResponseHint(e, asked)
		}
		return barePreflightHint(e)
	case ReasonAllowOriginMismatch:
		if e.Origin == "null" {
			return advice.NullOrigin
		}
		return fmt.Sprintf("send exactly the origin of the request: %q", e.Origin)
	case ReasonInvalidAllowOrigin:
		return fmt.Sprintf("send one origin, %q, or * without credentials", e.Origin)
	case ReasonMultipleAllowOrigin:
		return "send the header once, with one origin: a proxy or a second middleware adds another"
	case ReasonWildcardOrigin:
		return fmt.Sprintf("send the origin %q instead of *, or make the request without credentials", e.Origin)
	case ReasonInvalidCredentials:
		return "send Access-Control-Allow-Credentials: true, or make the request without credentials"
	case ReasonPreflightStatus:
		return fmt.Sprintf("answer preflights with 204, not %d: authentication, rate limits and routing must run after CORS", e.Status)
	case ReasonPreflightRedirect:
		return advice.BeforeRedirects + ", or request the target of the redirect: check for a trailing slash, and for http instead of https"
	case ReasonMethodDisallowed:
		if strings.ToUpper(value) != value {
			return advice.MethodCase(value)
		}
		return fmt.Sprintf("add %q to Access-Control-Allow-Methods; with credentials, * is not enough", value)
	case ReasonHeaderDisallowed:
		if value == "authorization" {
			return advice.AddHeader(value, "Access-Control-Allow-Headers", true)
		}
		return advice.AddHeader(value, "Access-Control-Allow-Headers", false) + "; with credentials, * is not enough"
	case ReasonInvalidAllowMethods, ReasonInvalidAllowHeaders:
		return "send a comma-separated list of names; a single invalid name makes browsers ignore the whole header"
	case ReasonDisabledScheme:
		return "redirect to an http or https URL"
	default:
		return "remove the user name and the password from the redirect"
	}
}

// bareResponseHint guesses the cause of a response without CORS headers.
func bareResponseHint(e *BlockedError, asked bool) string {
	switch {
	case e.Status >= 300 && e.Status < 400:
		return "the redirect comes before CORS: " + advice.MountFirst + ", or request the target of the redirect"
	case asked:
		return "the preflight is allowed, but the response has no CORS headers: the middleware is mounted after this route or on " +
			"another part of the router, or a later handler removes the headers; " + advice.MountForAll
	case e.Status == http.StatusUnauthorized:
		return "authentication comes before CORS: " + advice.MountFirst + ", and the page can read why it is rejected"
	}
	return "the response does not come through the CORS middleware, or the origin is not allowed: " + advice.MountForAll + ", and list the origin"
}

// barePreflightHint guesses what answered a preflight instead of a CORS
// middleware.
func barePreflightHint(e *BlockedError) string {
	switch {
	case e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed:
		return fmt.Sprintf("%s: the router answers %d, as it does where CORS is mounted on a group or a route; %s",
			advice.NotOnPath, e.Status, advice.MountForAll)
	case e.Status == http.StatusUnauthorized:
		return advice.AuthenticationFirst
	case e.Status == http.StatusForbidden:
		return fmt.Sprintf("the policy that answers does not allow the origin: list %q, if it is yours; "+
			"if it is listed, the preflight reaches another group's policy", e.Origin)
	case e.Status >= 200 && e.Status < 300:
		return "the router itself answers OPTIONS, as it does where CORS is mounted on a route, or the origin is not allowed: " +
			advice.MountForAll + ", and list the origin"
	}
	return "something before CORS answers the preflight: " + advice.MountFirst
}
