package main

import (
	"regexp"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

func TestSummary(t *testing.T) {
	for _, tt := range []struct {
		cfg  cors.Config
		want string
	}{
		{cors.Config{
			AllowOrigins: []string{"https://a.example", "https://b.example", "https://c.example"}, AllowCredentials: true,
			AllowMethods: []string{"GET", "PUT"}, MaxAge: 2 * time.Hour,
		}, "3 origins, with cookies, GET and PUT, preflights remembered 2 h"},
		{cors.AllowAll(), "Any origin, without cookies, any method, any header, preflights remembered 5 s, as browsers do by default"},
		{cors.Config{
			AllowOrigins: []string{"https://a.example", "https://*.a.example"}, AllowOriginRegexps: []*regexp.Regexp{nil, nil},
			AllowMethods: []string{}, AllowHeaders: []string{"X-A", "X-B"}, ExposeHeaders: []string{"X-C"}, MaxAge: -1,
		}, "1 origin, 1 pattern and 2 regular expressions, without cookies, GET, HEAD and POST, the headers X-A and X-B, scripts read the header X-C, preflights not remembered"},
		{cors.Config{AllowOrigins: []string{}, MaxAge: 90 * time.Second}, "No origin, without cookies, the usual methods, preflights remembered 1 min 30 s"},
	} {
		if got := summary(tt.cfg); got != tt.want {
			t.Errorf("%s\nwant %s", got, tt.want)
		}
	}
}
