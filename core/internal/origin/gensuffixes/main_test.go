package main

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"
)

func TestSuffixesUpToDate(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../suffixes.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("suffixes.go differs from the data of golang.org/x/net/publicsuffix: run go generate in core/internal/origin")
	}
}

// The data was read correctly if the package agrees with each rule.
func TestRules(t *testing.T) {
	rules, err := readRules()
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) < 10_000 {
		t.Errorf("%d rules, want more than 10,000", len(rules))
	}
	for _, rule := range rules {
		name := strings.Replace(rule, "*", "any-label", 1)
		if suffix, _ := publicsuffix.PublicSuffix("below." + name); suffix != name {
			t.Errorf("the public suffix of a name below %s is %s", name, suffix)
		}
	}
}
