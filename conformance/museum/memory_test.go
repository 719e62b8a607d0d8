package museum

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	cors "github.com/polycors/polycors/core"
)

// scribbled returns an exhibit in which a handler writes over the headers of its
// own response, or middleware over those of the response to a preflight. The harm
// is that later responses have what was written.
func scribbled(cfg cors.Config, preflight bool) func() exhibit {
	return func() exhibit {
		restore := func() {}
		scribble := func(h headers) { restore = h.Scribble() }
		s := site{routes: []route{{method: "GET", path: "/scribble", act: scribble}}}
		if preflight {
			first := true
			s = site{after: func(h headers) {
				if first {
					first = false
					scribble(h)
				}
			}}
		}
		return exhibit{policy: cfg, site: s, harm: func(v *visit) string {
			if preflight {
				v.preflight("/items", "https://a.com", "PUT")
			} else {
				v.get("/scribble", "https://a.com")
			}
			defer restore()
			for _, h := range []http.Header{v.get("/items", "https://a.com").Header, v.preflight("/items", "https://a.com", "PUT").Header} {
				if text := fmt.Sprint(h); strings.Contains(text, "scribbled") {
					return text
				}
			}
			return ""
		}}
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
	return []exhibit{
		{
			fault:   "a handler that changes the headers of its response changes those of all later ones",
			reports: []string{"rs/cors#198", "jub0bs/cors#14"},
			stage:   scribbled(full(), false),
		},
		{
			fault:   "the same with `*`",
			reports: []string{"rs/cors#198"},
			stage:   scribbled(origins("*"), false),
		},
		{
			fault:   "middleware that changes the headers of the response to a preflight changes those of all later ones",
			reports: []string{"rs/cors#198", "jub0bs/cors#14"},
			stage:   scribbled(full(), true),
		},
		{
			fault:   "the policy changes when the caller changes its lists later",
			reports: []string{"expressjs/cors#18"},
			stage: func() exhibit {
				cfg := with(full(), func(c *cors.Config) { c.AllowMethods = []string{"GET", "PUT"} })
				return exhibit{policy: cfg, harm: func(v *visit) string {
					cfg.AllowOrigins[0], cfg.AllowMethods[1], cfg.AllowHeaders[0], cfg.ExposeHeaders[0] = "https://evil.net", "DELETE", "X-Evil", "X-Evil"
					return either(allowedTo("https://evil.net", "GET /items"), blocked(app, "PUT /items", "X-A: 1"), hiddenList(app))(v)
				}}
			},
		},
		{
			fault:   "the middleware changes the caller's lists",
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
			policy: cookies(appOrigins()...), harm: confused, required: true,
		},
		{
			fault: "while a policy is replaced, a request is decided by parts of both",
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

// appOrigins returns the origins of several pages.
func appOrigins() (list []string) {
	for i := range 8 {
		list = append(list, fmt.Sprintf("https://app%d.example.com", i))
	}
	return list
}

// confused sends requests of several pages at a time.
func confused(v *visit) string {
	pages := appOrigins()
	seen := make(chan string, len(pages))
	for _, origin := range pages {
		go func() {
			p := v.page(origin)
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
	for range pages {
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
