package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/origin"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// A stranger is an origin that attackers can have, or one similar to it, and the
// mistake that makes a server allow it.
type stranger struct {
	origin  string
	mistake string
	level   Level // of the finding if it is allowed with credentials

	// covers reports whether the same mistake also allows a stranger with a
	// host. Such a stranger does not show another mistake.
	covers func(host string) bool
}

// anyStranger resembles no other origin: a server that allows it allows every
// origin. The name is reserved: no server lists it.
const anyStranger = "https://stranger.example"

// strangers returns the origins that pass the usual mistaken comparisons with an
// origin. One that covers others comes before them.
func strangers(o string) []stranger {
	const evil = ".evil.example"
	list := []stranger{
		{origin: anyStranger, level: Danger, covers: func(string) bool { return true }},
		{origin: "null", mistake: nullMistake, level: Danger},
	}
	page, ok := origin.Parse(o)
	if !ok || page.Scheme != "http" && page.Scheme != "https" || strings.HasPrefix(page.Host, "[") {
		return list
	}
	add := func(level Level, host, mistake string, covers func(host string) bool) {
		list = append(list, stranger{origin.Parts{Scheme: page.Scheme, Host: host, Port: page.Port}.String(), mistake, level, covers})
	}
	add(Danger, "evil"+page.Host+evil, "the server only searches origins for "+page.Host+"; compare the whole", func(string) bool { return true })
	site, err := publicsuffix.EffectiveTLDPlusOne(page.Host)
	if _, notIP := netip.ParseAddr(page.Host); err != nil || notIP == nil {
		add(Danger, page.Host+evil, onlyBeginning, nil)
		return list
	}
	name, suffix, _ := strings.Cut(site, ".")
	first, _, _ := strings.Cut(page.Host, ".")
	add(Danger, "stranger."+suffix, "every site below "+suffix+" is, and anybody can register one; put your own name before it",
		func(host string) bool { return strings.HasSuffix(host, "."+suffix) })
	for _, label := range slices.Compact([]string{name, first}) {
		add(Danger, label+evil, "the server does not compare the end of origins, as in "+label+".*; compare the whole",
			func(host string) bool { return strings.HasPrefix(host, label+".") })
	}
	add(Danger, page.Host+evil, onlyBeginning, nil)
	add(Danger, "evil"+site, onlyEnd, func(host string) bool { return strings.HasSuffix(host, site) })
	if page.Host != site {
		add(Note, "stranger."+site, "every subdomain of "+site+" is, including forgotten ones",
			func(host string) bool { return strings.HasSuffix(host, "."+site) })
		add(Warning, "evil"+page.Host, onlyEnd, func(host string) bool { return strings.HasSuffix(host, page.Host) })
	}
	for _, host := range withoutDots(page.Host) {
		level := Danger
		if host[strings.LastIndexByte(host, '.')+1:] != page.Host[strings.LastIndexByte(page.Host, '.')+1:] {
			level = Warning // nobody can register it
		}
		add(level, host, `a dot in the server's regular expression matches any character; write \. for a dot`, nil)
	}
	add(Note, "evil."+page.Host, "every subdomain is allowed, including forgotten ones", nil)
	if page.Scheme == "https" && page.Port == "" {
		list = append(list, stranger{"http://" + page.Host,
			"anybody on the network can tamper with http, and so send this origin; allow https only", Warning, nil})
	}
	return list
}

const (
	nullMistake   = "every site can send this origin from a sandboxed frame; do not allow it"
	onlyBeginning = "the server compares only the beginning of origins; compare the whole"
	onlyEnd       = "the server compares only the end of origins; compare the whole"
)

// withoutDots returns a host with a letter in place of one of its first dots.
func withoutDots(host string) []string {
	const maxDots = 3
	var hosts []string
	for i := range len(host) {
		if host[i] == '.' && len(hosts) < maxDots {
			hosts = append(hosts, host[:i]+"x"+host[i+1:])
		}
	}
	return hosts
}

// An access says what a server allows an origin to do.
type access int

const (
	none            access = iota
	public                 // read, like every origin, by *
	withoutCookies         // read
	withCredentials        // read and act as the user
)

// access returns the level that a visit with credentials shows.
func (v *visit) access() access {
	if v.err != nil {
		return none
	}
	if v.blocked == nil {
		return withCredentials
	}
	switch v.blocked.Issue {
	case corstest.IssueWildcardOrigin, corstest.IssuePreflightWildcardOrigin:
		return public
	case corstest.IssueInvalidCredentials, corstest.IssuePreflightInvalidCredentials:
		return withoutCookies
	case corstest.IssueMethodDisallowed, corstest.IssueHeaderDisallowed,
		corstest.IssueInvalidAllowMethods, corstest.IssueInvalidAllowHeaders:
		return withCredentials // the origin is allowed
	}
	return none
}

// A welcome says what a server allows a stranger to do.
type welcome struct {
	stranger
	access   access
	response *corstest.Exchange // to the GET; may be nil
	err      error
}

// ask tries all strangers, a few at a time. It sends only preflights, and GETs
// without the user's headers.
func (p *prober) ask(ctx context.Context) []welcome {
	const atOnce = 4
	var asked []welcome
	for _, s := range strangers(p.fetch.Origin) {
		if s.origin != origin.OfURL(p.target) && (s.origin != p.fetch.Origin || s.origin == "null") {
			asked = append(asked, welcome{stranger: s})
		}
	}
	turns := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i := range asked {
		turns <- struct{}{}
		wg.Go(func() {
			p.askOne(ctx, &asked[i])
			<-turns
		})
	}
	wg.Wait()
	return asked
}

