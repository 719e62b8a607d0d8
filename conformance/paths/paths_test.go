package paths

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/valyala/fasthttp"

	cors "github.com/polycors/polycors/core"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	m.Run()
}

const evil = "https://evil.example"

// sitePaths returns a policy for each area below a prefix. Without root, the area
// "/" has none.
func sitePaths(below string, root bool) cors.Paths {
	m := cors.Paths{}
	for i, area := range Areas {
		if area == "/" && !root {
			continue
		}
		p, err := cors.New(cors.Config{AllowOrigins: []string{evil}, ExposeHeaders: []string{fmt.Sprintf("X-%d", i)}})
		if err != nil {
			panic(err)
		}
		m[below+area] = p
	}
	return m
}

// get returns in which area a handler ran, if one did, and whose policy was in force.
func get(s Site, target string) (handler, policy string) {
	if strings.HasPrefix(target, "/") {
		target = s.Below + target
	}
	h := serve(s, "POST "+target+" HTTP/1.1\r\nHost: api.example\r\nOrigin: "+evil+"\r\nContent-Length: 0\r\n\r\n")
	switch exposed := h.Get("Access-Control-Expose-Headers"); {
	case exposed != "":
		i := 0
		fmt.Sscanf(exposed, "X-%d", &i)
		policy = Areas[i]
	case h.Get("Vary") == "Origin":
		policy = "nobody"
	default:
		policy = "none"
	}
	return h.Get("Area"), policy
}

// serve answers a request and returns the headers of the response, or nil if the
// request is not valid for the server.
func serve(s Site, raw string) http.Header {
	in := bufio.NewReader(strings.NewReader(raw))
	if s.Fiber != nil {
		var ctx fasthttp.RequestCtx
		if ctx.Request.Read(in) != nil {
			return nil
		}
		s.Fiber(&ctx)
		h := http.Header{}
		for name, value := range ctx.Response.Header.All() {
			h.Add(string(name), string(value))
		}
		return h
	}
	r, err := http.ReadRequest(in)
	if err != nil {
		return nil
	}
	rec := httptest.NewRecorder()
	s.HTTP.ServeHTTP(rec, r)
	return rec.Result().Header
}

func sites(root bool) []Site {
	return Sites(func(below string) cors.Paths { return sitePaths(below, root) })
}

// parts are what the paths of the test are made of.
var parts = []string{
	"/", "/", "/", "/", "//", `\`, "%2F", "%2f", "%5C", "/./", "/../", "/%2e%2e/", "/.%2E/", "%2e", ".", "..", "%252F", "%25", "%00", "%c0%af",
	"public", "public", "PUBLIC", "%70ublic", "publi%63", "api", "api", "API", "%61pi", "a%70i", "v2", "V2", "%76%32", "transfer", "tr%61nsfer",
	"x", "x.json", ".json", "files", "%66iles", ";a=b", "+", "%20", "é", "%C3%A9", "K", "?", "#", "v1", "base", ":", "http:", "a|b", "/api/", "/public/",
}

// curated are targets that have been holes, or that are forms of their own.
var curated = []string{
	"//api/transfer", "/public%2Fx", "/public%2Fx/", "/files//x", "/%61pi/transfer", "/api/", "/api//", "/API/transfer", "/api.json", "/public.json",
	"http://api.example/api/transfer", "http://api.example//api/transfer", "http:/api/transfer", "http:/public/x://h/api/transfer", "http://api.example",
	"http://api.example?x=/public/", "//api.example/api/transfer", "/public/../api/transfer", "/public/%2e%2e/api/transfer", `/public/..\api/transfer`,
	"/public/..%2Fapi/transfer", "/v1/api/transfer", "/v1/public/x", "/base/api/transfer", "/public%2F..%2Fapi%2Ftransfer/", "/api;/transfer",
	"/a%2Fb/%2e%2e/api/transfer", "/x//../api/v2", "*", "api/transfer", "/api%3Fx/", "/public%3F/x/", "/api/transfer%00", "/public/x#/../../api/transfer",
	"/api%2Ftransfer%2F", "/%2Fapi/transfer", "/public%252Fx", "/%2561pi/transfer", "/Kapi", "/%E2%84%AAx", "?x", "/api?", "/public/x%", "/%zz",
}

func targets() []string {
	list := slices.Clone(curated)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 8_000 {
		var b strings.Builder
		for range 1 + rng.IntN(6) {
			b.WriteString(parts[rng.IntN(len(parts))])
		}
		target := b.String()
		if rng.IntN(8) > 0 && !strings.HasPrefix(target, "/") {
			target = "/" + target
		}
		list = append(list, target)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestPolicyOfTheHandler(t *testing.T) {
	list := targets()
	for _, root := range []bool{true, false} {
		for _, s := range sites(root) {
			t.Run(fmt.Sprintf("%s, a policy for the root %t", s.Name, root), func(t *testing.T) {
				t.Parallel()
				handled, agreed := 0, 0
				for _, target := range list {
					handler, policy := get(s, target)
					want := handler
					if handler == "/" && !root {
						want = "none"
					}
					switch {
					case handler == "":
					case policy == want:
						agreed++
						handled++
					case policy == "nobody":
						handled++
					default:
						t.Errorf("%q runs a handler of %q with the policy of %q", target, handler, policy)
					}
				}
				if agreed < 200 && !s.Foreign {
					t.Errorf("of %d handled requests only %d have the policy of their handler", handled, agreed)
				}
			})
		}
	}
}

// Paths that browsers and front ends use every day.
var ordinary = map[string]string{
	"/": "", "/x": "/", "/x?next=/api/": "/", "/x/y": "/", "/caf%C3%A9": "/", "/a%20b": "/", "/a|b": "/", "/100%25": "/", "/.well-known": "/", "/.well-known/x": "/",
	"/public": "/public/", "/public/x": "/public/", "/public/x?q=%2F..": "/public/", "/public/caf%C3%A9": "/public/", "/public/caf%c3%a9": "/public/",
	"/public/a%20b": "/public/", "/public/100%25": "/public/", "/public/.well-known": "/public/", "/public/a|b": "/public/", "/public/a;b=c": "/public/",
	"/public/a%2Bb": "/public/", "/public/a+b": "/public/", "/public/~user": "/public/", "/public/x.tar.gz": "/public/", "/public/%E6%97%A5": "/public/",
	"/api": "/api/", "/api/transfer": "/api/", "/api/a%20b/c": "/api/", "/api/v2": "/api/v2/", "/api/v2/x": "/api/v2/", "/api/v20": "/api/", "/apix": "/",
	"/files/a/b/c": "/files/", "/files/a%20b/c.txt": "/files/", "/files/a%2Fb": "/files/", "/public/a%2Fb": "/public/",
	"http://api.example/api/transfer": "/api/", "http://api.example/public/a%20b": "/public/",
}

func TestOrdinaryPaths(t *testing.T) {
	for _, s := range sites(true) {
		if s.Foreign {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			for target, want := range ordinary {
				if handler, policy := get(s, target); handler != "" && (handler != want || policy != want) {
					t.Errorf("%q runs a handler of %q with the policy of %q, want %q", target, handler, policy, want)
				}
			}
		})
	}
}
