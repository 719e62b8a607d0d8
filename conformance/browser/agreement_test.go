package browser

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// themes are all the scenarios there are.
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
}

// TestAgreement holds every scenario in Chromium and in corstest.
func TestAgreement(t *testing.T) {
	l := openLab(t)
	var all []scenario
	for _, theme := range themes {
		for _, s := range theme.scenarios() {
			s.name = theme.name + ": " + s.name
			all = append(all, s)
		}
	}
	all = expand(all)
	inChromium := l.inChromium(t, all)
	agreed, beyond, departures := 0, 0, 0
	for i, s := range all {
		if s.departure != "" {
			departures++
		}
		passed := t.Run(s.name, func(t *testing.T) {
			s.check(t, "Chromium", inChromium[i])
			if s.beyond != "" {
				return
			}
			inCorstest := l.inCorstest(t, &s)
			s.check(t, "corstest", inCorstest)
			compare(t, inChromium[i], inCorstest)
		})
		switch {
		case s.beyond != "":
			beyond++
		case passed:
			agreed++
		}
	}
	t.Logf("%d scenarios: the agents agree on %d, and %d are beyond corstest; in %d, Chromium departs from the standard",
		len(all), agreed, beyond, departures)
}

// compare wants both agents to have seen and sent the same.
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

// lasting leaves out the headers that depend on the connection and the hour.
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

// check compares what came of a scenario with what it expects.
func (s *scenario) check(t *testing.T, agent string, got transcript) {
	t.Helper()
	for i, v := range got.verdicts {
		want := s.steps[i]
		if v.outcome != want.want {
			t.Errorf("%s: fetch %d came to %s, want %s; %s", agent, i, v.outcome, want.want, v.message)
		}
		if want.reads != nil {
			if names := headerNames(v.headers); !slices.Equal(names, want.reads) {
				t.Errorf("%s: of fetch %d the script reads %q, want %q", agent, i, names, want.reads)
			}
		}
	}
	if s.departure == "" && s.unheard == "" {
		s.checkRejections(t, agent, got)
	}
	if n := got.preflights(); n != s.preflights {
		t.Errorf("%s: %d preflights, want %d", agent, n, s.preflights)
	}
	if t.Failed() {
		t.Logf("%s sent:\n%s", agent, lines(got.wire))
	}
}

// refusals are the reasons for being blocked that a server can know of, as the
// agents name them and as OnReject does. What an agent holds against credentials
// is not among them, since preflights do not tell.
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

// checkRejections wants OnReject to have been told of what the agent refused,
// and of nothing else.
func (s *scenario) checkRejections(t *testing.T, agent string, got transcript) {
	t.Helper()
	if s.isHandMade() || s.middleware != nil {
		return
	}
	var blocked, rejected []string
	for _, v := range got.verdicts {
		if what, ok := refusals[v.outcome]; ok {
			blocked = append(blocked, what)
		}
	}
	for _, r := range got.rejected {
		if what, ok := refusals[string(r.Reason)]; ok {
			rejected = append(rejected, what)
		}
	}
	if !slices.Equal(blocked, rejected) {
		t.Errorf("%s refused %q, but OnReject was told of %q", agent, blocked, rejected)
	}
}

func headerNames(headers []string) []string {
	names := make([]string, len(headers))
	for i, h := range headers {
		names[i], _, _ = strings.Cut(h, ":")
	}
	return names
}
