// Package translate translates the configurations of other CORS middlewares, as
// people paste them: a literal, a call, a whole file, or a part with mistakes in it.
package translate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A Note says what a translation changes, or leaves out.
type Note struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// A Translation is a policy that does what the other configuration does, as far as
// it can.
type Translation struct {
	From   string
	Config cors.Config
	Notes  []Note
}

// Translate translates a configuration. If from is empty, it finds out which
// middleware the configuration is for.
func Translate(text, from string) (Translation, error) {
	if strings.TrimSpace(text) == "" {
		return Translation{}, errors.New("there is nothing to translate")
	}
	s := readGo(text)
	if from == "express" || from == "" && looksLikeJavaScript(text, s) {
		s, from = readJavaScript(text), "express"
	}
	if from == "" {
		from = s.dialect()
	}
	d, ok := dialects()[from]
	if !ok {
		return Translation{}, errors.New("this resembles none of the configurations: choose the middleware, and paste what is between its braces")
	}
	if len(s.fields)+len(s.added) == 0 && s.preset == "" {
		return Translation{}, fmt.Errorf("no field of %s is in it", from)
	}
	t := &Translation{From: from, Notes: []Note{}}
	d.translate(t, &s)
	return *t, nil
}

func (t *Translation) note(field, text string) { t.Notes = append(t.Notes, Note{field, text}) }

// A source is what was found in a text: the values of fields by name. A preset is a
// function without a configuration, such as Default.
type source struct {
	fields  map[string]value
	added   map[string][]string // by the methods of gin-contrib's Config
	preset  string
	imports string // the paths of all imports, and the names of the functions called
}

// A value is one that the text spells out, or not: what is computed is unknown.
type value struct {
	list    []string
	text    string
	number  int64
	isTrue  bool
	kind    kind
	regexps []string // expressions in a list of Express
}

type kind int

const (
	unknown kind = iota
	list
	text
	number // of seconds, or nanoseconds for a time.Duration
	boolean
	function
)

// strings returns a value as a list. A text is split at commas, as fiber v2 does.
func (v value) strings() []string {
	if v.kind == text {
		var parts []string
		for part := range strings.SplitSeq(v.text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				parts = append(parts, part)
			}
		}
		return parts
	}
	return v.list
}

// dialect returns the middleware that a source in Go is for.
func (s *source) dialect() string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { _, ok := s.fields[n]; return ok })
	}
	in := func(part string) bool { return strings.Contains(s.imports, part) }
	switch {
	case in("gin-contrib/cors"):
		return "gin-contrib"
	case in("gofiber/fiber"):
		return "fiber"
	case in("labstack/echo"), in("CORSWithConfig"), in("CORSConfig"), in("middleware.CORS"):
		return "echo"
	case in("go-chi/cors"):
		return "go-chi"
	case in("rs/cors"):
		return "rs"
	case has("AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposedHeaders"):
		if in("cors.Handler") {
			return "go-chi"
		}
		return "rs"
	case has("AllowAllOrigins", "AllowWildcard", "AllowBrowserExtensions", "AllowWebSockets", "AllowFiles", "CustomSchemas"):
		return "gin-contrib"
	case has("AllowOriginsFunc", "Next", "DisableValueRedaction"), s.fields["AllowOrigins"].kind == text, s.fields["AllowHeaders"].kind == text:
		return "fiber"
	case has("Skipper", "UnsafeWildcardOriginWithAllowCredentials", "UnsafeAllowOriginFunc"):
		return "echo"
	case has("AllowOrigins", "AllowOriginFunc", "AllowMethods", "AllowHeaders", "AllowCredentials"), in("cors.Default"):
		return "gin-contrib"
	}
	return ""
}

// A dialect is how a middleware calls its fields, and what it does without them.
type dialect struct {
	origins, methods, headers, expose string // the names of fields
	functions                         []string
	maxAge                            string
	seconds                           bool // whether MaxAge is a number of seconds

	defaultMethods []string // nil: those of polycors
	defaultHeaders []string
	anyOrigin      bool // without origins, every origin is allowed
	replaces       bool // a function replaces the list
	foldsOrigins   bool // origins match in any case
	extra          func(*Translation, *source)
	presets        map[string]func(*Translation)
}

// reflected is what a middleware allows that repeats what a preflight asks for.
var reflected = []string{"*", "Authorization"}

