package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// listen runs a server that is none: it hands connections to serve.
func listen(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return ln.Addr().String()
}

// answers reads a request's head, and writes a response that no HTTP library
// would.
func answers(response string) func(net.Conn) {
	return func(conn net.Conn) {
		buf := make([]byte, 4096)
		if _, err := conn.Read(buf); err == nil {
			_, _ = io.WriteString(conn, response)
		}
	}
}

func tlsServer(t *testing.T, config *tls.Config) string {
	t.Helper()
	s := httptest.NewUnstartedServer(items())
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

func TestProbeSaysWhyThereIsNoAnswer(t *testing.T) {
	closed := listen(t, func(net.Conn) {})
	// A port that is given to nobody by chance, as one that was just freed is.
	const unused = "127.0.0.1:1"
	plain, _ := serve(t, items())
	slow, _ := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))

	for _, tt := range []struct {
		name, url string
		message   string
		hint      string
	}{
		{"refused", "http://" + unused, "nothing listens on " + unused, "start the server"},
		{"timeout", slow, "gives no answer within 300ms", "-timeout waits longer"},
		{"closed", "http://" + closed, "closes the connection without an answer", "look at its log"},
		{"unknown issuer", tlsServer(t, nil), "signed by nobody whom this machine trusts", "SSL_CERT_FILE"},
		{"http on https", strings.Replace(plain, "http", "https", 1), "speaks no TLS", "try " + plain},
		{"no common version", tlsServer(t, &tls.Config{MaxVersion: tls.VersionTLS11}), "refuses the TLS connection", "old versions"},
		{"not http", "http://" + listen(t, answers("SSH-2.0-OpenSSH\x1b[31m\r\n")), "does not answer in HTTP", "another service"},
		{"endless headers", "http://" + listen(t, answers("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("a", 1<<20)+"\r\n\r\n")),
			"more than 256 KiB of headers", "browsers give up as well"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			timeout := "10s"
			if tt.url == slow {
				timeout = "300ms"
			}
			transcript, status := corscheck(t, "", "probe", "-method", "PUT", "-timeout", timeout, tt.url)
			if status != exitUnknown {
				t.Errorf("exit status %d", status)
			}
			words := strings.Join(strings.Fields(transcript), " ")
			if !strings.Contains(words, "could not tell") || !strings.Contains(words, tt.message) || !strings.Contains(words, tt.hint) {
				t.Error(transcript)
			}
			checkHarmless(t, transcript)
		})
	}
}

// What a test on one machine cannot bring about.
func TestUnreachable(t *testing.T) {
	target := &url.URL{Scheme: "https", Host: "api.example:8443", Path: "/x"}
	for _, tt := range []struct {
		name    string
		err     error
		message string
	}{
		{"no such host", &net.DNSError{IsNotFound: true}, `there is no host "api.example"`},
		{"no DNS", &net.DNSError{}, `the host "api.example" cannot be looked up`},
		{"no route", os.NewSyscallError("connect", syscall.EHOSTUNREACH), "there is no way to api.example:8443"},
		{"interrupted", context.Canceled, "interrupted"},
		{"a certificate for another name", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "api.example"}, "the certificate is not for api.example"},
		{"an old certificate", x509.CertificateInvalidError{Reason: x509.Expired}, "the certificate of api.example has expired or is not valid yet"},
		{"a bad certificate", x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, "the certificate of api.example is not valid: "},
		{"an end before the request was written", errors.New("http: server closed idle connection"), "api.example:8443 closes the connection without an answer"},
		{"anything else", errors.New("odd"), "the request to api.example:8443 fails: odd"},
	} {
		message, hint := unreachable(tt.err, target, time.Second)
		if !strings.HasPrefix(message, tt.message) {
			t.Errorf("%s: %s; %s", tt.name, message, hint)
		}
	}
}

func TestProbeIsNotHeldUpByStrangers(t *testing.T) {
	url, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") == anyStranger {
			<-r.Context().Done()
		}
		w.Header().Set("Access-Control-Allow-Origin", "https://myapp.com")
	}))
	start := time.Now()
	transcript, status := corscheck(t, "", "probe", "-timeout", "200ms", url)
	if status != exitAllowed || !strings.Contains(transcript, "other origins could not be tried") || time.Since(start) > 5*time.Second {
		t.Errorf("after %s: %s", time.Since(start), transcript)
	}
}

// checkHarmless fails the test if a terminal would do more than show the text.
func checkHarmless(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || 0x7f <= r && r < 0xa0 || r == '\u202e' }); i >= 0 {
		t.Errorf("the output has %q at %q", text[i], text[max(0, i-40):i])
	}
	if len(text) > 20_000 {
		t.Errorf("the output is of %d bytes", len(text))
	}
}

func TestProbeShowsHostileAnswersHarmlessly(t *testing.T) {
	const escapes = "\x1b]0;owned\x07\x1b[2J\u202e\u009b31m\xff"
	many := strings.Repeat("Vary: a\r\n", 5000)
	for name, head := range map[string]string{
		"escapes in a value":    "Access-Control-Allow-Origin: " + escapes + "\r\n",
		"escapes in methods":    "Access-Control-Allow-Origin: https://myapp.com\r\nAccess-Control-Allow-Methods: " + escapes + "\r\n",
		"escapes in max-age":    "Access-Control-Allow-Origin: https://myapp.com\r\nAccess-Control-Allow-Methods: PUT\r\nAccess-Control-Max-Age: " + escapes + "\r\n",
		"escapes in vary":       "Vary: " + escapes + "\r\n",
		"escapes in a location": "Location: http://127.0.0.1/" + escapes + "\r\n",
		"a long value":          "Access-Control-Allow-Origin: " + strings.Repeat("https://a.example ", 10_000) + "\r\n",
		"a long location":       "Location: /" + strings.Repeat("a", 200<<10) + "\r\n",
		"a long name":           "Access-Control-" + strings.Repeat("A", 100_000) + ": 1\r\n",
		"many lines":            many,
		"a malformed line":      "\x1b[31m\r\n",
	} {
		for _, status := range []string{"200 \x1b[31mOK", "302 Found", "999 \x1b[31m"} {
			t.Run(name+" "+status[:3], func(t *testing.T) {
				url := "http://" + listen(t, answers("HTTP/1.1 "+status+"\r\n"+head+"Content-Length: 0\r\nConnection: close\r\n\r\n"))
				for _, format := range []string{"-json=false", "-json"} {
					transcript, _ := corscheck(t, "", "probe", "-method", "PUT", "-origin", "https://myapp.com", "-timeout", "5s", format, url)
					checkHarmless(t, transcript)
				}
				transcript, _ := corscheck(t, "", "probe", "-origin", "https://myapp.com", "-timeout", "5s", url)
				checkHarmless(t, transcript)
			})
		}
	}
}

func TestProbeHasColourOnlyIfToldTo(t *testing.T) {
	url, _ := serve(t, items())
	var out bytes.Buffer
	run(t.Context(), streams{out: &out, err: io.Discard, colour: true}, []string{"corscheck", "probe", url})
	if want := fmt.Sprintf("\x1b[%smrefused\x1b[0m (MissingAllowOriginHeader)", red); !strings.Contains(out.String(), want) {
		t.Errorf("%q has no %q", out.String(), want)
	}
}
