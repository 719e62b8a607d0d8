package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// policyAnswered reports whether a response without Access-Control-Allow-Origin
// still comes from a CORS policy: it says that it depends on Origin, or has
// other headers of CORS.
func policyAnswered(h http.Header) bool {
	if slices.ContainsFunc(h["Vary"], func(line string) bool { return strings.TrimSpace(line) == "*" }) {
		return false
	}
	for _, name := range []string{"Allow-Methods", "Allow-Headers", "Allow-Credentials", "Max-Age"} {
		if h["Access-Control-"+name] != nil {
			return true
		}
	}
	return fetch.HasName(h["Vary"], "Origin")
}

// gatewayHint is for the statuses with which proxies answer for a server.
func gatewayHint(e *corstest.Exchange) string {
	why := ""
	switch s := e.Status; {
	case policyAnswered(e.ResponseHeader):
		return ""
	case s == http.StatusGatewayTimeout, s == 522, s == 524:
		why = "the server behind it does not respond in time"
	case s == http.StatusBadGateway, s >= 520 && s < 530:
		why = "the server behind it cannot be reached or crashes"
	case s == http.StatusServiceUnavailable:
		why = "the server is down or busy, or a timeout handler outside CORS gave up"
	default:
		return ""
	}
	return fmt.Sprintf("a proxy or gateway%s answers with %d, not the server: %s; fix that first, and let the proxy add CORS headers "+
		"to its own errors if scripts must read them", software(e.ResponseHeader), e.Status, why)
}

// software names the software that answers, if it says so.
func software(h http.Header) string {
	name, _, _ := strings.Cut(h.Get("Server"), "/")
	if name = strings.TrimSpace(name); name == "" || !fetch.IsToken(name) {
		return ""
	}
	return " (" + show.Plain(name, show.Field) + ")"
}

func isNGINX(h http.Header) bool {
	server := strings.ToLower(h.Get("Server"))
	return strings.HasPrefix(server, "nginx") || strings.HasPrefix(server, "openresty")
}

// inNGINX says where add_header belongs, if nginx answers.
func inNGINX(e *corstest.Exchange) string {
	if !isNGINX(e.ResponseHeader) {
		return ""
	}
	return "; if nginx adds the headers, repeat them in each location and if that has an add_header of its own, because it inherits no others"
}

// guardHint is for the statuses with which something refuses a request before the
// middleware sees it. It returns "" for other statuses.
func guardHint(e *corstest.Exchange) string {
	switch s := e.Status; {
	case s == http.StatusUnauthorized || e.ResponseHeader["Www-Authenticate"] != nil:
		if e.Preflight {
			return advice.AuthenticationFirst
		}
		return "authentication comes before CORS: " + advice.MountFirst + ", and the page can read why it is rejected"
	case s == http.StatusProxyAuthRequired, s == http.StatusNetworkAuthenticationRequired:
		return fmt.Sprintf("a proxy on the way answers with %d and asks for a login: log in there, or go around it", s)
	case s == http.StatusTooManyRequests:
		return fmt.Sprintf("a rate limit comes before CORS and answers with 429: %s", advice.MountFirst)
	}
	return ""
}

// routerHint guesses what answers a preflight without CORS headers, if nothing but
// its status shows it.
func routerHint(status int) string {
	switch {
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented:
		return fmt.Sprintf("%s: the router answers %d, as it does where CORS is mounted on a group or a route; %s",
			advice.NotOnPath, status, advice.MountForAll)
	case status == http.StatusForbidden:
		return "a policy that does not allow the origin, or a firewall before CORS, answers the preflight with 403: list the origin, if it is yours; " +
			"if it is listed, " + advice.MountFirst
	case status >= 500:
		return fmt.Sprintf("the server fails with %d on the preflight before CORS answers: check its log, and %s", status, advice.MountFirst)
	case status >= 200 && status < 300:
		return "the router itself answers OPTIONS, as it does where CORS is mounted on a route, or the origin is not allowed: " +
			advice.MountForAll + ", and list the origin"
	}
	return fmt.Sprintf("something before CORS answers the preflight with %d: %s", status, advice.MountFirst)
}

// errorHint says how CORS headers get into errors.
func errorHint(e *corstest.Exchange) string {
	if isNGINX(e.ResponseHeader) {
		return `nginx adds headers to errors only with "always", as in add_header Access-Control-Allow-Origin … always; ` +
			"and a location with an add_header of its own does not inherit others"
	}
	return "what writes this error, such as a recovery, a limit or an error page, comes before CORS or drops its headers; " + advice.MountFirst
}

