package cors_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unsafe"

	cors "github.com/polycors/polycors/core"
)

type tenantKey struct{}

// AllowOriginFunc is called last.
func TestCallbackOrder(t *testing.T) {
	var asked []string
	p := mustPolicy(t, cors.Config{
		AllowOrigins:       []string{"https://listed.com", "https://*.listed.com"},
		AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://re\d\.com`)},
		AllowOriginFunc: func(_ context.Context, o string) (bool, error) {
			asked = append(asked, o)
			return o == "https://asked.com", nil
		},
	})
	for o, want := range map[string]bool{
		"https://listed.com": true, "https://a.listed.com": true, "https://re1.com": true, "https://asked.com": true,
		"https://evil.example": false,
	} {
		if d, err := decide(t.Context(), p, get(o)); (d.AllowOrigin == o) != want || err != nil {
			t.Errorf("Decide for %s = %+v, %v", o, d, err)
		}
	}
	slices.Sort(asked)
	if want := []string{"https://asked.com", "https://evil.example"}; !slices.Equal(asked, want) {
		t.Errorf("asked about %q, want %q", asked, want)
	}
}

func TestCallbackOrigins(t *testing.T) {
	malformed := []string{
		"", "null", "*", "NULL", "https://a.com/", "https://a.com/x", "https://A.com", "https://a.com:443", "a.com",
		"https://a.com,https://b.com", "https://a b.com", "https://user@a.com", "file:///x", "https://a.com\r\nX: y",
		strings.Repeat("a", 1<<20), "https://" + strings.Repeat("a.", 200) + "com",
	}
	for name, permitted := range map[string]bool{"without NullOrigin": false, "with NullOrigin": true} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			p := mustPolicy(t, cors.Config{
				AllowOriginFunc: func(_ context.Context, o string) (bool, error) { asked = append(asked, o); return true, nil },
				Unsafe:          cors.Unsafe{NullOrigin: permitted},
			})
			for _, o := range malformed {
				for _, req := range []cors.Request{get(o), preflight(o, "PUT", "")} {
					d, err := decide(t.Context(), p, req)
					if allowed := d.AllowOrigin != ""; allowed != (permitted && o == "null") || err != nil {
						t.Errorf("Decide for %.40q = %+v, %v", o, d, err)
					}
				}
			}
			want := []string(nil)
			if permitted {
				want = []string{"null", "null"}
			}
			if !slices.Equal(asked, want) {
				t.Errorf("asked about %q, want %q", asked, want)
			}
		})
	}
}

func TestCallbackContext(t *testing.T) {
	p := mustPolicy(t, cors.Config{AllowOriginFunc: func(ctx context.Context, o string) (bool, error) {
		return o == "https://"+ctx.Value(tenantKey{}).(string)+".example", nil
	}})
	ctx := context.WithValue(t.Context(), tenantKey{}, "acme")
	if d, _ := decide(ctx, p, get("https://acme.example")); d.AllowOrigin == "" {
		t.Error("Decide: the tenant's origin is refused")
	}
	if d, _ := decide(ctx, p, preflight("https://acme.example", "PUT", "")); d.AllowOrigin == "" {
		t.Error("Decide: the preflight of the tenant's origin is refused")
	}
	if ok, _ := p.AllowsOrigin(ctx, "https://other.example"); ok {
		t.Error("AllowsOrigin: another tenant's origin is allowed")
	}
}

func TestCallbackError(t *testing.T) {
	failure := errors.New("no database")
	for _, allowed := range []bool{false, true} {
		t.Run(fmt.Sprintf("the callback returns %t and an error", allowed), func(t *testing.T) {
			cfg := change(full(), func(c *cors.Config) {
				c.RejectDisallowed = true
				c.Vary = []string{"X-Tenant"}
				c.AllowOriginFunc = func(context.Context, string) (bool, error) { return allowed, failure }
			})
			p := mustPolicy(t, cfg)
			for _, tt := range []struct {
				req  cors.Request
				want decision
				err  error
			}{
				{get("https://unknown.example"), decision{Status: 500, Vary: "Origin, X-Tenant"}, failure},
				{preflight("https://unknown.example", "PUT", ""), decision{Status: 500, Vary: preflightVary + ", X-Tenant"}, failure},
				{get(""), decision{Vary: "Origin, X-Tenant"}, nil},
				{get("https://myapp.com"), change(fullActual, func(d *decision) { d.Vary = "Origin, X-Tenant" }), nil},
			} {
				if got, err := decide(t.Context(), p, tt.req); got != tt.want || err != tt.err {
					t.Errorf("Decide(%+v)\n got %+v, %v\nwant %+v, %v", tt.req, got, err, tt.want, tt.err)
				}
			}
		})
	}
}

// The next request on a fiber app overwrites the bytes of the origin.
func TestCallbackOriginIsCopy(t *testing.T) {
	var kept string
	p := mustPolicy(t, cors.Config{AllowOriginFunc: func(_ context.Context, o string) (bool, error) { kept = o; return true, nil }})
	buffer := []byte("https://first.example")
	o := unsafe.String(&buffer[0], len(buffer))
	if _, err := decide(t.Context(), p, get(o)); err != nil {
		t.Fatal(err)
	}
	copy(buffer, "https://other.example")
	if kept != "https://first.example" {
		t.Errorf("the origin has changed to %q", kept)
	}
}
