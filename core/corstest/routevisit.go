package corstest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"
)

// visitor returns a page in a browser that has the cookies of the checked page, and
// no preflight cache.
func (c *checker) visitor(origin string) *Page {
	p := c.page
	return &Page{Origin: origin, Credentials: p.Credentials, Server: p.Server, Transport: bounded(p.Transport),
		Jar: p.jar(), Browser: p.Browser}
}

// ask sends the preflight for a route.
func (p *Page) ask(t testing.TB, r Route) error {
	f, err := p.newRouteFetch(t, r)
	if err != nil {
		return err
	}
	return f.preflight(nil)
}

// use sends the actual request, even if its preflight failed.
func (p *Page) use(t testing.TB, r Route) error {
	f, err := p.newRouteFetch(t, r)
	if err != nil {
		return err
	}
	f.asked = true
	res, err := f.send()
	if err != nil {
		return err
	}
	return f.judge(res)
}

func (p *Page) newRouteFetch(t testing.TB, r Route) (*fetching, error) {
	req, err := http.NewRequestWithContext(t.Context(), r.Method, fill(r.Path), nil)
	if err != nil {
		return nil, err
	}
	return p.newFetch(req)
}

// detail returns the message of Chromium's console, if there is one, and all
// exchanges.
func (p *Page) detail(err error) string {
	var b strings.Builder
	if isBlocked(err) {
		fmt.Fprintf(&b, "%v\n", err)
	}
	for _, e := range p.Exchanges() {
		b.WriteString(e.String())
	}
	return b.String()
}

const (
	headerLimit = 5 * time.Second // for the header of a response
	bodyLimit   = time.Second     // for the rest
)

// bounded returns a transport whose responses have no body, because streams do not
// end. It also gives up if next ignores the context of the request, as a
// [RoundTripperFunc] may.
func bounded(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		ctx, cancel := context.WithTimeout(req.Context(), headerLimit)
		defer cancel()
		trace := &httptrace.ClientTrace{GotFirstResponseByte: func() { time.AfterFunc(bodyLimit, cancel) }}
		traced := req.WithContext(httptrace.WithClientTrace(ctx, trace))

		var res *http.Response
		var err error
		done := make(chan struct{})
		go func() {
			defer close(done)
			if res, err = next.RoundTrip(traced); err == nil && res != nil && res.Body != nil {
				discard(res)
				res.Body = http.NoBody
			}
		}()
		select {
		case <-done:
		case <-time.After(headerLimit + 2*bodyLimit):
			return nil, errSlow
		}
		if req.Context().Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			err = errSlow
		}
		return res, err
	})
}

var errSlow = fmt.Errorf("corstest: there is no response within %v", headerLimit)
