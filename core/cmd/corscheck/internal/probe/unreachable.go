package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/polycors/polycors/core/internal/show"
)

// unreachable says why there is no response, and what the cause may be. The
// cause is not CORS, but looks like it in browsers: scripts get the error
// "Failed to fetch" in both cases.
func unreachable(err error, target *url.URL, timeout time.Duration) (message, hint string) {
	var dns *net.DNSError
	var netErr net.Error
	host := show.Plain(target.Host, show.Line)
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted", ""
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("the host %s does not exist", show.Quoted(target.Hostname())), "check the spelling, and that DNS knows the name where corscheck runs"
	case errors.As(err, &dns):
		return fmt.Sprintf("the host %s cannot be looked up", show.Quoted(target.Hostname())), "check the network: DNS does not answer"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return fmt.Sprintf("%s does not respond within %s", host, timeout),
			"a firewall may drop the packets, or the server is slow: use -timeout to wait longer"
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens on %s", host),
			"start the server, or correct the port; in a container, localhost is the container itself"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fmt.Sprintf("there is no route to %s", host), "check the network or the VPN"
	}
	if message, hint := tlsTrouble(err, target); message != "" {
		return message, hint
	}
	return garbled(err, host)
}

// tlsTrouble explains errors of TLS. The message is empty for other errors.
func tlsTrouble(err error, target *url.URL) (message, hint string) {
	var (
		unknownAuthority x509.UnknownAuthorityError
		wrongHost        x509.HostnameError
		invalid          x509.CertificateInvalidError
		noTLS            tls.RecordHeaderError
		alert            tls.AlertError
	)
	host := show.Plain(target.Hostname(), show.Line)
	switch {
	case errors.As(err, &unknownAuthority):
		return fmt.Sprintf("this machine does not trust the issuer of the certificate of %s", host),
			"browsers reject it too, unless its issuer is installed there; SSL_CERT_FILE adds issuers for corscheck"
	case errors.As(err, &wrongHost):
		return fmt.Sprintf("the certificate is not valid for %s", host), "use a name from the certificate, or issue one for this name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s has expired or is not valid yet", host), "renew it, or set this machine's clock"
	case errors.As(err, &invalid):
		return fmt.Sprintf("the certificate of %s is not valid: %s", host, err), "issue another one"
	case errors.As(err, &noTLS), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		plain := *target
		plain.Scheme = "http"
		return fmt.Sprintf("%s does not use TLS", show.Plain(target.Host, show.Line)), fmt.Sprintf("try %s", show.Plain(plain.String(), show.Line))
	case errors.As(err, &alert), strings.Contains(err.Error(), "remote error: tls"):
		return fmt.Sprintf("%s refuses the TLS connection: %s", show.Plain(target.Host, show.Line), err),
			"the server may not know this name, require a client certificate, or support only old versions"
	}
	return "", ""
}

// garbled explains responses that could not be parsed.
func garbled(err error, host string) (message, hint string) {
	text := err.Error()
	switch {
	case strings.Contains(text, "server response headers exceeded"):
		return fmt.Sprintf("%s sends more than %d KiB of headers", host, maxResponseHeader>>10), "browsers reject this too: send fewer"
	case strings.Contains(text, "malformed MIME header"):
		return fmt.Sprintf("the response of %s has an invalid header, or ends within its headers", host),
			"browsers may reject it too: look at the response with curl -i, and at the log of the server"
	case strings.Contains(text, "malformed"):
		return fmt.Sprintf("%s does not respond with HTTP: %s", host, text), "check the port: another service may use it, or it requires TLS"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		strings.Contains(text, "server closed idle connection"): // before net/http had written the request
		return fmt.Sprintf("%s closes the connection without a response", host),
			"the server may have crashed on this request: check its log; or it expects https"
	}
	return fmt.Sprintf("the request to %s fails: %s", host, text), ""
}
