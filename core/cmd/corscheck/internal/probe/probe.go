// Package probe finds out what a browser would say about the responses of a
// server.
package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/origin"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// Options say what to probe.
type Options struct {
	URL     *url.URL
	Fetch   script.Fetch
	Send    bool // send the method itself, which may change something
	Quick   bool // do not check other origins and caching
	Timeout time.Duration
}

// A prober collects what the server says.
type prober struct {
	*client
	fetch   script.Fetch
	main    visit // of the request that the user asks about
	samples []sample
}

// A sample is a response to a GET, to compare with others.
type sample struct {
	of     string
	status int // 0 if it does not matter
	header http.Header
}

// Run visits the server, and says whether a browser accepts its responses.
func Run(ctx context.Context, o Options) *Report {
	p := &prober{client: newClient(o.URL, o.Timeout), fetch: o.Fetch}
	p.main = p.visit(ctx, p.fetch, how{send: o.Send})
	r := p.judge()
	defer r.sortFindings()
	r.Findings = append(r.Findings, checkRequest(p.fetch, p.target)...)
	if preflight := p.main.preflight(); r.Verdict == Allowed && preflight != nil {
		r.Findings = append(r.Findings, checkPreflightCache(preflight.ResponseHeader))
	}
	if o.Quick || p.main.err != nil {
		return r
	}
	p.sampleMain(ctx)
	switch {
	case r.Verdict == Refused:
		r.Hint = betterHint(ctx, p, r.Hint)
	case p.main.held && p.main.preflight() != nil && p.isBare():
		r.Verdict = Unknown
		r.Message = fmt.Sprintf("the preflight allows the request, but the response to a GET of this URL has no CORS headers: "+
			"the response to the %s may have none either", p.fetch.Method)
		r.Hint = "check where the middleware is, and " + advice.MountForAll + ": routes that are added earlier do not use it; use -send to find out"
	}
	strangers := checkStrangers(ctx, p)
	if h, err := p.headers(ctx, http.MethodGet, nil); err == nil {
		p.samples = append(p.samples, sample{"a request without Origin", 0, h})
	}
	if stored := checkStoredHeaders(ctx, p); stored != nil {
		r.Findings = append(r.Findings, *stored)
	} else {
		r.Findings = append(r.Findings, checkVary(p.samples)...)
	}
	r.Findings = append(r.Findings, strangers...)
	return r
}

// judge turns the main visit into a report.
func (p *prober) judge() *Report {
	v := &p.main
	r := &Report{Request: p.fetch.Summary(), Exchanges: []Exchange{}, Findings: []Finding{}}
	r.Request.URL = show.Plain(p.target.String(), show.Line)
	for _, e := range v.exchanges {
		r.Exchanges = append(r.Exchanges, newExchange(e))
		r.Sent = r.Sent || !e.Preflight
	}
	switch {
	case v.err != nil:
		r.Verdict = Unknown
		r.Message, r.Hint = unreachable(v.err, p.target, p.timeout)
	case v.blocked != nil:
		r.Verdict, r.Reason, r.Stage = Refused, string(v.blocked.Issue), string(v.blocked.Stage)
		_, r.Message, _ = strings.Cut(v.blocked.Message, "blocked by CORS policy: ")
		r.Hint, r.Console = v.blocked.Hint, show.Plain(v.blocked.Message, show.Text)
	case v.held && v.preflight() == nil:
		r.Verdict = Unknown
		r.Message = fmt.Sprintf("browsers send this %s without a preflight; corscheck did not send it, because it may change something", p.fetch.Method)
		r.Hint = "use -send to send it, or -header for the headers that your script sets, such as 'Content-Type: application/json'"
	case v.held:
		r.Verdict = Allowed
		r.Message = fmt.Sprintf("the preflight allows the request; the %s itself was not sent (use -send), so its response is not checked", p.fetch.Method)
	case p.fetch.Origin == origin.OfURL(p.target):
		r.Verdict, r.Message = Allowed, "the page has the server's own origin, so CORS does not apply"
	default:
		r.Verdict, r.Message = Allowed, "the script may read the response"
	}
	r.Message, r.Hint = show.Plain(r.Message, show.Text), show.Plain(r.Hint, show.Text)
	for _, w := range v.warnings {
		// checkVary and checkPreflightCache know more about these two, and Dropped
		// about the headers.
		if w.Text != corstest.WarnVary && w.Text != corstest.WarnMaxAge && !strings.HasPrefix(w.Text, corstest.WarnForbiddenHeader) {
			r.Findings = append(r.Findings, Finding{Warning, "response", w.Text, nil})
		}
	}
	return r
}

// sampleMain adds the response to a GET from the user's origin.
func (p *prober) sampleMain(ctx context.Context) {
	v := p.main
	if p.fetch.Method != http.MethodGet || v.blocked != nil && v.blocked.Stage == corstest.StagePreflight {
		v = p.visit(ctx, script.Fetch{Origin: p.fetch.Origin, Method: http.MethodGet, Credentials: p.fetch.Credentials}, how{})
	}
	p.sample("a request from "+p.fetch.Origin, &v)
}

// sample adds the first response of a visit that does not answer a preflight.
func (p *prober) sample(of string, v *visit) {
	i := slices.IndexFunc(v.exchanges, func(e corstest.Exchange) bool { return !e.Preflight && e.Err == nil })
	if i >= 0 {
		p.samples = append(p.samples, sample{of, v.exchanges[i].Status, v.exchanges[i].ResponseHeader})
	}
}

// isBare reports whether the GET of sampleMain succeeded without CORS headers.
func (p *prober) isBare() bool {
	return len(p.samples) > 0 && p.samples[0].status < 300 && allowOrigin(p.samples[0].header) == ""
}

// usesCORS reports whether any response has a CORS header. A server without
// CORS rejects every origin, which is not worth reporting.
func (p *prober) usesCORS() bool {
	return slices.ContainsFunc(p.main.exchanges, func(e corstest.Exchange) bool { return allowOrigin(e.ResponseHeader) != "" }) ||
		slices.ContainsFunc(p.samples, func(s sample) bool { return allowOrigin(s.header) != "" })
}

// checkRequest reports what browsers do with the request apart from CORS.
func checkRequest(f script.Fetch, target *url.URL) []Finding {
	var found []Finding
	for _, name := range f.Dropped() {
		found = append(found, Finding{Note, "request", fmt.Sprintf("browsers do not let scripts set the header %q: it was not sent", name), nil})
	}
	if strings.HasPrefix(f.Origin, "https://") && target.Scheme == "http" && !origin.IsLoopback(target.Hostname()) {
		found = append(found, Finding{Warning, "request", "browsers block requests from https pages to http URLs (mixed content), " +
			"before they look at CORS: serve the API over https", nil})
	}
	return found
}
