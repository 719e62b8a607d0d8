package cors_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// followed returns what New says about a Config, and what is accepted after its
// suggestions are followed. The Config may be accepted at once.
func followed(t *testing.T, cfg cors.Config) (text string, accepted bool) {
	t.Helper()
	_, err := cors.New(cfg)
	if err == nil {
		return "", true
	}
	first := err.Error()
	for range 6 {
		cfg = follow(t, cfg, configErrors(t, err)[0])
		if _, err = cors.New(cfg); err == nil {
			return fmt.Sprintf("%s\n    accepted: %s\n", first, describe(cfg)), false
		}
	}
	t.Errorf("%s\nfollowing it leads to\n%v", first, err)
	return first + "\n", false
}

var (
	inQuotes    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	unsafeField = regexp.MustCompile(`set Unsafe\.(\w+) to true`)
)

// follow does what the suggestion of a problem says.
func follow(t *testing.T, cfg cors.Config, p *cors.ConfigError) cors.Config {
	t.Helper()
	if p.Index < 0 { // "*" beside others
		cfg.AllowOrigins = without(cfg.AllowOrigins, "*")
		return cfg
	}
	quoted := quotedIn(t, p.Suggestion)
	replace := func(entries ...string) {
		list := append([]string{}, cfg.AllowOrigins[:p.Index]...)
		cfg.AllowOrigins = append(append(list, entries...), cfg.AllowOrigins[p.Index+1:]...)
	}
	set := unsafeField.FindStringSubmatch(p.Suggestion)
	switch s := p.Suggestion; {
	case p.Field == "AllowOriginRegexps":
		t.Fatalf("the expression that was suggested is refused: %v", p)
	case strings.HasPrefix(s, `"`):
		replace(quoted...)
	case s != "" && !strings.Contains(s, " "):
		replace(s)
	case strings.HasSuffix(s, "to AllowOriginRegexps"):
		replace()
		cfg.AllowOriginRegexps = append(cfg.AllowOriginRegexps, regexp.MustCompile(quoted[0]))
	case set != nil:
		setUnsafe(t, &cfg, set[1])
		if strings.Contains(s, "write ") {
			replace(quoted...)
		}
	case len(quoted) > 0:
		replace(quoted[0])
	case strings.HasPrefix(s, "list your origins"):
		replace("https://myapp.com")
	case strings.HasPrefix(s, "remove it"), strings.HasSuffix(s, "or remove it"):
		replace()
	default:
		t.Fatalf("the test cannot follow %q", s)
	}
	return cfg
}

// quotedIn returns the strings in quotes in a text.
func quotedIn(t *testing.T, text string) (list []string) {
	t.Helper()
	for _, quoted := range inQuotes.FindAllString(text, -1) {
		value, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s has %s, which is not a string of Go", text, quoted)
		}
		list = append(list, value)
	}
	return list
}

func setUnsafe(t *testing.T, cfg *cors.Config, field string) {
	t.Helper()
	switch field {
	case "NullOrigin":
		cfg.Unsafe.NullOrigin = true
	case "InsecureOrigins":
		cfg.Unsafe.InsecureOrigins = true
	case "PublicSuffixes":
		cfg.Unsafe.PublicSuffixes = true
	default:
		t.Fatalf("Unsafe has no field %s", field)
	}
}

func without(list []string, entry string) []string {
	kept := []string{}
	for _, s := range list {
		if s != entry {
			kept = append(kept, s)
		}
	}
	return kept
}

func describe(cfg cors.Config) string {
	text := fmt.Sprintf("%q", cfg.AllowOrigins)
	for _, re := range cfg.AllowOriginRegexps {
		text += fmt.Sprintf(" /%s/", re)
	}
	if cfg.Unsafe != (cors.Unsafe{}) {
		text += fmt.Sprintf(" %+v", cfg.Unsafe)
	}
	return text
}
