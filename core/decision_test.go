package cors_test

import (
	"context"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// A decision has the headers of a cors.Decision as fields. It can be compared.
type decision struct {
	Status           int
	AllowOrigin      string
	AllowCredentials string
	AllowMethods     string
	AllowHeaders     string
	ExposeHeaders    string
	MaxAge           string
	Vary             string
}

// decide returns the decision that an adapter would write.
func decide(ctx context.Context, p *cors.Policy, req cors.Request) (decision, error) {
	var d cors.Decision
	err := p.Decide(source{ctx, req}, &d)
	written := decision{Status: d.Status(), Vary: d.Vary()}
	for i := range d.Len() {
		name, value := d.Header(i)
		switch name {
		case "Access-Control-Allow-Origin":
			written.AllowOrigin = value
		case "Access-Control-Allow-Credentials":
			written.AllowCredentials = value
		case "Access-Control-Allow-Methods":
			written.AllowMethods = value
		case "Access-Control-Allow-Headers":
			written.AllowHeaders = value
		case "Access-Control-Expose-Headers":
			written.ExposeHeaders = value
		case "Access-Control-Max-Age":
			written.MaxAge = value
		}
	}
	return written, err
}

// A source is a request as an adapter presents it.
type source struct {
	ctx context.Context
	req cors.Request
}

func (s source) Context() context.Context { return s.ctx }
func (s source) Method() string           { return s.req.Method }
func (s source) TLS() bool                { return s.req.TLS }
func (s source) Host() string             { return s.req.Host }
func (s source) Path() string             { return s.req.Path }

func (s source) Header(name string) string {
	switch name {
	case "Origin":
		return s.req.Origin
	case "Access-Control-Request-Method":
		return s.req.RequestMethod
	case "Access-Control-Request-Headers":
		return s.req.RequestHeaders
	case "Sec-Fetch-Site":
		return s.req.FetchSite
	case "Sec-Fetch-Mode":
		return s.req.FetchMode
	case "Cookie":
		if s.req.Credentials {
			return "session=1"
		}
	}
	return ""
}

// A Decision sets or deletes each CORS header, once.
func TestDecisionHeaders(t *testing.T) {
	for _, cfg := range []cors.Config{full(), cors.AllowAll(), origins("https://myapp.com"), refusing(full()), echoing()} {
		p := mustPolicy(t, cfg)
		for _, req := range []cors.Request{
			{}, get(""), get("https://myapp.com"), get("https://evil.example"), get("a,b"),
			preflight("https://myapp.com", "PUT", "x-a"), preflight("https://myapp.com", "P T", "x a"), preflight("null", "PUT", ""),
		} {
			var d cors.Decision
			if err := p.Decide(source{t.Context(), req}, &d); err != nil {
				t.Fatal(err)
			}
			seen := map[string]int{}
			for i := range d.Len() {
				name, value := d.Header(i)
				seen[name]++
				if value == "" {
					t.Errorf("%+v: %s has an empty value", req, name)
				}
			}
			for _, name := range d.Absent() {
				seen[name]++
			}
			if len(seen) != 6 {
				t.Errorf("%+v: the decision names %v, want the 6 headers of CORS", req, seen)
			}
			for name, n := range seen {
				if n != 1 {
					t.Errorf("%+v: the decision names %s %d times", req, name, n)
				}
			}
		}
	}
}

func TestDecisionVary(t *testing.T) {
	for _, tt := range []struct{ name, vary, present, missing string }{
		{"the response has no Vary", "X-A", "", "Origin, X-A"},
		{"the response has another name", "", "Accept-Encoding", "Origin"},
		{"the response has all names", "", "Origin", ""},
		{"the name is in another case", "", "oRIGIN", ""},
		{"the name is among others", "", "Accept-Encoding,\tOrigin , Cookie", ""},
		{"the response has some of the names", "X-A X-B", "x-a", "Origin, X-B"},
		{"other names contain the name", "", "X-Origin, Original, Orig", "Origin"},
		{"an asterisk covers all names", "X-A", "*", ""},
		{"an asterisk among names covers all names", "X-A", "Cookie, *", ""},
		{"the line has only commas", "", ",,", "Origin"},
		{"the line has only blanks", "", " ", "Origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPolicy(t, change(origins("https://myapp.com"), func(c *cors.Config) { c.Vary = strings.Fields(tt.vary) }))
			var d cors.Decision
			if err := p.Decide(source{t.Context(), get("")}, &d); err != nil {
				t.Fatal(err)
			}
			if got := d.Vary(tt.present); got != tt.missing {
				t.Errorf("Vary(%q) = %q, want %q", tt.present, got, tt.missing)
			}
		})
	}
}

func TestDecisionVaryAnyOrigin(t *testing.T) {
	var d cors.Decision
	if err := mustPolicy(t, cors.AllowAll()).Decide(source{t.Context(), get("")}, &d); err != nil {
		t.Fatal(err)
	}
	if got := d.Vary("Cookie"); got != "" {
		t.Errorf("Vary of a policy that allows any origin = %q, want none", got)
	}
}
