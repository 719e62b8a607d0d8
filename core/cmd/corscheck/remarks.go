package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// strangers says who can have the origins that a dangerous entry allows. The
// keys are the codes with which package cors refuses the entry with credentials.
var strangers = map[cors.Code]string{
	cors.CodeAnyWithCredentials: "every site",
	cors.CodeOriginNull:         "every site, from a sandboxed frame,",
	cors.CodeRegexpNull:         "every site, from a sandboxed frame,",
	cors.CodeOriginBelowSuffix:  anyName,
	cors.CodeOriginAboveSuffix:  anyName,
	cors.CodeRegexpBelowSuffix:  anyName,
	cors.CodeRegexpDomains:      anyName,
	cors.CodeRegexpManyDomains:  anyName,
	cors.CodeRegexpSchemes:      anyName,
	cors.CodeOriginAnyApp:       "every app or extension with this scheme",
	cors.CodeRegexpAnyApp:       "every app or extension with this scheme",
	cors.CodeRegexpTooLarge:     "perhaps anybody (it is too large to judge)",
}

const (
	anyName   = "anybody can register a name that it allows, and"
	onNetwork = "anybody on a user's network can pretend to be it, and"
)

// originRemarks says which entries allow origins that strangers can have.
// Without credentials, such entries may be intended. With credentials, they need
// Unsafe.
func originRemarks(cfg cors.Config) []string {
	const most = 8
	may := "may read responses, without credentials"
	if cfg.AllowCredentials {
		may = "may read responses and act as your users"
	}
	var remarks []string
	remark := func(entry string, alone cors.Config) {
		alone.AllowCredentials, alone.Unsafe.InsecureOrigins = true, false
		_, err := cors.New(alone)
		for _, code := range codes(err) {
			who := strangers[code]
			if cfg.AllowCredentials && (code == cors.CodeOriginInsecure || code == cors.CodeRegexpInsecure) {
				who = onNetwork // without credentials, they learn nothing that way
			}
			if who != "" {
				remarks = append(remarks, fmt.Sprintf("%s: %s %s", entry, who, may))
				return
			}
		}
	}
	for _, o := range cfg.AllowOrigins {
		remark(o, cors.Config{AllowOrigins: []string{o}})
	}
	for _, re := range cfg.AllowOriginRegexps {
		remark("/"+re.String()+"/", cors.Config{AllowOriginRegexps: []*regexp.Regexp{re}})
	}
	if len(remarks) > most {
		remarks = append(remarks[:most], fmt.Sprintf("and %d more such entries", len(remarks)-most))
	}
	return remarks
}

// codes returns the kinds of the problems that an error of package cors joins.
func codes(err error) []cors.Code {
	var all []cors.Code
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			all = append(all, codes(err)...)
		}
	} else if problem, ok := errors.AsType[*cors.ConfigError](err); ok {
		all = append(all, problem.Code)
	}
	return all
}

// methodsInForce says which methods browsers send.
func methodsInForce(methods []string) string {
	free := slices.DeleteFunc([]string{"GET", "HEAD", "POST"}, func(m string) bool { return slices.Contains(methods, m) })
	switch {
	case slices.Contains(methods, "*"):
		return "any"
	case len(methods) == 0:
		return "GET, HEAD and POST, which need no permission"
	case len(free) == 1:
		return list(methods, "") + "; " + free[0] + " needs no permission"
	case len(free) > 1:
		return list(methods, "") + "; " + strings.Join(free[:len(free)-1], ", ") + " and " + free[len(free)-1] + " need no permission"
	}
	return list(methods, "")
}

// headersInForce says which request headers scripts may set.
func headersInForce(names []string) string {
	isAuthorization := func(name string) bool { return strings.EqualFold(name, "Authorization") }
	switch {
	case !slices.Contains(names, "*"):
		return list(names, "those that need no permission")
	case slices.ContainsFunc(names, isAuthorization):
		return "any"
	}
	return "any but Authorization"
}

// exposedInForce says which response headers scripts read.
func exposedInForce(names []string) string {
	if slices.Contains(names, "*") {
		return "any but Set-Cookie"
	}
	return list(names, "those that need no permission")
}
