package cors

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

const reportOnlyField = "ReportOnly"

// compileReportOnly makes the Config that is tried out ready. Its problems are
// those of New, with the name of the field in front.
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

// addReportOnly adds the problems of the Config that is tried out.
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

// insideReportOnly writes the name of ReportOnly before the names of fields in a
// sentence: who follows the sentence must not change the policy in force. What is
// in quotes are values.
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

// try returns the refusal of a request that the policy in force does not refuse.
// An AllowOriginFunc that panics is one that fails: trying out a Config must not
// change an answer.
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
