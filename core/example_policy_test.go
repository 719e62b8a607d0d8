package cors_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// Explain says whether a browser would accept the response to a request, and
// what to change.
func ExamplePolicy_Explain() {
	policy, err := cors.New(cors.Config{
		AllowOrigins: []string{"http://localhost:5173"},
		AllowHeaders: []string{"Content-Type"},
	})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	fmt.Println(policy.Explain(ctx, cors.Request{Method: "GET", Origin: "http://127.0.0.1:5173"}))
	fmt.Println(policy.Explain(ctx, cors.Request{
		Method: "PUT", Origin: "http://localhost:5173", RequestHeaders: "Content-Type, Authorization",
	}))
	// Output:
	// refused (origin-not-allowed): the origin "http://127.0.0.1:5173" is not allowed
	// hint: "http://localhost:5173" is allowed, but localhost, 127.0.0.1 and [::1] are different origins: open the page there, or add "http://127.0.0.1:5173" to AllowOrigins
	// refused (header-not-allowed): the request header "Authorization" is not allowed
	// hint: add "Authorization" to AllowHeaders
}

// A callback decides about origins that are not listed. If it returns an error,
// the origin is not allowed, and the response has the status 500.
func ExampleConfig_allowOriginFunc() {
	tenants := map[string]bool{"https://blue.example": true} // a database
	policy, err := cors.New(cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			return tenants[origin], ctx.Err()
		},
	})
	if err != nil {
		panic(err)
	}
	for _, origin := range []string{"https://myapp.com", "https://blue.example", "https://red.example"} {
		fmt.Println(policy.AllowsOrigin(context.Background(), origin))
	}
	// Output:
	// true <nil>
	// true <nil>
	// false <nil>
}

// logger writes to the standard output, without the time.
func logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// visit sends a request of a page to an API with a policy.
func visit(policy *cors.Policy, origin string) {
	r := httptest.NewRequest("GET", "/items", nil)
	r.Header.Set("Origin", origin)
	httpcors.From(policy)(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
}

// The server logs each request that a browser refuses, with the reason and a hint.
func ExampleLogRejections() {
	policy, err := cors.New(cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		OnReject:     cors.LogRejections(logger()), // nil: slog.Default()
	})
	if err != nil {
		panic(err)
	}
	visit(policy, "https://www.myapp.com")
	// Output:
	// level=WARN msg="cors: the origin \"https://www.myapp.com\" is not allowed" reason=origin-not-allowed origin=https://www.myapp.com method=GET path=/items hint="\"https://myapp.com\" is allowed, but a host with www. and one without are different origins: add \"https://www.myapp.com\" to AllowOrigins"
}

// ReportOnly shows which origins a stricter policy for a public API would
// refuse.
func ExampleConfig_reportOnly() {
	policy, err := cors.New(cors.Config{
		AllowOrigins: []string{"*"},
		ReportOnly:   &cors.Config{AllowOrigins: []string{"https://myapp.com"}},
		OnReject: func(_ context.Context, r cors.Rejection) {
			fmt.Println("report only:", r.ReportOnly, r.Origin)
		},
	})
	if err != nil {
		panic(err)
	}
	visit(policy, "https://myapp.com")
	visit(policy, "https://partner.example") // is still allowed
	// Output:
	// report only: true https://partner.example
}
