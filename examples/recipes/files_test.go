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

// uploads is an API for uploads.
func uploads() []server {
	policy := must(cors.New(Uploads()))
	servers := behind(policy, http.HandlerFunc(Receive))
	for i := range servers {
		if servers[i].framework == "fiber" {
			servers[i].transport = inFiber(ReceiveFiber(policy))
		}
	}
	return servers
}

// file returns a body of n bytes.
func file(n int) string { return corstest.Body("text/plain", strings.Repeat("x", n)) }

func TestUploads(t *testing.T) {
	forEach(t, uploads(), func(t *testing.T, api http.RoundTripper) {
		for name, tt := range map[string]struct {
			progress                 bool
			size, status, preflights int
		}{
			"a text":                    {false, 100, 204, 0},
			"a text with progress":      {true, 100, 204, 1},
			"an upload at the limit":    {true, maxUpload, 204, 1},
			"an upload above the limit": {true, maxUpload + 1, 413, 1},
		} {
			page := on(myApp, api)
			page.ForcePreflight = tt.progress
			res := corstest.Allows(t, page, "POST", "/files/", file(tt.size))
			if res.StatusCode != tt.status || page.Preflights() != tt.preflights {
				t.Errorf("%s: %d after %d preflights, want %d after %d", name, res.StatusCode, page.Preflights(), tt.status, tt.preflights)
			}
		}
		stranger := on(evil, api)
		stranger.ForcePreflight = true
		corstest.RefusesWith(t, stranger, noOriginPreflight, "POST", "/files/", file(100))
	})
}

func TestFiberBodyLimit(t *testing.T) {
	app := fiber.New(fiber.Config{BodyLimit: 10, DisableStartupMessage: true})
	app.Use(fibercors.From(ours()))
	app.Post("/files/", fiberNoContent)
	page := &corstest.Page{Origin: myApp, Server: listening(t, app)}
	corstest.Allows(t, page, "POST", "/files/", file(10))
	blocked := corstest.RefusesWith(t, page, noOrigin, "POST", "/files/", file(11)) // fiber answers, not the policy
	if blocked.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", blocked.Status)
	}
}

func TestDownloads(t *testing.T) {
	forEach(t, behind(must(cors.New(Downloads())), http.HandlerFunc(Report)), func(t *testing.T, api http.RoundTripper) {
		for name, tt := range map[string]struct {
			header     string
			status     int
			preflights int
			want       map[string]string
		}{
			"the whole file":    {"Accept: text/csv", 200, 0, map[string]string{"Accept-Ranges": "bytes", "Content-Range": ""}},
			"the start":         {"Range: bytes=0-6", 206, 0, map[string]string{"Content-Range": "bytes 0-6/23"}},
			"the end":           {"Range: bytes=-7", 206, 1, map[string]string{"Content-Range": "bytes 16-22/23"}},
			"beyond the end":    {"Range: bytes=99-", 416, 0, map[string]string{"Content-Range": "bytes */23"}},
			"an unchanged file": {`If-None-Match: "v1"`, 304, 1, map[string]string{"ETag": `"v1"`}},
		} {
			page := on(myApp, api)
			res := corstest.Allows(t, page, "GET", "/files/report", tt.header)
			if res.StatusCode != tt.status || page.Preflights() != tt.preflights {
				t.Errorf("%s: %d after %d preflights, want %d after %d", name, res.StatusCode, page.Preflights(), tt.status, tt.preflights)
			}
			wantHeaders(t, name, res.Header, tt.want)
		}
		res := corstest.Allows(t, on(myApp, api), "GET", "/files/report")
		wantHeaders(t, "what the script sees", res.Header, map[string]string{
			"ETag": `"v1"`, "Content-Disposition": `attachment; filename="report.csv"`,
		})
		corstest.RefusesWith(t, on(evil, api), noOrigin, "GET", "/files/report", "Range: bytes=0-6")
		corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "GET", "/files/report", "Range: bytes=-7")
	})
}

func TestFiberSendFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.csv")
	if err := os.WriteFile(path, []byte("id,name\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	app := fiber.New()
	app.Use(fibercors.New(Downloads()))
	app.Get("/files/report", func(c *fiber.Ctx) error { return c.SendFile(path) })
	corstest.Allows(t, on(myApp, inFiber(app)), "GET", "/files/report", "Range: bytes=0-6")
	corstest.Allows(t, on(myApp, inFiber(app)), "GET", "/files/report", "Range: bytes=99-") // 416
}
