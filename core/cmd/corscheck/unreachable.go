package main

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
)

// unreachable says why there is no response, and what the likely cause is. None
// of this is CORS, although browsers make it look so: scripts are told no more
// than "Failed to fetch".
func unreachable(err error, target *url.URL, timeout time.Duration) (message, hint string) {
	var dns *net.DNSError
	var netErr net.Error
	host := value(target.Host)
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted", ""
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("there is no host %q", value(target.Hostname())), "check the spelling, and that the name is known to DNS where corscheck runs"
	case errors.As(err, &dns):
		return fmt.Sprintf("the host %q cannot be looked up", value(target.Hostname())), "check the network: DNS gives no answer"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return fmt.Sprintf("%s gives no answer within %s", host, timeout),
			"a firewall may drop the packets, or the server is slow: -timeout waits longer"
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens on %s", host),
			"start the server, or correct the port; in a container, localhost is the container itself"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fmt.Sprintf("there is no way to %s", host), "check the network, or the VPN, that leads there"
	}
	if message, hint := tlsTrouble(err, target); message != "" {
		return message, hint
	}
	return garbled(err, host)
}

// tlsTrouble recognises what is wrong with a TLS connection.
func tlsTrouble(err error, target *url.URL) (message, hint string) {
	var (
		unknownAuthority x509.UnknownAuthorityError
		wrongHost        x509.HostnameError
		invalid          x509.CertificateInvalidError
		noTLS            tls.RecordHeaderError
		alert            tls.AlertError
	)
	host := value(target.Hostname())
	switch {
	case errors.As(err, &unknownAuthority):
		return fmt.Sprintf("the certificate of %s is signed by nobody whom this machine trusts", host),
			"browsers refuse it as well, unless its issuer is installed there; SSL_CERT_FILE names further issuers to corscheck"
	case errors.As(err, &wrongHost):
		return fmt.Sprintf("the certificate is not for %s", host), "use a name that it is for, or issue one for this name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s has expired or is not valid yet", host), "renew it, or set the clock of this machine"
	case errors.As(err, &invalid):
		return fmt.Sprintf("the certificate of %s is not valid: %s", host, err), "issue another one"
	case errors.As(err, &noTLS), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		plain := *target
		plain.Scheme = "http"
		return fmt.Sprintf("%s speaks no TLS", value(target.Host)), fmt.Sprintf("try %s", value(plain.String()))
	case errors.As(err, &alert), strings.Contains(err.Error(), "remote error: tls"):
		return fmt.Sprintf("%s refuses the TLS connection: %s", value(target.Host), err),
			"it may know no site of this name, want a client certificate, or speak old versions only"
	}
	return "", ""
}

// garbled is for connections that work, and answers that do not.
func garbled(err error, host string) (message, hint string) {
	text := err.Error()
	switch {
	case strings.Contains(text, "server response headers exceeded"):
		return fmt.Sprintf("%s sends more than %d KiB of headers", host, maxResponseHeader>>10), "browsers give up as well: send fewer"
	case strings.Contains(text, "malformed"):
		return fmt.Sprintf("%s does not answer in HTTP: %s", host, text), "check the port: another service may listen there, or one that speaks TLS"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		strings.Contains(text, "server closed idle connection"): // net/http's word for an end before it had written
		return fmt.Sprintf("%s closes the connection without an answer", host),
			"the server may have crashed on this request: look at its log; or it expects https"
	}
	return fmt.Sprintf("the request to %s fails: %s", host, text), ""
}