// askOne tries an origin with a GET and, unless the user's request is a GET without
// a preflight, with a preflight for it.
func (p *prober) askOne(ctx context.Context, w *welcome) {
	get := p.visit(ctx, script.Fetch{Origin: w.origin, Method: http.MethodGet, Credentials: true}, how{})
	w.access, w.response, w.err = get.access(), get.response(), unanswered(&get)
	if w.err != nil || p.main.preflight() == nil && p.fetch.Method == http.MethodGet {
		return
	}
	f := p.fetch
	f.Origin, f.Credentials = w.origin, true
	preflight := p.visit(ctx, f, how{preflightOnly: true, forcePreflight: true})
	w.access, w.err = max(w.access, preflight.access()), unanswered(&preflight)
}

// unanswered returns the error of a visit without a response, which says nothing
// about the origin. An error after the first response, such as that of a
// redirect, does not count.
func unanswered(v *visit) error {
	if e := v.last(); e != nil && e.Err == nil {
		return nil
	}
	return v.err
}

// checkStrangers visits the server as the pages of attackers.
func checkStrangers(ctx context.Context, p *prober) []Finding {
	var rejected, like []string
	var allowed []welcome
	var found []Finding
	everybody := none
	for _, w := range p.ask(ctx) {
		if w.origin == anyStranger && w.response != nil {
			p.samples = append(p.samples, newSample("a request from "+anyStranger, w.response))
		}
		switch {
		case w.err != nil:
			if len(found) == 0 {
				message, _ := unreachable(w.err, p.target, p.timeout)
				found = []Finding{{Warning, "origins", "some other origins could not be tried: " + message, nil}}
			}
			continue
		case w.access == none:
			rejected = append(rejected, w.origin)
			continue
		case w.origin == anyStranger:
			everybody = w.access
		}
		if w.access == everybody {
			like = append(like, w.origin)
		} else {
			allowed = append(allowed, w)
		}
	}
	for i, w := range allowed {
		if !slices.ContainsFunc(allowed[:i], func(other welcome) bool { return other.explains(w) }) {
			found = append(found, w.finding())
		}
	}
	if everybody != none {
		found = append([]Finding{everybodyFinding(everybody, like)}, found...)
	}
	switch {
	case len(rejected) == 0:
	case p.isBlind(ctx):
		found = append(found, Finding{Warning, "origins", fmt.Sprintf("other origins could not be tried: corscheck sends only GETs and preflights for them, "+
			"and this server answers only the %s with CORS headers; check that the route compares the origin with a list", p.fetch.Method), nil})
	case p.usesCORS():
		found = append(found, Finding{OK, "origins", "rejected: " + some(rejected), rejected})
	}
	return found
}

// isBlind reports whether only the response to the user's method shows that the
// origin of the page is allowed. Other origins are not tried with that method, as
// it may change something.
func (p *prober) isBlind(ctx context.Context) bool {
	if p.main.response() == nil || p.main.access() == none || p.main.preflight() != nil || p.get.access() != none {
		return false
	}
	preflight := p.visit(ctx, p.fetch, how{preflightOnly: true, forcePreflight: true})
	return preflight.access() == none
}

// checkRedirected looks at the responses of the server that a redirect leads to.
// Browsers send it the origin null, as they do for every site.
func checkRedirected(v *visit) []Finding {
	for _, e := range v.exchanges {
		h := e.ResponseHeader
		if len(v.exchanges) > 1 && e.RequestHeader.Get("Origin") == "null" && v.exchanges[0].RequestHeader.Get("Origin") != "null" &&
			strings.Trim(allowOrigin(h), " \t") == "null" && allowCredentials(h) == "true" {
			return []Finding{{Danger, "origins", show.Plain(e.URL, show.Line) + " allows null with credentials: " + nullMistake, []string{"null"}}}
		}
	}
	return nil
}

// some returns the first names of a list, and how many more there are.
func some(names []string) string {
	const most = 4
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), len(names)-most+1)
}

// explains reports whether the mistake that allows w also allows other.
func (w welcome) explains(other welcome) bool {
	mine, _ := origin.Parse(w.origin)
	o, ok := origin.Parse(other.origin)
	return ok && w.covers != nil && w.access >= other.access && mine.Scheme == o.Scheme && w.covers(o.Host)
}

// everybodyFinding is about a server that allows an origin that it cannot know.
func everybodyFinding(a access, origins []string) Finding {
	switch a {
	case public:
		return Finding{Note, "origins", "every site may read responses, without credentials (*): right for a public API", origins}
	case withoutCookies:
		return Finding{Note, "origins", "every site may read responses, without credentials: right for a public API, where * does the same", origins}
	}
	return Finding{Danger, "origins", "every site is allowed with credentials: any page that a user visits can act as that user " +
		"and read the responses; list the origins of your front ends", origins}
}

// finding returns the finding about a stranger that is allowed by a server that
// does not allow everybody.
func (w welcome) finding() Finding {
	if w.access != withCredentials {
		return Finding{Note, "origins", w.origin + " is allowed, without credentials: " + w.mistake, []string{w.origin}}
	}
	return Finding{w.level, "origins", w.origin + " is allowed with credentials: " + w.mistake, []string{w.origin}}
}
