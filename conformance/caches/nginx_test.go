package caches

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// startNginx starts nginx in front of some backends, and returns its socket.
func startNginx(t *testing.T, backends []backend) (socket string) {
	t.Helper()
	program, dir := find(t, "nginx"), t.TempDir()
	socket = dir + "/socket"
	var servers strings.Builder
	for _, b := range backends {
		fmt.Fprintf(&servers, nginxServer, socket, b.host, b.addr)
	}
	write(t, dir, "nginx.conf", fmt.Sprintf(nginxConfig, servers.String()))
	run(t, exec.Command(program, "-p", dir, "-c", "nginx.conf", "-e", "error.log"), dir)
	awaitSocket(t, socket)
	return socket
}

// nginxConfig caches as docs/production.md says. The errors are cached, too: a 403
// or 404 must not reach a reader that gets another response.
const nginxConfig = `
daemon off;
user root;
worker_processes 1;
pid nginx.pid;
events { worker_connections 512; }
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	server_names_hash_bucket_size 128;

	proxy_cache_path cache keys_zone=api:8m use_temp_path=off;
	proxy_cache api;
	proxy_cache_key $scheme$host$request_uri;
	proxy_cache_valid any 1m;
	proxy_cache_revalidate on;
	proxy_cache_lock on;
	add_header X-Cache $upstream_cache_status always;
	%s
}
`

const nginxServer = `
	server {
		listen unix:%s;
		server_name %s;
		location / {
			proxy_pass http://%s;
			proxy_set_header Host $host;
			proxy_http_version 1.1;
		}
	}
`
