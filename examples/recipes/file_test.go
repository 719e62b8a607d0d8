package recipes

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	goccy "github.com/goccy/go-yaml"
	"go.yaml.in/yaml/v3"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

const policyYAML = `
allowOrigins:
  - https://myapp.com
  - https://*.myapp.com
allowOriginRegexps: ['https://v[0-9]+\.myapp\.dev']
allowMethods: [GET, POST, PUT]
allowHeaders: [Content-Type, Authorization]
exposeHeaders: [X-Total-Count]
allowCredentials: true
maxAge: 24h
vary: [X-Tenant]
preflightStatus: 200
rejectDisallowed: true
unsafe:
  insecureOrigins: true
`

const policyJSON = `{
	"allowOrigins": ["https://myapp.com", "https://*.myapp.com"],
	"allowOriginRegexps": ["https://v[0-9]+\\.myapp\\.dev"],
	"allowMethods": ["GET", "POST", "PUT"],
	"allowHeaders": ["Content-Type", "Authorization"],
	"exposeHeaders": ["X-Total-Count"],
	"allowCredentials": true,
	"maxAge": 86400,
	"vary": ["X-Tenant"],
	"preflightStatus": 200,
	"rejectDisallowed": true,
	"unsafe": {"insecureOrigins": true}
}`

// write writes a file to a directory that the test removes.
func write(t *testing.T, name, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPolicyFromFile(t *testing.T) {
	for name, content := range map[string]string{"cors.yaml": policyYAML, "cors.yml": policyYAML, "cors.json": policyJSON} {
		t.Run(name, func(t *testing.T) {
			policy := must(PolicyFromFile(write(t, name, content)))
			forEach(t, behind(policy, shop()), func(t *testing.T, api http.RoundTripper) {
				page := withCookies("https://v7.myapp.dev", api)
				corstest.Allows(t, page, "PUT", "/items/1", "Authorization: Bearer token")
				wantHeaders(t, "preflight", first(page).ResponseHeader, map[string]string{
					"Access-Control-Allow-Methods": "GET, POST, PUT", "Access-Control-Max-Age": "86400",
				})
				res := corstest.Allows(t, withCookies("https://eu.myapp.com", api), "GET", "/items")
				wantHeaders(t, "what the script sees", res.Header, map[string]string{"X-Total-Count": "2"})
				corstest.RefusesWith(t, withCookies(myApp, api), methodRefused, "DELETE", "/items/1")
				corstest.RefusesWith(t, withCookies(evil, api), noOriginPreflight, "PUT", "/items/1")
			})
		})
	}
}

func TestPolicyFromFileError(t *testing.T) {
	for name, tt := range map[string]struct {
		file, content string
		want          []string
	}{
		"a misspelt key in YAML":   {"cors.yaml", "allowOrigin: [https://myapp.com]", []string{`"allowOrigin"`}},
		"a misspelt key in JSON":   {"cors.json", `{"allowOrigin": ["https://myapp.com"]}`, []string{`"allowOrigin"`}},
		"a misspelt key of Unsafe": {"cors.yaml", "allowOrigins: [https://myapp.com]\nunsafe: {nullOrigins: true}", []string{`"nullOrigins"`}},
		"a value of another type":  {"cors.yaml", "allowOrigins: [https://myapp.com]\nallowCredentials: sometimes", []string{"allowCredentials"}},
		"a string for a list":      {"cors.json", `{"allowOrigins": "https://myapp.com"}`, []string{"allowOrigins"}},
		"a wrong duration":         {"cors.yaml", "allowOrigins: [https://myapp.com]\nmaxAge: 1 day", []string{"maxAge", `"1 day"`, `"24h"`}},
		"half a second":            {"cors.json", `{"allowOrigins": ["https://myapp.com"], "maxAge": 0.5}`, []string{"maxAge"}},
		"a wrong expression":       {"cors.yaml", "allowOriginRegexps: ['https://(']", []string{"missing closing )"}},
		"no origins":               {"cors.yaml", "allowCredentials: true", []string{"AllowOrigins"}},
		"an empty file":            {"cors.yaml", "", []string{"AllowOrigins"}},
		"several wrong values": {"cors.yaml", "allowOrigins: [https://myapp.com/, '*']\nallowHeaders: ['A, B']\nallowCredentials: true",
			[]string{`AllowOrigins[0]: "https://myapp.com/"`, `AllowOrigins[1]: "*"`, `AllowHeaders[0]: "A, B"`}},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, tt.file, tt.content)
			_, err := PolicyFromFile(path)
			wantError(t, err, append(tt.want, path)...)
		})
	}
	_, err := PolicyFromFile(filepath.Join(t.TempDir(), "none.yaml"))
	wantError(t, err, "none.yaml")
}

// The YAML packages refuse a key that comes twice in the same case; package cors
// refuses it in another case, and everywhere in JSON.
func TestDuplicateKeys(t *testing.T) {
	for name, unmarshal := range map[string]func([]byte, any) error{
		"encoding/json":            json.Unmarshal,
		"go.yaml.in/yaml/v3":       yaml.Unmarshal,
		"github.com/goccy/go-yaml": func(data []byte, v any) error { return goccy.Unmarshal(data, v) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, document := range []string{
				`{"allowCredentials": false, "allowCredentials": true}`,
				`{"allowCredentials": false, "AllowCredentials": true}`,
				`{"unsafe": {"nullOrigin": false, "nullOrigin": true}}`,
			} {
				var cfg cors.Config
				if err := unmarshal([]byte(document), &cfg); err == nil {
					t.Errorf("%s is read as %+v", document, cfg)
				}
			}
		})
	}
}

func TestServerFile(t *testing.T) {
	const inYAML = "addr: 127.0.0.1:8080\ncors:\n  allowOrigins: [https://myapp.com]\n  maxAge: 3600\n"
	const inJSON = `{"addr": "127.0.0.1:8080", "cors": {"allowOrigins": ["https://myapp.com"], "maxAge": 3600}}`
	for name, tt := range map[string]struct {
		unmarshal func([]byte, any) error
		file      string
	}{
		"encoding/json":            {json.Unmarshal, inJSON},
		"go.yaml.in/yaml/v3":       {yaml.Unmarshal, inYAML},
		"github.com/goccy/go-yaml": {func(data []byte, v any) error { return goccy.Unmarshal(data, v) }, inYAML},
	} {
		t.Run(name, func(t *testing.T) {
			var f ServerFile
			if err := tt.unmarshal([]byte(tt.file), &f); err != nil {
				t.Fatal(err)
			}
			if f.Addr != "127.0.0.1:8080" || len(f.CORS.AllowOrigins) != 1 || f.CORS.MaxAge != time.Hour {
				t.Errorf("read %+v", f)
			}
			wantError(t, tt.unmarshal([]byte(`{"cors": {"allowOrigin": ["https://myapp.com"]}}`), &f), `"allowOrigin"`)
		})
	}
}
