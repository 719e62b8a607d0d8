package caches

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// startVarnish starts Varnish in front of some backends, and returns its socket.
// Its rules are the built-in ones.
func startVarnish(t *testing.T, backends []backend) (socket string) {
	t.Helper()
	program, dir := find(t, "varnishd"), t.TempDir()
	socket = dir + "/socket"
	var defined, chosen strings.Builder
	for i, b := range backends {
		host, port, _ := strings.Cut(b.addr, ":")
		fmt.Fprintf(&defined, "backend b%d { .host = %q; .port = %q; }\n", i, host, port)
		fmt.Fprintf(&chosen, "\tif (req.http.Host == %q) { set req.backend_hint = b%d; }\n", b.host, i)
	}
	write(t, dir, "default.vcl", fmt.Sprintf(varnishConfig, defined.String(), chosen.String()))
	run(t, exec.Command(program, "-F", "-j", "none", "-n", dir+"/work", "-a", socket, "-f", dir+"/default.vcl",
		"-s", "default,16m", "-p", "thread_pools=1", "-p", "vsl_space=1m"), dir)
	awaitSocket(t, socket)
	return socket
}

const varnishConfig = `vcl 4.1;
%s
sub vcl_recv {
%s}

sub vcl_deliver {
	if (obj.hits > 0 && obj.ttl < 0s) {
		set resp.http.X-Cache = "STALE";
	} else if (obj.hits > 0) {
		set resp.http.X-Cache = "HIT";
	} else {
		set resp.http.X-Cache = "MISS";
	}
}
`
