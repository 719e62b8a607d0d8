package main

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

// A finding is what a probe notices besides the answer.
type finding struct {
	Level   level    `json:"level"`
	Check   string   `json:"check"` // origins, vary, preflight-cache, request or response
	Text    string   `json:"text"`
	Origins []string `json:"origins,omitempty"`
}

// A level says how much a finding matters.
type level string

const (
	levelOK      level = "ok"
	levelNote    level = "note"
	levelWarning level = "warning"
)

// An admission says how far a server lets in an origin.
type admission int

const (
	turnedAway admission = iota
	public               // like everybody, by *
	plain                // without credentials
	full                 // with credentials
)

// admitted judges a visit with credentials.
func (v *visit) admitted() admission {
	if v.blocked == nil {
		return full
	}
	switch v.blocked.Issue {
	case corstest.IssueWildcardOrigin, corstest.IssuePreflightWildcardOrigin:
		return public
	case corstest.IssueInvalidCredentials, corstest.IssuePreflightInvalidCredentials:
		return plain
	case corstest.IssueMethodDisallowed, corstest.IssueHeaderDisallowed,
		corstest.IssueInvalidAllowMethods, corstest.IssueInvalidAllowHeaders:
		return full // the origin has passed
	}
	return turnedAway
}

// checkStrangers visits as the pages of attackers. It sends nothing but
// preflights and GETs without the headers that were asked for.
func (p *prober) checkStrangers(ctx context.Context) []finding {
	var away, in []string
	var found []finding
	everybody := turnedAway
	for _, s := range strangers(p.ask.origin) {
		if s.origin == p.ask.origin || s.origin == serverOrigin(p.target) {
			continue
		}
		a, err := p.admission(ctx, s.origin)
		switch {
		case err != nil:
			message, _ := unreachable(err, p.target, p.client.timeout)
			return append(found, finding{levelNote, "origins", "other origins could not be tried: " + message, nil})
		case s.origin == anyStranger:
			everybody = a
		}
		switch {
		case a == turnedAway:
			away = append(away, s.origin)
		case a == everybody:
			in = append(in, s.origin)
		default:
			found = append(found, strangerFinding(s, a))
		}
	}
	if f, ok := everybodyFinding(everybody, in); ok {
		found = append([]finding{f}, found...)
	}
	if len(away) > 0 && p.answersCORS() {
		found = append(found, finding{levelOK, "origins", "turned away: " + strings.Join(away, ", "), away})
	}
	return found
}

// answersCORS reports whether any response had to do with CORS: that a server
// without it lets in nobody is no merit.
func (p *prober) answersCORS() bool {
	for _, e := range p.main.exchanges {
		if allowOrigin(e.ResponseHeader) != "" {
			return true
		}
	}
	return slices.ContainsFunc(p.samples, func(s sample) bool { return allowOrigin(s.header) != "" })
}

// admission tries an origin by a simple GET and, if the request that was asked
// for has a preflight, by that.
func (p *prober) admission(ctx context.Context, origin string) (admission, error) {
	get := p.client.visit(ctx, p.target, ask{origin: origin, method: http.MethodGet, credentials: true}, how{})
	if get.err != nil {
		return turnedAway, get.err
	}
	if origin == anyStranger {
		p.sample("a request from "+anyStranger, &get)
	}
	best := get.admitted()
	if p.main.preflight() == nil {
		return best, nil
	}
	other := p.ask
	other.origin, other.credentials = origin, true
	v := p.client.visit(ctx, p.target, other, how{preflightOnly: true, forcePreflight: true})
	return max(best, v.admitted()), v.err
}

// everybodyFinding judges a server that lets in an origin that nobody knows.
func everybodyFinding(a admission, origins []string) (finding, bool) {
	switch a {
	case public:
		return finding{levelNote, "origins", "every site may read responses, without credentials (*): right for a public API", origins}, true
	case plain:
		return finding{levelNote, "origins", "every site may read responses, without credentials: right for a public API, where * does the same", origins}, true
	case full:
		return finding{levelWarning, "origins", "every site is let in with credentials: any page that a user visits can act for that user, " +
			"and read the answers; list the origins of your front ends", origins}, true
	}
	return finding{}, false
}

func strangerFinding(s stranger, a admission) finding {
	f := finding{levelWarning, "origins", s.origin + " is let in with credentials: " + s.mistake, []string{s.origin}}
	if a != full {
		f.Text = s.origin + " is let in, without credentials: " + s.mistake
	}
	if a != full || s.mild {
		f.Level = levelNote
	}
	return f
}

