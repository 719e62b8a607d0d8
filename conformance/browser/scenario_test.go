package browser

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A scenario is a conversation between a page and the servers it talks to, and
// what should come of it.
type scenario struct {
	name string
	from page // zero means myapp

	// policy is what the hosts that are named after a framework enforce, such
	// as https://gin.test. In through are the frameworks to hold the
	// conversation with, one after another; nil means one of them, by turns.
	policy  cors.Config
	through []string
	server  string // the first label of the host that stands for "server" in URLs

	// middleware stands in for polycors, to see what another package does.
	middleware func(http.Handler) http.Handler

	// sites are hand-made servers by host, which need no policy. The steps of
	// a scenario without a policy go to https://api.test; those of others go
	// to the framework, unless their URLs say otherwise.
	sites map[string]site

	steps      []step
	preflights int // that the servers get in all

	// departure says where Chromium does something else than the Fetch
	// standard says, so that corstest has to choose.
	departure string

	// unheard says why OnReject is not told exactly of what is blocked here.
	unheard string

	// beyond names what the scenario needs that corstest does not model, so
	// that it can only be held in Chromium.
	beyond string
}

// A step is one fetch by the page's script, in the terms of its init object.
type step struct {
	method      string
	url         string   // a path is one of https://server.test; empty means /items
	header      []string // "Name: value"
	body        string
	credentials string
	mode        string
	redirect    string
	cache       string

	after time.Duration // to wait before

	// want is the status that the script reads; or "opaque" or
	// "opaqueredirect"; or why it reads nothing: the name that the DevTools
	// protocol has for the CORS error, or "TypeError" for anything else.
	want string

	// reads are the names of the headers that the script can read; nil means
	// that only the two agents have to agree on them.
	reads []string
}

// do is a step that succeeds.
func do(method string, header ...string) step {
	return step{method: method, header: header, want: "200"}
}

// include adds credentials to a step.
func include(st step) step {
	st.credentials = "include"
	return st
}

// A verdict is what the script got out of a step.
type verdict struct {
	outcome string   // as in step.want
	headers []string // "name: value", sorted by name
	body    string
	message string // on the console
}

// A transcript is what came of a scenario in one user agent.
type transcript struct {
	verdicts []verdict
	wire     []exchange
	rejected []cors.Rejection // what the policy told OnReject
}

func (t transcript) preflights() (n int) {
	for _, x := range t.wire {
		if x.isPreflight() {
			n++
		}
	}
	return n
}

// A page is where scripts run.
type page struct {
	origin   string // as it stands in the Origin header
	document string // the path of the document; empty means /page
	home     string // where the document is from, if the origin does not say
}

func (p page) url() string {
	home, document := p.home, p.document
	if home == "" {
		home = p.origin
	}
	if document == "" {
		document = "/page"
	}
	return home + document
}

// The pages that several themes have in common.
var (
	myapp          = page{origin: "https://myapp.test"}
	evil           = page{origin: "https://evil.test"}
	sandboxedFrame = page{origin: "null", document: "/frame", home: "https://myapp.test"}
	sandboxedByCSP = page{origin: "null", document: "/sandboxed", home: "https://myapp.test"}
	dataFrame      = page{origin: "null", document: "/data", home: "https://myapp.test"}
)

// frameworks are the first labels of the hosts behind which an adapter stands.
var frameworks = []string{"gin", "echo", "echo5", "fiber", "fiber3", "chi"}

// expand gives every scenario a framework: all that it asks for, or the one
// whose turn it is. The framework's name joins that of the scenario.
func expand(scenarios []scenario) []scenario {
	var expanded []scenario
	turn := 0
	for _, s := range scenarios {
		if s.from == (page{}) {
			s.from = myapp
		}
		if s.isHandMade() {
			s.server = "api"
			expanded = append(expanded, s)
			continue
		}
		if s.through == nil {
			s.through = []string{frameworks[turn%len(frameworks)]}
			turn++
		}
		name := s.name
		for _, s.server = range s.through {
			s.name = name + " (" + s.server + ")"
			expanded = append(expanded, s)
		}
	}
	return expanded
}

func (s *scenario) isHandMade() bool {
	p := &s.policy
	return s.middleware == nil && p.AllowOrigins == nil && p.AllowOriginRegexps == nil && p.AllowOriginFunc == nil
}

// resolve returns the address of a step for one run of the scenario: runs are
// told apart by the first segment of the path.
func (s *scenario) resolve(st step, run string) string {
	address := st.url
	switch {
	case address == "":
		address = "https://server.test/items"
	case strings.HasPrefix(address, "/"):
		address = "https://server.test" + address
	}
	address = strings.Replace(address, "://server.", "://"+s.server+".", 1)
	return inRun(address, run)
}

// inRun puts the name of the run in front of an absolute URL's path.
func inRun(address, run string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host + "/" + run + "/" + path
}

// headers returns the step's header lines as pairs.
func (st step) headers() [][2]string {
	pairs := [][2]string{}
	for _, line := range st.header {
		name, value, _ := strings.Cut(line, ": ")
		pairs = append(pairs, [2]string{name, value})
	}
	return pairs
}

// An exchange is a request as a server got it: the fields that matter to CORS.
type exchange struct {
	method, host, path string
	header             http.Header
}

func (x exchange) isPreflight() bool {
	return x.method == http.MethodOptions && x.header.Get("Access-Control-Request-Method") != ""
}

// String leaves out the headers that user agents add as they like.
func (x exchange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s%s", x.method, x.host, x.path)
	names := make([]string, 0, len(x.header))
	for name := range x.header {
		if slices.Contains(comparedHeaders, name) || strings.HasPrefix(name, "X-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, " | %s: %s", name, strings.Join(x.header[name], " + "))
	}
	return b.String()
}

// comparedHeaders, and all that begin with X-, must be the same in both agents.
var comparedHeaders = []string{
	"Access-Control-Request-Headers",
	"Access-Control-Request-Method",
	"Authorization",
	"Content-Type",
	"Cookie",
	"Origin",
}
