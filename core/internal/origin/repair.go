package origin

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/polycors/polycors/core/internal/spelling"
)

// This file corrects the parts of an origin.

// origin explains an entry that is nearly an origin.
func (r *repair) origin(s string) {
	if strings.EqualFold(s, "null") {
		r.note("upper-case", "has upper case")
		r.suggest("null")
		return
	}
	scheme, rest, done := r.scheme(s)
	if done {
		return
	}
	host, port := r.hostPort(r.authority(scheme, rest))
	if scheme == "" {
		scheme = "https"
		if isDevelopment(strings.ToLower(host)) {
			scheme = "http"
		}
	}
	local := IsLoopback(strings.ToLower(host))
	if port = r.port(scheme, port, local); port != "" {
		port = ":" + port
	}
	fixed, done := r.host(scheme, host, port)
	if done || r.suggest(scheme+"://"+fixed+port) {
		return
	}
	if r.badPort() && r.advice == "" && isEntry(scheme+"://"+fixed) {
		r.advice = fmt.Sprintf("write the right port, or %q for the default one", scheme+"://"+fixed)
	}
}

// isDevelopment reports whether a host usually has no certificate.
func isDevelopment(host string) bool {
	switch host[strings.LastIndexByte(host, '.')+1:] {
	case host, "example", "invalid", "test":
		return IsLoopback(host)
	}
	return IsLoopback(host) || IsUnspecified(host) || IsLocal(host)
}

func (r *repair) badPort() bool {
	return slices.ContainsFunc(r.reasons, func(reason string) bool { return strings.HasPrefix(reason, "has the port") })
}

var (
	// typedScheme is a scheme whose "://" is incomplete, or has too much.
	typedScheme = regexp.MustCompile(`^(?i)(https?)(?:(?:[:;.,]/*|//+)|$)`)
	// shellScheme is a scheme of an application, without its slashes.
	shellScheme = regexp.MustCompile(`^(?i)(tauri|capacitor|ionic|electron|app|[a-z]+-extension|vscode-[a-z]+):/?([^/].*)$`)
)

// scheme splits off the scheme. The scheme is empty if the entry has none. It
// reports whether the entry is explained.
func (r *repair) scheme(s string) (scheme, rest string, done bool) {
	for _, opaque := range []string{"about:", "data:", "javascript:"} {
		if strings.HasPrefix(strings.ToLower(s), opaque) {
			r.note("scheme", `is not what browsers send for such a page: that is "null", or the origin of the page that opened it`)
			r.advice = adviceRemove
			return "", "", true
		}
	}
	if inner, ok := strings.CutPrefix(s, "blob:"); ok {
		r.note("scheme", "is the URL of a blob, but browsers send the origin of the page that made it")
		s = inner
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		if m := shellScheme.FindStringSubmatch(s); m != nil {
			r.note("no-scheme", "has no slashes after its scheme")
			return strings.ToLower(m[1]), m[2], false
		}
		return r.noScheme(s)
	}
	if again := strings.LastIndex(rest, "://"); again >= 0 && strings.HasPrefix(rest, "http") && !strings.ContainsAny(rest[:again], ".:/") {
		r.note("scheme", "has two schemes")
		scheme, rest = rest[:again], rest[again+len("://"):]
	}
	if t := strings.TrimLeft(rest, "/"); t != rest && t != "" && isHTTP(strings.ToLower(scheme)) {
		r.note("scheme", "has too many slashes after its scheme")
		rest = t
	}
	return r.namedScheme(scheme), rest, false
}

// noScheme is for an entry without "://".
func (r *repair) noScheme(s string) (scheme, rest string, done bool) {
	if strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") {
		r.note("path", "is a path, not an origin")
		r.advice = adviceCopy
		return "", "", true
	}
	if port := strings.TrimPrefix(s, ":"); validPort("", port) {
		r.note("no-host", "has no host")
		r.advice = fmt.Sprintf("write all of the origin, such as %q", "http://localhost:"+port)
		return "", "", true
	}
	r.note("no-scheme", "has no scheme such as https://")
	if domain := strings.TrimLeft(s, "."); domain != s && r.suggestFor(domain, "*."+domain) {
		return "", "", true
	}
	if m := typedScheme.FindStringSubmatch(s); m != nil && len(m[0]) < len(s) && m[0] != "http." && m[0] != "https." {
		return strings.ToLower(m[1]), s[len(m[0]):], false
	}
	return "", strings.TrimLeft(s, "/"), false
}

