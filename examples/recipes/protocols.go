package recipes

import (
	connectcors "connectrpc.com/cors"

	cors "github.com/polycors/polycors/core"
)

// Recipe 14, protocols: the headers that libraries in the browser send and read.

// Connect is for Connect and gRPC-web. The package connectrpc.com/cors has the
// names. Add your own headers, and "Trailer-" with the name of each trailer.
func Connect() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		AllowMethods:  connectcors.AllowedMethods(),
		AllowHeaders:  append(connectcors.AllowedHeaders(), "Authorization"),
		ExposeHeaders: append(connectcors.ExposedHeaders(), "Trailer-Request-Cost"),
	}
}

// Tracing lets OpenTelemetry and Sentry in the browser connect their traces with
// the server's. Each of these headers causes a preflight. If one of them is
// missing here, the browser refuses every request that has it.
func Tracing() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		AllowHeaders:  []string{"Content-Type", "traceparent", "tracestate", "baggage", "sentry-trace"},
		ExposeHeaders: []string{"Server-Timing"},
	}
}

// Apps allows browser extensions and packaged apps, whose origins have schemes
// of their own. Firefox gives an extension another host in each installation.
// The pattern therefore allows all extensions: leave credentials out, and
// recognize yours by Authorization.
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
