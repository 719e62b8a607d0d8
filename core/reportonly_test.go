package cors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// trying returns cfg with a Config that is tried out, and the rejections that
// OnReject gets.
func trying(cfg, tried cors.Config) (cors.Config, *[]cors.Rejection) {
	cfg, calls := rejections(cfg)
	cfg.ReportOnly = &tried
	return cfg, calls
}

// OnReject gets one call for a request, and the response is that of the Config
// itself.
func TestReportOnly(t *testing.T) {
	open := cors.AllowAll()
	asked := func(answer bool, err error) cors.Config {
		return cors.Config{AllowOriginFunc: func(context.Context, string) (bool, error) { return answer, err }}
	}
	panicking := cors.Config{AllowOriginFunc: func(context.Context, string) (bool, error) { panic("nil map") }}
	own := get("https://api.example")
	own.Host = "api.example"
	cookies := get("https://myapp.com")
	cookies.Credentials = true
	for _, tt := range []struct {
		name       string
		cfg, tried cors.Config
		req        cors.Request
		want       string
	}{
		{"an origin", open, shop, get("https://evil.example"), "report origin-not-allowed"},
		{"the preflight of an origin", open, shop, preflight("https://evil.example", "PUT", ""), "report origin-not-allowed"},
		{"a method", open, shop, preflight("https://myapp.com", "DELETE", ""), "report method-not-allowed"},
		{"a header", open, shop, preflight("https://myapp.com", "PUT", "x-a"), "report header-not-allowed"},
		{"cookies", shop, origins("https://myapp.com"), cookies,
			"report credentials-not-allowed"},
		{"a null origin", open, shop, get("null"), "report origin-null"},
		{"an origin of another form", open, shop, get("https://myapp.com/"), "report origin-malformed"},
		{"a callback that refuses", open, asked(false, nil), get("https://a.example"), "report origin-not-allowed"},
		{"a callback that fails", open, asked(false, errors.New("no database")), get("https://a.example"), "report callback-failed"},
		{"a callback that panics", open, panicking, get("https://a.example"), "report callback-failed"},
		{"a callback that allows", open, asked(true, nil), get("https://a.example"), ""},
		{"both allow", open, shop, preflight("https://myapp.com", "PUT", "content-type"), ""},
		{"both refuse", shop, origins("https://other.example"), get("https://evil.example"), "enforce origin-not-allowed"},
		{"both refuse, for different reasons", shop, origins("https://other.example"), preflight("https://myapp.com", "DELETE", ""),
			"enforce method-not-allowed"},
		{"both reject", refusing(shop), origins("https://other.example"), get("https://evil.example"), "enforce origin-not-allowed"},
		{"the other one allows more", shop, open, get("https://evil.example"), "enforce origin-not-allowed"},
		{"nobody is allowed", open, cors.Config{AllowOrigins: []string{}}, get("https://a.example"), "report origin-not-allowed"},
		{"it would reject", open, refusing(shop), get("https://evil.example"), "report origin-not-allowed"},
		{"no Origin", open, shop, get(""), ""},
		{"the server's own origin", open, shop, own, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, calls := trying(tt.cfg, tt.tried)
			got, err := decide(t.Context(), mustPolicy(t, cfg), tt.req)
			want, wantErr := decide(t.Context(), mustPolicy(t, tt.cfg), tt.req)
			if got != want || err != wantErr {
				t.Errorf("Decide = %+v, %v; without ReportOnly %+v, %v", got, err, want, wantErr)
			}
			var reported []string
			for _, r := range *calls {
				kind := "enforce "
				if r.ReportOnly {
					kind = "report "
				}
				reported = append(reported, kind+string(r.Reason))
			}
			if got := strings.Join(reported, "; "); got != tt.want {
				t.Errorf("OnReject gets %q, want %q", got, tt.want)
			}
		})
	}
}

// The callback of ReportOnly is not called about requests that are refused
// anyway, and the outer one is not called for ReportOnly.
func TestReportOnlyCallbacks(t *testing.T) {
	var outer, inner int
	cfg, calls := trying(
		cors.Config{AllowOriginFunc: func(_ context.Context, o string) (bool, error) { outer++; return o == "https://a.example", nil }},
		cors.Config{AllowOriginFunc: func(context.Context, string) (bool, error) { inner++; return false, nil }},
	)
	p := mustPolicy(t, cfg)
	for _, o := range []string{"https://a.example", "https://b.example"} {
		_, _ = decide(t.Context(), p, get(o))
	}
	if outer != 2 || inner != 1 || len(*calls) != 2 {
		t.Errorf("the outer callback is called %d times, the inner one %d times, OnReject %d times; want 2, 1, 2", outer, inner, len(*calls))
	}
}

