package cors

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
)

// compiled is a Config prepared for requests. It is immutable, and has every
// answer that does not depend on the request.
type compiled struct {
	cfg Config

	anyOrigin bool
	origins   *origin.Set
	resembled []origin.Pattern // the first maxResembled entries, for hints
	regexps   []*regexp.Regexp

	consults      bool // whether there are expressions or callbacks
	ambiguousPath bool // see [Paths.Policy]

	reportOnly   *compiled // the Config that is tried out; usually nil
	isReportOnly bool      // whether this is the ReportOnly of another Config

	// With credentials, browsers take "*" as the name of a method or header, so
	// the answer must echo what the preflight requests.
	echoesMethod  bool
	echoesHeaders bool

	methods map[string]bool // the listed names, and "*" if it is listed
	headers map[string]bool // likewise, in lower case

	noOrigin, rejected *answer
	actual, preflight  answers
	echoing            map[echoKind]*answer // nil if the answer to a preflight echoes nothing
}

// An echoKind says which parts of a preflight are valid, and may be echoed.
type echoKind struct{ method, headers bool }

// answers has the prepared answers to requests of one kind that have an Origin,
// by outcome.
type answers struct{ allowed, refused, failed *answer }

// compile checks cfg and prepares it for requests. The error joins all problems.
func compile(cfg Config) (*compiled, error) {
	cfg = cfg.clone()
	c := &compiled{cfg: cfg}
	p := &problems{left: maxRewriting}
	c.compileOrigins(p)
	c.compileRegexps(p)
	methods := c.compileMethods(p)
	headers := c.compileHeaders(p)
	expose := compileExpose(cfg, p)
	vary := compileVary(cfg, p)
	age := compileMaxAge(cfg, p)
	checkPreflightStatus(cfg, p)
	c.compileReportOnly(p)
	if err := p.err(); err != nil {
		return nil, err
	}
	c.consults = c.regexps != nil || cfg.AllowOriginFunc != nil || cfg.OnReject != nil
	c.prepareAnswers(methods, headers, expose, age, vary)
	return c, nil
}

// compileMethods returns the value of Access-Control-Allow-Methods.
func (c *compiled) compileMethods(p *problems) string {
	const field = "AllowMethods"
	configured := c.cfg.AllowMethods
	if configured == nil {
		configured = fetch.CommonMethods()
	}
	var list nameList
	lowerPatch := -1 // index of a "patch" entry: browsers do not upper-case PATCH
	for i, name := range configured {
		switch method := fetch.NormalizeMethod(name); {
		case !isName(name):
			p.addName(field, i, name, "method", correctMethod)
		case fetch.IsForbiddenMethod(name):
			p.addAt(CodeMethodForbidden, field, i, name, "is a method that browsers never send", "remove it")
		default:
			if method != "PATCH" && strings.EqualFold(method, "PATCH") {
				lowerPatch = i
			}
			list.add(method, method)
		}
	}
	if lowerPatch >= 0 && !list.has("PATCH") && !list.has("*") {
		p.addAt(CodeMethodCase, field, lowerPatch, configured[lowerPatch], "allows only requests with the method in this case: "+
			"browsers do not upper-case it", "PATCH")
	}
	c.methods = list.seen
	if list.has("*") {
		c.echoesMethod = c.cfg.AllowCredentials
		return "*"
	}
	return list.String()
}

// correctMethod returns a method as browsers send it, or an empty string if they
// never send it.
func correctMethod(name string) string {
	switch {
	case fetch.IsForbiddenMethod(name):
		return ""
	case strings.EqualFold(name, "PATCH"):
		return "PATCH"
	}
	return fetch.NormalizeMethod(name)
}

// compileHeaders returns the value of Access-Control-Allow-Headers.
func (c *compiled) compileHeaders(p *problems) string {
	const field = "AllowHeaders"
	var list nameList
	for i, name := range c.cfg.AllowHeaders {
		lower := strings.ToLower(name)
		switch {
		case !isName(name):
			p.addName(field, i, name, "header name", func(name string) string {
				if new(problems).addUseless(field, i, name, c.cfg.AllowCredentials) {
					return ""
				}
				return name
			})
		case p.addUseless(field, i, name, c.cfg.AllowCredentials):
		case !fetch.IsForbiddenRequestHeader(lower):
			list.add(lower, name)
		}
	}
	c.headers = list.seen
	if !list.has("*") {
		return list.String()
	}
	c.echoesHeaders = c.cfg.AllowCredentials
	if list.has("authorization") {
		return "*, Authorization"
	}
	return "*"
}

