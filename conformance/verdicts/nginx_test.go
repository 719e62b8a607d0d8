package verdicts

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/httpcors"
)

// nginx starts nginx on a directory of its own. The configuration is the inside of
// its only server. UPSTREAM stands for the address of the API behind it.
func nginx(config string) site {
	return func(t *testing.T) string {
		t.Helper()
		program, err := exec.LookPath("nginx")
		if err != nil && os.Getenv("CI") != "true" {
			t.Skip("nginx is not installed")
		} else if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		upstream := strings.TrimPrefix(start(t, httpcors.New(policy())(items())), "http://")
		// nginx inherits the socket, as it does when it replaces itself. Requests
		// therefore wait for it.
		ln := listen(t).(*net.TCPListener)
		defer ln.Close()
		socket, err := ln.File()
		if err != nil {
			t.Fatal(err)
		}
		defer socket.Close()
		addr := ln.Addr().String()
		write(t, dir, "nginx.conf", fmt.Sprintf(nginxConfig, dir, addr, strings.ReplaceAll(config, "UPSTREAM", upstream)))
		write(t, dir, "www"+item, "{}")
		cmd := exec.Command(program, "-p", dir, "-c", "nginx.conf", "-e", "error.log")
		cmd.ExtraFiles, cmd.Env = []*os.File{socket}, append(os.Environ(), "NGINX=3;")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
			if log, _ := os.ReadFile(filepath.Join(dir, "error.log")); t.Failed() {
				t.Logf("%s", log)
			}
		})
		return "http://" + addr
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const nginxConfig = `
daemon off;
user root;
worker_processes 1;
pid nginx.pid;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	default_type application/json;
	root %s/www;
	server {
		listen %s;
		%s
	}
}
`

// nginxes are the usual mistakes with add_header.
func nginxes() []row {
	const (
		mine    = "add_header Access-Control-Allow-Origin https://myapp.com"
		methods = "add_header Access-Control-Allow-Methods 'GET, PUT' always; "
		options = "if ($request_method = OPTIONS) { return 204; } "
		reflect = "add_header Access-Control-Allow-Origin $http_origin always; add_header Access-Control-Allow-Credentials true always; add_header Vary Origin always; "
		put     = "-method PUT"
	)
	return []row{
		{name: "always", server: nginx(mine + " always; " + methods + options), args: put, verdict: allowed, cause: "preflight allows"},
		{name: "without always, on success", server: nginx(mine + ";"), verdict: allowed, cause: "may read the response"},
		{name: "without always, on an error", server: nginx(mine + ";"), path: "/api/items/2", verdict: refused, cause: `nginx adds headers to errors only with "always"`},
		{name: "without always, on an error behind a right preflight", server: nginx(mine + "; " + methods + options), path: "/api/items/2", args: put,
			verdict: untold, cause: `nginx adds headers to errors only with "always"`},
		{name: "beside the server's own header", server: nginx("location / { " + mine + " always; proxy_pass http://UPSTREAM; }"), args: put,
			verdict: refused, cause: "proxy_hide_header Access-Control-Allow-Origin"},
		{name: "beside the server's own header, hidden", server: nginx("location / { proxy_hide_header Access-Control-Allow-Origin; " + mine + " always; proxy_pass http://UPSTREAM; }"),
			args: put, verdict: allowed, cause: "preflight allows"},
		{name: "a star beside the server's own header", server: nginx("location / { add_header Access-Control-Allow-Origin *; proxy_pass http://UPSTREAM; }"),
			verdict: refused, cause: "two things add the header"},
		{name: "nothing but a proxy", server: nginx("location / { proxy_pass http://UPSTREAM; }"), args: put, verdict: allowed, cause: "rejected:"},
		{name: "in another location only", server: nginx("location /other/ { " + mine + " always; }"), verdict: refused, cause: "the response does not come through the CORS middleware"},
		{name: "inheritance that is lost", server: nginx(mine + " always; location /api/ { add_header X-Frame-Options DENY; }"), path: "/api/items/2",
			verdict: refused, cause: "a location with an add_header of its own does not inherit others"},
		{name: "OPTIONS without the headers", server: nginx(mine + " always; location / { if ($request_method = OPTIONS) { add_header Content-Length 0; return 204; } }"), args: put,
			verdict: refused, cause: "if nginx adds the headers, repeat them in each location and if"},
		{name: "headers for OPTIONS alone", server: nginx("location / { if ($request_method = OPTIONS) { " + mine + "; " + methods + "return 204; } }"), args: put,
			verdict: untold, cause: "if nginx adds the headers, repeat them"},
		{name: "OPTIONS for files", server: nginx(mine + " always; " + methods), args: put, verdict: refused, cause: "passes the preflight on to the router, which answers 405"},
		{name: "OPTIONS for files, without always", server: nginx(mine + "; " + methods), args: put, verdict: refused, cause: "405"},
		{name: "a star with credentials", server: nginx("add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Credentials true;"), args: "-credentials",
			verdict: refused, cause: "instead of *"},
		{name: "several origins in one header", server: nginx("add_header Access-Control-Allow-Origin 'https://myapp.com https://other.example';"), verdict: refused, cause: "the header holds a list"},
		{name: "a pattern", server: nginx("add_header Access-Control-Allow-Origin 'https://*.myapp.com';"), verdict: refused, cause: "browsers know no patterns"},
		{name: "another origin", server: nginx("add_header Access-Control-Allow-Origin https://other.example;"), verdict: refused, cause: "to every origin"},
		{name: "every origin", server: nginx(reflect), args: "-credentials", verdict: dangerous, cause: everySite},
		{name: "an origin that contains", server: nginx("set $o ''; if ($http_origin ~* 'myapp.com') { set $o $http_origin; } " + strings.ReplaceAll(reflect, "$http_origin", "$o")),
			args: "-credentials", verdict: dangerous, cause: "only searches origins for myapp.com"},
		{name: "an expression without an escape", server: nginx(`set $o ''; if ($http_origin ~ '^https://app.myapp\.com$') { set $o $http_origin; } ` + strings.ReplaceAll(reflect, "$http_origin", "$o")),
			args: "-origin https://app.myapp.com -credentials", verdict: dangerous, cause: dot},
		{name: "a password for everything", server: nginx(mine + "; auth_basic api; auth_basic_user_file none;"), args: put, verdict: refused, cause: "authentication comes before CORS"},
		{name: "a server that is gone", server: nginx("location / { " + mine + "; proxy_pass http://127.0.0.1:1; }"), args: put, verdict: refused, cause: "a proxy or gateway (nginx) answers with 502"},
		{name: "a server that is gone, with always", server: nginx("location / { " + mine + " always; proxy_pass http://127.0.0.1:1; }"), args: put, verdict: refused, cause: "a proxy or gateway (nginx) adds the headers"},
		{name: "a redirect to https", server: nginx("return 301 https://$host$request_uri;"), args: put, verdict: refused, cause: "the redirect leads to https"},
	}
}
