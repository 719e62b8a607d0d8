package main

import (
	"bytes"
	_ "embed"
	"math"
	"slices"
	"strings"
	"text/template"

	"github.com/polycors/polycors/conformance/bench"
)

//go:embed chart.svg.tmpl
var chartSVG string

var chartTemplate = template.Must(template.New("chart").Parse(chartSVG))

// A group is the part of the chart that shows one framework.
type group struct {
	Name  string
	TextY int
	Bars  []bar
}

type bar struct {
	Class, Label string
	Value        int
	Y, Width     int
	TextX, TextY int
	exact        float64
}

// The measures of the chart, in pixels.
const (
	chartWidth = 760
	chartLeft  = 72
	barHeight  = 18
	barStep    = 22
	groupGap   = 16
	firstGroup = 68
	labelRoom  = 190
)

// chart draws, for each framework, the mean over the common scenarios that have a
// peer.
func (r *results) chart() ([]byte, error) {
	var groups []group
	longest := 0.0
	for _, f := range r.frameworks {
		g := group{Name: f.Name, Bars: r.bars(f)}
		for _, b := range g.Bars {
			longest = max(longest, b.exact)
		}
		if g.Bars != nil {
			groups = append(groups, g)
		}
	}
	y := firstGroup
	for i := range groups {
		for j := range groups[i].Bars {
			b := &groups[i].Bars[j]
			b.Y, b.TextY = y, y+barHeight-5
			b.Width = max(2, int(math.Round(b.exact/longest*(chartWidth-chartLeft-labelRoom))))
			b.TextX = chartLeft + b.Width + 8
			y += barStep
		}
		groups[i].TextY = groups[i].Bars[0].TextY
		y += groupGap
	}
	common := 0
	for _, s := range r.scenarios {
		if s.Common {
			common++
		}
	}
	var svg bytes.Buffer
	err := chartTemplate.Execute(&svg, map[string]any{
		"Width": chartWidth, "Height": y, "Left": chartLeft, "BarHeight": barHeight,
		"AxisEnd": y - groupGap, "Groups": groups, "Scenarios": common,
	})
	return svg.Bytes(), err
}

func (r *results) bars(f bench.Framework) []bar {
	var floor, polycors, peer []series
	var peers []string
	positive := func(s series) series {
		return s.map1(func(v float64) float64 { return max(v, least) })
	}
	for _, c := range r.cells(f) {
		if c.peer == "" || !c.scenario.Common {
			continue
		}
		floor = append(floor, positive(c.added[bench.Floor]))
		polycors = append(polycors, positive(c.added[bench.Polycors]))
		peer = append(peer, positive(c.added[c.peer]))
		if title := (bench.Stack{Name: c.peer}).Title(); !slices.Contains(peers, title) {
			peers = append(peers, title)
		}
	}
	if peer == nil {
		return nil
	}
	draw := func(class, label string, all []series) bar {
		mean := geomean(all).median()
		return bar{Class: class, Label: label, Value: int(math.Round(mean)), exact: mean}
	}
	return []bar{
		draw("polycors", "polycors", polycors),
		draw("peer", strings.Join(peers, ", "), peer),
		draw("floor", bench.Stack{Name: bench.Floor}.Title(), floor),
	}
}
