package recipes

import (
	"context"
	"log/slog"
	"time"

	cors "github.com/polycors/polycors/core"
)

// Recipe 5: a callback decides. In Express,
//
//	origin: (origin, callback) => {
//	  if (!origin || list.includes(origin)) callback(null, true)
//	  else callback(new Error("Not allowed by CORS"))
//	}

// RejectUnknown does the same with a list. Requests without Origin (curl, other
// servers, health checks) pass. A request from an origin that is not in the list
// is answered with 403 and an empty body, and the handler does not run: browsers
// do not show scripts such a response, but the log says why, and what to change.
func RejectUnknown() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "https://admin.myapp.com"},
		AllowHeaders:     []string{"Content-Type"},
		RejectDisallowed: true,
		OnReject:         cors.LogRejections(slog.Default()),
	}
}

// A Store keeps origins, in a database for example.
type Store interface {
	HasOrigin(ctx context.Context, origin string) (bool, error)
	Origins(ctx context.Context) ([]string, error)
}

// LookUp asks a store about each origin that is not in the list. The result
// (false, nil) refuses the origin. An error refuses it too, and goes to the
// framework's error handling; the handler does not run.
func LookUp(store Store) cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			return store.HasOrigin(ctx, origin)
		},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	}
}

// Refresh loads the origins of a policy in use from a store. Each request is
// decided by the old list or by the new one, and no request waits for the store.
// On error, the old list stays in force.
func Refresh(ctx context.Context, policy *cors.Policy, store Store) error {
	origins, err := store.Origins(ctx)
	if err != nil {
		return err
	}
	cfg := cors.Config{
		AllowOrigins:     origins,
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	}
	if len(origins) == 0 { // allow nobody; without a callback, New refuses an empty list
		cfg.AllowOriginFunc = func(context.Context, string) (bool, error) { return false, nil }
	}
	return policy.Reconfigure(cfg)
}

// KeepFresh loads the origins, and loads them again every so often until ctx
// ends. It returns the error of the first time.
//
//	var policy cors.Policy // allows nothing until it is configured
//	if err := recipes.KeepFresh(ctx, &policy, store, time.Minute); err != nil {
//		log.Fatal(err)
//	}
//	router.Use(gincors.From(&policy))
func KeepFresh(ctx context.Context, policy *cors.Policy, store Store, every time.Duration) error {
	if err := Refresh(ctx, policy, store); err != nil {
		return err
	}
	go func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if err := Refresh(ctx, policy, store); err != nil {
					slog.ErrorContext(ctx, "the allowed origins were not refreshed", "error", err)
				}
			}
		}
	}()
	return nil
}
