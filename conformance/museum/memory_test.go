package museum

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	cors "github.com/polycors/polycors/core"
)

// scribbled is the harm that a later response has what an earlier handler wrote
// over its own headers.
func scribbled(origins ...string) harm {
	return func(v *visit) string {
		for range 2 {
			for _, origin := range origins {
				v.get("/scribble", origin)
				v.preflight("/items", origin, "PUT")
				for _, res := range []string{fmt.Sprint(v.get("/items", origin).Header), fmt.Sprint(v.preflight("/items", origin, "PUT").Header)} {
					if strings.Contains(res, "scribbled") {
						return res
					}
				}
			}
		}
		return ""
	}
}

// full has every header that a response can get.
func full() cors.Config {
	return with(cookies("https://a.com"), func(c *cors.Config) {
		c.AllowHeaders, c.ExposeHeaders, c.MaxAge = []string{"X-A"}, []string{"X-Total"}, time.Minute
	})
}

func memory() []exhibit {
	const app = "https://a.com"
	scribble := []route{{method: "GET", path: "/scribble", act: headers.Scribble}}
	onPreflight := site{after: func(h headers) {
		if h.All()[allowMethods] != nil {
			h.Scribble()
		}
	}}
	return []exhibit{
		{
			fault:   "a handler that changes the headers of its response changes those of all later ones",
			reports: []string{"rs/cors#198", "jub0bs/cors#14"},
			policy:  full(), site: site{routes: scribble}, harm: scribbled(app),
		},
		{
			fault:   "the same with `*`",
			reports: []string{"rs/cors#198"},
			policy:  origins("*"), site: site{routes: scribble}, harm: scribbled(app),
		},
		{
			fault:   "middleware that changes the headers of the response to a preflight changes those of all later ones",
			reports: []string{"rs/cors#198", "jub0bs/cors#14"},
			policy:  full(), site: onPreflight, harm: scribbled(app),
		},
		{
			fault:   "the policy changes with the lists that it was made from",
			reports: []string{"expressjs/cors#18"},
			stage: func() exhibit {
				cfg := with(full(), func(c *cors.Config) { c.AllowMethods = []string{"PUT"} })
				return exhibit{policy: cfg, harm: func(v *visit) string {
					cfg.AllowOrigins[0], cfg.AllowMethods[0], cfg.AllowHeaders[0], cfg.ExposeHeaders[0] = "https://evil.net", "DELETE", "X-Evil", "X-Evil"
					return either(allowedTo("https://evil.net", "GET /items"), blocked(app, "PUT /items", "X-A: 1"), hiddenList(app))(v)
				}}
			},
		},
		{
			fault:   "the lists that a policy is made from are changed",
			reports: []string{"gin-contrib/cors#71"},
			stage: func() exhibit {
				cfg, before := with(full(), spacious), with(full(), spacious)
				return exhibit{policy: cfg, harm: func(*visit) string {
					for i, list := range [][]string{cfg.AllowOrigins, cfg.AllowMethods, cfg.AllowHeaders, cfg.ExposeHeaders} {
						want := [][]string{before.AllowOrigins, before.AllowMethods, before.AllowHeaders, before.ExposeHeaders}[i]
						if got := list[:cap(list)]; !slices.Equal(got, want[:cap(want)]) {
							return fmt.Sprintf("%q in place of %q", got, want[:cap(want)])
						}
					}
					return ""
				}}
			},
		},
		{
			fault:  "concurrent requests get each other's origin",
			policy: cookies("https://*.example.com"), harm: confused, required: true,
		},
		{
			fault: "a request that meets a change of the policy is decided by parts of both",
			terms: terms{nobody: true},
			stage: reconfigured,
		},
	}
}

// spacious gives the lists of a policy room for more.
func spacious(c *cors.Config) {
	c.AllowMethods = append(make([]string, 0, 4), "PUT")
	c.AllowHeaders = append(make([]string, 0, 4), "X-A")
	c.ExposeHeaders = append(make([]string, 0, 4), "X-Total")
}

// hiddenList is the harm that X-Total is not exposed.
func hiddenList(origin string) harm {
	return func(v *visit) string {
		if got := v.get("/items", origin).Header.Get(exposeHeaders); got != "X-Total" {
			return "exposed: " + got
		}
		return ""
	}
}

// confused sends requests of several pages at a time.
func confused(v *visit) string {
	seen := make(chan string, 8)
	for i := range cap(seen) {
		go func() {
			p := v.page(fmt.Sprintf("https://app%d.example.com", i))
			for range 20 {
				if _, err := fetch(p, "PUT /items"); err != nil {
					seen <- err.Error()
					return
				}
			}
			seen <- ""
		}()
	}
	harm := ""
	for range cap(seen) {
		harm = max(harm, <-seen)
	}
	return harm
}

// reconfigured changes a policy while requests are decided.
func reconfigured() exhibit {
	one := with(cookies("https://a.com"), func(c *cors.Config) { c.AllowMethods = []string{"PUT"} })
	other := with(origins("*"), func(c *cors.Config) { c.AllowMethods = []string{"DELETE"} })
	policy, err := cors.New(one)
	if err != nil {
		panic(err)
	}
	look := func(v *visit) string {
		done := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				if err := policy.Reconfigure([]cors.Config{one, other}[i%2]); err != nil {
					v.Error(err)
				}
			}
		})
		defer wg.Wait()
		defer close(done)
		for range 200 {
			h := v.preflight("/items", "https://a.com", "PUT").Header
			switch got := h.Get(allowOrigin) + " " + h.Get(allowCredentials) + " " + h.Get(allowMethods); got {
			case "https://a.com true PUT", "*  DELETE":
			default:
				return got
			}
		}
		return ""
	}
	return exhibit{policy: one, terms: terms{nobody: true}, site: site{mounts: []mount{{live: policy}}}, harm: look}
}
