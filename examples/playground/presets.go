package main

import (
	"encoding/json"
	"fmt"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/snippets"
)

// A verdict is how an attempt ends.
type verdict string

const (
	allowed verdict = "allowed" // the script reads the response
	refused verdict = "refused" // the browser keeps it from the script
	hidden  verdict = "hidden"  // the script reads it, but not the header it asks for
	invalid verdict = "invalid" // New refuses the policy, so nothing is sent
)

// A preset is a policy and a request from which something can be learned.
type preset struct {
	ID      string           `json:"id"`
	Title   string           `json:"title"`
	Story   string           `json:"story"`
	Policy  json.RawMessage  `json:"policy"`
	Request snippets.Request `json:"request"`
	Promise verdict          `json:"promise"`
	Because string           `json:"because"` // the reason of the refusal, or the code of the problem
}

// presets returns the presets, with the origins of this playground.
func (p *playground) presets() []preset {
	vite, other := p.frontEnds[0], p.frontEnds[1]
	var (
		app      = fmt.Sprintf("http://localhost:%d", vite)
		address  = fmt.Sprintf("http://127.0.0.1:%d", vite)
		admin    = fmt.Sprintf("http://localhost:%d", other)
		preview  = fmt.Sprintf("http://pr-7.app.localhost:%d", vite)
		apex     = fmt.Sprintf("http://app.localhost:%d", vite)
		previews = fmt.Sprintf("http://pr-*.app.localhost:%d", vite)
		below    = fmt.Sprintf("http://*.app.localhost:%d", vite)
	)
	const jsonType, bearer = "Content-Type: application/json", "Authorization: Bearer token"
	get := snippets.Request{Page: app, Method: "GET"}
	post := snippets.Request{Page: app, Method: "POST", Headers: []string{jsonType}, Body: `{"name":"Pear"}`}

	list := []struct {
		preset
		cfg cors.Config
	}{
		{preset{ID: "loopback", Title: "localhost is not 127.0.0.1",
			Story:   "Both names lead to this machine, but they are two origins: the page at one may not use what the other is allowed.",
			Request: snippets.Request{Page: address, Method: "GET"}, Promise: refused, Because: "origin-not-allowed"},
			cors.Config{AllowOrigins: []string{app}}},
		{preset{ID: "port", Title: "Another port",
			Story:   "The second front end moved to a port of its own, and nobody told the API. Each port is an origin.",
			Request: snippets.Request{Page: admin, Method: "GET"}, Promise: refused, Because: "origin-not-allowed"},
			cors.Config{AllowOrigins: []string{app}}},
		{preset{ID: "slash", Title: "Trailing slash",
			Story:   "Copied from the address bar. Browsers send an origin without the slash, so this entry would never match.",
			Request: get, Promise: invalid, Because: "origin-trailing-slash"},
			cors.Config{AllowOrigins: []string{app + "/"}}},
		{preset{ID: "several", Title: "Two origins in one string",
			Story:   "An environment variable with a comma in it became one entry, which is neither of the two origins.",
			Request: get, Promise: invalid, Because: "origin-several"},
			cors.Config{AllowOrigins: []string{app + ", " + admin}}},
		{preset{ID: "wildcard", Title: "Wildcard with cookies",
			Story:   "The policy allows any origin with *. Once the front end sends cookies, the browser does not accept * any more.",
			Request: snippets.Request{Page: app, Method: "GET", Credentials: true}, Promise: refused, Because: "credentials-not-allowed"},
			cors.Config{AllowOrigins: []string{"*"}}},
		{preset{ID: "anyone", Title: "Any origin, any cookie",
			Story:   "The obvious next try: * and credentials together. Every site could act for your users, so no server starts with it.",
			Request: snippets.Request{Page: app, Method: "GET", Credentials: true}, Promise: invalid, Because: "any-with-credentials"},
			cors.Config{AllowOrigins: []string{"*"}, AllowCredentials: true}},
		{preset{ID: "json", Title: "JSON needs permission",
			Story:   "It works in curl. In a browser, Content-Type: application/json makes the POST ask first, and nobody listed the header.",
			Request: post, Promise: refused, Because: "header-not-allowed"},
			cors.Config{AllowOrigins: []string{app}}},
		{preset{ID: "authorization", Title: "Missing Authorization",
			Story:   "The token goes into a header that is not listed. The preflight fails, and the request is never sent.",
			Request: snippets.Request{Page: app, Method: "GET", Headers: []string{bearer}}, Promise: refused, Because: "header-not-allowed"},
			cors.Config{AllowOrigins: []string{app}, AllowHeaders: []string{"Content-Type"}}},
		{preset{ID: "star-header", Title: "* does not cover Authorization",
			Story:   "Any header is allowed, with cookies. All but one: Authorization has to be listed by name.",
			Request: snippets.Request{Page: app, Method: "PUT", Headers: []string{bearer, "X-Trace: 1"}, Credentials: true}, Promise: refused, Because: "header-not-allowed"},
			cors.Config{AllowOrigins: []string{app}, AllowHeaders: []string{"*"}, AllowCredentials: true}},
		{preset{ID: "patch", Title: "Lower-case patch",
			Story:   "fetch upper-cases put and delete, but not patch. Methods are case-sensitive, so patch is a method that nobody allows.",
			Request: snippets.Request{Page: app, Method: "patch", Headers: []string{jsonType}, Body: `{"name":"Plum"}`}, Promise: refused, Because: "method-not-allowed"},
			cors.Config{AllowOrigins: []string{app}, AllowMethods: []string{"GET", "PATCH"}, AllowHeaders: []string{"Content-Type"}}},
		{preset{ID: "delete", Title: "Forgotten DELETE",
			Story:   "The list was written when the API could only read and write. Then somebody built a delete button.",
			Request: snippets.Request{Page: app, Method: "DELETE"}, Promise: refused, Because: "method-not-allowed"},
			cors.Config{AllowOrigins: []string{app}, AllowMethods: []string{"GET", "POST", "PUT"}}},
		{preset{ID: "null", Title: "Null origin",
			Story:   "A sandboxed frame and a local file have the origin null, and any site can make one. Allowing it allows everyone.",
			Request: snippets.Request{Page: "null", Method: "GET"}, Promise: refused, Because: "origin-null"},
			cors.Config{AllowOrigins: []string{app}}},
		{preset{ID: "expose", Title: "Missing exposed header",
			Story:   "The request succeeds, and X-Total-Count is in the network panel. The script gets null, because nobody exposed it.",
			Request: snippets.Request{Page: app, Method: "GET", Reads: "X-Total-Count"}, Promise: hidden},
			cors.Config{AllowOrigins: []string{app}}},
		{preset{ID: "preview", Title: "Preview deployments",
			Story:   "Every pull request gets a host of its own. One asterisk inside a label allows them all, and nothing else.",
			Request: snippets.Request{Page: preview, Method: "GET"}, Promise: allowed},
			cors.Config{AllowOrigins: []string{previews}}},
		{preset{ID: "apex", Title: "Subdomains, not the domain",
			Story:   "*.app.localhost stands for every subdomain. The domain itself is none of them, and needs an entry of its own.",
			Request: snippets.Request{Page: apex, Method: "GET"}, Promise: refused, Because: "origin-not-allowed"},
			cors.Config{AllowOrigins: []string{below}}},
		{preset{ID: "runs", Title: "Refused, but it ran",
			Story:   "CORS keeps scripts from reading. This POST needs no preflight, so the handler has run before the browser refuses.",
			Request: snippets.Request{Page: admin, Method: "POST", Body: "pear"}, Promise: refused, Because: "origin-not-allowed"},
			cors.Config{AllowOrigins: []string{app}}},
		{preset{ID: "session", Title: "A session that works",
			Story:   "An exact origin, credentials on both sides, the header listed. Send it twice: the browser remembers the preflight.",
			Request: snippets.Request{Page: app, Method: "PUT", Headers: []string{jsonType}, Credentials: true, Body: `{"name":"Fig"}`, Reads: "X-Total-Count"}, Promise: allowed},
			cors.Config{AllowOrigins: []string{app, admin}, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"Content-Type"},
				ExposeHeaders: []string{"X-Total-Count"}, AllowCredentials: true, MaxAge: 2 * time.Hour}},
	}
	presets := make([]preset, len(list))
	for i, l := range list {
		data, err := encode(l.cfg)
		if err != nil {
			panic(err) // they are constants
		}
		presets[i] = l.preset
		presets[i].Policy = data
		if presets[i].Request.Headers == nil {
			presets[i].Request.Headers = []string{}
		}
	}
	return presets
}
