package main

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/corstest"
)

// A prober finds out about one URL.
type prober struct {
	client *client
	target *url.URL
	ask    ask
	send   bool // the method itself, though it may change something
	quick  bool // no further checks

	main    visit
	samples []sample
}

// A report is what a probe found. Its JSON is for machines: names stay, and
// fields are only added.
type report struct {
	Verdict   verdict    `json:"verdict"`
	Request   request    `json:"request"`
	Stage     string     `json:"stage,omitempty"`  // preflight or response: where it failed
	Reason    string     `json:"reason,omitempty"` // as Chromium's DevTools have it
	Message   string     `json:"message"`
	Console   string     `json:"console,omitempty"` // the line in Chromium's console
	Hint      string     `json:"hint,omitempty"`
	Sent      bool       `json:"sent"` // whether the request itself was, not only its preflight
	Exchanges []exchange `json:"exchanges"`
	Findings  []finding  `json:"findings"`
}

// A request is the question, in a report.
type request struct {
	URL         string   `json:"url,omitempty"`
	Origin      string   `json:"origin"`
	Method      string   `json:"method"`
	Headers     []string `json:"headers,omitempty"` // names only: values may be secret
	Credentials bool     `json:"credentials"`
}

// run visits the server, and says what a browser would make of it.
func (p *prober) run(ctx context.Context) *report {
	r := p.find(ctx)
	slices.SortStableFunc(r.Findings, func(a, b finding) int { return cmp.Compare(rank[a.Level], rank[b.Level]) })
	return r
}

// rank puts first what matters most.
var rank = map[level]int{levelWarning: 0, levelNote: 1, levelOK: 2}

func (p *prober) find(ctx context.Context) *report {
	p.main = p.client.visit(ctx, p.target, p.ask, how{send: p.send})
	r := p.judge()
	r.Findings = append(r.Findings, checkRequest(p.ask, p.target)...)
	if r.Verdict == allowed && p.main.preflight() != nil {
		r.Findings = append(r.Findings, checkPreflightCache(p.main.preflight().ResponseHeader))
	}
	if p.quick || p.main.err != nil {
		return r
	}
	p.sampleMain(ctx)
	switch {
	case r.Verdict == refused:
		r.Hint = p.betterHint(ctx, r.Hint)
	case p.main.held && p.main.preflight() != nil && p.isBare():
		r.Verdict = unknown
		r.Message = "the preflight permits the request, but a GET of this URL is answered without CORS headers: so may be the " + p.ask.method
		r.Hint = "mount the middleware before the routes, if it is not: a route that was added earlier does not get it; -send tells for sure"
	}
	origins := p.checkStrangers(ctx)
	r.Findings = append(r.Findings, p.checkVary(ctx)...)
	r.Findings = append(r.Findings, origins...)
	return r
}

// judge turns the main visit into a report.
func (p *prober) judge() *report {
	v := &p.main
	r := &report{Request: p.ask.request(), Exchanges: []exchange{}, Findings: []finding{}}
	r.Request.URL = value(p.target.String())
	for _, e := range v.exchanges {
		r.Exchanges = append(r.Exchanges, shown(e))
		r.Sent = r.Sent || !e.Preflight
	}
	switch {
	case v.err != nil:
		r.Verdict = unknown
		r.Message, r.Hint = unreachable(v.err, p.target, p.client.timeout)
	case v.blocked != nil:
		r.Verdict, r.Reason, r.Stage = refused, string(v.blocked.Issue), string(v.blocked.Stage)
		_, message, _ := strings.Cut(v.blocked.Message, "blocked by CORS policy: ")
		r.Message, r.Hint, r.Console = printable(message), printable(v.blocked.Hint), printable(v.blocked.Message)
	case v.held && v.preflight() == nil:
		r.Verdict = unknown
		r.Message = "a browser sends this " + p.ask.method + " at once, without a preflight, and so far nothing was sent"
		r.Hint = "-send sends it; -header gives the headers that your script sets, such as 'Content-Type: application/json'"
	case v.held:
		r.Verdict = allowed
		r.Message = "the preflight permits the request; the " + p.ask.method + " itself was not sent (-send does), so that its response is not judged"
	case p.ask.origin == serverOrigin(p.target):
		r.Verdict, r.Message = allowed, "the page has the server's own origin, so that CORS does not apply"
	default:
		r.Verdict, r.Message = allowed, "the script may read the response"
	}
	r.Message, r.Hint = printable(r.Message), printable(r.Hint)
	p.warnings(r)
	return r
}

// warnings adds what the browser model noticed, less what checkVary and
// checkPreflightCache know better.
func (p *prober) warnings(r *report) {
	for _, w := range p.main.warnings {
		if w.Text != corstest.WarnVary && w.Text != corstest.WarnMaxAge {
			r.Findings = append(r.Findings, finding{levelWarning, "response", w.Text, nil})
		}
	}
}

// sampleMain gets a GET's response for the origin that was asked for.
func (p *prober) sampleMain(ctx context.Context) {
	v := p.main
	if p.ask.method != http.MethodGet || v.blocked != nil && v.blocked.Stage == corstest.StagePreflight {
		v = p.client.visit(ctx, p.target, ask{origin: p.ask.origin, method: http.MethodGet, credentials: p.ask.credentials}, how{})
	}
	p.sample("a request from "+p.ask.origin, &v)
}

// isBare reports whether the GET of sampleMain worked, but without CORS.
func (p *prober) isBare() bool {
	return len(p.samples) > 0 && p.samples[0].status < 300 && allowOrigin(p.samples[0].header) == ""
}

func (a ask) request() request {
	r := request{Origin: a.origin, Method: a.method, Credentials: a.credentials}
	r.Headers = slices.Sorted(maps.Keys(a.header))
	return r
}
