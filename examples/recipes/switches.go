package recipes

import (
	cors "github.com/polycors/polycors/core"
)

// Recipe 7: reflect any origin without credentials, and switch CORS off, path by
// path. In Express, origin: true here and origin: false there.

// Switches gives each part of a site its policy. The longest prefix wins, and
// nil, or no prefix at all, is off: no header is set, and browsers keep the
// responses from every other origin's scripts.
//
// Where credentials are not allowed, "*" says what a reflected origin says, and
// caches can keep one answer for everybody. Together with credentials there is
// no such switch: any site could act for your users.
func Switches() (cors.Paths, error) {
	anyOrigin, err := cors.New(cors.Config{
		AllowOrigins: []string{"*"},
		AllowMethods: []string{"GET"},
		AllowHeaders: []string{"*"},
	})
	if err != nil {
		return nil, err
	}
	ours, err := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowCredentials: true})
	if err != nil {
		return nil, err
	}
	return cors.Paths{
		"/":         ours,
		"/feed":     anyOrigin, // origin: true
		"/internal": nil,       // origin: false
	}, nil
}
