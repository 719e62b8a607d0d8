package main

import (
	"context"
	"net/http"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// explanation is what explain says to machines.
type explanation struct {
	Verdict   verdict `json:"verdict"`
	Request   request `json:"request"`
	Preflight bool    `json:"preflight"` // whether browsers send one
	Reason    string  `json:"reason,omitempty"`
	Matched   string  `json:"matched,omitempty"`
	Message   string  `json:"message"`
	Hint      string  `json:"hint,omitempty"`
}

// explain judges a request by a policy, without a server.
func explain(ctx context.Context, p *cors.Policy, a ask) (*explanation, error) {
	first, err := firstRequest(ctx, a)
	if err != nil {
		return nil, err
	}
	req := cors.Request{
		Method:         first.Method,
		Origin:         a.origin,
		RequestMethod:  first.Header.Get("Access-Control-Request-Method"),
		RequestHeaders: first.Header.Get("Access-Control-Request-Headers"),
		Credentials:    a.credentials,
	}
	e := p.Explain(ctx, req)
	r := &explanation{
		Verdict:   refused,
		Request:   a.request(),
		Preflight: req.RequestMethod != "",
		Reason:    string(e.Reason),
		Matched:   e.Matched,
		Message:   printable(inFileSpelling(e.Message)),
		Hint:      printable(inFileSpelling(e.Hint)),
	}
	if e.Allowed {
		r.Verdict = allowed
	}
	return r, nil
}

// firstRequest is what a browser would send first: a preflight, as a rule.
func firstRequest(ctx context.Context, a ask) (*http.Request, error) {
	// The server is of no origin that a page could have.
	const server = "https://server.invalid"
	var first *http.Request
	page := &corstest.Page{Origin: a.origin, Transport: corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		first = r
		return nil, errHeld
	})}
	req, err := http.NewRequestWithContext(ctx, a.method, server, nil)
	if err != nil {
		return nil, err
	}
	req.Header = a.header.Clone()
	if _, err := page.Fetch(req); first == nil {
		return nil, err
	}
	return first, nil
}

// show writes an explanation for people.
func (e *explanation) show(s streams) {
	s.answer(e.Verdict, e.Reason, e.Message, e.Hint)
}
