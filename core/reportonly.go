package cors

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

const reportOnlyField = "ReportOnly"

// compileReportOnly compiles ReportOnly. It reports the problems of ReportOnly
// with the name of that field before their own.
func (c *compiled) compileReportOnly(p *problems) {
	if c.cfg.ReportOnly == nil {
		return
	}
	if c.cfg.OnReject == nil {
		p.add(CodeReportOnlyUnheard, reportOnlyField, "", "has no effect without OnReject, which gets its reports",
			"set OnReject, for example to cors.LogRejections(nil)")
	}
	tried := *c.cfg.ReportOnly
	if tried.OnReject != nil {
		p.add(CodeReportOnlyOnReject, reportOnlyField+".OnReject", "", "is never called: the OnReject outside ReportOnly gets the reports",
			"remove it")
	}
	if tried.ReportOnly != nil {
		p.add(CodeReportOnlyNested, reportOnlyField+".ReportOnly", "", "has no effect: a policy tries out one Config at a time",
			"remove it")
	}
	tried.OnReject, tried.ReportOnly = nil, nil
	compiled, err := compile(tried)
	if err != nil {
		p.addReportOnly(err)
		return
	}
	compiled.isReportOnly = true
	c.reportOnly = compiled
}

// addReportOnly adds the problems of ReportOnly.
func (p *problems) addReportOnly(err error) {
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		e := *err.(*ConfigError)
		e.Field = reportOnlyField + "." + e.Field
		e.Reason = insideReportOnly(e.Reason)
		if strings.Contains(e.Suggestion, " ") { // it is not a value
			e.Suggestion = insideReportOnly(e.Suggestion)
		}
		p.list = append(p.list, &e)
	}
}

// insideReportOnly writes "ReportOnly." before the names of fields in a
// sentence, because the advice is not about the policy in force. It does not
// change text in quotes, which is a value.
func insideReportOnly(sentence string) string {
	return quotedOrField.ReplaceAllStringFunc(sentence, func(s string) string {
		if strings.HasPrefix(s, `"`) {
			return s
		}
		return reportOnlyField + "." + s
	})
}

var quotedOrField = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|` +
	`\b(?:Unsafe\.\w+|AllowOrigin(?:s|Regexps|Func)|Allow(?:Methods|Headers|Credentials)|ExposeHeaders)\b`)

// try returns the refusal of a request by ReportOnly. The policy in force does
// not refuse the request. It treats a panic of AllowOriginFunc as an error,
// because ReportOnly must not affect responses.
func (c *compiled) try(ctx context.Context, req *Request) refusal {
	ok, err := func() (ok bool, err error) {
		defer func() {
			if v := recover(); v != nil {
				ok, err = false, fmt.Errorf("panic: %v", v)
			}
		}()
		return c.allows(ctx, req.Origin)
	}()
	return c.refuse(req, ok, err)
}