func compileExpose(cfg Config, p *problems) string {
	const field = "ExposeHeaders"
	var list nameList
	for i, name := range cfg.ExposeHeaders {
		lower := strings.ToLower(name)
		switch {
		case !isName(name):
			p.addName(field, i, name, "header name", func(name string) string {
				if name == "*" && cfg.AllowCredentials || fetch.IsForbiddenResponseHeader(strings.ToLower(name)) {
					return ""
				}
				return name
			})
		case name == "*" && cfg.AllowCredentials:
			p.addAt(CodeExposeAnyWithCredentials, field, i, name, "exposes nothing together with AllowCredentials: browsers take it for the name of a header",
				"list the headers by name")
		case fetch.IsForbiddenResponseHeader(lower):
			p.addAt(CodeExposeCookie, field, i, name, "is a header that scripts never see: browsers store cookies themselves, with AllowCredentials",
				removeForCookies(cfg.AllowCredentials))
		default:
			list.add(lower, name)
		}
	}
	if list.has("*") {
		return "*"
	}
	return list.String()
}

// compileVary returns the request headers that the choice of the policy depends
// on.
func compileVary(cfg Config, p *problems) string {
	const field = "Vary"
	var list nameList
	for i, name := range cfg.Vary {
		switch {
		case !isName(name):
			p.addName(field, i, name, "header name", func(name string) string { return strings.Trim(name, "*") })
		case name == "*":
			p.addAt(CodeVaryAny, field, i, name, "is not the name of a request header",
				"list the headers that choose the policy")
		default:
			list.add(strings.ToLower(name), name)
		}
	}
	return list.String()
}

func compileMaxAge(cfg Config, p *problems) string {
	switch age := cfg.MaxAge; {
	case age == 0:
		return ""
	case age < 0:
		return "0"
	case age%time.Second != 0:
		suggestion := (age.Truncate(time.Second) + time.Second).String()
		if age < time.Millisecond { // a bare number, meant as seconds
			suggestion = "write " + strconv.FormatInt(int64(age), 10) + " * time.Second"
		}
		p.add(CodeMaxAge, "MaxAge", age.String(), "is not in whole seconds", suggestion)
		return ""
	default:
		return strconv.FormatInt(int64(age/time.Second), 10)
	}
}

func checkPreflightStatus(cfg Config, p *problems) {
	if s := cfg.PreflightStatus; s != 0 && (s < 200 || s > 299) {
		p.add(CodePreflightStatus, "PreflightStatus", strconv.Itoa(s), "is not a 2xx status; browsers would reject every preflight", "204")
	}
}

// prepareAnswers prepares the answers that all requests of one kind share.
func (c *compiled) prepareAnswers(methods, headers, expose, age, vary string) {
	const preflightNames = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
	actualVary := joinNames("Origin", missingNames(vary, []string{"Origin"}))
	preflightVary := joinNames(preflightNames, missingNames(vary, []string{preflightNames}))

	origin := header{name: allowOrigin, echo: echoOrigin}
	allowedVary := actualVary
	if c.anyOrigin {
		origin = header{name: allowOrigin, value: "*"}
		allowedVary = vary
	}
	credentials := header{name: allowCredentials}
	if c.cfg.AllowCredentials {
		credentials.value = "true"
	}
	preflight := func(method, names header) *answer {
		method.name, names.name = allowMethods, allowHeaders
		return newAnswer(preflightStatus(c.cfg), preflightVary, origin, credentials, method, names, header{name: maxAge, value: age})
	}

	c.actual = answers{
		allowed: newAnswer(0, allowedVary, origin, credentials, header{name: exposeHeaders, value: expose}),
		refused: newAnswer(0, actualVary),
		failed:  newAnswer(http.StatusInternalServerError, actualVary),
	}
	c.preflight = answers{
		allowed: preflight(header{value: methods}, header{value: headers}),
		refused: newAnswer(http.StatusForbidden, preflightVary),
		failed:  newAnswer(http.StatusInternalServerError, preflightVary),
	}
	c.rejected = newAnswer(http.StatusForbidden, actualVary)
	c.noOrigin = c.actual.refused
	if c.anyOrigin { // copies in caches must work for every origin
		c.noOrigin = c.actual.allowed
	}

	if !c.echoesMethod && !c.echoesHeaders {
		return
	}
	c.echoing = map[echoKind]*answer{}
	for _, kind := range []echoKind{{false, false}, {false, true}, {true, false}, {true, true}} {
		method, names := header{value: methods}, header{value: headers}
		if c.echoesMethod {
			method = echoIf(kind.method, echoMethod)
		}
		if c.echoesHeaders {
			names = echoIf(kind.headers, echoHeaders)
		}
		c.echoing[kind] = preflight(method, names)
	}
}

func echoIf(fit bool, e echo) header {
	if !fit {
		e = echoNothing
	}
	return header{echo: e}
}

// preflightStatus returns the status that answers an allowed preflight, or zero
// if the next handler answers it.
func preflightStatus(cfg Config) int {
	switch {
	case cfg.PreflightContinue:
		return 0
	case cfg.PreflightStatus == 0:
		return http.StatusNoContent
	}
	return cfg.PreflightStatus
}
