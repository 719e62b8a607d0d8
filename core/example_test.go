package cors_test

import (
	"context"
	"errors"
	"fmt"

	cors "github.com/polycors/polycors/core"
)

func ExampleNew() {
	_, err := cors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com/", "*"},
		AllowMethods:     []string{"GET, PUT"},
		AllowCredentials: true,
		MaxAge:           600, // nanoseconds
	})
	fmt.Println(err)
	// Output:
	// cors: AllowOrigins[0]: "https://myapp.com/" has a trailing slash; use "https://myapp.com"
	// cors: AllowOrigins[1]: "*" is not possible with AllowCredentials: every site could act for your users, and browsers refuse it; list your origins, or decide in AllowOriginFunc, or set AllowCredentials to false
	// cors: AllowOrigins: "*" allows every origin: the other entries have no effect; remove them, or remove "*"
	// cors: AllowMethods[0]: "GET, PUT" holds several names, but each needs a string of its own; use "GET", "PUT"
	// cors: MaxAge: "600ns" is not in whole seconds; write 600 * time.Second
}

func ExampleConfigError() {
	_, err := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com", "https://MyApp.com:443"}})
	if problem, ok := errors.AsType[*cors.ConfigError](err); ok {
		fmt.Printf("%s, entry %d: %s\n", problem.Field, problem.Index, problem.Reason)
		fmt.Printf("replace %s by %s\n", problem.Value, problem.Suggestion)
	}
	// Output:
	// AllowOrigins, entry 1: names the default port of https, which browsers leave out and has upper case in its host
	// replace https://MyApp.com:443 by https://myapp.com
}

func ExamplePolicy_Reconfigure() {
	policy, err := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com"}})
	if err != nil {
		panic(err)
	}
	// The policy is in use, by one framework or several. Then the settings change.
	err = policy.Reconfigure(cors.Config{AllowOrigins: []string{"https://myapp.com", "https://beta.myapp.com"}})
	fmt.Println(err)
	fmt.Println(policy.AllowsOrigin(context.Background(), "https://beta.myapp.com"))

	// A mistake changes nothing.
	err = policy.Reconfigure(cors.Config{AllowOrigins: []string{"beta.myapp.com"}})
	fmt.Println(err)
	fmt.Println(policy.AllowsOrigin(context.Background(), "https://beta.myapp.com"))
	// Output:
	// <nil>
	// true <nil>
	// cors: AllowOrigins[0]: "beta.myapp.com" has no scheme such as https://; use "https://beta.myapp.com"
	// true <nil>
}

// A WebSocket handshake is not a CORS request: the server itself has to check
// the Origin. AllowsOrigin decides as the policy does.
func ExamplePolicy_AllowsOrigin() {
	policy, err := cors.New(cors.Config{AllowOrigins: []string{"https://*.myapp.com", "http://localhost:*"}})
	if err != nil {
		panic(err)
	}
	for _, origin := range []string{"https://chat.myapp.com", "http://localhost:5173", "https://evilmyapp.com"} {
		ok, err := policy.AllowsOrigin(context.Background(), origin)
		fmt.Println(origin, ok, err)
	}
	// Output:
	// https://chat.myapp.com true <nil>
	// http://localhost:5173 true <nil>
	// https://evilmyapp.com false <nil>
}

func ExamplePaths() {
	open, err := cors.New(cors.AllowAll())
	if err != nil {
		panic(err)
	}
	strict, err := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowCredentials: true})
	if err != nil {
		panic(err)
	}
	paths := cors.Paths{"/public/": open, "/api/": strict}
	for _, path := range []string{"/public/logo.svg", "/api/users", "/api", "/apis", "/"} {
		switch paths.Policy(path) {
		case open:
			fmt.Println(path, "open")
		case strict:
			fmt.Println(path, "strict")
		case nil:
			fmt.Println(path, "none")
		}
	}
	// Output:
	// /public/logo.svg open
	// /api/users strict
	// /api strict
	// /apis none
	// / none
}
