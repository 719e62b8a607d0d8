package browser

import (
	"net/http"
	"testing"
	"time"

	chicorspeer "github.com/go-chi/cors"
	rscors "github.com/rs/cors"

	cors "github.com/polycors/polycors/core"
)

// TestEconomy counts the preflights for three methods with two sets of headers and
// one URL. A server that lists all that it allows gets one preflight. A server that
// allows what each preflight requests, as with other packages, gets one for each
// request, whatever its max-age.
func TestEconomy(t *testing.T) {
	var (
		origins = []string{"https://myapp.test"}
		methods = []string{"PUT", "DELETE", "PATCH"}
		headers = []string{"X-A", "X-B"}
	)
	const maxAge = 600
	polycors := cors.Config{
		AllowOrigins: origins, AllowMethods: methods, AllowHeaders: headers, MaxAge: maxAge * time.Second,
	}
	peers := []struct {
		name       string
		middleware func(http.Handler) http.Handler
	}{
		{"rs/cors", rscors.New(rscors.Options{
			AllowedOrigins: origins, AllowedMethods: methods, AllowedHeaders: headers, MaxAge: maxAge,
		}).Handler},
		{"go-chi/cors", chicorspeer.Handler(chicorspeer.Options{
			AllowedOrigins: origins, AllowedMethods: methods, AllowedHeaders: headers, MaxAge: maxAge,
		})},
	}

	var steps []step
	for _, method := range methods {
		for _, header := range headers {
			steps = append(steps, step{method: method, header: []string{header + ": 1"}, want: "200"})
		}
	}
	scenarios := []scenario{{name: "polycors", policy: polycors, through: frameworks, steps: steps, preflights: 1}}
	for _, peer := range peers {
		scenarios = append(scenarios, scenario{
			name: peer.name, middleware: peer.middleware, through: []string{"chi"}, steps: steps,
		})
	}

	l := openLab(t)
	scenarios = expand(scenarios)
	inChromium := l.inChromium(t, scenarios)
	for i, s := range scenarios {
		inCorstest := l.inCorstest(t, &s)
		t.Logf("%-16s %d preflights for %d requests in Chromium, %d in corstest",
			s.name, inChromium[i].preflights(), len(steps), inCorstest.preflights())
		if s.middleware == nil {
			s.check(t, "Chromium", inChromium[i])
		}
		compare(t, inChromium[i], inCorstest)
	}
}
