package cors_test

import (
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// The names that New suggests are accepted, and are the intended ones.
func TestNameMessages(t *testing.T) {
	const (
		invalid = "is not a valid "
		several = "holds several names, but each needs a string of its own"
		blank   = "is empty; set the variable or file that it comes from, or remove it"
		letters = "use letters, digits and hyphens only"
		glob    = `has an asterisk inside a name, where it has no meaning; list the names, or use "*" for all`
	)
	for _, tt := range []struct {
		field, value, message string
		want                  []string // after the suggestion is followed; nil if it is not a value
	}{
		{"AllowMethods", " Patch ", invalid + `method; use "PATCH"`, []string{"PATCH"}},
		{"AllowMethods", "patch", `allows only requests with the method in this case: browsers do not upper-case it; use "PATCH"`, []string{"PATCH"}},
		{"AllowMethods", "'patch'", invalid + `method; use "PATCH"`, []string{"PATCH"}},
		{"AllowMethods", `"Patch"`, invalid + `method; use "PATCH"`, []string{"PATCH"}},
		{"AllowMethods", "patch,", invalid + `method; use "PATCH"`, []string{"PATCH"}},
		{"AllowMethods", "\tput\r", invalid + `method; use "PUT"`, []string{"PUT"}},
		{"AllowMethods", "\ufeffput", invalid + `method; use "PUT"`, []string{"PUT"}},
		{"AllowMethods", "\u201cPUT\u201d", invalid + `method; use "PUT"`, []string{"PUT"}},
		{"AllowMethods", `["get"`, invalid + `method; use "GET"`, []string{"GET"}},
		{"AllowMethods", "- PUT", invalid + `method; use "PUT"`, []string{"PUT"}},
		{"AllowMethods", "PUT # for uploads", invalid + `method; use "PUT"`, []string{"PUT"}},
		{"AllowMethods", "get, Patch", several + `; use "GET", "PATCH"`, []string{"GET", "PATCH"}},
		{"AllowMethods", "GET|trace|patch", several + `; use "GET", "PATCH"`, []string{"GET", "PATCH"}},
		{"AllowMethods", " * ", invalid + `method; use "*"`, []string{"*"}},
		{"AllowMethods", " TRACE ", invalid + "method; remove it", []string{}},
		{"AllowMethods", "", blank, []string{}},
		{"AllowMethods", "${METHODS}", "contains a variable that was not replaced by its value; write the value, or remove it", []string{}},
		{"AllowMethods", "P\u00c4TCH", invalid + "method; " + letters, nil},

		{"AllowHeaders", " X-Foo ", invalid + `header name; use "X-Foo"`, []string{"X-Foo"}},
		{"AllowHeaders", "'X-Foo'", invalid + `header name; use "X-Foo"`, []string{"X-Foo"}},
		{"AllowHeaders", "X-Foo:", invalid + `header name; use "X-Foo"`, []string{"X-Foo"}},
		{"AllowHeaders", "Authorization: Bearer token", invalid + `header name; use "Authorization"`, []string{"Authorization"}},
		{"AllowHeaders", "X-Foo, Cookie; X-Bar", several + `; use "X-Foo", "X-Bar"`, []string{"X-Foo", "X-Bar"}},
		{"AllowHeaders", "*, Authorization", several + `; use "*", "Authorization"`, []string{"*", "Authorization"}},
		{"AllowHeaders", "X-*", glob, []string{"*"}},
		{"AllowHeaders", "X-A, X-*", glob, []string{"*"}},
		{"AllowHeaders", " Cookie ", invalid + "header name; remove it", []string{}},
		{"ExposeHeaders", "X-*", strings.TrimSuffix(glob, `, or use "*" for all`), nil},
		{"ExposeHeaders", "ETag, *", several + `; use "ETag"`, []string{"ETag"}},
		{"Vary", "X-Tenant:", invalid + `header name; use "X-Tenant"`, []string{"X-Tenant"}},
		{"Vary", "X-*", strings.TrimSuffix(glob, `, or use "*" for all`), nil},
	} {
		t.Run(tt.field+" "+tt.value, func(t *testing.T) {
			cfg := credentialed("https://myapp.com")
			list := map[string]*[]string{
				"AllowMethods": &cfg.AllowMethods, "AllowHeaders": &cfg.AllowHeaders, "ExposeHeaders": &cfg.ExposeHeaders, "Vary": &cfg.Vary,
			}[tt.field]
			*list = []string{tt.value}
			_, err := cors.New(cfg)
			if err == nil {
				t.Fatal("New accepts it")
			}
			if got := err.Error(); !strings.HasSuffix(got, " "+tt.message) || strings.Contains(got, "\n") {
				t.Errorf("got  %s\nwant … %s", got, tt.message)
			}
			if tt.want == nil {
				return
			}
			*list = suggestedValues(t, configErrors(t, err)[0].Suggestion)
			if p, err := cors.New(cfg); err != nil || p == nil || !slices.Equal(*list, tt.want) {
				t.Errorf("following it leads to %q, %v; want %q", *list, err, tt.want)
			}
		})
	}
}

// suggestedValues returns the values in a suggestion: none, one, or several in
// quotes.
func suggestedValues(t *testing.T, suggestion string) []string {
	t.Helper()
	switch {
	case strings.Contains(suggestion, `"`):
		return quotedIn(t, suggestion)
	case strings.Contains(suggestion, " "):
		return []string{}
	}
	return []string{suggestion}
}
