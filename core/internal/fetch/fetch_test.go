package fetch_test

import (
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/fetch"
)

func TestIsToken(t *testing.T) {
	const tchar = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for b := range 256 {
		s := string([]byte{byte(b)})
		if got, want := fetch.IsToken(s), strings.Contains(tchar, s) && b < 0x80; got != want {
			t.Errorf("IsToken(%q) = %t, want %t", s, got, want)
		}
	}
	for s, want := range map[string]bool{
		"":          false,
		"X-Api-Key": true,
		"x_a.b":     true,
		"*":         true,
		" GET":      false,
		"a b":       false,
		"X-A:":      false,
		"X-A\r\n":   false,
		"X-Ä":       false,
		"ſ":         false,
	} {
		if got := fetch.IsToken(s); got != want {
			t.Errorf("IsToken(%q) = %t, want %t", s, got, want)
		}
	}
}

func TestNormalizeMethod(t *testing.T) {
	for method, want := range map[string]string{
		"delete": "DELETE", "gEt": "GET", "Head": "HEAD", "options": "OPTIONS", "post": "POST", "put": "PUT",
		"PUT": "PUT", "PATCH": "PATCH",
		"patch": "patch", "Patch": "Patch", "query": "query", "propfind": "propfind", "*": "*", "": "",
	} {
		if got := fetch.NormalizeMethod(method); got != want {
			t.Errorf("NormalizeMethod(%q) = %q, want %q", method, got, want)
		}
	}
}

func TestMethodClasses(t *testing.T) {
	for _, tt := range []struct {
		method                string
		forbidden, safelisted bool
	}{
		{"GET", false, true},
		{"HEAD", false, true},
		{"POST", false, true},
		{"get", false, false},
		{"PUT", false, false},
		{"OPTIONS", false, false},
		{"CONNECT", true, false},
		{"TRACE", true, false},
		{"trAck", true, false},
		{"trace", true, false},
		{"TRACER", false, false},
		{"", false, false},
	} {
		if got := fetch.IsForbiddenMethod(tt.method); got != tt.forbidden {
			t.Errorf("IsForbiddenMethod(%q) = %t, want %t", tt.method, got, tt.forbidden)
		}
		if got := fetch.IsSafelistedMethod(tt.method); got != tt.safelisted {
			t.Errorf("IsSafelistedMethod(%q) = %t, want %t", tt.method, got, tt.safelisted)
		}
	}
}

func TestForbiddenHeaders(t *testing.T) {
	forbidden := "accept-charset accept-encoding access-control-request-headers access-control-request-method " +
		"connection content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te " +
		"trailer transfer-encoding upgrade via proxy-authorization proxy- sec-fetch-site sec-"
	for name := range strings.FieldsSeq(forbidden) {
		if !fetch.IsForbiddenRequestHeader(name) {
			t.Errorf("IsForbiddenRequestHeader(%q) = false, want true", name)
		}
	}
	allowed := "authorization content-type x-api-key accept user-agent proxy sec x-sec-a cookie3 * range"
	for name := range strings.FieldsSeq(allowed) {
		if fetch.IsForbiddenRequestHeader(name) {
			t.Errorf("IsForbiddenRequestHeader(%q) = true, want false", name)
		}
	}
	for name, want := range map[string]bool{
		"accept": true, "accept-language": true, "content-language": true, "content-type": false, "range": false, "accept-encoding": false,
	} {
		if got := fetch.IsSafelistedRequestHeader(name); got != want {
			t.Errorf("IsSafelistedRequestHeader(%q) = %t, want %t", name, got, want)
		}
	}
	for name, want := range map[string]bool{
		"set-cookie": true, "set-cookie2": true, "cookie": false, "etag": false, "*": false,
	} {
		if got := fetch.IsForbiddenResponseHeader(name); got != want {
			t.Errorf("IsForbiddenResponseHeader(%q) = %t, want %t", name, got, want)
		}
	}
}
