package probe

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/origin"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// A stranger is an origin that attackers can have, or one similar to it, and the
// mistake that makes a server allow it.
type stranger struct {
	origin  string
	mistake string
	mild    bool // it may be intended
}

// anyStranger resembles no other origin: a server that allows it allows every
// origin. The name is reserved: no server lists it.
const anyStranger = "https://stranger.example"

// strangers returns the origins that pass the usual mistaken comparisons with an
// origin.
func strangers(o string) []stranger {
	list := []stranger{
		{origin: anyStranger},
		{origin: "null", mistake: "every site can send this origin from a sandboxed frame; do not list it"},
	}
	page, ok := origin.Parse(o)
	if !ok || page.Scheme != "http" && page.Scheme != "https" || strings.HasPrefix(page.Host, "[") {
		return list
	}
	add := func(scheme, host, mistake string, mild bool) {
		list = append(list, stranger{origin.Parts{Scheme: scheme, Host: host, Port: page.Port}.String(), mistake, mild})
	}
	add(page.Scheme, page.Host+".evil.example", "the server compares only the beginning of origins; compare the whole", false)
	if _, err := netip.ParseAddr(page.Host); err == nil {
		return list
	}
	add(page.Scheme, "evil"+page.Host, "the server compares only the end of origins; compare the whole", false)
	if first, rest, ok := strings.Cut(page.Host, "."); ok {
		add(page.Scheme, first+"x"+rest, `a dot in the server's regular expression matches any character; write \. for a dot`, false)
		add(page.Scheme, "evil."+page.Host, "every subdomain is allowed, including forgotten ones", true)
		if page.Scheme == "https" && page.Port == "" {
			add("http", page.Host, "anybody on the network can tamper with http, and so send this origin; allow https only", false)
		}
	}
	return list
}

// An access level says what a server lets an origin do.
type access int

const (
	none            access = iota
	public                 // read, like every origin, by *
	withoutCookies         // read
	withCredentials        // read and act as the user
)

// access returns the level that a visit with credentials shows.
func (v *visit) access() access {
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

// checkStrangers visits the server as the pages of attackers. It sends only
// preflights, and GETs without the user's headers.
func checkStrangers(ctx context.Context, p *prober) []Finding {
	var rejected, like []string
	var found []Finding
	everybody := none
	for _, s := range strangers(p.fetch.Origin) {
		if s.origin == p.fetch.Origin || s.origin == origin.OfURL(p.target) {
			continue
		}
		a, err := strangerAccess(ctx, p, s.origin)
		if err != nil {
			message, _ := unreachable(err, p.target, p.timeout)
			return append(found, Finding{Note, "origins", "other origins could not be tried: " + message, nil})
		}
		if s.origin == anyStranger {
			everybody = a
		}
		switch a {
		case none:
			rejected = append(rejected, s.origin)
		case everybody:
			like = append(like, s.origin)
		default:
			found = append(found, strangerFinding(s, a))
		}
	}
	if everybody != none {
		found = append([]Finding{everybodyFinding(everybody, like)}, found...)
	}
	if len(rejected) > 0 && p.usesCORS() {
		found = append(found, Finding{OK, "origins", "rejected: " + strings.Join(rejected, ", "), rejected})
	}
	return found
}

// strangerAccess tries an origin with a GET and, if the user's request needs a
// preflight, with that preflight.
func strangerAccess(ctx context.Context, p *prober, origin string) (access, error) {
	get := p.visit(ctx, script.Fetch{Origin: origin, Method: http.MethodGet, Credentials: true}, how{})
	if get.err != nil {
		return none, get.err
	}
	if origin == anyStranger {
		p.sample("a request from "+anyStranger, &get)
	}
	if p.main.preflight() == nil {
		return get.access(), nil
	}
	f := p.fetch
	f.Origin, f.Credentials = origin, true
	preflight := p.visit(ctx, f, how{preflightOnly: true, forcePreflight: true})
	return max(get.access(), preflight.access()), preflight.err
}

// everybodyFinding is about a server that allows an origin that it cannot know.
func everybodyFinding(a access, origins []string) Finding {
	switch a {
	case public:
		return Finding{Note, "origins", "every site may read responses, without credentials (*): right for a public API", origins}
	case withoutCookies:
		return Finding{Note, "origins", "every site may read responses, without credentials: right for a public API, where * does the same", origins}
	}
	return Finding{Warning, "origins", "every site is allowed with credentials: any page that a user visits can act as that user " +
		"and read the responses; list the origins of your front ends", origins}
}

func strangerFinding(s stranger, a access) Finding {
	f := Finding{Warning, "origins", s.origin + " is allowed with credentials: " + s.mistake, []string{s.origin}}
	if a != withCredentials {
		f.Text = s.origin + " is allowed, without credentials: " + s.mistake
	}
	if a != withCredentials || s.mild {
		f.Level = Note
	}
	return f
}
