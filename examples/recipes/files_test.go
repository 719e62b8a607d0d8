package recipes

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// uploads mounts the part of recipe 14 that takes files.
func uploads(t *testing.T) []server {
	t.Helper()
	policy, err := cors.New(Uploads())
	if err != nil {
		t.Fatal(err)
	}
	receive := http.HandlerFunc(Receive)
	return inAll(GinHTTP(policy, "/files/", receive), EchoHTTP(policy, "/files/", receive), ReceiveFiber(policy), ChiHTTP(policy, "/files/", receive))
}

// upload posts a body of n bytes.
func upload(t *testing.T, p *corstest.Page, n int) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "/files/", strings.NewReader(strings.Repeat("x", n)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	res, err := p.Fetch(req)
	if err == nil {
		res.Body.Close()
	}
	return res, err
}

func TestUploads(t *testing.T) {
	forEach(t, uploads(t), func(t *testing.T, api http.RoundTripper) {
		for name, test := range map[string]struct {
			progress                 bool
			size, status, preflights int
		}{
			"a text":                       {false, 100, 204, 0},
			"a text with progress":         {true, 100, 204, 1},
			"more than fits, the 413 seen": {true, maxUpload + 1, 413, 1},
			"as much as fits":              {true, maxUpload, 204, 1},
		} {
			page := on(myApp, api)
			page.ForcePreflight = test.progress
			res, err := upload(t, page, test.size)
			if err != nil || res.StatusCode != test.status || page.Preflights() != test.preflights {
				t.Errorf("%s: %+v, %v after %d preflights, want %d after %d", name, res, err, page.Preflights(), test.status, test.preflights)
			}
		}
		stranger := on(evil, api)
		stranger.ForcePreflight = true
		if _, err := upload(t, stranger, 100); err == nil || len(stranger.Exchanges()) != 1 {
			t.Errorf("a stranger's upload: %v after %d requests, want it refused at the preflight", err, len(stranger.Exchanges()))
		}
	})
}

func TestFibersBodyLimitLooksLikeACORSError(t *testing.T) {
	app := fiber.New(fiber.Config{BodyLimit: 10, DisableStartupMessage: true})
	app.Use(fibercors.From(ours(t)))
	app.Post("/files/", fiberNoContent)
	page := &corstest.Page{Origin: myApp, Server: listening(t, app)}
	if _, err := upload(t, page, 10); err != nil {
		t.Error(err)
	}
	_, err := upload(t, page, 11)
	wantError(t, err, "No 'Access-Control-Allow-Origin' header is present")
	if status := lastExchange(t, page).Status; status != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", status)
	}
}

func TestDownloads(t *testing.T) {
	policy, err := cors.New(Downloads())
	if err != nil {
		t.Fatal(err)
	}
	forEach(t, mountedHTTP(policy, "/files/", http.HandlerFunc(Report)), func(t *testing.T, api http.RoundTripper) {
		for name, test := range map[string]struct {
			header     string
			status     int
			preflights int
			want       map[string]string
		}{
			"all of it":             {"Accept: text/csv", 200, 0, map[string]string{"Accept-Ranges": "bytes", "Content-Range": ""}},
			"its start":             {"Range: bytes=0-6", 206, 0, map[string]string{"Content-Range": "bytes 0-6/23"}},
			"its end":               {"Range: bytes=-7", 206, 1, map[string]string{"Content-Range": "bytes 16-22/23"}},
			"beyond its end":        {"Range: bytes=99-", 416, 0, map[string]string{"Content-Range": "bytes */23"}},
			"if it has not changed": {`If-None-Match: "v1"`, 304, 1, map[string]string{"ETag": `"v1"`}},
		} {
			page := on(myApp, api)
			res := corstest.Allows(t, page, "GET", "/files/report", test.header)
			if res.StatusCode != test.status || page.Preflights() != test.preflights {
				t.Errorf("%s: %d after %d preflights, want %d after %d", name, res.StatusCode, page.Preflights(), test.status, test.preflights)
			}
			wantHeaders(t, name, res.Header, test.want)
		}
		res := corstest.Allows(t, on(myApp, api), "GET", "/files/report")
		wantHeaders(t, "what the script sees", res.Header, map[string]string{
			"ETag": `"v1"`, "Content-Disposition": `attachment; filename="report.csv"`,
		})
		refuses(t, on(evil, api), "MissingAllowOriginHeader", "GET", "/files/report", "Range: bytes=0-6")
		refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "GET", "/files/report", "Range: bytes=-7")
	})
}

func TestFibersOwnFilesLoseTheHeadersOfA416(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.csv")
	if err := os.WriteFile(path, []byte("id,name\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	policy, err := cors.New(Downloads())
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New()
	app.Use(fibercors.From(policy))
	app.Get("/files/report", func(c *fiber.Ctx) error { return c.SendFile(path) })
	corstest.Allows(t, on(myApp, inFiber(app)), "GET", "/files/report", "Range: bytes=0-6")
	refuses(t, on(myApp, inFiber(app)), "MissingAllowOriginHeader", "GET", "/files/report", "Range: bytes=99-")
}
