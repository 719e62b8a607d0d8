package cors_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cors "github.com/polycors/polycors/core"
)

// withoutTime removes what differs from run to run.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func TestLogRejections(t *testing.T) {
	var out bytes.Buffer
	cfg := shop
	cfg.OnReject = cors.LogRejections(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: withoutTime})))
	p := mustPolicy(t, cfg)
	if _, err := decide(t.Context(), p, cors.Request{
		Method: "OPTIONS", Path: "/items/1", Origin: "https://myapp.com", RequestMethod: "PUT", RequestHeaders: "x-a",
	}); err != nil {
		t.Fatal(err)
	}
	want := `level=WARN msg="cors: the request header \"x-a\" is not allowed" reason=header-not-allowed origin=https://myapp.com ` +
		`method=PUT path=/items/1 header=x-a hint="add \"X-A\" to AllowHeaders"` + "\n"
	if out.String() != want {
		t.Errorf("logged:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestLogRejectionsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := cors.LogRejections(slog.New(slog.NewTextHandler(&out, nil)))
		for range 1000 {
			log(t.Context(), cors.Rejection{Reason: cors.ReasonOriginRefused})
		}
		if lines := strings.Count(out.String(), "\n"); lines != 10 {
			t.Errorf("%d records in one second, want 10", lines)
		}
		time.Sleep(time.Second)
		out.Reset()
		log(t.Context(), cors.Rejection{Reason: cors.ReasonOriginRefused})
		if !strings.Contains(out.String(), "suppressed=990") {
			t.Errorf("the next record is %q, want the number of the others, 990", out.String())
		}
	})
}

func TestLogRejectionsDefault(t *testing.T) {
	before := slog.Default()
	defer slog.SetDefault(before)
	var out bytes.Buffer
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	cors.LogRejections(nil)(t.Context(), cors.Rejection{Reason: cors.ReasonOriginRefused})
	if !strings.Contains(out.String(), "cors: origin-not-allowed") {
		t.Errorf("logged %q", out.String())
	}
}