func (d dialect) translate(t *Translation, s *source) {
	if preset := d.presets[s.preset]; preset != nil {
		preset(t)
	}
	d.translateOrigins(t, s)
	d.translateNames(t, s)
	if v := s.fields["AllowCredentials"]; v.kind == boolean {
		t.Config.AllowCredentials = v.isTrue
	}
	if v, ok := s.fields["AllowPrivateNetwork"]; ok && v.isTrue {
		t.note("AllowPrivateNetwork", "is left out: no current browser sends or reads these headers")
	}
	d.translateMaxAge(t, s)
	if d.extra != nil {
		d.extra(t, s)
	}
	d.checkTogether(t)
	for name, v := range s.fields {
		if v.kind == unknown {
			t.note(name, "is computed by the program, so it is left out here: set it there")
		}
	}
	slices.SortStableFunc(t.Notes, func(a, b Note) int { return strings.Compare(a.Field, b.Field) })
}

func (d dialect) translateOrigins(t *Translation, s *source) {
	v, listed := s.fields[d.origins]
	if listed && v.kind != unknown {
		t.Config.AllowOrigins = slices.Compact(slices.Clone(v.strings()))
	}
	for _, name := range d.functions {
		if _, ok := s.fields[name]; !ok {
			continue
		}
		text := "becomes AllowOriginFunc, which is code and left out here: it takes a context too, and also returns an error"
		if listed && d.replaces {
			text += ". It is asked in addition to the list, which it replaced before"
		}
		t.note(name, text)
		if !listed {
			t.Config.AllowOrigins = []string{}
		}
		return
	}
	if t.Config.AllowOrigins == nil && !listed && d.anyOrigin {
		t.Config.AllowOrigins = []string{"*"}
		t.note("AllowOrigins", "is not set, which allowed every origin: polycors needs it in writing")
	}
}

func (d dialect) translateNames(t *Translation, s *source) {
	if v, ok := s.fields[d.methods]; ok {
		t.Config.AllowMethods = v.strings()
	}
	if len(t.Config.AllowMethods) == 0 && d.defaultMethods != nil {
		t.Config.AllowMethods = slices.Clone(d.defaultMethods)
		t.note("AllowMethods", "is not set: listed here as before, because without a list polycors allows PUT, PATCH and DELETE too")
	}
	if v, ok := s.fields[d.headers]; ok {
		t.Config.AllowHeaders = v.strings()
	}
	if len(t.Config.AllowHeaders) == 0 && d.defaultHeaders != nil {
		t.Config.AllowHeaders = slices.Clone(d.defaultHeaders)
		if slices.Equal(d.defaultHeaders, reflected) {
			t.note("AllowHeaders", "is not set, which allowed every header: without a list, polycors allows none")
		} else {
			t.note("AllowHeaders", "is not set: listed here as before, because without a list polycors allows none")
		}
	} else if slices.Contains(t.Config.AllowHeaders, "*") && !slices.ContainsFunc(t.Config.AllowHeaders, isAuthorization) {
		t.Config.AllowHeaders = append(t.Config.AllowHeaders, "Authorization")
		t.note("AllowHeaders", `has "*", which does not cover Authorization in the Fetch standard: it is listed in addition`)
	}
	if v, ok := s.fields[d.expose]; ok {
		t.Config.ExposeHeaders = v.strings()
	}
	t.Config.AllowMethods = append(t.Config.AllowMethods, s.added["AllowMethods"]...)
	t.Config.AllowHeaders = append(t.Config.AllowHeaders, s.added["AllowHeaders"]...)
	t.Config.ExposeHeaders = append(t.Config.ExposeHeaders, s.added["ExposeHeaders"]...)
}

func isAuthorization(name string) bool { return strings.EqualFold(name, "Authorization") }

func (d dialect) translateMaxAge(t *Translation, s *source) {
	v, ok := s.fields[d.maxAge]
	const maxSeconds = 1 << 31
	if !ok || v.kind != number || d.seconds && (v.number < -maxSeconds || v.number > maxSeconds) {
		return
	}
	t.Config.MaxAge = time.Duration(v.number)
	if d.seconds {
		t.Config.MaxAge = time.Duration(v.number) * time.Second
	} else if v.number > 0 && v.number < int64(time.Millisecond) {
		t.Config.MaxAge = time.Duration(v.number) * time.Second
		t.note(d.maxAge, fmt.Sprintf("is %d ns, which was sent as 0: taken here for %d seconds", v.number, v.number))
	}
}

// checkTogether notes what New refuses.
func (d dialect) checkTogether(t *Translation) {
	if slices.Contains(t.Config.AllowOrigins, "*") && t.Config.AllowCredentials {
		t.note("AllowCredentials", "is not possible together with any origin: list the origins of your front ends. "+
			"Until now, either browsers refused it, or every site could act for your users")
	}
	if d.foldsOrigins {
		for _, o := range t.Config.AllowOrigins {
			if o != strings.ToLower(o) {
				t.note("AllowOrigins", "has upper-case letters, which browsers never send: write them in lower case")
				return
			}
		}
	}
}
