package recipes

import (
	"net/http"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// preflightOf is the answer to the preflight of the page's only request.
func preflightOf(t *testing.T, p *corstest.Page) corstest.Exchange {
	t.Helper()
	e := p.Exchanges()[0]
	if !e.Preflight {
		t.Fatal("the page sent no preflight")
	}
	return e
}

// headersOfOptions are the headers that the options of Express set.
func headersOfOptions(changed map[string]string) map[string]string {
	want := map[string]string{
		"Access-Control-Allow-Origin":      myApp,
		"Access-Control-Allow-Credentials": "",
		"Access-Control-Allow-Methods":     "GET, HEAD, PUT, PATCH, POST, DELETE",
		"Access-Control-Allow-Headers":     "",
		"Access-Control-Expose-Headers":    "",
		"Access-Control-Max-Age":           "",
		"Vary":                             "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
	}
	for name, value := range changed {
		want[name] = value
	}
	return want
}

func TestEachOptionSetsItsHeader(t *testing.T) {
	for name, test := range map[string]struct {
		cfg       cors.Config
		preflight map[string]string
		status    int
	}{
		"methods":              {Methods(), map[string]string{"Access-Control-Allow-Methods": "GET, PUT"}, 204},
		"allowedHeaders":       {RequestHeaders(), map[string]string{"Access-Control-Allow-Headers": "Content-Type, Authorization"}, 204},
		"exposedHeaders":       {ResponseHeaders(), nil, 204}, // on responses only
		"maxAge":               {RememberPreflights(), map[string]string{"Access-Control-Max-Age": "3600"}, 204},
		"optionsSuccessStatus": {OldClients(), nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			forEach(t, mounted(t, test.cfg), func(t *testing.T, api http.RoundTripper) {
				page := on(myApp, api)
				corstest.Allows(t, page, "PUT", "/items/1")
				preflight := preflightOf(t, page)
				wantHeaders(t, "preflight", preflight.ResponseHeader, headersOfOptions(test.preflight))
				if preflight.Status != test.status {
					t.Errorf("status %d, want %d", preflight.Status, test.status)
				}
				refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/items/1")
			})
		})
	}
}

func TestMethodsRefusesTheOthersButNotPOST(t *testing.T) {
	forEach(t, mounted(t, Methods()), func(t *testing.T, api http.RoundTripper) {
		refuses(t, on(myApp, api), corstest.IssueMethodDisallowed, "DELETE", "/items/1")
		corstest.Allows(t, on(myApp, api), "POST", "/items")
	})
}

func TestRequestHeadersRefusesTheOthers(t *testing.T) {
	forEach(t, mounted(t, RequestHeaders()), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "PUT", "/items/1", "Content-Type: application/json", "Authorization: Bearer token")
		refuses(t, on(myApp, api), corstest.IssueHeaderDisallowed, "PUT", "/items/1", "X-Requested-With: XMLHttpRequest")
	})
}

func TestResponseHeadersLetsScriptsReadThem(t *testing.T) {
	forEach(t, mounted(t, ResponseHeaders()), func(t *testing.T, api http.RoundTripper) {
		page := on(myApp, api)
		res := corstest.Allows(t, page, "GET", "/items")
		wantHeaders(t, "what the script sees", res.Header, map[string]string{"X-Total-Count": "2"})
		wantHeaders(t, "response", lastExchange(t, page).ResponseHeader, map[string]string{
			"Access-Control-Expose-Headers": "X-Total-Count", "Access-Control-Allow-Origin": myApp, "Vary": "Origin",
		})
	})
	forEach(t, mounted(t, Methods()), func(t *testing.T, api http.RoundTripper) {
		res := corstest.Allows(t, on(myApp, api), "GET", "/items")
		wantHeaders(t, "what the script sees without the option", res.Header, map[string]string{"X-Total-Count": ""})
	})
}

func TestRememberPreflightsSendsOneInAnHour(t *testing.T) {
	forEach(t, mounted(t, RememberPreflights()), func(t *testing.T, api http.RoundTripper) {
		now := time.Now()
		page := on(myApp, api)
		page.Now = func() time.Time { return now }
		for i, want := range []int{1, 1, 2} {
			corstest.Allows(t, page, "PUT", "/items/1")
			if page.Preflights() != want {
				t.Errorf("after %d requests: %d preflights, want %d", i+1, page.Preflights(), want)
			}
			now = now.Add(40 * time.Minute)
		}
	})
}

func TestAnswerPreflightsYourself(t *testing.T) {
	policy, err := cors.New(AnswerPreflightsYourself())
	if err != nil {
		t.Fatal(err)
	}
	g, e, f, c := Gin(policy), Echo(policy), Fiber(policy), Chi(policy)
	OptionsGin(g, "/items/:id")
	OptionsEcho(e, "/items/:id")
	OptionsFiber(f, "/items/:id")
	OptionsChi(c, "/items/{id}")
	forEach(t, inAll(g, e, f, c), func(t *testing.T, api http.RoundTripper) {
		page := on(myApp, api)
		corstest.Allows(t, page, "PUT", "/items/1")
		preflight := preflightOf(t, page)
		wantHeaders(t, "preflight", preflight.ResponseHeader, headersOfOptions(map[string]string{"Allow": "GET, PUT, OPTIONS"}))
		if preflight.Status != 200 {
			t.Errorf("status %d, want the handler's 200", preflight.Status)
		}
		blocked := refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/items/1")
		if blocked.Status != http.StatusForbidden {
			t.Errorf("status %d, want 403, and not the handler's", blocked.Status)
		}
	})
}
