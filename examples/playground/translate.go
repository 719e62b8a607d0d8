package main

import (
	"encoding/json"

	"github.com/polycors/polycors/examples/playground/internal/translate"
)

// A pasted configuration is for another middleware.
type pasted struct {
	Text string `json:"text"`
	From string `json:"from"` // the other middleware; empty: find out
}

type translated struct {
	From   string           `json:"from"`
	Policy json.RawMessage  `json:"policy"`
	Notes  []translate.Note `json:"notes"`
}

func translatePasted(p pasted) (translated, error) {
	t, err := translate.Translate(p.Text, p.From)
	if err != nil {
		return translated{}, err
	}
	data, err := encode(t.Config)
	return translated{t.From, data, t.Notes}, err
}
