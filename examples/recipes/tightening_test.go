package recipes

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// logged returns a logger, and a function that returns what it has written since
// the last call.
func logged() (*slog.Logger, func() string) {
	var out bytes.Buffer
	noTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	return slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: noTime})), func() string {
		defer out.Reset()
		return strings.TrimSuffix(out.String(), "\n")
	}
}

const adminApp = "https://admin.myapp.com"

func TestTightening(t *testing.T) {
	policy := must(cors.New(cors.AllowAll()))
	logger, log := logged()
	forEach(t, behind(policy, shop()), func(t *testing.T, api http.RoundTripper) {
		change := func(cfg cors.Config) {
			if err := policy.Reconfigure(cfg); err != nil {
				t.Fatal(err)
			}
		}
		everybody := func() { // is served as before
			t.Helper()
			corstest.Allows(t, on(adminApp, api), "GET", "/items")
			corstest.Allows(t, on(myApp, api), "PUT", "/items/1")
			corstest.Allows(t, on(evil, api), "GET", "/items")
		}
		reports := func(want int) {
			t.Helper()
			if lines := log(); strings.Count(lines, "reportOnly=true") != want {
				t.Errorf("%d requests are to be reported; the log has\n%s", want, lines)
			}
		}
		change(cors.AllowAll())
		everybody()
		reports(0)

		list := KnownFrontEnds()
		change(TryOut(cors.AllowAll(), list, logger))
		everybody()
		reports(3)

		list.AllowOrigins = append(list.AllowOrigins, adminApp)
		list.AllowMethods = append(list.AllowMethods, "PUT")
		tried := TryOut(cors.AllowAll(), list, logger)
		change(tried)
		everybody()
		reports(1) // evil

		change(PutInForce(tried))
		corstest.Allows(t, on(adminApp, api), "GET", "/items")
		corstest.Allows(t, on(myApp, api), "PUT", "/items/1")
		corstest.RefusesWith(t, on(evil, api), noOrigin, "GET", "/items")
		if lines := log(); strings.Contains(lines, "\n") || !strings.Contains(lines, "origin=https://evil.example") {
			t.Errorf("the log has\n%s\nwant one line, about evil.example", lines)
		}
	})
}

// tighteningTexts returns what the log shows while a list is tried out, and when it
// is in force.
func tighteningTexts() []string {
	logger, log := logged()
	policy := must(cors.New(TryOut(cors.AllowAll(), KnownFrontEnds(), logger)))
	api := behind(policy, shop())[0].transport
	for _, request := range [][3]string{{adminApp, "GET", "/items"}, {myApp, "PUT", "/items/1"}, {evil, "GET", "/items"}} {
		req := must(http.NewRequest(request[1], request[2], nil))
		if res, err := on(request[0], api).Fetch(req); err == nil {
			res.Body.Close()
		}
	}
	reported := log()
	if err := policy.Reconfigure(PutInForce(policy.Config())); err != nil {
		panic(err)
	}
	_, err := on(evil, api).Fetch(must(http.NewRequest("GET", "/items", nil)))
	if err == nil {
		panic("the list is not in force")
	}
	return []string{reported, log()}
}
