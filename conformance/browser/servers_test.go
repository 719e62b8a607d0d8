package browser

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpadaptor"

	cors "github.com/polycors/polycors/core"
)

// servers has the servers for all scenarios: for net/http and for fasthttp, with TLS
// and without. The agents connect to one of them for each host and port.
type servers struct {
	addrs map[endpoint]string
	close []func()

	mu   sync.Mutex
	runs map[string]*run
}

// An endpoint is a kind of server.
type endpoint struct{ fasthttp, tls bool }

// ports maps the ports in URLs of scenarios to whether they use TLS.
var ports = map[string]bool{"443": true, "8443": true, "80": false, "3000": false, "8080": false}

// endpointOf returns the server for a host and port.
func endpointOf(host, port string) endpoint {
	return endpoint{fasthttp: strings.HasPrefix(host, "fiber"), tls: ports[port]}
}

// A run is one scenario in one agent: its handlers, the requests that they received
// and the calls of OnReject.
type run struct {
	sites map[string]http.Handler // by host
	app   http.Handler            // of the other hosts
	fiber fasthttp.RequestHandler // of the hosts of fiber

	mu       sync.Mutex
	wire     []exchange
	rejected []cors.Rejection
}

func (r *run) record(x exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wire = append(r.wire, x)
}

// reject is OnReject of the policy.
func (r *run) reject(_ context.Context, rejection cors.Rejection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rejected = append(r.rejected, rejection)
}

// transcript returns the transcript for verdicts.
func (r *run) transcript(verdicts []verdict) transcript {
	r.mu.Lock()
	defer r.mu.Unlock()
	return transcript{verdicts, r.wire, r.rejected}
}

func startServers() (*servers, error) {
	s := &servers{addrs: map[endpoint]string{}, runs: map[string]*run{}}
	cert, err := selfSigned()
	if err != nil {
		return nil, err
	}
	for _, e := range []endpoint{{}, {tls: true}, {fasthttp: true}, {fasthttp: true, tls: true}} {
		if err := s.start(e, cert); err != nil {
			s.stop()
			return nil, err
		}
	}
	return s, nil
}

func (s *servers) start(e endpoint, cert tls.Certificate) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.addrs[e] = l.Addr().String()
	config := &tls.Config{Certificates: []tls.Certificate{cert}, CurvePreferences: cheapCurves}
	switch {
	case e.fasthttp:
		srv := &fasthttp.Server{Handler: s.serveFast, ReadBufferSize: 16 << 10, Logger: log.New(io.Discard, "", 0)}
		if e.tls {
			l = tls.NewListener(l, config)
		}
		go srv.Serve(l)
		s.close = append(s.close, func() { l.Close() })
	default:
		srv := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0), TLSConfig: config}
		if e.tls {
			go srv.ServeTLS(l, "", "")
		} else {
			go srv.Serve(l)
		}
		s.close = append(s.close, func() { srv.Close() })
	}
	return nil
}

func (s *servers) stop() {
	for _, f := range s.close {
		f()
	}
}

// add creates a run of a scenario.
func (s *servers) add(name string, sc *scenario) (*run, error) {
	r, err := sc.serve(name)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[name] = r
	return r, nil
}

// find returns the run that a path begins with.
func (s *servers) find(path string) *run {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[name]
}

// afterRun returns a request target without the name of the run.
func afterRun(target string) string {
	if rest := runName.ReplaceAllString(target, ""); rest != target {
		return strings.TrimPrefix(rest, "/")
	}
	return target
}

func (s *servers) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r := s.find(req.URL.Path)
	if r == nil {
		documents.ServeHTTP(w, req)
		return
	}
	r.record(exchange{method: req.Method, host: req.Host, path: afterRun(req.RequestURI), header: req.Header.Clone()})
	host, _, _ := strings.Cut(req.Host, ":")
	if site, ok := r.sites[host]; ok {
		site.ServeHTTP(w, req)
		return
	}
	r.app.ServeHTTP(w, req)
}

// serveFast is ServeHTTP for fiber.
func (s *servers) serveFast(c *fasthttp.RequestCtx) {
	r := s.find(string(c.Path()))
	if r == nil || r.fiber == nil {
		fastDocuments(c)
		return
	}
	target := string(c.Request.Header.RequestURI())
	x := exchange{method: string(c.Method()), host: string(c.Host()), path: afterRun(target), header: http.Header{}}
	for name, value := range c.Request.Header.All() {
		x.header.Add(string(name), string(value))
	}
	r.record(x)
	r.fiber(c)
}

var fastDocuments = fasthttpadaptor.NewFastHTTPHandler(documents)

// transport returns a transport that connects to the servers as Chromium does.
func (s *servers) transport() *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			return new(net.Dialer).DialContext(ctx, network, s.addrs[endpointOf(host, port)])
		},
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true, CurvePreferences: cheapCurves},
		ForceAttemptHTTP2:  true,
		DisableCompression: true,
	}
}

// cheapCurves avoids post-quantum key exchange: the scenarios connect to hundreds of
// hosts.
var cheapCurves = []tls.CurveID{tls.X25519}

// selfSigned returns a certificate. Both agents ignore certificate errors.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"*.test"},
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
