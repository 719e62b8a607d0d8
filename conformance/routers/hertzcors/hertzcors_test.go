package hertzcors_test

import (
	"context"
	"net"
	"testing"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/app/server"
	"github.com/cloudwego/hertz/pkg/common/hlog"

	"github.com/polycors/polycors/conformance/routers/hertzcors"
	"github.com/polycors/polycors/core/adaptertest"
)

func TestMain(m *testing.M) {
	hlog.SetLevel(hlog.LevelFatal)
	m.Run()
}

func TestContract(t *testing.T) {
	adaptertest.Run(t, adaptertest.Adapter[app.HandlerFunc, *app.RequestContext]{
		New:      hertzcors.New,
		AllowAll: hertzcors.AllowAll,
		From:     hertzcors.From,
		Select:   hertzcors.Select,
		Paths:    hertzcors.Paths,
		Path:     func(c *app.RequestContext) string { return string(c.Path()) },
		Set:      func(c *app.RequestContext, name, value string) { c.Request.Header.Set(name, value) },
		Header: func(ctx context.Context, name string) string {
			if c := hertzcors.Ctx(ctx); c != nil {
				return string(c.GetHeader(name))
			}
			return ""
		},
		Serve: serve,
	})
}

func serve(t *testing.T, middleware []app.HandlerFunc, endpoints []adaptertest.Endpoint) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := server.New(server.WithListener(ln), server.WithDisablePrintRoute(true))
	h.Use(middleware...)
	for _, endpoint := range endpoints {
		h.Handle(endpoint.Method, endpoint.Path, func(_ context.Context, c *app.RequestContext) {
			res := endpoint.Respond()
			for name, values := range res.Header {
				for _, value := range values {
					c.Response.Header.Add(name, value)
				}
			}
			c.String(res.Status, "%s", res.Body)
		})
	}
	done := make(chan error, 1)
	go func() { done <- h.Run() }()
	t.Cleanup(func() {
		_ = h.Shutdown(context.Background())
		<-done
	})
	return ln.Addr().String()
}
