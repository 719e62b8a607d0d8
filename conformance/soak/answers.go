package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// before and after are the two policies that are in force in turn.

func before() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://a.example", "https://*.b.example"}, AllowOriginFunc: callback,
		AllowMethods: []string{"PUT"}, AllowHeaders: []string{"X-Before"}, ExposeHeaders: []string{"X-One"},
		AllowCredentials: true, MaxAge: time.Minute,
	}
}

func after() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://c.example", "https://*.b.example"}, AllowOriginFunc: callback,
		AllowMethods: []string{"DELETE"}, AllowHeaders: []string{"X-After"}, ExposeHeaders: []string{"X-Two"},
		MaxAge: time.Hour, RejectDisallowed: true,
	}
}

func callback(_ context.Context, origin string) (bool, error) {
	switch origin {
	case "https://broken.example":
		return true, errors.New("the callback fails")
	case "https://panic.example":
		panic("the callback panics")
	}
	return false, nil
}

// A question is a request with the answers of the two policies: the status and the
// headers of CORS.
type question struct {
	method, path, origin string
	preflight            string // the method to ask for
	before, after        string
}

const (
	actualBefore    = " ACAO ORIGIN, ACAC true, ACEH X-One"
	actualAfter     = " ACAO ORIGIN, ACEH X-Two"
	preflightBefore = "204 ACAO ORIGIN, ACAC true, ACAM PUT, ACAH X-Before, ACMA 60"
	preflightAfter  = "204 ACAO ORIGIN, ACAM DELETE, ACAH X-After, ACMA 3600"
)

var questions = []question{
	{"GET", "/items/1", "https://a.example", "", "200" + actualBefore, "403"},
	{"GET", "/items/2", "https://x.b.example", "", "200" + actualBefore, "200" + actualAfter},
	{"HEAD", "/items/3", "https://x.b.example", "", "200" + actualBefore, "200" + actualAfter},
	{"GET", "/items/4", "https://c.example", "", "200", "200" + actualAfter},
	{"GET", "/items/5", "https://evil.example", "", "200", "403"},
	{"GET", "/items/6", "", "", "200", "200"},
	{"OPTIONS", "/items/7", "https://x.b.example", "", "200" + actualBefore, "200" + actualAfter},
	{"OPTIONS", "/items/8", "https://a.example", "PUT", preflightBefore, "403"},
	{"OPTIONS", "/items/9", "https://x.b.example", "PUT", preflightBefore, preflightAfter},
	{"OPTIONS", "/absent", "https://c.example", "DELETE", "403", preflightAfter},
	{"OPTIONS", "/items/1", "https://evil.example", "PUT", "403", "403"},
	{"GET", "/absent", "https://x.b.example", "", "404" + actualBefore, "404" + actualAfter},
	{"GET", "/fail", "https://x.b.example", "", "500" + actualBefore, "500" + actualAfter},
	{"GET", "/panic", "https://x.b.example", "", "500" + actualBefore, "500" + actualAfter},
	{"GET", "/items/1", "https://broken.example", "", "500", "500"},
	{"OPTIONS", "/items/1", "https://broken.example", "PUT", "500", "500"},
	{"GET", "/items/1", "https://panic.example", "", "500", "500"},
	{"OPTIONS", "/items/1", "https://panic.example", "PUT", "500", "500"},
	{"GET", "/slow", "https://x.b.example", "", "200" + actualBefore, "200" + actualAfter},
}

// request returns the request.
func (q question) request(ctx context.Context, addr string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, "http://"+addr+q.path, nil)
	if err != nil {
		return nil, err
	}
	if q.origin != "" {
		req.Header.Set("Origin", q.origin)
	}
	if q.preflight != "" {
		req.Header.Set("Access-Control-Request-Method", q.preflight)
		req.Header.Set("Access-Control-Request-Headers", "x-before,x-after")
	}
	return req, nil
}

// abbreviations are those of the answers.
var abbreviations = [][2]string{
	{"Access-Control-Allow-Origin", "ACAO"}, {"Access-Control-Allow-Credentials", "ACAC"}, {"Access-Control-Allow-Methods", "ACAM"},
	{"Access-Control-Allow-Headers", "ACAH"}, {"Access-Control-Expose-Headers", "ACEH"}, {"Access-Control-Max-Age", "ACMA"},
}

// check returns what is wrong with a response, or an empty string.
func (q question) check(status int, h http.Header) string {
	var lines []string
	for _, pair := range abbreviations {
		for _, value := range h[pair[0]] {
			lines = append(lines, pair[1]+" "+value)
		}
	}
	got := strings.TrimSpace(fmt.Sprint(status, " ", strings.Join(lines, ", ")))
	want := []string{strings.Replace(q.before, "ORIGIN", q.origin, 1), strings.Replace(q.after, "ORIGIN", q.origin, 1)}
	switch vary := strings.Join(h["Vary"], ", "); {
	case !slices.Contains(want, got):
		return fmt.Sprintf("%s %s from %q: %s\n\t\twant %s", q.method, q.path, q.origin, got, strings.Join(want, "\n\t\tor   "))
	case !strings.HasPrefix(vary, "Origin") && !strings.Contains(vary, ", Origin") && q.origin != "https://panic.example":
		return fmt.Sprintf("%s %s from %q: Vary is %q", q.method, q.path, q.origin, vary)
	}
	return ""
}
