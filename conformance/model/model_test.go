package model

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"

	"github.com/polycors/polycors/conformance/internal/apps"
)

// TestAccepts checks that package cors accepts exactly the policies that make
// sense.
func TestAccepts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			p := policies().Draw(t, "policy")
			if _, err := cors.New(p.Config); (err == nil) != p.IsValid() {
				t.Fatalf("%+v:\nthe model says %t, package cors says: %v", p, p.IsValid(), err)
			}
		}
	})
}

// TestEntries checks each entry alone, and which of many texts it allows.
func TestEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			entry := texts().Draw(t, "entry")
			p := Policy{Config: cors.Config{AllowOrigins: []string{entry}, AllowCredentials: rapid.Bool().Draw(t, "credentials")}}
			policy, err := cors.New(p.Config)
			if (err == nil) != p.IsValid() {
				t.Fatalf("%q, credentials %t: the model says %t, package cors says: %v", entry, p.AllowCredentials, p.IsValid(), err)
			}
			for range 10 {
				if origin := origins(p).Draw(t, "origin"); err == nil {
					checkOrigin(t, p, policy, origin)
				}
			}
		}
	})
}

// TestOrigins checks which texts a policy allows.
func TestOrigins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := policies().Draw(t, "policy").fitting()
		policy, err := cors.New(p.Config)
		if err != nil {
			return
		}
		for range 50 {
			checkOrigin(t, p, policy, origins(p).Draw(t, "origin"))
		}
	})
}

func checkOrigin(t *rapid.T, p Policy, policy *cors.Policy, origin string) {
	t.Helper()
	got, gotErr := policy.AllowsOrigin(t.Context(), origin)
	want, wantErr := p.AllowsOrigin(origin)
	if got != want || (gotErr == nil) != (wantErr == nil) {
		t.Fatalf("%q among %q, %+v: the model says %t (%v), package cors %t (%v)", origin, p.AllowOrigins, p.Expressions, want, wantErr, got, gotErr)
	}
}

// A site is an application of a framework, on its own server.
type site struct {
	name, url string
	app       *apps.App
}

func startAll(t *testing.T) (sites []site) {
	t.Helper()
	for _, f := range apps.Frameworks() {
		app, err := f.Start(new(cors.Policy))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(app.Close)
		sites = append(sites, site{f.Name, "http://" + app.Addr(), app})
	}
	return sites
}

// TestMeaning compares, in every framework, what a policy means with what browsers
// do: the one of the model, and corstest.
func TestMeaning(t *testing.T) {
	sites := startAll(t)
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 2}
	defer transport.CloseIdleConnections()
	outcomes := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := policies().Draw(t, "policy")
		if !p.IsValid() {
			p = p.fitting()
		}
		scripts := rapid.SliceOfN(scripts(p), 40, 40).Draw(t, "scripts")
		for i, site := range sites {
			if i > 0 { // the frameworks differ in less than the scripts
				scripts = scripts[:6]
			}
			if err := site.app.Policy.Reconfigure(p.Config); err != nil {
				if p.IsValid() {
					t.Fatalf("%+v: %v", p, err)
				}
				return
			}
			browsers := map[bool]*corstest.Page{
				true:  {Origin: "https://first.example", Server: site.url, Transport: transport},
				false: {Origin: "https://first.example", Server: site.url, Transport: transport, Browser: corstest.Firefox},
			}
			for _, s := range scripts {
				if s.Origin == "own" {
					s.Origin = site.url
				}
				outcomes[site.check(t, p, s, transport, browsers[s.Lenient])]++
			}
		}
	})
	t.Log(outcomes)
	for _, outcome := range []string{"reads", "sends", "does not send"} {
		if outcomes[outcome] == 0 {
			t.Errorf("no script %s: %v", outcome, outcomes)
		}
	}
}

// check runs a script in both browsers. The page of corstest is in a browser that
// has run other scripts: what it remembers changes no outcome. It returns whether
// the script reads the response, only sends the request, or does not even send it.
func (site site) check(t *rapid.T, p Policy, s Script, transport http.RoundTripper, browser *corstest.Page) string {
	t.Helper()
	before := site.app.Handled.Load()
	got, sent, err := Fetch(transport, s, site.url, "/items/1")
	if err != nil {
		t.Fatalf("%s: %v: %v", site.name, s, err)
	}
	got.Handled = int(site.app.Handled.Load() - before)
	want := p.Means(s, site.url, sent)
	if s.Method == "patch" { // gin has no routes for it
		want.Handled = got.Handled
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: %v\npolicy %+v\nmeans     %+v\na browser %+v", site.name, s, p, want, got)
	}
	page := browser.Open(s.Origin)
	if s.Include {
		page.Credentials = corstest.Include
	}
	again, err := fetch(page, s, site.url)
	if err != nil {
		t.Fatalf("%s: %v: %v", site.name, s, err)
	}
	again.Handled = want.Handled
	if !reflect.DeepEqual(again, want) {
		t.Fatalf("%s: %v\npolicy %+v\nmeans    %+v\ncorstest %+v\n%v", site.name, s, p, want, again, page.Exchanges())
	}
	switch {
	case want.Reads:
		return "reads"
	case sent != nil:
		return "sends"
	}
	return "does not send"
}

// fetch is Fetch by corstest.
func fetch(page *corstest.Page, s Script, server string) (out Outcome, err error) {
	req, err := http.NewRequest(s.Method, server+"/items/1", nil)
	if err != nil {
		return out, err
	}
	for name, value := range s.Header {
		req.Header.Set(name, value)
	}
	res, err := page.Fetch(req)
	if blocked := new(corstest.BlockedError); errors.As(err, &blocked) {
		return out, nil
	} else if err != nil {
		return out, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return Outcome{Reads: true, Exposed: namesOf(res.Header)}, err
}
