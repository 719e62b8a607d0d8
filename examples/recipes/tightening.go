package recipes

import (
	"log/slog"

	cors "github.com/polycors/polycors/core"
)

// Recipe 16: an API in production allows any origin, and is to allow a list
// without breaking a front end that nobody remembers.

// KnownFrontEnds is the list as far as it is known on the first day.
func KnownFrontEnds() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowMethods: []string{"GET", "POST"},
		AllowHeaders: []string{"Content-Type"},
	}
}

// TryOut returns the policy in force with another that is tried out beside it. All
// responses stay as they are. The log has the requests that browsers would refuse.
func TryOut(inForce, list cors.Config, logger *slog.Logger) cors.Config {
	inForce.OnReject = cors.LogRejections(logger)
	inForce.ReportOnly = &list
	return inForce
}

// PutInForce returns the policy that was tried out, and logs what it refuses.
func PutInForce(tried cors.Config) cors.Config {
	list := *tried.ReportOnly
	list.OnReject = tried.OnReject
	return list
}
