package recipes

import (
	connectcors "connectrpc.com/cors"

	cors "github.com/polycors/polycors/core"
)

// Recipe 14, header sets: what libraries in the browser send and read.

// Connect is for the protocols of Connect and gRPC-web, whose names the package
// connectrpc.com/cors keeps. Add your own headers, and "Trailer-" and the name
// for each trailer. Services are handlers of net/http: mount them by [GinHTTP],
// [EchoHTTP], [FiberHTTP] or [ChiHTTP].
func Connect() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		AllowMethods:  connectcors.AllowedMethods(),
		AllowHeaders:  append(connectcors.AllowedHeaders(), "Authorization"),
		ExposeHeaders: append(connectcors.ExposedHeaders(), "Trailer-Request-Cost"),
	}
}

// Tracing lets OpenTelemetry and Sentry in the browser join their traces with
// the server's. Each of these headers makes a preflight necessary, and one that
// is missing here breaks every request of the front end, not only the tracing.
func Tracing() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		AllowHeaders:  []string{"Content-Type", "traceparent", "tracestate", "baggage", "sentry-trace"},
		ExposeHeaders: []string{"Server-Timing"},
	}
}

// Apps lets browser extensions and packaged apps in. They have origins of their
// own schemes. Firefox gives an extension another host in each browser, so that
// any extension fits the pattern: without credentials, let Authorization tell
// who it is.
func Apps() cors.Config {
	return cors.Config{
		AllowOrigins: []string{
			"chrome-extension://cfhdojbkjhnklbpkdaibdccddilifddb",
			"moz-extension://*",
			"tauri://localhost",      // Tauri on macOS and Linux
			"http://tauri.localhost", // Tauri on Windows
			"capacitor://localhost",  // Capacitor on iOS
			"https://localhost",      // Capacitor on Android
		},
		AllowHeaders: []string{"Content-Type", "Authorization"},
	}
}
