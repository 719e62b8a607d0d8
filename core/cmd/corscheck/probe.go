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

// showReport writes what a probe found for people: dangers come first.
func showReport(o terminal.Output, r *probe.Report, f script.Fetch) {
	var dangers, others []probe.Finding
	for _, f := range r.Findings {
		if f.Level == probe.Danger {
			dangers = append(dangers, f)
		} else {
			others = append(others, f)
		}
	}
	showFindings(o, dangers)
	if len(dangers) > 0 {
		fmt.Fprintln(o)
	}
	fmt.Fprintf(o, "%s\n\n", terminal.Bold.Sprint(show.Plain(f.String(), show.Text)))
	for _, e := range r.Exchanges {
		showExchange(o, e)
	}
	reason := r.Reason
	if r.Verdict == probe.Allowed && len(dangers) > 0 {
		reason = "but dangerous: see above"
	}
	showVerdict(o, r.Verdict, reason, r.Message, r.Hint)
	if len(others) > 0 {
		fmt.Fprintln(o)
	}
	showFindings(o, others)
}

func showFindings(o terminal.Output, findings []probe.Finding) {
	styles := map[probe.Level]*color.Color{probe.Danger: terminal.Red, probe.Warning: terminal.Yellow, probe.Note: terminal.Dim, probe.OK: terminal.Green}
	for _, f := range findings {
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
