package browser

import (
	"flag"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// themes lists all scenarios.
var themes = []struct {
	name      string
	scenarios func() []scenario
}{
	{"origins", originScenarios},
	{"methods", methodScenarios},
	{"headers", headerScenarios},
	{"safelist", safelistScenarios},
	{"credentials", credentialScenarios},
	{"expose", exposeScenarios},
	{"status", statusScenarios},
	{"cache", cacheScenarios},
	{"null", nullScenarios},
	{"redirects", redirectScenarios},
	{"modes", modeScenarios},
	{"broken", brokenScenarios},
	{"jar", jarScenarios},
	{"urls", urlScenarios},
	{"locations", locationScenarios},
	{"cookies", cookieScenarios},
	{"metadata", metadataScenarios},
	{"cache keys", cacheKeyScenarios},
	{"lines", lineScenarios},
	{"spellings of methods", methodSpellings},
	{"values of headers", headerValues},
}

// TestAgreement plays each scenario in Chromium and in corstest.
func TestAgreement(t *testing.T) {
	l := openLab(t)
	var all []scenario
	for _, theme := range themes {
		for _, s := range theme.scenarios() {
			s.name = theme.name + ": " + s.name
			all = append(all, s)
		}
	}
	all = selected(expand(all))
	inChromium := l.inChromium(t, all)
	agreed, unmodeled, departures := 0, 0, 0
	for i, s := range all {
		if s.departure != "" {
			departures++
		}
		passed := t.Run(s.name, func(t *testing.T) {
			s.check(t, "Chromium", inChromium[i])
			if s.unmodeled != "" {
				return
			}
			inCorstest := l.inCorstest(t, &s)
			s.check(t, "corstest", inCorstest)
			compare(t, inChromium[i], inCorstest)
		})
		switch {
		case s.unmodeled != "":
			unmodeled++
		case passed:
			agreed++
		}
	}
	t.Logf("%d scenarios: the agents agree on %d, and corstest does not model %d; in %d, Chromium differs from the standard",
		len(all), agreed, unmodeled, departures)
}

// selected returns the scenarios that match the flag -run, such as Agree/null.
func selected(all []scenario) []scenario {
	_, pattern, _ := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	matches := regexp.MustCompile(pattern).MatchString
	return slices.DeleteFunc(all, func(s scenario) bool {
		return !matches(strings.ReplaceAll(s.name, " ", "_"))
	})
}

// compare checks that both agents saw and sent the same.
func compare(t *testing.T, chromium, corstest transcript) {
	t.Helper()
	for i, c := range chromium.verdicts {
		other := corstest.verdicts[i]
		c.headers, other.headers = lasting(c.headers), lasting(other.headers)
		if !reflect.DeepEqual(c, other) {
			t.Errorf("fetch %d:\nChromium %+q\ncorstest %+q", i, c, other)
		}
	}
	if c, other := lines(chromium.wire), lines(corstest.wire); c != other {
		t.Errorf("on the wire:\nChromium:\n%s\ncorstest:\n%s", c, other)
	}
}

// lasting returns headers without those that depend on the connection or the time.
func lasting(headers []string) []string {
	var kept []string
	for _, h := range headers {
		switch name, _, _ := strings.Cut(h, ":"); name {
		case "connection", "date", "keep-alive", "transfer-encoding":
		default:
			kept = append(kept, h)
		}
	}
	return kept
}

func lines(wire []exchange) string {
	var b strings.Builder
	for _, x := range wire {
		fmt.Fprintf(&b, "\t%s\n", x)
	}
	return b.String()
}

// check compares the transcript of an agent with what the scenario expects.
func (s *scenario) check(t *testing.T, agent string, got transcript) {
	t.Helper()
	for i, v := range got.verdicts {
		want := s.steps[i]
		if v.outcome != want.want && want.want != "" {
			t.Errorf("%s: fetch %d: %s, want %s; %s", agent, i, v.outcome, want.want, v.message)
		}
		if want.reads != nil {
			if names := headerNames(v.headers); !slices.Equal(names, want.reads) {
				t.Errorf("%s: fetch %d: the script reads %q, want %q", agent, i, names, want.reads)
			}
		}
	}
	if s.departure == "" && s.unreported == "" {
		s.checkRejections(t, agent, got)
	}
	if n := got.preflights(); n != s.preflights && s.preflights != asChromium {
		t.Errorf("%s: %d preflights, want %d", agent, n, s.preflights)
	}
	if t.Failed() {
		t.Logf("%s sent:\n%s", agent, lines(got.wire))
	}
}

// refusals maps the reasons that a server can know, by the agents' names and by
// those of OnReject. It lacks those about credentials, which a server cannot see in
// a preflight.
var refusals = map[string]string{
	"MissingAllowOriginHeader":            "origin",
	"PreflightMissingAllowOriginHeader":   "origin",
	"MethodDisallowedByPreflightResponse": "method",
	"HeaderDisallowedByPreflightResponse": "header",

	string(cors.ReasonOriginRefused):  "origin",
	string(cors.ReasonOriginNull):     "origin",
	string(cors.ReasonCallbackFailed): "origin",
	string(cors.ReasonMethodRefused):  "method",
	string(cors.ReasonHeaderRefused):  "header",
}

// checkRejections checks that OnReject reported what the agent blocked, and nothing
// else.
func (s *scenario) checkRejections(t *testing.T, agent string, got transcript) {
	t.Helper()
	if s.isHandMade() || s.middleware != nil {
		return
	}
	var blocked, rejected []string
	for _, v := range got.verdicts {
		if reason, ok := refusals[v.outcome]; ok {
			blocked = append(blocked, reason)
		}
	}
	for _, r := range got.rejected {
		if reason, ok := refusals[string(r.Reason)]; ok {
			rejected = append(rejected, reason)
		}
	}
	if !slices.Equal(blocked, rejected) {
		t.Errorf("%s blocked %q, but OnReject reported %q", agent, blocked, rejected)
	}
}

func headerNames(headers []string) []string {
	names := make([]string, len(headers))
	for i, h := range headers {
		names[i], _, _ = strings.Cut(h, ":")
	}
	return names
}