// A sample is a response to a GET, to compare with others.
type sample struct {
	of     string
	status int // 0 if it does not matter
	header http.Header
}

func (p *prober) sample(of string, v *visit) {
	for _, e := range v.exchanges {
		if !e.Preflight && e.Err == nil {
			p.samples = append(p.samples, sample{of, e.Status, e.ResponseHeader})
			return
		}
	}
}

// checkVary compares the responses to several origins and to none: if they
// differ, caches have to be told, on each of them.
//
// https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
func (p *prober) checkVary(ctx context.Context) []finding {
	if h, err := p.client.withoutOrigin(ctx, p.target); err == nil {
		p.samples = append(p.samples, sample{"a request without Origin", 0, h})
	}
	const varies, mixup = "the answer depends on Origin, but ", ": caches will give one origin's answer to another"
	var missing []string
	differ := false
	for _, s := range p.samples {
		differ = differ || allowOrigin(s.header) != allowOrigin(p.samples[0].header)
		if !variesByOrigin(s.header) {
			missing = append(missing, s.of)
		}
	}
	switch {
	case !differ && len(p.samples) > 0 && allowOrigin(p.samples[0].header) != "":
		return []finding{{levelOK, "vary", "the answer is the same for all origins, so that Vary is not needed", nil}}
	case !differ:
		return nil // nothing to compare
	case len(missing) == len(p.samples):
		return []finding{{levelWarning, "vary", varies + "no response has Vary: Origin" + mixup, nil}}
	case len(missing) == 0:
		return []finding{{levelOK, "vary", "Vary names Origin, so that caches keep the answers to different origins apart", nil}}
	}
	return []finding{{levelWarning, "vary", varies + "Vary: Origin is missing in the response to " + strings.Join(missing, " and to ") + mixup, nil}}
}

func allowOrigin(h http.Header) string {
	return strings.Join(h.Values("Access-Control-Allow-Origin"), "\n")
}

func variesByOrigin(h http.Header) bool {
	names := strings.Split(strings.Join(h.Values("Vary"), ","), ",")
	return slices.ContainsFunc(names, func(name string) bool {
		name = strings.TrimSpace(name)
		return name == "*" || strings.EqualFold(name, "Origin")
	})
}

// checkPreflightCache says how long browsers remember a preflight that passed.
func checkPreflightCache(h http.Header) finding {
	lines := h.Values("Access-Control-Max-Age")
	const unset = "this preflight is remembered for 5s, the browsers' default"
	if len(lines) == 0 {
		return finding{levelNote, "preflight-cache", unset + ": Access-Control-Max-Age would make it longer", nil}
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(lines[0]), 10, 64)
	switch age := time.Duration(min(max(seconds, 0), 1<<32)) * time.Second; {
	case err != nil || len(lines) > 1:
		return finding{levelWarning, "preflight-cache", fmt.Sprintf("%s: Access-Control-Max-Age is %q, which is not one number of seconds",
			unset, value(strings.Join(lines, ", "))), nil}
	case age == 0:
		return finding{levelNote, "preflight-cache", "this preflight is not remembered: every request costs two round trips", nil}
	default:
		return finding{levelOK, "preflight-cache", "this preflight is remembered for " + short(age) + beyond(age), nil}
	}
}

// browsers lists for how long they remember preflights at most.
var browsers = [...]struct {
	name string
	cap  time.Duration
}{
	{"Firefox", 24 * time.Hour},
	{"Chromium", 2 * time.Hour},
	{"Safari", 10 * time.Minute},
}

// short is a duration without the parts that are zero.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// checkRequest notes what browsers do with the request apart from CORS.
func checkRequest(a ask, target *url.URL) []finding {
	var found []finding
	for _, name := range a.dropped() {
		found = append(found, finding{levelNote, "request", fmt.Sprintf("browsers let no script set the header %q: it was left out", name), nil})
	}
	if strings.HasPrefix(a.origin, "https://") && target.Scheme == "http" && !isLoopback(target.Hostname()) {
		found = append(found, finding{levelWarning, "request", "browsers block requests from pages on https to http (mixed content), " +
			"before CORS comes in: serve the API over https", nil})
	}
	return found
}

// isLoopback tells the hosts to which browsers let pages on https speak http.
//
// https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
}

// serverOrigin is the origin of a URL.
func serverOrigin(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + host
}

func (r *report) hasWarnings() bool {
	return slices.ContainsFunc(r.Findings, func(f finding) bool { return f.Level == levelWarning })
}
