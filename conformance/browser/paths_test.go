package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/valyala/fasthttp"

	"github.com/polycors/polycors/conformance/paths"
	cors "github.com/polycors/polycors/core"
)

// partner is the origin of a page that may read one part of a site. It is another
// site to the browser.
const partner = "http://partner.test:8080"

// spellings are paths that Chromium sends as they are, except for the ones with
// backslashes and plain or escaped dots.
var spellings = []string{
	"/public/x", "/public/a%20b", "/api/transfer", "/x", "/files/x",
	"//api/transfer", "/api//transfer", "/%61pi/transfer", "/api%2Ftransfer", "/api%2ftransfer/", "/API/transfer", "/api.json",
	"/public%2Fx", "/public%2Fx/", "/%2Fpublic/x", "//public/x", "/PUBLIC/x", "/public%5Cx", "/%70ublic/x", "/public;/x",
	"/public/..%2Fapi/transfer", "/public/..%5Capi%5Ctransfer", "/public%2F..%2Fapi%2Ftransfer", "/public/%252e%252e/api/transfer",
	"/public/%2e%2e/api/transfer", `/public\..\api\transfer`, "/public/../api/transfer", `/\api/transfer`,
	"/v1/transfer", "/v1/api/transfer", "/v1/public/x", "/v1//api/transfer", "/files//x", "/files%2F..%2Fapi/transfer", "/public%00/x",
}

// A pathRequest is a request that a handler got.
type pathRequest struct{ area, target string }

// A recorder remembers which handlers ran.
type recorder struct {
	mu   sync.Mutex
	runs []pathRequest
}

func (r *recorder) record(area, target string) {
	if area == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.runs = append(r.runs, pathRequest{area, target})
}

// A page of a partner, which may read /public/, sends requests with credentials
// to each spelling of a path. No handler may run but those of /public/, whatever
// the router makes of the path.
func TestPathsInChromium(t *testing.T) {
	lab := openLab(t)
	tab, closeTab := chromedp.NewContext(lab.chromium.ctx)
	defer closeTab()
	ctx, cancel := context.WithTimeout(tab, 2*time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(partner+"/page")); err != nil {
		t.Fatal(err)
	}
	for _, s := range paths.Sites(partnerPaths(t)) {
		t.Run(s.Name, func(t *testing.T) {
			ran := new(recorder)
			addr := servePaths(t, s, ran)
			var urls []string
			for _, spelling := range spellings {
				urls = append(urls, "http://"+addr+s.Below+spelling)
			}
			read := fetchAll(t, ctx, urls)
			for _, r := range ran.runs {
				if r.area != "/public/" {
					t.Errorf("%s runs a handler of %s", r.target, r.area)
				}
			}
			for i, area := range read {
				if area != "" && area != "/public/" && area != noHandler {
					t.Errorf("the page reads the response of %s to %s", area, spellings[i])
				}
			}
			if read[0] == "" && !s.Foreign {
				t.Error("the page cannot read /public/x")
			}
		})
	}
}

// noHandler is for a response that no handler has made, such as 404.
const noHandler = "no handler"

// partnerPaths gives the partner /public/, and refuses everybody elsewhere.
func partnerPaths(t *testing.T) func(below string) cors.Paths {
	policy := func(origin string) *cors.Policy {
		p, err := cors.New(cors.Config{
			AllowOrigins: []string{origin}, ExposeHeaders: []string{"Area"}, AllowCredentials: true, RejectDisallowed: true,
			Unsafe: cors.Unsafe{InsecureOrigins: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	public, rest := policy(partner), policy("https://myapp.test")
	return func(below string) cors.Paths {
		m := cors.Paths{}
		for _, area := range paths.Areas {
			m[below+area] = rest
		}
		m[below+"/public/"] = public
		return m
	}
}

// servePaths serves a site on loopback, and records which handlers run.
func servePaths(t *testing.T, s paths.Site, ran *recorder) string {
	if s.Fiber == nil {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.HTTP.ServeHTTP(w, r)
			ran.record(w.Header().Get("Area"), r.RequestURI)
		}))
		t.Cleanup(srv.Close)
		return srv.Listener.Addr().String()
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &fasthttp.Server{Logger: log.New(io.Discard, "", 0), Handler: func(c *fasthttp.RequestCtx) {
		target := string(c.Request.Header.RequestURI())
		s.Fiber(c)
		ran.record(string(c.Response.Header.Peek("Area")), target)
	}}
	go srv.Serve(ln)
	t.Cleanup(func() { ln.Close() })
	return ln.Addr().String()
}

// fetchAll sends a POST and a GET with credentials to each URL, one after the
// other, and returns the header Area of the responses to GET. It is empty if the
// page cannot read the response.
func fetchAll(t *testing.T, ctx context.Context, urls []string) []string {
	t.Helper()
	list, err := json.Marshal(urls)
	if err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`(async urls => {
		const read = [];
		for (const url of urls) {
			await fetch(url, {method: "POST", body: "amount=1", credentials: "include"}).catch(() => {});
			const get = await fetch(url, {credentials: "include"}).catch(() => null);
			read.push(get ? get.headers.get("Area") || %q : "");
		}
		return read;
	})(%s)`, noHandler, list)
	read, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return read
}
