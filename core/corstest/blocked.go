package corstest

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/show"
)

// A Stage says which response failed a check of the browser.
type Stage string

const (
	StagePreflight Stage = "preflight"
	StageResponse  Stage = "response"
)

// An Issue is the code that Chromium's DevTools show for a CORS error.
type Issue string

const (
	IssueMissingAllowOrigin          Issue = "MissingAllowOriginHeader"
	IssueAllowOriginMismatch         Issue = "AllowOriginMismatch"
	IssueInvalidAllowOrigin          Issue = "InvalidAllowOriginValue"
	IssueMultipleAllowOrigin         Issue = "MultipleAllowOriginValues"
	IssueWildcardOrigin              Issue = "WildcardOriginNotAllowed"
	IssueInvalidCredentials          Issue = "InvalidAllowCredentials"
	IssueRedirectContainsCredentials Issue = "RedirectContainsCredentials"
	IssueDisabledScheme              Issue = "CorsDisabledScheme" // a redirect to a scheme other than http and https

	IssuePreflightMissingAllowOrigin  Issue = "PreflightMissingAllowOriginHeader"
	IssuePreflightAllowOriginMismatch Issue = "PreflightAllowOriginMismatch"
	IssuePreflightInvalidAllowOrigin  Issue = "PreflightInvalidAllowOriginValue"
	IssuePreflightMultipleAllowOrigin Issue = "PreflightMultipleAllowOriginValues"
	IssuePreflightWildcardOrigin      Issue = "PreflightWildcardOriginNotAllowed"
	IssuePreflightInvalidCredentials  Issue = "PreflightInvalidAllowCredentials"
	IssuePreflightStatus              Issue = "PreflightInvalidStatus"
	IssuePreflightRedirect            Issue = "PreflightDisallowedRedirect"
	IssueInvalidAllowMethods          Issue = "InvalidAllowMethodsPreflightResponse"
	IssueInvalidAllowHeaders          Issue = "InvalidAllowHeadersPreflightResponse"
	IssueMethodDisallowed             Issue = "MethodDisallowedByPreflightResponse"
	IssueHeaderDisallowed             Issue = "HeaderDisallowedByPreflightResponse"
)

// inPreflight returns the issue that DevTools show instead of i if the response
// is to a preflight.
func (i Issue) inPreflight() Issue {
	return cmp.Or(map[Issue]Issue{
		IssueMissingAllowOrigin:  IssuePreflightMissingAllowOrigin,
		IssueAllowOriginMismatch: IssuePreflightAllowOriginMismatch,
		IssueInvalidAllowOrigin:  IssuePreflightInvalidAllowOrigin,
		IssueMultipleAllowOrigin: IssuePreflightMultipleAllowOrigin,
		IssueWildcardOrigin:      IssuePreflightWildcardOrigin,
		IssueInvalidCredentials:  IssuePreflightInvalidCredentials,
	}[i], i)
}

// A BlockedError says that CORS makes a browser hide a response from a script, or
// not send the request. Values from responses have a limited length, and no
// control characters.
type BlockedError struct {
	Stage   Stage
	Issue   Issue
	URL     string // of the response
	Origin  string // the Origin header that was sent: the origin of the page, or "null"
	Status  int    // of the response; 0 if a redirect was not followed
	Message string // as in Chromium's console
	Hint    string // what to change, usually on the server
}

// Error returns the message.
func (e *BlockedError) Error() string { return e.Message }

// blocked returns the error for a response. The issue is the one for an actual
// response; for a preflight, blocked replaces it.
func (f *fetching) blocked(stage Stage, issue Issue, value string, res *http.Response) *BlockedError {
	e := &BlockedError{Stage: stage, Issue: issue, URL: f.at.String(), Origin: f.origin()}
	if res != nil {
		e.Status = res.StatusCode
	}
	said := clean(inASCII(value))
	value = clean(value)
	redirected := ""
	if f.first.String() != e.URL {
		redirected = fmt.Sprintf(" (redirected from '%s')", f.first)
	}
	prefix := ""
	if stage == StagePreflight {
		e.Issue = issue.inPreflight()
	}
	if strings.HasPrefix(string(e.Issue), "Preflight") {
		prefix = "Response to preflight request doesn't pass access control check: "
	}
	e.Message = fmt.Sprintf("Access to fetch at '%s'%s from origin '%s' has been blocked by CORS policy: %s%s",
		e.URL, redirected, f.page.Origin, prefix, consoleText(issue, said))
	e.Hint = hint(issue, value, e, f.asked)
	if issue == IssueMissingAllowOrigin && fetch.HasName(res.Header["Vary"], "Origin") {
		e.Hint = refusingPolicyHint(e, f.asked)
	}
	return e
}

// clean makes a value safe for a message. Chromium's quotes, or none, surround
// it there.
func clean(s string) string { return show.Plain(s, 200) }

// inASCII escapes the bytes of a header as Chromium's console does.
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

