// Package examples_test runs the example programs as a user does, and checks
// that all of them give the same responses.
package examples_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var programs = []string{"gin", "echo", "echo5", "fiber", "fiber3", "chi"}

const frontEnd = "http://localhost:5173"

// build compiles an example program.
func build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", program, "./"+name).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

var nextPort atomic.Int64

// freeAddress returns an address that is not in use. The port is below those
// that systems choose, because another test could get such a port in between.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		port := 20_000 + (int64(os.Getpid())+nextPort.Add(1))%10_000
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			ln.Close()
			return ln.Addr().String()
		}
	}
	t.Fatal("no free port")
	return ""
}

// start runs a program until the test ends and returns its URL.
func start(t *testing.T, program string) string {
	t.Helper()
	addr := freeAddress(t)
	var log bytes.Buffer
	cmd := exec.Command(program, "-addr", addr)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Errorf("%v\n%s", err, log.String())
		}
		_ = cmd.Wait() // "signal: killed"
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
			return "http://" + addr
		}
		if time.Now().After(deadline) {
			t.Fatalf("the program does not listen: %v\n%s", err, log.String())
		}
	}
}

// call sends a request and returns the response, and its body as text.
func call(t *testing.T, method, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, strings.TrimSpace(string(body))
}

func TestFrontEnd(t *testing.T) {
	for _, name := range programs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := start(t, build(t, name))
			expect := func(res *http.Response, body string, status int, wantBody string, header ...string) {
				t.Helper()
				if res.StatusCode != status || body != wantBody {
					t.Errorf("%s %s: %d %q, want %d %q", res.Request.Method, res.Request.URL.Path, res.StatusCode, body, status, wantBody)
				}
				for i := 0; i < len(header); i += 2 {
					if got := strings.Join(res.Header.Values(header[i]), " | "); got != header[i+1] {
						t.Errorf("%s %s: %s: %q, want %q", res.Request.Method, res.Request.URL.Path, header[i], got, header[i+1])
					}
				}
			}
			readable := []string{
				"Access-Control-Allow-Origin", frontEnd, "Access-Control-Allow-Credentials", "true",
				"Access-Control-Expose-Headers", "X-Total-Count", "Vary", "Origin",
			}

			res, body := call(t, "OPTIONS", url+"/items/2", "Origin", frontEnd, "Access-Control-Request-Method", "DELETE")
			expect(res, body, 204, "",
				"Access-Control-Allow-Origin", frontEnd, "Access-Control-Allow-Credentials", "true",
				"Access-Control-Allow-Methods", "GET, POST, DELETE", "Access-Control-Allow-Headers", "Content-Type",
				"Access-Control-Max-Age", "7200", "Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
			res, body = call(t, "OPTIONS", url+"/items/2", "Origin", "https://evil.example", "Access-Control-Request-Method", "DELETE")
			expect(res, body, 403, "", "Access-Control-Allow-Origin", "")

			res, body = call(t, "GET", url+"/items", "Origin", frontEnd)
			expect(res, body, 200, `[{"id":"1","name":"Apple"},{"id":"2","name":"Pear"},{"id":"3","name":"Plum"}]`,
				append(readable, "X-Total-Count", "3")...)
			res, body = call(t, "DELETE", url+"/items/2", "Origin", frontEnd)
			expect(res, body, 204, "", readable...)
			res, body = call(t, "GET", url+"/items", "Origin", frontEnd)
			expect(res, body, 200, `[{"id":"1","name":"Apple"},{"id":"3","name":"Plum"}]`, append(readable, "X-Total-Count", "2")...)
			res, body = call(t, "GET", url+"/nowhere", "Origin", frontEnd)
			expect(res, body, 404, body, readable...)

			res, body = call(t, "GET", url+"/me", "Origin", frontEnd)
			expect(res, body, 401, `{"error":"log in first"}`, readable...)
			res, body = call(t, "POST", url+"/login", "Origin", frontEnd)
			expect(res, body, 204, "", readable...)
			cookie := res.Cookies()[0]
			if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteNoneMode {
				t.Errorf("cookie %v, want HttpOnly, Secure, SameSite=None", cookie)
			}
			res, body = call(t, "GET", url+"/me", "Origin", frontEnd, "Cookie", "session="+cookie.Value)
			expect(res, body, 200, `{"name":"Ada"}`, readable...)
		})
	}
}

func TestAllowedOrigins(t *testing.T) {
	for _, name := range programs {
		t.Run(name, func(t *testing.T) {
			program := build(t, name)
			t.Run("the origins in the variable are allowed", func(t *testing.T) {
				t.Setenv("ALLOWED_ORIGINS", "https://myapp.com,https://admin.myapp.com")
				url := start(t, program)
				for origin, want := range map[string]string{
					"https://admin.myapp.com": "https://admin.myapp.com",
					frontEnd:                  "",
				} {
					res, _ := call(t, "GET", url+"/items", "Origin", origin)
					if got := res.Header.Get("Access-Control-Allow-Origin"); got != want {
						t.Errorf("Access-Control-Allow-Origin for %s: %q, want %q", origin, got, want)
					}
				}
			})
			t.Run("the program does not start with an invalid origin", func(t *testing.T) {
				cmd := exec.CommandContext(t.Context(), program, "-addr", "127.0.0.1:0")
				cmd.Env = append(os.Environ(), "ALLOWED_ORIGINS=https://myapp.com/,*")
				out, err := cmd.CombinedOutput()
				if err == nil || !strings.Contains(string(out), `"https://myapp.com/" has a trailing slash; use "https://myapp.com"`) {
					t.Errorf("%v, output:\n%s", err, out)
				}
			})
		})
	}
}
