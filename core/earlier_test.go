package cors_test

import (
	"fmt"
	"slices"
	"testing"

	cors "github.com/polycors/polycors/core"
)

func TestEarlier(t *testing.T) {
	var many []string
	for i := range 20 {
		many = append(many, fmt.Sprintf("X-%d", i))
	}
	for _, tt := range []struct {
		name       string
		lines      [][2]string
		vary, cors []string
	}{
		{name: "an empty response"},
		{
			name:  "headers that are not of CORS",
			lines: [][2]string{{"Content-Type", "text/plain"}, {"Access-Control-Request-Method", "PUT"}, {"Access-Control-", "x"}, {"Varyx", "x"}},
		},
		{
			name:  "names in any case",
			lines: [][2]string{{"vary", "Origin"}, {"VARY", "Accept"}, {"access-control-max-age", "5"}, {"Access-Control-Max-Age", "6"}},
			vary:  []string{"Origin", "Accept"},
			cors:  []string{"access-control-max-age", "Access-Control-Max-Age"},
		},
		{
			name:  "a name that is repeated",
			lines: [][2]string{{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Origin", "null"}},
			cors:  []string{"Access-Control-Allow-Origin"},
		},
		{
			name: "many lines of Vary",
			lines: func() (lines [][2]string) {
				for _, name := range many {
					lines = append(lines, [2]string{"Vary", name})
				}
				return lines
			}(),
			vary: many,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e cors.Earlier
			for _, line := range tt.lines {
				e.Visit(line[0], line[1])
			}
			if !slices.Equal(e.Vary(), tt.vary) || !slices.Equal(e.CORS(), tt.cors) {
				t.Errorf("Vary %q, CORS headers %q; want %q, %q", e.Vary(), e.CORS(), tt.vary, tt.cors)
			}
		})
	}
}
