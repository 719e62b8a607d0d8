// Package probe finds out whether a browser accepts the responses of a server,
// and why not.
package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/origin"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// Options say what to probe.
type Options struct {
	URL     *url.URL
	Fetch   script.Fetch
	Send    bool          // send the method itself, which may change something
	Quick   bool          // do not check other origins and caching
	Timeout time.Duration // of the whole run
}

// A prober collects what the server says.
type prober struct {
	*client
	timeout time.Duration
	fetch   script.Fetch
	main    visit // of the request that the user asks about
	get     visit // of a GET from the same page, without its headers
	samples []sample
}

// A sample is a response to a GET, to compare with others.
type sample struct {
	of     string
	status int
	header http.Header
}

func newSample(of string, e *corstest.Exchange) sample {
	return sample{of, e.Status, e.ResponseHeader}
}

// Run visits the server, and says whether a browser accepts its responses.
func Run(ctx context.Context, o Options) *Report {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	p := &prober{client: newClient(o.URL, o.Fetch.Origin), timeout: o.Timeout, fetch: o.Fetch}
	p.main = p.visit(ctx, p.fetch, how{send: o.Send})
	r := p.judge()
	defer r.finish()
	r.Findings = append(r.Findings, checkRequest(p.fetch)...)
	r.Findings = append(r.Findings, checkRedirected(&p.main)...)
	if preflight := p.main.preflight(); r.Verdict == Allowed && preflight != nil {
		r.Findings = append(r.Findings, checkPreflightCache(preflight.ResponseHeader))
	}
	if p.main.err != nil {
		return r
	}
	p.visitGET(ctx)
	switch {
	case r.Verdict == Refused:
		r.Hint = show.Plain(cmp.Or(p.cause(ctx), r.Hint), show.Text)
	case p.main.held && p.main.preflight() != nil:
		p.doubt(ctx, r)
	}
	if o.Quick {
		return r
	}
	strangers := checkStrangers(ctx, p)
	if h, status, err := p.headers(ctx, http.MethodGet, nil); err == nil {
		p.samples = append(p.samples, sample{"a request without Origin", status, h})
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
		p.judgeFailure(r)
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
		if status := v.last().Status; status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
			r.Findings = append(r.Findings, Finding{Note, "response", fmt.Sprintf("the status is %d: check the URL; "+
				"the responses of another route may have other CORS headers", status), nil})
		}
	}
	if v.broken != nil {
		r.Findings = append(r.Findings, Finding{Warning, "response", "the body of the response ends too early, or is garbled: fetch succeeds, " +
			"but the script fails when it reads the body", nil})
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

// judgeFailure is for a request that fails for another reason than CORS.
func (p *prober) judgeFailure(r *Report) {
	v, e := &p.main, p.main.last()
	switch {
	case errors.Is(v.err, errMixedContent) && e == nil:
		r.Verdict, r.Reason = Refused, "MixedContent"
		r.Message = "browsers block requests from https pages to http URLs (mixed content), before they look at CORS: nothing was sent"
		r.Hint = "serve the API over https; if the page is not on https, give its origin to -origin"
	case errors.Is(v.err, errMixedContent):
		r.Verdict, r.Reason, r.Stage = Refused, "MixedContent", string(corstest.StageResponse)
		r.Message = "the server redirects to http, and browsers do not follow from https pages (mixed content): the request was not sent on"
		r.Hint = "redirect to https; behind a proxy that terminates TLS, the server has to know that its own URL is https"
	case errors.Is(v.err, errClearText):
		r.Verdict = Unknown
		r.Message = "the server redirects from https to http; corscheck does not send your headers in clear text, but browsers do"
		r.Hint = "redirect to https"
	case e != nil && e.Err == nil && e.Status >= 300 && e.Status < 400:
		r.Verdict, r.Reason, r.Stage = Refused, "InvalidRedirect", string(corstest.StageResponse)
		r.Message = "browsers do not follow the redirect: " + strings.TrimPrefix(v.err.Error(), "corstest: ")
		r.Hint = "send one Location header, with an http or https URL that does not lead back here"
	default:
		r.Verdict = Unknown
		at := p.target
		if e != nil && e.Err != nil {
			if u, err := url.Parse(e.URL); err == nil {
				at = u // where a redirect leads
			}
		}
		r.Message, r.Hint = unreachable(v.err, at, p.timeout)
	}
}

// visitGET sends a GET from the user's origin, unless the main visit did so.
func (p *prober) visitGET(ctx context.Context) {
	p.get = p.main
	if p.fetch.Method != http.MethodGet || p.main.response() == nil {
		p.get = p.visit(ctx, script.Fetch{Origin: p.fetch.Origin, Method: http.MethodGet, Credentials: p.fetch.Credentials}, how{})
	}
	if e := p.get.response(); e != nil {
		p.samples = append(p.samples, newSample("a request from "+p.fetch.Origin, e))
	}
}

// doubt judges the response to a GET, because corscheck must not send the
// request itself. The preflight alone does not show that the script may read the
// response.
func (p *prober) doubt(ctx context.Context, r *Report) {
	e := p.get.response()
	ask := func(why, hint string) {
		r.Verdict = Unknown
		r.Message = show.Plain("the preflight allows the request, but "+why, show.Text)
		r.Hint = show.Plain(strings.TrimPrefix(hint+"; ", "; ")+"use -send to find out", show.Text)
	}
	switch {
	case e == nil:
		message, hint := unreachable(cmp.Or(p.get.err, error(errHeld)), p.target, p.timeout)
		ask("a GET of this URL gets no response: "+message, hint)
	case p.get.blocked != nil && p.get.blocked.URL == e.URL && allowOrigin(e.ResponseHeader) == "":
		ask(fmt.Sprintf("the response to a GET of this URL (status %d) has no CORS headers: the response to the %s may have none either",
			e.Status, p.fetch.Method), p.bareResponse(ctx, e, true))
	case p.get.blocked != nil && p.get.blocked.URL == e.URL:
		ask(fmt.Sprintf("browsers refuse the response to a GET of this URL (%s): they may refuse the response to the %s too",
			p.get.blocked.Issue, p.fetch.Method), p.causeOf(ctx, &p.get))
	case e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed:
		ask(fmt.Sprintf("a GET of this URL gets %d: nothing shows that the response to the %s has CORS headers, as it has none "+
			"where the middleware is mounted after the route", e.Status, p.fetch.Method), "")
	}
}

// usesCORS reports whether any response has a CORS header. A server without
// CORS rejects every origin, which is not worth reporting.
func (p *prober) usesCORS() bool {
	return slices.ContainsFunc(p.main.exchanges, func(e corstest.Exchange) bool { return allowOrigin(e.ResponseHeader) != "" }) ||
		slices.ContainsFunc(p.samples, func(s sample) bool { return allowOrigin(s.header) != "" })
}

// checkRequest reports what browsers do with the request apart from CORS.
func checkRequest(f script.Fetch) []Finding {
	var found []Finding
	for _, name := range f.Dropped() {
		found = append(found, Finding{Note, "request", fmt.Sprintf("browsers do not let scripts set the header %q: it was not sent", name), nil})
	}
	return found
}
