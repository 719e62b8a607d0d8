package museum

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	cors "github.com/polycors/polycors/core"
)

// A recorder is a callback that retains the origins that it is asked about.
type recorder struct {
	mu      sync.Mutex
	origins []string
}

func (r *recorder) allow(_ context.Context, origin string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.origins = append(r.origins, origin)
	return true, nil
}

// recorded returns an exhibit whose harm sees what the callback was asked.
func recorded(look func(*visit, *recorder) string) func() exhibit {
	return func() exhibit {
		r := new(recorder)
		return exhibit{
			policy: cors.Config{AllowOriginFunc: r.allow},
			harm:   func(v *visit) string { return look(v, r) },
		}
	}
}

func asked(r *recorder, origin string) string {
	if slices.Contains(r.origins, origin) {
		return fmt.Sprintf("the callback is asked about %q", origin)
	}
	return ""
}

func failing(context.Context, string) (bool, error) { return false, errors.New("the database is away") }

func callbacks() []exhibit {
	hosts := cors.Config{AllowCredentials: true, AllowOriginFunc: always}
	tenant, tenantTerms := byTenant()
	return []exhibit{
		{
			fault:  "a callback that allows every origin also allows `null`, with cookies",
			policy: hosts, harm: reads("null"),
		},
		{
			fault: "the callback is called for a request without `Origin`",
			stage: recorded(func(v *visit, r *recorder) string { v.send("GET /items"); return asked(r, "") }),
		},
		{
			fault: "the callback is called with `https://a.com/x`, which is not an origin",
			stage: recorded(func(v *visit, r *recorder) string {
				v.get("/items", "https://a.com/x")
				return asked(r, "https://a.com/x")
			}),
		},
		{
			fault:   "the origin that a callback retains changes later, since its memory is reused",
			reports: []string{"gofiber/fiber#3367"},
			stage: recorded(func(v *visit, r *recorder) string {
				p := v.page("https://aaa.example")
				for _, origin := range []string{"https://aaa.example", "https://bbb.example", "https://ccc.example"} {
					p.Origin = origin
					if _, err := fetch(p, "GET /items"); err != nil {
						return err.Error()
					}
				}
				if r.origins[0] != "https://aaa.example" {
					return "https://aaa.example has become " + r.origins[0]
				}
				return ""
			}),
		},
		{
			fault:   "an error of the callback fails requests without `Origin`",
			reports: []string{"expressjs/cors#92"},
			policy:  cors.Config{AllowOriginFunc: failing}, harm: unhandled("GET /items"),
		},
		{
			fault:  "an error of the callback is shown to the client",
			policy: cors.Config{AllowOriginFunc: failing},
			harm: func(v *visit) string {
				if res := v.get("/items", "https://a.com"); strings.Contains(fmt.Sprint(res.Header), "database") {
					return "the response has the text of the error"
				}
				return ""
			},
		},
		{
			fault:   "the callback does not get the request, and cannot allow an origin by tenant",
			reports: []string{"rs/cors#60"},
			policy:  tenant, terms: forAll(tenantTerms),
			harm: func(v *visit) string {
				if _, err := (reader{"https://a.example", []string{"X-Tenant: a"}}).read(v, v.transport); err != nil {
					return err.Error()
				}
				return ""
			},
		},
	}
}

// forAll are terms that all peers are to try.
func forAll(t terms) terms {
	t.only = nil
	return t
}
