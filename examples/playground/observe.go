package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/polycors/polycors/examples/playground/internal/snippets"
	"github.com/polycors/polycors/examples/playground/internal/wire"
)

// A question is about a request that the browser has sent.
type question struct {
	Visit   string           `json:"visit"`
	After   int64            `json:"after"` // the last exchange before it
	Request snippets.Request `json:"request"`
}

// An observation is what an API saw of the request.
type observation struct {
	API        string         `json:"api"`
	Preflight  *wire.Exchange `json:"preflight"`
	Request    *wire.Exchange `json:"request"`
	Preflights int            `json:"preflights"` // so far, in this visit
	Needs      []need         `json:"needs"`

	Allowed bool   `json:"allowed"` // what polycors says
	Reason  string `json:"reason"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Fixes   []fix  `json:"fixes"`
}

// observe returns what each API saw of a request.
func (p *playground) observe(q question) ([]observation, error) {
	if err := q.Request.Check(p.origins()); err != nil {
		return nil, err
	}
	exchanges := p.log.Of(q.Visit)
	found := make([]observation, len(p.apis))
	for i, a := range p.apis {
		found[i] = p.observation(a, exchanges, q)
	}
	return found, nil
}

func (p *playground) observation(a api, exchanges []wire.Exchange, q question) observation {
	o := observation{API: a.ID, Needs: []need{}}
	for _, e := range exchanges {
		switch {
		case e.Framework != a.ID:
		case e.Preflight():
			o.Preflights++
			if e.Seq > q.After {
				o.Preflight = &e
			}
		case e.Seq > q.After:
			o.Request = &e
		}
	}
	requestHeaders := q.Request.PreflightHeaders()
	if o.Preflight != nil {
		requestHeaders = o.Preflight.RequestHeader("Access-Control-Request-Headers")
		o.Needs = append(o.Needs, preflightNeeds(o.Preflight, q.Request)...)
	}
	if o.Request != nil {
		o.Needs = append(o.Needs, requestNeeds(o.Request, q.Request)...)
	}
	e := explain(p.policy, q.Request, requestHeaders)
	o.Allowed, o.Reason, o.Message, o.Hint = e.Allowed, string(e.Reason), e.Message, e.Hint
	if !e.Allowed {
		o.Fixes = p.hintFixes(q.Request, e)
		return o
	}
	o.Fixes = []fix{}
	if message, hint, ok := hiddenHeader(p.policy, q.Request); ok {
		o.Message, o.Hint, o.Fixes = message, hint, p.exposeFix(q.Request)
	}
	return o
}

// A need is something that a browser needs in a response, and what is there.
type need struct {
	Preflight bool   `json:"preflight"` // whether it is needed in the response to the preflight
	Header    string `json:"header"`
	Want      string `json:"want"`
	Got       string `json:"got"`
	OK        bool   `json:"ok"`
}

// preflightNeeds follows https://fetch.spec.whatwg.org/#cors-preflight-fetch.
func preflightNeeds(e *wire.Exchange, r snippets.Request) []need {
	needs := originNeeds(e, r)
	needs = append(needs, need{Header: "Status", Want: "200 to 299", Got: fmt.Sprint(e.Status), OK: e.Status >= 200 && e.Status <= 299})
	method, got := e.RequestHeader("Access-Control-Request-Method"), e.ResponseHeader("Access-Control-Allow-Methods")
	if !isSafelistedMethod(method) {
		ok := slices.Contains(list(got), method) || got == "*" && !r.Credentials
		needs = append(needs, need{Header: "Access-Control-Allow-Methods", Want: method, Got: got, OK: ok})
	}
	got = e.ResponseHeader("Access-Control-Allow-Headers")
	for _, name := range list(e.RequestHeader("Access-Control-Request-Headers")) {
		ok := slices.ContainsFunc(list(got), func(n string) bool {
			return strings.EqualFold(n, name) || n == "*" && !r.Credentials
		})
		needs = append(needs, need{Header: "Access-Control-Allow-Headers", Want: name, Got: got, OK: ok})
	}
	for i := range needs {
		needs[i].Preflight = true
	}
	return needs
}

func requestNeeds(e *wire.Exchange, r snippets.Request) []need {
	needs := originNeeds(e, r)
	if r.Reads != "" && !isSafelistedResponse(r.Reads) {
		got := e.ResponseHeader("Access-Control-Expose-Headers")
		ok := slices.ContainsFunc(list(got), func(n string) bool {
			return strings.EqualFold(n, r.Reads) || n == "*" && !r.Credentials
		})
		needs = append(needs, need{Header: "Access-Control-Expose-Headers", Want: http.CanonicalHeaderKey(r.Reads), Got: got, OK: ok})
	}
	return needs
}

// originNeeds follows https://fetch.spec.whatwg.org/#concept-cors-check.
func originNeeds(e *wire.Exchange, r snippets.Request) []need {
	got := e.ResponseHeader("Access-Control-Allow-Origin")
	needs := []need{{Header: "Access-Control-Allow-Origin", Want: r.Page, Got: got, OK: got == r.Page || got == "*" && !r.Credentials}}
	if r.Credentials {
		got := e.ResponseHeader("Access-Control-Allow-Credentials")
		needs = append(needs, need{Header: "Access-Control-Allow-Credentials", Want: "true", Got: got, OK: got == "true"})
	}
	return needs
}

func isSafelistedMethod(m string) bool { return m == "GET" || m == "HEAD" || m == "POST" }

func list(header string) (names []string) {
	for name := range strings.SplitSeq(header, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
