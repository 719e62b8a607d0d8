package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLicence(t *testing.T) {
	mit, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		file, text string
		want       string // "": an error
	}{
		"the text is recognized":                  {"LICENSE", string(mit), "MIT"},
		"the British spelling is a licence":       {"Licence.md", string(mit), "MIT"},
		"a module without a licence is an error":  {"README", string(mit), ""},
		"a text that is no licence is an error":   {"LICENSE", "All rights reserved.", ""},
		"a licence that is not listed is refused": {"COPYING", gpl, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, test.file), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := licence(dir)
			if got != test.want || (err != nil) != (test.want == "") {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// gpl is the notice by which a file refers to a licence that is not listed.
var gpl = strings.TrimSpace(`
This program is free software: you can redistribute it and/or modify
it under the terms of the GNU General Public License as published by
the Free Software Foundation, either version 3 of the License, or
(at your option) any later version.`)
