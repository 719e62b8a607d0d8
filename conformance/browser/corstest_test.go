package browser

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

// inCorstest plays a scenario with a corstest.Page. Where Chromium waits, it
// advances the clock.
func (l *lab) inCorstest(t *testing.T, s *scenario) transcript {
	t.Helper()
	name := l.next()
	r := l.run(t, name, s)
	now := time.Now()
	p := &corstest.Page{
		Origin:    s.from.origin,
		Transport: l.transport,
		Now:       func() time.Time { return now },
	}
	var verdicts []verdict
	for i, st := range s.steps {
		now = now.Add(st.after)
		p.Credentials = map[string]corstest.Credentials{
			"": corstest.SameOrigin, "same-origin": corstest.SameOrigin,
			"omit": corstest.Omit, "include": corstest.Include,
		}[st.credentials]
		p.Mode = map[string]corstest.Mode{
			"": corstest.CORS, "cors": corstest.CORS,
			"same-origin": corstest.SameOriginOnly, "no-cors": corstest.NoCORS,
		}[st.mode]
		v, err := see(p, s, st, name)
		if err != nil {
			t.Fatalf("%s: fetch %d: %v", s.name, i, err)
		}
		verdicts = append(verdicts, v)
	}
	return r.transcript(verdicts)
}

// see plays one step and returns its verdict.
func see(p *corstest.Page, s *scenario, st step, run string) (verdict, error) {
	req := &http.Request{Method: st.method, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(st.body))}
	text := s.resolve(st, run)
	var err error
	if req.URL, err = url.Parse(text); err != nil {
		req.URL = &url.URL{Opaque: text} // browsers accept what url.Parse does not
	}
	for _, pair := range st.headers() {
		req.Header.Add(pair[0], pair[1])
	}
	res, err := p.Fetch(req)
	var blocked *corstest.BlockedError
	switch {
	case errors.As(err, &blocked):
		return verdict{outcome: string(blocked.Issue), message: strings.ReplaceAll(blocked.Message, "/"+run, "")}, nil
	case err != nil:
		return verdict{outcome: "TypeError"}, nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return verdict{}, fmt.Errorf("reading the body: %w", err)
	}
	v := verdict{outcome: strconv.Itoa(res.StatusCode), body: strings.ReplaceAll(string(body), "/"+run, "")}
	if res.StatusCode == 0 {
		v.outcome = "opaque"
	}
	for name, values := range res.Header {
		v.headers = append(v.headers, strings.ToLower(name)+": "+strings.Join(values, ", "))
	}
	slices.Sort(v.headers)
	return v, nil
}
