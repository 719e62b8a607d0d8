package corstest_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// What follows was found by holding corstest against Chromium, in
// conformance/browser, and stays here so that it is found without one.

// allowAs returns a server that answers every request with these lines of
// Access-Control-Allow-Origin and -Credentials.
func allowAs(origins, credentials []string) http.RoundTripper {
	return corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Access-Control-Allow-Origin"] = origins
		w.Header()["Access-Control-Allow-Credentials"] = credentials
	}))
}

func TestMessagesQuoteHeadersAsTheyAre(t *testing.T) {
	const prefix = "Access to fetch at 'https://api.example/x' from origin 'https://myapp.com' has been blocked by CORS policy: "
	for _, test := range []struct {
		origins, credentials []string
		want                 string
	}{
		{[]string{`"https://myapp.com"`}, nil,
			`The 'Access-Control-Allow-Origin' header contains the invalid value '"https://myapp.com"'. Have the server send the header with a valid value.`},
		{[]string{`\`}, nil,
			`The 'Access-Control-Allow-Origin' header contains the invalid value '\'. Have the server send the header with a valid value.`},
		{[]string{"a\x1b[31mb"}, nil,
			`The 'Access-Control-Allow-Origin' header contains the invalid value 'a\x1b[31mb'. Have the server send the header with a valid value.`},
		{[]string{"https://myapp.com", ""}, nil,
			`The 'Access-Control-Allow-Origin' header contains multiple values 'https://myapp.com, ', but only one is allowed. Have the server send the header with a valid value.`},
		{[]string{" https://myapp.com\t"}, []string{` "true" `},
			`The value of the 'Access-Control-Allow-Credentials' header in the response is '"true"' which must be 'true' when the request's credentials mode is 'include'.`},
	} {
		page := &corstest.Page{
			Origin: "https://myapp.com", Credentials: corstest.Include, Transport: allowAs(test.origins, test.credentials),
		}
		req, _ := http.NewRequest("GET", "https://api.example/x", nil)
		_, err := page.Fetch(req)
		var blocked *corstest.BlockedError
		if !errors.As(err, &blocked) || blocked.Message != prefix+test.want {
			t.Errorf("with %q and %q:\ngot  %v\nwant %s", test.origins, test.credentials, err, prefix+test.want)
		}
	}
}

func TestOnlySimpleRangesAreSafelisted(t *testing.T) {
	for value, want := range map[string]int{
		"bytes=0-99":                   0,
		"bytes=0-":                     0,
		"bytes=00-0":                   0,
		"bytes=9-10":                   0,
		"bytes=5-1":                    1,
		"bytes=10-9":                   1,
		"bytes=99999999999999999999-1": 1,
		"bytes=-5":                     1,
		"bytes=0-1,3-4":                1,
	} {
		page := &corstest.Page{Origin: "https://myapp.com", Transport: allowAs([]string{"*"}, nil)}
		req, _ := http.NewRequest("GET", "https://api.example/x", nil)
		req.Header.Set("Range", value)
		_, _ = page.Fetch(req) // the server allows no headers
		if got := page.Preflights(); got != want {
			t.Errorf("Range: %s caused %d preflights, want %d", value, got, want)
		}
	}
}

func TestURLsAreSentInTheFormOfBrowsers(t *testing.T) {
	for url, want := range map[string]string{
		"https://API.example:443/x":  "https://api.example/x",
		"http://api.example:80/x":    "http://api.example/x",
		"https://api.example:8443/x": "https://api.example:8443/x",
	} {
		page := &corstest.Page{Origin: "https://myapp.com", Transport: allowAs([]string{"*"}, nil)}
		corstest.Allows(t, page, "GET", url)
		if got := page.Exchanges()[0].URL; got != want {
			t.Errorf("%s is sent as %s, want %s", url, got, want)
		}
	}
}
