package origin_test

import (
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

func TestNearest(t *testing.T) {
	for _, tt := range []struct {
		entry, origin string
		want          origin.Relation
	}{
		{"https://myapp.com", "http://myapp.com", origin.OtherScheme},
		{"https://*.myapp.com", "http://a.myapp.com", origin.OtherScheme},
		{"https://myapp.com", "https://myapp.com:8443", origin.OtherPort},
		{"http://localhost:3000", "http://127.0.0.1:3000", origin.LoopbackName},
		{"http://localhost:3000", "http://app.localhost:3000", origin.LoopbackName},
		{"https://myapp.com", "https://www.myapp.com", origin.WWW},
		{"https://*.myapp.com", "https://myapp.com", origin.Apex},
		{"https://myapp.com", "https://web.myapp.com", origin.Subdomain},

		{"http://192.168.1.10:3000", "http://192.168.1.11:3000", origin.OtherDevice},
		{"http://192.168.1.10:3000", "http://10.0.0.7:8080", origin.OtherDevice},
		{"http://203.0.113.10", "http://203.0.113.11", origin.OtherDevice},
		{"http://[fd00::10]", "http://[fd00::11]", origin.OtherDevice},
		{"http://nas.local", "http://nas2.local", origin.OtherDevice},
		{"http://frontend:3000", "http://frontend2:3000", origin.OtherDevice},
		{"http://nas.local", "http://192.168.1.10", origin.OtherDevice},
		{"http://localhost:3000", "http://192.168.1.10:3000", origin.Unrelated},
		{"http://127.0.0.1", "http://127.0.0.2", origin.LoopbackName},

		{"https://web.myapp.com", "https://web2.myapp.com", origin.SameSite},
		{"https://web.myapp.com", "https://admin.myapp.com", origin.SameSite},
		{"https://web.myapp.com", "https://a.b.myapp.com:8443", origin.SameSite},
		{"https://web.myapp.com", "https://myapp.com", origin.SameSite},
		{"https://web.myapp.com", "http://web2.myapp.com", origin.SameSite},
		{"https://web.myapp.co.uk", "https://web2.myapp.co.uk", origin.SameSite},
		{"https://*.api.myapp.com", "https://web.myapp.com", origin.SameSite},
		{"https://pr-*.myapp.dev", "https://main.myapp.dev", origin.Subdomain},
		{"https://web.myapp.internal", "https://web2.myapp.internal", origin.SameSite},

		{"https://web-one.co.uk", "https://web-two.co.uk", origin.Unrelated},
		{"https://myapp.co.uk", "https://myapp2.co.uk", origin.Lookalike},
		{"https://myapp.github.io", "https://myap.github.io", origin.Lookalike},
		{"https://one.github.io", "https://another.github.io", origin.Unrelated},
		{"https://myapp.com", "https://myap.com", origin.Lookalike},
		{"https://myapp.com", "https://evilmyapp.com", origin.Lookalike},
		{"https://myapp.com", "https://myapp.com.evil.org", origin.Lookalike},
		{"https://web.myapp.com", "https://web.myap.com", origin.Lookalike},
		{"https://x.com", "https://t.co", origin.Unrelated},
		{"https://myapp.com", "https://other.example", origin.Unrelated},
		{"tauri://localhost", "http://tauri.localhost", origin.Unrelated},
	} {
		o, ok := origin.Parse(tt.origin)
		if !ok {
			t.Fatal(tt.origin)
		}
		if entry, got := origin.Nearest([]origin.Pattern{mustPattern(t, tt.entry)}, o); got != tt.want {
			t.Errorf("%s beside %s: relation %d (%s), want %d", tt.origin, tt.entry, got, entry, tt.want)
		}
	}
}