// consoleText returns the message of Chromium's console for an issue.
func consoleText(issue Issue, value string) string {
	const another = "' that is not equal to the supplied origin. Have the server send the header with a valid value."
	switch issue {
	case IssueMissingAllowOrigin:
		return "No 'Access-Control-Allow-Origin' header is present on the requested resource."
	case IssueAllowOriginMismatch:
		return "The 'Access-Control-Allow-Origin' header has a value '" + value + another
	case IssueInvalidAllowOrigin:
		return "The 'Access-Control-Allow-Origin' header contains the invalid value '" + value + "'. " +
			"Have the server send the header with a valid value."
	case IssueMultipleAllowOrigin:
		return "The 'Access-Control-Allow-Origin' header contains multiple values '" + value + "', but only one is allowed. " +
			"Have the server send the header with a valid value."
	case IssueWildcardOrigin:
		return "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' " +
			"when the request's credentials mode is 'include'."
	case IssueInvalidCredentials:
		return "The value of the 'Access-Control-Allow-Credentials' header in the response is '" + value + "' which must be 'true' " +
			"when the request's credentials mode is 'include'."
	case IssuePreflightStatus:
		return "It does not have HTTP ok status."
	case IssuePreflightRedirect:
		return "Redirect is not allowed for a preflight request."
	case IssueMethodDisallowed:
		return "Method " + value + " is not allowed by Access-Control-Allow-Methods in preflight response."
	case IssueHeaderDisallowed:
		return "Request header field " + value + " is not allowed by Access-Control-Allow-Headers in preflight response."
	case IssueInvalidAllowMethods:
		return "Cannot parse Access-Control-Allow-Methods response header field in preflight response."
	case IssueInvalidAllowHeaders:
		return "Cannot parse Access-Control-Allow-Headers response header field in preflight response."
	case IssueDisabledScheme:
		return "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, " +
			"chrome-extension, chrome-untrusted, data, http, https, isolated-app."
	default:
		return "Redirect location '" + value + "' contains a username and password, which is disallowed for cross-origin requests."
	}
}

// hint says what to change. asked is true if a preflight allowed the request
// whose response is blocked.
func hint(issue Issue, value string, e *BlockedError, asked bool) string {
	switch issue {
	case IssueMissingAllowOrigin:
		if e.Stage == StageResponse {
			return bareResponseHint(e, asked)
		}
		return barePreflightHint(e)
	case IssueAllowOriginMismatch:
		if e.Origin == "null" {
			return advice.NullOrigin
		}
		return fmt.Sprintf("send exactly the origin of the request: %q", e.Origin)
	case IssueInvalidAllowOrigin:
		return fmt.Sprintf("send one origin, %q, or * without credentials", e.Origin)
	case IssueMultipleAllowOrigin:
		return "send the header once, with one origin: a proxy or a second middleware adds another"
	case IssueWildcardOrigin:
		return fmt.Sprintf("send the origin %q instead of *, or make the request without credentials", e.Origin)
	case IssueInvalidCredentials:
		return "send Access-Control-Allow-Credentials: true, or make the request without credentials"
	case IssuePreflightStatus:
		return fmt.Sprintf("answer preflights with 204, not %d: authentication, rate limits and routing must run after CORS", e.Status)
	case IssuePreflightRedirect:
		return advice.BeforeRedirects + ", or request the target of the redirect: check for a trailing slash, and for http instead of https"
	case IssueMethodDisallowed:
		if strings.ToUpper(value) != value {
			return advice.MethodCase(value)
		}
		return fmt.Sprintf("add %q to Access-Control-Allow-Methods; with credentials, * is not enough", value)
	case IssueHeaderDisallowed:
		if value == "authorization" {
			return advice.AddHeader(value, "Access-Control-Allow-Headers", true)
		}
		return advice.AddHeader(value, "Access-Control-Allow-Headers", false) + "; with credentials, * is not enough"
	case IssueInvalidAllowMethods, IssueInvalidAllowHeaders:
		return "send a comma-separated list of names; a single invalid name makes browsers ignore the whole header"
	case IssueDisabledScheme:
		return "redirect to an http or https URL"
	default:
		return "remove the user name and the password from the redirect"
	}
}

// refusingPolicyHint is for a response of a policy. Vary: Origin is a sign of one.
func refusingPolicyHint(e *BlockedError, asked bool) string {
	switch {
	case e.Origin == "null":
		return advice.NullOrigin
	case asked:
		return fmt.Sprintf("the preflight is allowed, but another policy answers the request: list %q there, too, or remove that policy", e.Origin)
	case e.Stage == StagePreflight:
		return fmt.Sprintf("the policy that answers does not allow the origin: list %q, if it is yours; "+
			"if it is listed, the preflight reaches another group's policy", e.Origin)
	}
	return fmt.Sprintf("the policy that answers does not allow the origin: list %q, if it is yours", e.Origin)
}

// bareResponseHint guesses the cause of a response without CORS headers.
func bareResponseHint(e *BlockedError, asked bool) string {
	switch {
	case e.Status >= 300 && e.Status < 400:
		return advice.RedirectFirst
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
		return refusingPolicyHint(e, false)
	case e.Status >= 200 && e.Status < 300:
		return "the router itself answers OPTIONS, as it does where CORS is mounted on a route, or the origin is not allowed: " +
			advice.MountForAll + ", and list the origin"
	}
	return "something before CORS answers the preflight: " + advice.MountFirst
}
