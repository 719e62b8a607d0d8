// Package translate translates the configurations of other CORS middlewares.
package translate

import (
	"errors"

	cors "github.com/polycors/polycors/core"
)

// A Note says what a translation changes.
type Note struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// A Translation is a policy that does what the other configuration does.
type Translation struct {
	From   string
	Config cors.Config
	Notes  []Note
}

// Translate translates a configuration.
func Translate(text, from string) (Translation, error) {
	return Translation{}, errors.New("not yet")
}
