package corstest_test

import (
	"net/http"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// TestURL tests URLs of scripts and of redirects.
func TestURL(t *testing.T) {
	const base = "https://api.test/v1/items?page=1"
	for _, tt := range []struct{ text, want string }{
		{"", "https://api.test/v1/items?page=1"},
		{"x", "https://api.test/v1/x"},
		{"./x/../y", "https://api.test/v1/y"},
		{"../../../x", "https://api.test/x"},
		{"/a/%2e%2E/b/.", "https://api.test/b/"},
		{"?q", "https://api.test/v1/items?q"},
		{"?", "https://api.test/v1/items?"},
		{"#end", "https://api.test/v1/items?page=1#end"},
		{"//other.test", "https://other.test/"},
		{`\\other.test\x`, "https://other.test/x"},
		{"https:x", "https://api.test/v1/x"},
		{"https:///other.test/x", "https://other.test/x"},
		{"HTTP:other.test", "http://other.test/"},
		{" https://other\t.test/x ", "https://other.test/x"},
		{"/a b?c d#e f", "https://api.test/a%20b?c%20d#e%20f"},
		{"/ä|\"<>`{}^?ä\"<>'#ä\"<>`", "https://api.test/%C3%A4%7C%22%3C%3E%60%7B%7D%5E?%C3%A4%22%3C%3E%27#%C3%A4%22%3C%3E%60"},
		{"/[a]'!$&()*+,;=:@~?`{}|^[]", "https://api.test/[a]'!$&()*+,;=:@~?`{}|^[]"},
		{"/%zz?%", "https://api.test/%zz?%"},
		{"//BÜCHER.test", "https://xn--bcher-kva.test/"},
		{"//%41pi.test", "https://api.test/"},
		{"//xn--a.test", "https://xn--a.test/"},
		{"//api.test:443/x", "https://api.test/x"},
		{"//api.test:/x", "https://api.test/x"},
		{"//api.test:08443/x", "https://api.test:8443/x"},
		{"//@api.test/x", "https://api.test/x"},
		{"//:@api.test/x", "https://api.test/x"},
		{"//0x7f.1/x", "https://127.0.0.1/x"},
		{"//0177.0.0.1", "https://127.0.0.1/"},
		{"//2130706433", "https://127.0.0.1/"},
		{"//[0:0::1]:8443", "https://[::1]:8443/"},
		{"//[::ffff:127.0.0.1]", "https://[::ffff:7f00:1]/"},
		{"//1.2.3.4.5", ""},
		{"//256.1.1.1", ""},
		{"//a.09", ""},
		{"//a.test:65536", ""},
		{"//a.test:x", ""},
		{"//[::1", ""},
		{"//[fe80::1%25lo]", ""},
		{"//a<b.test", ""},
		{"//\u00ad", ""},
	} {
		p := &corstest.Page{Origin: "https://myapp.test", Server: base, Transport: corstest.Handler(open())}
		if req, err := http.NewRequest("GET", tt.text, nil); err == nil {
			if got := fetched(p, req); got != tt.want {
				t.Errorf("of a script: %q is %q, want %q", tt.text, got, tt.want)
			}
		}
		if tt.text == "" {
			continue // not a redirect
		}
		p.Transport = redirector(map[string]string{base: tt.text}, p.Transport)
		if got := fetched(p, request(t, "GET", base)); got != tt.want && !(tt.want == "" && got == base) {
			t.Errorf("of a redirect: %q is %q, want %q", tt.text, got, tt.want)
		}
	}
}

// fetched returns the URL of the last request that a fetch sends.
func fetched(p *corstest.Page, req *http.Request) string {
	before := len(p.Exchanges())
	if res, err := p.Fetch(req); err == nil {
		res.Body.Close()
	}
	sent := p.Exchanges()[before:]
	if len(sent) == 0 {
		return ""
	}
	return sent[len(sent)-1].URL
}
