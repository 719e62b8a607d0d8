package routers

import (
	"context"
	"net/http"
	"testing"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	connectcors "connectrpc.com/cors"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/polycors/polycors/core/httpcors"
)

const procedure = "/items.v1.ItemService/Update"

func connectMux(interceptors ...connect.ServerInterceptor) http.Handler {
	server := connect.NewServer(interceptors...)
	server.Register(connect.Method{
		Spec: connect.Spec{Procedure: procedure},
		Handler: func(_ context.Context, _ connect.Spec, stream connect.ServerStream) error {
			if err := stream.Receive(new(emptypb.Empty)); err != nil {
				return err
			}
			return stream.Send(new(emptypb.Empty))
		},
	})
	mux := http.NewServeMux()
	connecthttp.Mount(mux, server)
	return mux
}

func TestConnect(t *testing.T) {
	cfg := policy
	cfg.AllowMethods = connectcors.AllowedMethods()
	cfg.AllowHeaders = connectcors.AllowedHeaders()
	cfg.ExposeHeaders = connectcors.ExposedHeaders()
	interceptor := func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			info, _ := connect.CallInfoForServerContext(ctx)
			info.ResponseHeader().Set("Access-Control-Allow-Origin", origin)
			return next(ctx, spec, stream)
		}
	}
	update := call{method: "POST", path: procedure, body: "{}"}
	update.check(t,
		mounting{name: "around the mux", app: httpcors.New(cfg)(connectMux())},
		mounting{name: "with an interceptor, which sees calls alone", lost: 405, app: connectMux(interceptor)},
	)
}
