package recipes

import (
	"context"
	"log/slog"
	"time"

	cors "github.com/polycors/polycors/core"
)

// Recipe 5: a callback that decides. In Express,
//
//	origin: (origin, callback) => {
//	  if (!origin || list.includes(origin)) callback(null, true)
//	  else callback(new Error("Not allowed by CORS"))
//	}

// RejectUnknown is that callback. A list needs no function here, and requests
// without Origin (curl, other servers, health checks) pass without being asked
// for. RejectDisallowed is the error: 403, and the handler does not run. What
// is wrong, and what to change, goes to the log: a text in the response would
// reach nobody, since the browser keeps it from the script.
func RejectUnknown() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "https://admin.myapp.com"},
		AllowHeaders:     []string{"Content-Type"},
		RejectDisallowed: true,
		OnReject:         cors.LogRejections(slog.Default()),
	}
}

// A Store knows origins, and may fail.
type Store interface {
	HasOrigin(ctx context.Context, origin string) (bool, error)
	Origins(ctx context.Context) ([]string, error)
}

// LookUp asks a store about each origin that is not in the list, within the
// time that the request has: (false, nil) refuses, and an error refuses too,
// keeps the handler from running, and goes to the framework's error handling.
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

// Refresh loads the origins of a policy in use from a store. Requests are
// decided by the old list or by the new one, and no request waits for the
// store. If anything fails, the old list stays in force.
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
	if len(origins) == 0 {
		// No policy can be made of an empty list, which is a mistake elsewhere.
		// Here it is what the store says: nobody, from now on.
		cfg.AllowOriginFunc = func(context.Context, string) (bool, error) { return false, nil }
	}
	return policy.Reconfigure(cfg)
}

// KeepFresh loads the origins now, and then again and again until the context
// ends. The error is that of the first time.
//
//	var policy cors.Policy // until it is loaded, nothing is allowed
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
					slog.ErrorContext(ctx, "the origins are those of before", "error", err)
				}
			}
		}
	}()
	return nil
}
