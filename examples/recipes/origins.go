package recipes

import (
	cors "github.com/polycors/polycors/core"
)

// Recipe 4: several front ends. In Express, origin: ["https://myapp.com", …].

// SeveralFrontEnds allows production, the administration, and a front end on
// the developer's machine. For a browser, localhost and 127.0.0.1 are two
// origins, and each port is another one. "http://localhost:*" allows all ports.
func SeveralFrontEnds() cors.Config {
	return cors.Config{
		AllowOrigins: []string{
			"https://myapp.com",
			"https://admin.myapp.com",
			"http://localhost:3000",
			"http://127.0.0.1:3000", // another origin than localhost
		},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	}
}
