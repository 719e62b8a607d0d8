package recipes

import (
	cors "github.com/polycors/polycors/core"
)

// Recipe 4: several front ends. In Express, origin: ["https://myapp.com", …].

// SeveralFrontEnds allows production, the administration, and a front end on
// the developer's machine. To a browser, localhost and 127.0.0.1 are two
// origins, and so is every port; "http://localhost:*" would allow all of them.
func SeveralFrontEnds() cors.Config {
	return cors.Config{
		AllowOrigins: []string{
			"https://myapp.com",
			"https://admin.myapp.com",
			"http://localhost:3000",
			"http://127.0.0.1:3000",
		},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	}
}