// The hints are about ReportOnly, not about the policy in force.
func TestReportOnlyRejection(t *testing.T) {
	for _, tt := range []struct {
		name          string
		tried         cors.Config
		req           cors.Request
		message, hint string
	}{
		{"an origin", origins("https://myapp.com"), get("https://partner.example"),
			`under ReportOnly, the origin "https://partner.example" is not allowed`,
			`if this origin is yours, add "https://partner.example" to ReportOnly.AllowOrigins`},
		{"a method", origins("https://myapp.com"), preflight("https://myapp.com", "PURGE", ""),
			`under ReportOnly, the method "PURGE" is not allowed`, `add "PURGE" to ReportOnly.AllowMethods`},
		{"a header whose name is that of a field", origins("https://myapp.com"), preflight("https://myapp.com", "PUT", "AllowOrigins"),
			`under ReportOnly, the request header "AllowOrigins" is not allowed`, `add "Alloworigins" to ReportOnly.AllowHeaders`},
		{"nobody is allowed", cors.Config{AllowOrigins: []string{}}, get("https://partner.example"),
			`under ReportOnly, the origin "https://partner.example" is not allowed`,
			`ReportOnly.AllowOrigins is an empty list, which allows no origin: if this origin is yours, ` +
				`add "https://partner.example" to ReportOnly.AllowOrigins`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, calls := trying(cors.AllowAll(), tt.tried)
			tt.req.FetchSite = "cross-site"
			_, _ = decide(t.Context(), mustPolicy(t, cfg), tt.req)
			if len(*calls) != 1 {
				t.Fatalf("OnReject is called %d times", len(*calls))
			}
			r := (*calls)[0]
			if r.Message() != tt.message || r.Hint() != tt.hint || r.String() != "cors: "+tt.message+"; "+tt.hint {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", r.Message(), r.Hint(), tt.message, tt.hint)
			}
		})
	}
}

func TestReportOnlyLog(t *testing.T) {
	var out bytes.Buffer
	cfg := cors.AllowAll()
	cfg.OnReject = cors.LogRejections(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: withoutTime})))
	cfg.ReportOnly = &cors.Config{AllowOrigins: []string{"https://myapp.com"}}
	p := mustPolicy(t, cfg)
	for range 12 {
		_, _ = decide(t.Context(), p, cors.Request{Method: "GET", Path: "/items", Origin: "https://partner.example"})
	}
	// Requests that are refused are still logged.
	cfg.OnReject(t.Context(), cors.Rejection{Reason: cors.ReasonOriginRefused})
	lines := strings.SplitAfter(out.String(), "\n")
	want := `level=WARN msg="cors: under ReportOnly, the origin \"https://partner.example\" is not allowed" reason=origin-not-allowed ` +
		`origin=https://partner.example method=GET path=/items reportOnly=true ` +
		`hint="if this origin is yours, add \"https://partner.example\" to ReportOnly.AllowOrigins"` + "\n"
	if lines[0] != want {
		t.Errorf("logged:\n%s\nwant:\n%s", lines[0], want)
	}
	if len(lines) != 12 || strings.Contains(lines[10], "reportOnly") {
		t.Errorf("%d lines, the last one is %s; want ten of ReportOnly, and one of the other", len(lines)-1, lines[len(lines)-2])
	}
}

func ignore(context.Context, cors.Rejection) {}

// reporting returns a Config that allows any origin, and tries out another.
func reporting(tried cors.Config) cors.Config {
	cfg := cors.AllowAll()
	cfg.OnReject, cfg.ReportOnly = ignore, &tried
	return cfg
}

