package probe

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// A Report is what a probe found. Its JSON is for machines: names do not
// change, and fields are only added.
type Report struct {
	Verdict   Verdict        `json:"verdict"`
	Dangerous bool           `json:"dangerous,omitempty"` // a finding is a danger: the exit status is 1
	Request   script.Summary `json:"request"`
	Stage     string         `json:"stage,omitempty"`  // preflight or response: where it failed
	Reason    string         `json:"reason,omitempty"` // as in Chromium's DevTools
	Message   string         `json:"message"`
	Console   string         `json:"console,omitempty"` // the line in Chromium's console
	Hint      string         `json:"hint,omitempty"`
	Sent      bool           `json:"sent"` // whether the request itself was sent, not only its preflight
	Exchanges []Exchange     `json:"exchanges"`
	Findings  []Finding      `json:"findings"`
}

// Has reports whether there is a finding of a level.
func (r *Report) Has(l Level) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Level == l })
}

// finish puts the findings in order: the worst come first.
func (r *Report) finish() {
	r.Dangerous = r.Has(Danger)
	rank := map[Level]int{Danger: 0, Warning: 1, Note: 2, OK: 3}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(rank[a.Level], rank[b.Level]) })
}

// A Verdict says whether a browser accepts a request and its response.
type Verdict string

const (
	Allowed Verdict = "allowed"
	Refused Verdict = "refused"
	Unknown Verdict = "unknown"
)

// A Finding is what a probe notices besides the verdict.
type Finding struct {
	Level   Level    `json:"level"`
	Check   string   `json:"check"` // origins, vary, preflight-cache, request or response
	Text    string   `json:"text"`
	Origins []string `json:"origins,omitempty"`
}

// A Level says how important a finding is.
type Level string

const (
	OK      Level = "ok"
	Note    Level = "note"
	Warning Level = "warning"
	Danger  Level = "danger" // any site can act as a user: the exit status is 1, whatever the verdict
)

// An Exchange is a request and its response. It has only the headers that
// matter for CORS, and therefore no tokens or cookies. Its values are safe to
// show.
type Exchange struct {
	Preflight       bool    `json:"preflight"`
	Method          string  `json:"method"`
	URL             string  `json:"url"`
	RequestHeaders  Headers `json:"requestHeaders"`
	Status          int     `json:"status"` // 0 if there was no response
	ResponseHeaders Headers `json:"responseHeaders"`
}

// Headers maps the names of headers to their lines.
type Headers map[string][]string

func newExchange(e corstest.Exchange) Exchange {
	return Exchange{
		Preflight:       e.Preflight,
		Method:          show.Plain(e.Method, show.Line),
		URL:             show.Plain(e.URL, show.Line),
		RequestHeaders:  relevant(e.RequestHeader),
		Status:          e.Status,
		ResponseHeaders: relevant(e.ResponseHeader),
	}
}

func relevant(h http.Header) Headers {
	const maxLines = 5
	shown := Headers{}
	for name, lines := range h {
		if !show.IsShown(name) {
			continue
		}
		key := show.Plain(name, show.Line)
		for _, line := range lines[:min(len(lines), maxLines)] {
			shown[key] = append(shown[key], show.Plain(line, show.Line))
		}
		if len(lines) > maxLines {
			shown[key] = append(shown[key], fmt.Sprintf("… (%d lines)", len(lines)))
		}
	}
	return shown
}
