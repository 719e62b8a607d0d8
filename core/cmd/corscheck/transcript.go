package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/corstest"
)

// An exchange is a request and its response, with those of their headers that
// matter for CORS, fit to be shown.
type exchange struct {
	Preflight       bool    `json:"preflight"`
	Method          string  `json:"method"`
	URL             string  `json:"url"`
	RequestHeaders  headers `json:"requestHeaders"`
	Status          int     `json:"status"` // 0 if there was no response
	ResponseHeaders headers `json:"responseHeaders"`
}

// headers holds the lines of headers by their names.
type headers map[string][]string

func shown(e corstest.Exchange) exchange {
	return exchange{
		Preflight:       e.Preflight,
		Method:          value(e.Method),
		URL:             value(e.URL),
		RequestHeaders:  relevant(e.RequestHeader),
		Status:          e.Status,
		ResponseHeaders: relevant(e.ResponseHeader),
	}
}

// relevant leaves out what has no part in CORS, and with it tokens and cookies.
func relevant(h http.Header) headers {
	const mostLines = 5
	shown := headers{}
	for name, lines := range h {
		switch {
		case strings.HasPrefix(name, "Access-Control-"), name == "Origin", name == "Vary", name == "Location", name == "Allow":
			for _, line := range lines[:min(len(lines), mostLines)] {
				shown[value(name)] = append(shown[value(name)], value(line))
			}
			if len(lines) > mostLines {
				shown[value(name)] = append(shown[value(name)], fmt.Sprintf("… (%d lines)", len(lines)))
			}
		}
	}
	return shown
}

// transcript writes exchanges in the manner of curl -v.
func (s streams) transcript(exchanges []exchange) {
	for _, e := range exchanges {
		fmt.Fprintf(s.out, "%s %s %s\n", s.paint(dim, ">"), s.paint(bold, e.Method), e.URL)
		s.headers(">", e.RequestHeaders)
		if e.Status == 0 {
			fmt.Fprintf(s.out, "%s no response\n\n", s.paint(dim, "<"))
			continue
		}
		fmt.Fprintf(s.out, "%s %s\n", s.paint(dim, "<"), s.paint(bold, strings.TrimSpace(fmt.Sprint(e.Status, " ", http.StatusText(e.Status)))))
		s.headers("<", e.ResponseHeaders)
		fmt.Fprintln(s.out)
	}
}

func (s streams) headers(prefix string, h headers) {
	const most = 40
	names := slices.Sorted(maps.Keys(h))
	for _, name := range names[:min(len(names), most)] {
		for _, line := range h[name] {
			fmt.Fprintf(s.out, "%s %s: %s\n", s.paint(dim, prefix), name, line)
		}
	}
}

// show writes a report for people.
func (r *report) show(s streams, a ask) {
	fmt.Fprintln(s.out, s.paint(bold, printable(a.String())))
	fmt.Fprintln(s.out)
	s.transcript(r.Exchanges)
	s.answer(r.Verdict, r.Reason, r.Message, r.Hint)
	if len(r.Findings) > 0 {
		fmt.Fprintln(s.out)
	}
	for _, f := range r.Findings {
		colour := map[level]style{levelOK: green, levelNote: dim, levelWarning: yellow}[f.Level]
		s.paragraph(colour, string(f.Level), 9, f.Text)
	}
}
