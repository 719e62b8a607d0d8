package browser

import (
	"fmt"
	"strings"
)

// locationScenarios test redirects to what is not an http or https URL, and
// redirects with several Locations or none.
func locationScenarios() []scenario {
	const named = "in the standard, a redirect to a URL with a user name fails only if it follows the CORS protocol; in Chromium, it always fails"
	departures := map[string]string{
		"https://user@start.test/RUN/x":    named,
		"https://:secret@other.test/RUN/x": named,
		"https://user@myapp.test/RUN/x":    named,
	}
	var scenarios []scenario
	for _, tt := range []struct {
		name, start string
		mode        string
		lines       []string // of the redirect
	}{
		{"", "https://start.test/start", "", []string{allowOrigin + "*"}},
		{" by a response without CORS headers", "https://start.test/start", "", nil},
		{" from the page's own origin", "https://myapp.test/start", "", nil},
		{" in mode no-cors", "https://start.test/start", "no-cors", nil},
		{" in mode same-origin", "https://myapp.test/start", "same-origin", nil},
	} {
		for _, locations := range [][]string{
			{"about:blank"}, {"about:srcdoc"}, {"about:config"}, {"blob:https://start.test/1"}, {"blob:https://myapp.test/1"}, {"blob:null/1"}, {"blob:"},
			{"file:///etc/hosts"}, {"file:x"}, {"file://api.test/x"}, {"data:text/plain,x"}, {"data:,"}, {"data:text/html;base64,eA=="}, {"javascript:1"},
			{"mailto:a@b.test"}, {"tel:1"}, {"urn:isbn:1"}, {"foo:bar"}, {"foo://api.test/x"}, {"foo:"}, {"ftp://api.test/x"}, {"ws://api.test/x"},
			{"wss://api.test/x"}, {"chrome://version"}, {"chrome-extension://abcdefghijklmnopabcdefghijklmnop/x"}, {"view-source:https://api.test/x"},
			{"filesystem:https://api.test/x"}, {"isolated-app://x/"}, {"intent:x"}, {"https:"}, {"https://#RUN"}, {"//#RUN"}, {"https://a b/x"}, {"https://[/x"},
			{}, {""}, {" "}, {"", ""}, {"", "https://start.test/RUN/x"}, {"https://start.test/RUN/x", ""}, {"https://start.test/RUN/x", "https://start.test/RUN/x"},
			{"https://start.test/RUN/x", "https://start.test/RUN/y"}, {"/RUN/x", "https://start.test/RUN/x"}, {"/RUN/x, /RUN/y"},
			{"https://user@start.test/RUN/x"}, {"https://@start.test/RUN/x"}, {"https://:secret@other.test/RUN/x"}, {"https://user@myapp.test/RUN/x"},
		} {
			departure := ""
			if tt.mode != "" || tt.start == "https://myapp.test/start" {
				departure = departures[strings.Join(locations, " ")]
			}
			lines := tt.lines
			for _, l := range locations {
				lines = append(lines[:len(lines):len(lines)], "Location: "+l)
			}
			start := everywhere
			start.paths = map[string]site{"/start": {response: reply{302, lines}}}
			scenarios = append(scenarios, scenario{
				name:  fmt.Sprintf("to %q", locations) + tt.name,
				sites: map[string]site{"*": everywhere, "start.test": start, "myapp.test": start},
				steps: []step{{url: tt.start, mode: tt.mode}}, departure: departure,
			})
		}
	}
	return scenarios
}