// All problems are reported at once, with the fields and the advice of
// ReportOnly.
func TestReportOnlyErrors(t *testing.T) {
	ring := reporting(origins("https://myapp.com"))
	ring.ReportOnly.ReportOnly = ring.ReportOnly
	for _, tt := range []struct {
		name string
		cfg  cors.Config
		want []string
	}{
		{"without OnReject", cors.Config{AllowOrigins: []string{"*"}, ReportOnly: &cors.Config{AllowOrigins: []string{"https://myapp.com"}}},
			[]string{`cors: ReportOnly has no effect without OnReject, which gets its reports; set OnReject, for example to cors.LogRejections(nil)`}},
		{"OnReject inside", reporting(cors.Config{AllowOrigins: []string{"https://myapp.com"}, OnReject: ignore}),
			[]string{`cors: ReportOnly.OnReject is never called: the OnReject outside ReportOnly gets the reports; remove it`}},
		{"ReportOnly inside", reporting(cors.Config{AllowOrigins: []string{"https://myapp.com"}, ReportOnly: &cors.Config{}}),
			[]string{`cors: ReportOnly.ReportOnly has no effect: a policy tries out one Config at a time; remove it`}},
		{"ReportOnly inside itself", ring,
			[]string{`cors: ReportOnly.ReportOnly has no effect: a policy tries out one Config at a time; remove it`}},
		{"an empty Config", reporting(cors.Config{}),
			[]string{`cors: ReportOnly.AllowOrigins is not set, and neither are ReportOnly.AllowOriginRegexps and ReportOnly.AllowOriginFunc: ` +
				`no origin would be allowed; set it, or the variable or file that it comes from, to the origins of your front ends, or to "*" for a public API`}},
		{"problems of both", cors.Config{
			AllowOrigins: []string{"https://a.example/"},
			OnReject:     ignore,
			ReportOnly: &cors.Config{
				AllowOrigins: []string{"https://b.example/", "http://10.0.0.5:3000"}, AllowMethods: []string{"patch"}, AllowCredentials: true,
			},
		}, []string{
			`cors: AllowOrigins[0]: "https://a.example/" has a trailing slash; use "https://a.example"`,
			`cors: ReportOnly.AllowOrigins[0]: "https://b.example/" has a trailing slash; use "https://b.example"`,
			`cors: ReportOnly.AllowOrigins[1]: "http://10.0.0.5:3000" is not safe with ReportOnly.AllowCredentials: anyone on the network ` +
				`can change a page that is sent over http, and act for your users; ` +
				`set ReportOnly.Unsafe.InsecureOrigins to true for development, or serve the page over https`,
			`cors: ReportOnly.AllowMethods[0]: "patch" allows only requests with the method in this case: browsers do not upper-case it; use "PATCH"`,
		}},
		{"a value that has the name of a field", reporting(origins("AllowMethods Unsafe.NullOrigin")), []string{
			`cors: ReportOnly.AllowOrigins[0]: "AllowMethods Unsafe.NullOrigin" holds several origins, but each needs a string of its own; ` +
				`use "https://allowmethods", "https://unsafe.nullorigin"`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := cors.New(tt.cfg)
			if p != nil || err == nil {
				t.Fatalf("New = %v, %v, want an error", p, err)
			}
			if want := strings.Join(tt.want, "\n"); err.Error() != want {
				t.Errorf("got:\n%v\nwant:\n%s", err, want)
			}
		})
	}
}

// A policy keeps ReportOnly, and nobody can change it afterwards.
func TestReportOnlyCopies(t *testing.T) {
	cfg, calls := trying(cors.AllowAll(), cors.Config{
		AllowOrigins:       []string{"https://myapp.com"},
		AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://[a-z]+\.myapp\.com`)},
	})
	p := mustPolicy(t, cfg)
	spoil := func(c *cors.Config) {
		c.AllowOrigins[0] = "https://evil.example"
		*c.AllowOriginRegexps[0] = *regexp.MustCompile(`https://evil\.example`)
		c.AllowMethods = []string{"GET"}
	}
	spoil(cfg.ReportOnly)
	got := p.Config().ReportOnly
	if got == nil || got.AllowOrigins[0] != "https://myapp.com" || got.AllowOriginRegexps[0].String() != `https://[a-z]+\.myapp\.com` {
		t.Fatalf("Config().ReportOnly = %+v", got)
	}
	spoil(got)
	if again := p.Config().ReportOnly; again.AllowOrigins[0] != "https://myapp.com" || again.AllowMethods != nil {
		t.Errorf("Config().ReportOnly = %+v after the copy was changed", again)
	}
	if err := p.Reconfigure(p.Config()); err != nil {
		t.Fatalf("Reconfigure with its own Config: %v", err)
	}
	_, _ = decide(t.Context(), p, get("https://evil.example"))
	if len(*calls) != 1 || !(*calls)[0].ReportOnly {
		t.Errorf("after Reconfigure, OnReject gets %v", *calls)
	}
	stop := p.Config()
	stop.ReportOnly = nil
	if err := p.Reconfigure(stop); err != nil {
		t.Fatal(err)
	}
	_, _ = decide(t.Context(), p, get("https://evil.example"))
	if len(*calls) != 1 {
		t.Errorf("without ReportOnly, OnReject gets %v", (*calls)[1:])
	}
}

func TestReportOnlyDecoding(t *testing.T) {
	const document = `{"allowOrigins": ["*"], "reportOnly": {"allowOrigins": ["https://myapp.com"], "maxAge": "1h", "unsafe": {"nullOrigin": true}}}`
	var cfg cors.Config
	if err := json.Unmarshal([]byte(document), &cfg); err != nil {
		t.Fatal(err)
	}
	want := &cors.Config{AllowOrigins: []string{"https://myapp.com"}, MaxAge: 3600e9, Unsafe: cors.Unsafe{NullOrigin: true}}
	if !reflect.DeepEqual(cfg.ReportOnly, want) {
		t.Errorf("from JSON: %+v", cfg.ReportOnly)
	}
	data, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var again cors.Config
	if err := json.Unmarshal(data, &again); err != nil || !reflect.DeepEqual(again, cfg) {
		t.Errorf("%s is read as %+v, %v", data, again, err)
	}
	tree, err := cfg.MarshalYAML()
	if err != nil {
		t.Fatal(err)
	}
	var fromYAML cors.Config
	if err := fromYAML.UnmarshalYAML(yamlUnmarshal(tree)); err != nil || !reflect.DeepEqual(fromYAML, cfg) {
		t.Errorf("YAML %v is read as %+v, %v", tree, fromYAML, err)
	}
}

