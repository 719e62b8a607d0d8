package recipes

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.yaml.in/yaml/v3"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
)

// Recipe 17: the policy in a file changes while the program runs.

// OnHangup returns a source of a file that is read at the start, and again
// whenever the program gets SIGHUP, as nginx and others do.
func OnHangup(path string) corslive.Source {
	return func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			hangup := make(chan os.Signal, 1) // several in a row cause one reading
			signal.Notify(hangup, syscall.SIGHUP)
			defer signal.Stop(hangup)
			for yield(os.ReadFile(path)) {
				select {
				case <-hangup:
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

// FollowYAML applies the first document of a source to a policy, or returns an
// error, and then each further one until ctx ends. OnReject stays through every
// change.
//
//	follower, err := recipes.FollowYAML(ctx, policy, recipes.OnHangup("/etc/shop/cors.yaml"))
func FollowYAML(ctx context.Context, policy *cors.Policy, source corslive.Source) (*corslive.Follower, error) {
	return corslive.Follow(ctx, policy, source, corslive.Options{
		Base:    cors.Config{OnReject: cors.LogRejections(nil)},
		Decode:  yaml.Unmarshal,
		OnEvent: corslive.LogEvents(nil),
	})
}

// FollowMounted follows a file of a mounted ConfigMap. A pod without a valid file
// starts, allows nobody, and is not ready until the file is valid.
func FollowMounted(ctx context.Context, policy *cors.Policy, path string) (*corslive.Follower, error) {
	return corslive.Follow(ctx, policy, corslive.File(path, time.Second), corslive.Options{
		Base: cors.Config{
			AllowOrigins: []string{}, // nobody
			OnReject:     cors.LogRejections(nil),
		},
		Decode:        yaml.Unmarshal,
		OnEvent:       corslive.LogEvents(nil),
		StartFromBase: true,
	})
}

// Ready answers a readiness probe: a program without any valid document gets no
// traffic. One that refuses a later document keeps its policy and is ready:
// otherwise, one mistake in the file would take all pods out of service.
func Ready(follower *corslive.Follower) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		status := follower.Status()
		if status.Revision == "" {
			http.Error(w, "no valid policy; see the log", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintf(w, "policy %s since %s", status.Revision, status.Applied.UTC().Format(time.RFC3339))
		if status.Err != nil {
			fmt.Fprint(w, "; a later one is not valid, see the log")
		}
	})
}
