package corslive_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
)

// A policy follows a file while the server runs. Base has the fields that a file
// cannot contain, such as OnReject.
func ExampleFollow() {
	dir, err := os.MkdirTemp("", "policy")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "cors.json")
	if err := os.WriteFile(path, []byte(`{"allowOrigins": ["https://myapp.com"]}`), 0o600); err != nil {
		panic(err)
	}

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	policy := new(cors.Policy)
	follower, err := corslive.Follow(ctx, policy, corslive.File(path, 0), corslive.Options{
		Base: cors.Config{OnReject: cors.LogRejections(nil)},
	})
	if err != nil {
		panic(err) // the file is missing or invalid
	}
	fmt.Println(policy.AllowsOrigin(ctx, "https://myapp.com"))
	fmt.Println(follower.Status().Err)
	// Output:
	// true <nil>
	// <nil>
}
