package main

import (
	"os"
	"testing"
)

// TestREADME requires that the README has the figures of RESULTS.md.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	results, err := os.ReadFile("../RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := withFigures(string(readme), string(results))
	if err != nil {
		t.Fatal(err)
	}
	if string(readme) != want {
		t.Errorf("the README has other figures than RESULTS.md; go run ./conformance/bench/report writes both, or -readme the README alone")
	}
}
