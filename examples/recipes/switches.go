package recipes

import (
	"errors"

	cors "github.com/polycors/polycors/core"
)

// Recipe 7: any origin for one path, and no CORS for another. In Express,
// origin: true and origin: false.

// Switches gives each part of a site its policy. The longest matching prefix
// wins. A nil policy switches CORS off: no header is set, and browsers do not
// show the responses to scripts of other origins.
//
// Without credentials, "*" has the effect of a reflected origin, and caches need
// one response only. With credentials, no configuration allows any origin,
// because any site could act for your users.
func Switches() (cors.Paths, error) {
	anyOrigin, err1 := cors.New(cors.Config{
		AllowOrigins: []string{"*"},
		AllowMethods: []string{"GET"},
		AllowHeaders: []string{"*"},
	})
	ours, err2 := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowCredentials: true})
	paths := cors.Paths{
		"/":         ours,
		"/feed":     anyOrigin, // origin: true
		"/internal": nil,       // origin: false
	}
	return paths, errors.Join(err1, err2)
}