// A document is read over a copy: corslive reads each document over its Base.
func TestReportOnlyDecodingOverBase(t *testing.T) {
	base := cors.Config{ReportOnly: &cors.Config{AllowOrigins: []string{"https://base.example"}, AllowHeaders: []string{"X-A"}}}
	cfg := base
	if err := json.Unmarshal([]byte(`{"reportOnly": {"allowOrigins": ["https://myapp.com"]}}`), &cfg); err != nil {
		t.Fatal(err)
	}
	if got := cfg.ReportOnly; got.AllowOrigins[0] != "https://myapp.com" || len(got.AllowHeaders) != 1 {
		t.Errorf("ReportOnly = %+v, want the origins of the document and the headers below it", got)
	}
	if base.ReportOnly.AllowOrigins[0] != "https://base.example" {
		t.Errorf("the ReportOnly below the document becomes %+v", base.ReportOnly)
	}
}

func TestReportOnlyDecodingErrors(t *testing.T) {
	for document, want := range map[string]string{
		`{"reportOnly": null}`:                               `reportOnly: needs a group of keys, not null`,
		`{"reportOnly": true}`:                               `reportOnly: needs a group of keys, not true`,
		`{"reportOnly": {"allowOrigin": ["*"]}}`:             `reportOnly: unknown key "allowOrigin"; did you mean "reportOnly.allowOrigins"?`,
		`{"reportOnly": {"maxAge": 1, "MAXAGE": 2}}`:         `reportOnly.MAXAGE: duplicate key`,
		`{"reportOnly": {}, "ReportOnly": {}}`:               `ReportOnly: duplicate key`,
		`{"reportOnly": {"unsafe": {"nullOrigin": "true"}}}`: `reportOnly.unsafe.nullOrigin: needs true or false, not "true"; write true`,
	} {
		cfg := cors.Config{AllowOrigins: []string{"*"}}
		err := json.Unmarshal([]byte(document), &cfg)
		if err == nil || !strings.Contains(err.Error(), want) || cfg.ReportOnly != nil {
			t.Errorf("%s: %v, ReportOnly = %v; want %s", document, err, cfg.ReportOnly, want)
		}
	}
}

// A Config that contains itself cannot be written.
func TestReportOnlyEncodingError(t *testing.T) {
	cfg := cors.AllowAll()
	cfg.ReportOnly = &cfg
	if data, err := json.Marshal(cfg); err == nil {
		t.Errorf("Marshal = %s", data)
	}
}

// OnReject gets the same rejections from ReportOnly as it would if ReportOnly
// were in force.
func TestReportOnlyPredicts(t *testing.T) {
	policies := []cors.Config{
		shop, cors.AllowAll(), echoing(), origins("https://myapp.com"), {AllowOrigins: []string{}}, refusing(shop), expressions(`https://[a-z]+\.com`),
	}
	for _, tried := range policies {
		inForce, want := rejections(tried)
		cfg, got := trying(cors.AllowAll(), tried)
		enforced, reporting := mustPolicy(t, inForce), mustPolicy(t, cfg)
		for _, o := range []string{"", "https://myapp.com", "https://evil.example", "null", "https://a,b", "https://api.example"} {
			for _, req := range []cors.Request{
				get(o), preflight(o, "PUT", "content-type"), preflight(o, "PURGE", ""), preflight(o, "PUT", "x-a,authorization"),
				{Method: "POST", Host: "api.example", Origin: o, FetchMode: "navigate"},
				{Method: "OPTIONS", Host: "api.example", Origin: o},
			} {
				*want, *got = nil, nil
				_, _ = decide(t.Context(), enforced, req)
				_, _ = decide(t.Context(), reporting, req)
				if len(*got) != len(*want) {
					t.Errorf("%v, %+v: %v, want %v", tried, req, *got, *want)
					continue
				}
				for i, r := range *got {
					r.ReportOnly = false
					if w := (*want)[i]; r.String() != w.String() || r.Reason != w.Reason || r.Path != w.Path || r.Header != w.Header {
						t.Errorf("%v, %+v: %s, want %s", tried, req, r, w)
					}
				}
			}
		}
	}
}
