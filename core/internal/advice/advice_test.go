package advice_test

import (
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/origin"
)

func TestRelatives(t *testing.T) {
	for _, tt := range []struct{ origin, want string }{
		{"moz-extension://0d2c", ""},
		{"https://myapp.com", "http://myapp.com https://www.myapp.com"},
		{"https://www.myapp.com", "http://www.myapp.com https://myapp.com"},
		{"https://localhost", "https://127.0.0.1 https://[::1] http://localhost"},
		{"http://[::1]:3000", "http://localhost:3000 http://127.0.0.1:3000 https://[::1]:3000"},
	} {
		o, ok := origin.Parse(tt.origin)
		if !ok {
			t.Fatal(tt.origin)
		}
		var got []string
		for _, r := range advice.Relatives(o) {
			got = append(got, r.Origin.String())
			if _, relation := origin.Nearest([]origin.Pattern{{Parts: r.Origin}}, o); relation != r.Relation {
				t.Errorf("%s for %s: relation %d, but Nearest finds %d", r.Origin, o, r.Relation, relation)
			}
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.origin, got, tt.want)
		}
	}
}
