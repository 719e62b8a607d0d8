package cors

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
)

// compiled is a Config made ready: immutable, and with every answer that does
// not depend on the request already written.
type compiled struct {
	cfg Config

	anyOrigin bool
	origins   *origin.Set
	regexps   []*regexp.Regexp

	asks  bool // regexps or the callback about origins that are not listed
	looks bool // at more of a request than its method, its origin, and what a preflight asks for

	// With credentials, browsers take "*" for a method or header of that name,
	// so that what was asked for has to be repeated.
	echoMethod  bool
	echoHeaders bool

	methods map[string]bool // that are listed, "*" included
	headers map[string]bool // likewise, in lower case

	noOrigin, rejected *Answer
	actual, preflight  answers
}

// answers are those to requests that have an Origin, and are of one kind.
type answers struct{ allowed, refused, failed *Answer }

// compile checks cfg, reports everything that is wrong with it, and makes it
// ready.
func compile(cfg Config) (*compiled, error) {
	cfg = cfg.clone()
	c := &compiled{cfg: cfg}
	p := new(problems)
	c.compileOrigins(p)
	c.compileRegexps(p)
	methods := c.compileMethods(p)
	headers := c.compileHeaders(p)
	expose := compileExpose(cfg, p)
	vary := compileVary(cfg, p)
	maxAge := compileMaxAge(cfg, p)
	checkPreflightStatus(cfg, p)
	if err := errors.Join(p.list...); err != nil {
		return nil, err
	}
	c.asks = c.regexps != nil || cfg.AllowOriginFunc != nil
	c.looks = cfg.RejectDisallowed || cfg.OnReject != nil || cfg.AllowOriginFunc != nil
	c.writeAnswers(methods, headers, expose, maxAge, vary)
	return c, nil
}

// problems collects what is wrong with a Config.
type problems struct{ list []error }

func (p *problems) add(field, value, reason, suggestion string) {
	p.addAt(field, -1, value, reason, suggestion)
}

func (p *problems) addAt(field string, index int, value, reason, suggestion string) {
	p.list = append(p.list, &ConfigError{field, index, value, reason, suggestion})
}

// compileMethods returns the value of Access-Control-Allow-Methods.
func (c *compiled) compileMethods(p *problems) string {
	const field = "AllowMethods"
	configured := c.cfg.AllowMethods
	if configured == nil {
		configured = []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"}
	}
	var list nameList
	misspelt := -1 // "patch": the one method that is as common as the six, and is not normalised
	for i, name := range configured {
		switch method := fetch.NormalizeMethod(name); {
		case !fetch.IsToken(name):
			p.badName(field, i, name, "method")
		case fetch.IsForbiddenMethod(name):
			p.addAt(field, i, name, "is a method that browsers never send", "remove it")
		default:
			if method != "PATCH" && strings.EqualFold(method, "PATCH") {
				misspelt = i
			}
			list.add(method, method)
		}
	}
	if misspelt >= 0 && !list.has("PATCH") && !list.has("*") {
		p.addAt(field, misspelt, configured[misspelt], "allows only requests with the method in this case: "+
			"browsers do not upper-case it", "PATCH")
	}
	c.methods = list.seen
	if list.has("*") {
		c.echoMethod = c.cfg.AllowCredentials
		return "*"
	}
	return list.String()
}

// compileHeaders returns the value of Access-Control-Allow-Headers.
func (c *compiled) compileHeaders(p *problems) string {
	const field = "AllowHeaders"
	var list nameList
	for i, name := range c.cfg.AllowHeaders {
		lower := strings.ToLower(name)
		switch {
		case !fetch.IsToken(name):
			p.badName(field, i, name, "header name")
		case !fetch.IsForbiddenRequestHeader(lower):
			list.add(lower, name)
		}
	}
	c.headers = list.seen
	if !list.has("*") {
		return list.String()
	}
	c.echoHeaders = c.cfg.AllowCredentials
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
		case !fetch.IsToken(name):
			p.badName(field, i, name, "header name")
		case name == "*" && cfg.AllowCredentials:
			p.addAt(field, i, name, "exposes nothing together with AllowCredentials, where browsers take it literally",
				"list the headers by name")
		case !fetch.IsForbiddenResponseHeader(lower):
			list.add(lower, name)
		}
	}
	if list.has("*") {
		return "*"
	}
	return list.String()
}

// compileVary returns the request headers that the choice of the policy depends
// on, other than Origin.
func compileVary(cfg Config, p *problems) string {
	const field = "Vary"
	var list nameList
	for i, name := range cfg.Vary {
		switch lower := strings.ToLower(name); {
		case !fetch.IsToken(name):
			p.badName(field, i, name, "header name")
		case name == "*":
			p.addAt(field, i, name, "is not the name of a request header",
				"list the headers that choose the policy")
		case lower != "origin":
			list.add(lower, name)
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
		p.add("MaxAge", age.String(), "is not in whole seconds", suggestion)
		return ""
	default:
		return strconv.FormatInt(int64(age/time.Second), 10)
	}
}

func checkPreflightStatus(cfg Config, p *problems) {
	if s := cfg.PreflightStatus; s != 0 && (s < 200 || s > 299) {
		p.add("PreflightStatus", strconv.Itoa(s), "is no success, so that browsers would refuse every preflight", "204")
	}
}

// writeAnswers writes the answers that all requests share.
func (c *compiled) writeAnswers(methods, headers, expose, maxAge, vary string) {
	const preflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

	actual := Decision{ExposeHeaders: expose, Vary: joinNames("Origin", vary)}
	preflight := Decision{
		Status:       c.cfg.PreflightStatus,
		AllowMethods: methods,
		AllowHeaders: headers,
		MaxAge:       maxAge,
		Vary:         joinNames(preflightVary, MissingVary(vary, preflightVary)),
	}
	switch {
	case c.cfg.PreflightContinue:
		preflight.Status = 0
	case preflight.Status == 0:
		preflight.Status = http.StatusNoContent
	}
	if c.cfg.AllowCredentials {
		actual.AllowCredentials, preflight.AllowCredentials = "true", "true"
	}

	with := func(status int, vary string) *Answer {
		return Decision{Status: status, Vary: vary}.Answer()
	}
	c.rejected = with(statusRejected, actual.Vary)
	c.noOrigin = with(0, actual.Vary)
	c.actual = answers{refused: with(0, actual.Vary), failed: with(http.StatusInternalServerError, actual.Vary)}
	c.preflight = answers{
		refused: with(http.StatusForbidden, preflight.Vary),
		failed:  with(http.StatusInternalServerError, preflight.Vary),
	}
	if c.anyOrigin {
		actual.AllowOrigin, actual.Vary, preflight.AllowOrigin = "*", vary, "*"
		c.actual.allowed = actual.Answer()
		c.preflight.allowed = preflight.Answer()
		c.noOrigin = c.actual.allowed
		return
	}
	method, names := nothing, nothing
	if c.echoMethod {
		method = theMethod
	}
	switch {
	case c.echoHeaders && c.headers["authorization"]:
		names = theHeadersAndAuthorization
	case c.echoHeaders:
		names = theHeaders
	}
	c.actual.allowed = newAnswer(actual, theOrigin, nothing, nothing)
	c.preflight.allowed = newAnswer(preflight, theOrigin, method, names)
}