// preflightStatusHint is for a preflight that has CORS headers, but not a 2xx
// status.
func preflightStatusHint(e *corstest.Exchange) string {
	const answer = "answer preflights with 204 and these headers"
	switch s := e.Status; {
	case s == http.StatusNotFound, s == http.StatusMethodNotAllowed, s == http.StatusNotImplemented:
		return fmt.Sprintf("something adds the headers, but passes the preflight on to the router, which answers %d: %s", s, answer)
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		return fmt.Sprintf("something adds the headers, but passes the preflight on to authentication, which answers %d: %s, "+
			"because preflights carry no credentials", s, answer)
	case s == http.StatusBadGateway, s == http.StatusServiceUnavailable, s == http.StatusGatewayTimeout:
		return fmt.Sprintf("a proxy or gateway%s adds the headers, but its server does not respond (%d): %s", software(e.ResponseHeader), s, answer)
	}
	return fmt.Sprintf("answer preflights with 204, not %d: authentication, rate limits and routing must run after CORS", e.Status)
}

// redirectHint says how to avoid the redirect of a preflight.
func redirectHint(e *corstest.Exchange) string {
	from, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	to, err := from.Parse(e.ResponseHeader.Get("Location"))
	if err != nil {
		return ""
	}
	shown := show.Plain(to.String(), show.Line)
	request := fmt.Sprintf("request %s in the front end, or %s", shown, advice.BeforeRedirects)
	switch {
	case to.Host == from.Host && to.Path != from.Path && strings.TrimSuffix(to.Path, "/") == strings.TrimSuffix(from.Path, "/"):
		return "the redirect is about the trailing slash: " + request
	case to.Scheme == "https" && from.Scheme == "http" && to.Hostname() == from.Hostname():
		return "the redirect leads to https: " + request
	case e.Status == http.StatusFound || e.Status == http.StatusSeeOther:
		return fmt.Sprintf("the redirect leads to %s; if that is a login, %s", shown, advice.AuthenticationFirst)
	}
	return fmt.Sprintf("the redirect leads to %s: %s", shown, request)
}

// requestedHeaders returns the header names that a preflight requests, in lower
// case.
func requestedHeaders(e *corstest.Exchange) []string {
	return strings.FieldsFunc(e.RequestHeader.Get("Access-Control-Request-Headers"), func(r rune) bool { return r == ',' || r == ' ' })
}

// remedy says all that a response lacks, where browsers name only the first
// problem. It returns "" if it finds nothing.
func remedy(e *corstest.Exchange, f script.Fetch, page string) string {
	h := e.ResponseHeader
	if f.Credentials && page == "null" {
		return "make the request without credentials; " + advice.NullOrigin
	}
	var fixes, send []string
	if e.Preflight {
		fixes = missingNames(e, f)
	}
	if f.Credentials && strings.Trim(allowOrigin(h), " \t") == "*" {
		send = append(send, fmt.Sprintf("the origin %q instead of *, if it is in your list", page))
	}
	switch lines := len(h.Values("Access-Control-Allow-Credentials")); {
	case f.Credentials && lines > 1:
		fixes = append(fixes, "two things add Access-Control-Allow-Credentials, such as a proxy and the server behind it: let only one of them add it")
	case f.Credentials && allowCredentials(h) != "true":
		send = append(send, "Access-Control-Allow-Credentials: true")
	}
	if len(send) > 0 {
		fixes = append(fixes, "in all responses, send "+strings.Join(send, ", and "), "or make the request without credentials")
	}
	return strings.Join(fixes, "; ")
}

// missingNames names the methods and headers that a preflight does not allow.
func missingNames(e *corstest.Exchange, f script.Fetch) []string {
	var fixes []string
	methods, headers := tokens(e.ResponseHeader, "Methods"), tokens(e.ResponseHeader, "Headers")
	star := func(list []string) bool { return slices.Contains(list, "*") }
	literal := func(list []string) string {
		if f.Credentials && star(list) {
			return ": with credentials, * is not enough"
		}
		return ""
	}
	if !fetch.IsSafelistedMethod(f.Method) && !slices.Contains(methods, f.Method) && (f.Credentials || !star(methods)) {
		upper := strings.ToUpper(f.Method)
		if upper != f.Method {
			fixes = append(fixes, advice.MethodCase(f.Method))
		}
		if upper == f.Method || !slices.Contains(methods, upper) {
			fixes = append(fixes, fmt.Sprintf("add %q to Access-Control-Allow-Methods", upper)+literal(methods))
		}
	}
	var missing []string
	for _, name := range requestedHeaders(e) {
		listed := slices.ContainsFunc(headers, func(h string) bool { return strings.EqualFold(h, name) })
		if !listed && (f.Credentials || !star(headers) || name == "authorization") {
			missing = append(missing, fmt.Sprintf("%q", http.CanonicalHeaderKey(name)))
		}
	}
	if len(missing) > 0 {
		why := literal(headers)
		if why == "" && star(headers) {
			why = `: "*" does not cover it`
		}
		fixes = append(fixes, fmt.Sprintf("add %s to Access-Control-Allow-Headers", strings.Join(missing, ", "))+why)
	}
	return fixes
}

// tokens returns the names in the lines of a header of a preflight response.
func tokens(h http.Header, name string) []string {
	var names []string
	for _, line := range h.Values("Access-Control-Allow-" + name) {
		for name := range strings.SplitSeq(line, ",") {
			names = append(names, fetch.TrimBlanks(name))
		}
	}
	return names
}
