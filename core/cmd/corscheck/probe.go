package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/fatih/color"

	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/probe"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/terminal"
)

// showReport writes what a probe found for people.
func showReport(o terminal.Output, r *probe.Report, f script.Fetch) {
	fmt.Fprintf(o, "%s\n\n", terminal.Bold.Sprint(show.Plain(f.String(), show.Text)))
	for _, e := range r.Exchanges {
		showExchange(o, e)
	}
	showVerdict(o, r.Verdict, r.Reason, r.Message, r.Hint)
	if len(r.Findings) > 0 {
		fmt.Fprintln(o)
	}
	styles := map[probe.Level]*color.Color{probe.OK: terminal.Green, probe.Note: terminal.Dim, probe.Warning: terminal.Yellow}
	for _, f := range r.Findings {
		o.Row(styles[f.Level], string(f.Level), 9, f.Text)
	}
}

// showExchange writes a request and its response as curl -v does.
func showExchange(o terminal.Output, e probe.Exchange) {
	out, in := terminal.Dim.Sprint(">"), terminal.Dim.Sprint("<")
	fmt.Fprintf(o, "%s %s %s\n", out, terminal.Bold.Sprint(e.Method), e.URL)
	showHeaders(o, out, e.RequestHeaders)
	if e.Status == 0 {
		fmt.Fprintf(o, "%s no response\n\n", in)
		return
	}
	status := strings.TrimSpace(fmt.Sprint(e.Status, " ", http.StatusText(e.Status)))
	fmt.Fprintf(o, "%s %s\n", in, terminal.Bold.Sprint(status))
	showHeaders(o, in, e.ResponseHeaders)
	fmt.Fprintln(o)
}

func showHeaders(o terminal.Output, prefix string, h probe.Headers) {
	const maxNames = 40
	names := slices.Sorted(maps.Keys(h))
	for _, name := range names[:min(len(names), maxNames)] {
		for _, line := range h[name] {
			o.Line(prefix+" ", 2, 4, name+": "+line)
		}
	}
}
