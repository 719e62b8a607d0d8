package main

import (
	"context"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/policyfile"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/probe"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// explanation is the result of explain for machines.
type explanation struct {
	Verdict   probe.Verdict  `json:"verdict"`
	Request   script.Summary `json:"request"`
	Preflight bool           `json:"preflight"` // whether browsers send one
	Reason    string         `json:"reason,omitempty"`
	Matched   string         `json:"matched,omitempty"`
	Message   string         `json:"message"`
	Hint      string         `json:"hint,omitempty"`
}

// explain applies a policy to a request, without a server.
func explain(ctx context.Context, p *cors.Policy, f script.Fetch) (*explanation, error) {
	first, err := f.FirstRequest(ctx)
	if err != nil {
		return nil, err
	}
	method := first.Header.Get("Access-Control-Request-Method")
	e := p.Explain(ctx, cors.Request{
		Method:         first.Method,
		Origin:         f.Origin,
		RequestMethod:  method,
		RequestHeaders: first.Header.Get("Access-Control-Request-Headers"),
		Credentials:    f.Credentials,
		FetchMode:      "cors",
	})
	verdict := probe.Refused
	if e.Allowed {
		verdict = probe.Allowed
	}
	inFile := func(text string) string { return show.Plain(policyfile.Spelling(text), show.Text) }
	return &explanation{verdict, f.Summary(), method != "", string(e.Reason), e.Matched, inFile(e.Message), inFile(e.Hint)}, nil
}