// namedScheme corrects a scheme.
func (r *repair) namedScheme(scheme string) string {
	lower := strings.ToLower(scheme)
	if lower != scheme {
		r.note("upper-case", "has upper case in its scheme")
	}
	switch lower {
	case "ws", "wss":
		r.note("websocket", "is a WebSocket URL, but browsers send the http or https origin of the page")
		return "http" + lower[len("ws"):]
	case "ftp", "sftp":
		r.note("scheme", "has the scheme %s, from which browsers load no pages", lower)
		return "https"
	case "*", "http*", "https*", "*http", "*https":
		r.note("scheme-star", "has an asterisk in its scheme, which must be spelled out")
		return "https"
	case "":
		r.note("no-scheme", "has no scheme such as https://")
		return "https"
	}
	if meant := misspelled(lower); meant != "" {
		r.note("scheme", "has the scheme %q, which is probably %s", lower, meant)
		return meant
	}
	if !validScheme(lower) {
		r.note("scheme", "has an invalid scheme")
	}
	return lower
}

// misspelled returns the scheme of the web that another scheme is a misspelling
// of, or an empty string.
func misspelled(scheme string) string {
	if isHTTP(scheme) || strings.ContainsAny(scheme, "0123456789+-.") {
		return ""
	}
	letters := func(s string) string {
		b := []byte(s)
		slices.Sort(b)
		return string(b)
	}
	for _, web := range []string{"https", "http"} {
		if spelling.Distance(scheme, web) <= 1 || letters(scheme) == letters(web) {
			return web
		}
	}
	return ""
}

// authority removes everything but the host and the port.
func (r *repair) authority(scheme, s string) string {
	if i := strings.IndexAny(s, `/?#`); i >= 0 {
		switch tail := s[i:]; {
		case tail[0] == '?' && len(tail) > 1 && strings.Contains(tail, ".") && !strings.ContainsAny(tail, "=/"):
			r.note("query", "has a question mark: only an asterisk stands for a part of a host")
			return r.authority(scheme, strings.ReplaceAll(s, "?", "*"))
		case tail == "/":
			r.note("trailing-slash", "has a trailing slash")
		case tail[0] == '/':
			r.note("path", "has a path")
		case tail[0] == '?':
			r.note("query", "has a query")
		default:
			r.note("fragment", "has a fragment")
		}
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		r.note("user", "has a user name")
		s = s[i+1:]
	}
	return s
}

// hostPort splits host and port. The port is ":" if there is only a colon.
func (r *repair) hostPort(s string) (host, port string) {
	if before, number, ok := cutPortOfLoopback(s); ok {
		r.note("ipv6", "has an IPv6 address without brackets")
		return "[" + before + "]", number
	}
	if addr, err := netip.ParseAddr(s); err == nil && addr.Is6() {
		r.note("ipv6", "has an IPv6 address without brackets")
		return "[" + s + "]", ""
	}
	if addr, err := netip.ParseAddr(strings.TrimPrefix(s, "[")); err == nil && addr.Is6() && !strings.Contains(s, "]") {
		r.note("ipv6", "has an IPv6 address without its closing bracket")
		return s + "]", ""
	}
	end := hostLen(s)
	host, port = s[:end], s[end:]
	if port == "" || port == ":" {
		return host, port
	}
	return host, strings.TrimPrefix(port, ":")
}

// cutPortOfLoopback splits "::1:3000", which is also a valid address.
func cutPortOfLoopback(s string) (host, port string, ok bool) {
	port, ok = strings.CutPrefix(s, "::1:")
	return "::1", port, ok && validPort("", port)
}

func (r *repair) port(scheme, port string, local bool) string {
	switch {
	case port == "" || port == AnyPort || validPort(scheme, port):
		return port
	case port == ":":
		r.note("no-port", "has a colon without a port")
		return ""
	case strings.Contains(port, "*"):
		r.note("port-star", "has an asterisk inside its port: only :* stands for any port")
		return AnyPort
	case port == defaultPort(scheme):
		r.note("default-port", "names the default port of %s, which browsers leave out", scheme)
		return ""
	}
	n, err := strconv.ParseUint(port, 10, 64)
	if err != nil || n == 0 || n > 65535 {
		if strings.Trim(port, "0123456789") == "" {
			r.note("port", "has the port %.10q, which is not between 1 and 65535", port)
		} else {
			r.note("port", "has the port %.10q, which is not a number", port)
		}
		if local && !strings.Contains(port, ":") {
			return AnyPort
		}
		return port
	}
	r.note("port", "has a port with leading zeros")
	if canonical := strconv.FormatUint(n, 10); canonical != defaultPort(scheme) {
		return canonical
	}
	return ""
}
