package browser

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A scenario is a sequence of requests of a page, and the expected results.
type scenario struct {
	name string
	from page // zero means myapp

	// policy is the policy of the hosts named after a framework, such as
	// https://gin.test. through lists the frameworks to play the scenario with;
	// nil means one framework, a different one for each scenario.
	policy  cors.Config
	through []string
	server  string // the label that replaces "server" in URLs

	// middleware replaces polycors, to test another package.
	middleware func(http.Handler) http.Handler

	// sites are hand-made servers by host; "*" is for all others. If there is no policy, relative URLs
	// are resolved against https://api.test, and otherwise against the
	// framework's host.
	sites map[string]site

	steps      []step
	preflights int // the total at all servers; asChromium if it is enough that both agents agree

	// departure describes a difference between Chromium and the Fetch standard.
	departure string

	// unreported explains why OnReject does not report what the agent blocks.
	unreported string

	// unmodeled names what corstest does not model. Only Chromium plays such a
	// scenario.
	unmodeled string
}

// asChromium is for scenarios that only compare the agents.
const asChromium = -1

// A step is one call of fetch. The fields are those of its init object.
type step struct {
	method      string
	url         string   // may be a path, of https://server.test; empty means /items; see inRun
	header      []string // "Name: value"
	body        string
	credentials string
	mode        string
	redirect    string
	cache       string

	after time.Duration // the time to wait first

	// want is the status that the script reads, or "opaque", "opaqueredirect", the
	// DevTools protocol's name of a CORS error, or "TypeError" for another error. If
	// empty, it is enough that both agents agree.
	want string

	// reads are the names of the headers that the script can read. If nil, it is
	// enough that both agents agree.
	reads []string
}

// do returns a step that succeeds.
func do(method string, header ...string) step {
	return step{method: method, header: header, want: "200"}
}

// include adds credentials to a step.
func include(st step) step {
	st.credentials = "include"
	return st
}

// A verdict is the result of a step.
type verdict struct {
	outcome string   // as in step.want
	headers []string // "name: value", sorted by name
	body    string
	message string // of the console
}

// A transcript is the result of a scenario in one agent.
type transcript struct {
	verdicts []verdict
	wire     []exchange
	rejected []cors.Rejection // the calls of OnReject
}

func (t transcript) preflights() (n int) {
	for _, x := range t.wire {
		if x.isPreflight() {
			n++
		}
	}
	return n
}

// A page is a document with a script.
type page struct {
	origin   string // as in the Origin header
	document string // the path of the document; empty means /page
	home     string // the origin of the URL of the document; empty means origin
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

// The pages of several themes.
var (
	myapp          = page{origin: "https://myapp.test"}
	evil           = page{origin: "https://evil.test"}
	sandboxedFrame = page{origin: "null", document: "/frame", home: "https://myapp.test"}
	sandboxedByCSP = page{origin: "null", document: "/sandboxed", home: "https://myapp.test"}
	dataFrame      = page{origin: "null", document: "/data", home: "https://myapp.test"}
)

// frameworks lists the first labels of the hosts with an adapter.
var frameworks = []string{"gin", "echo", "echo5", "fiber", "fiber3", "chi"}

// expand returns each scenario once for each of its frameworks, with the name of
// the framework in its name.
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

// resolve returns the URL of a step in a run. The first segment of the path is the
// name of the run.
func (s *scenario) resolve(st step, run string) string {
	address := st.url
	switch {
	case address == "":
		address = "https://server.test/items"
	case strings.Contains(address, "RUN"):
	case strings.HasPrefix(address, "/"):
		address = "https://server.test" + address
	}
	address = strings.Replace(address, "://server.", "://"+s.server+".", 1)
	return inRun(address, run)
}

// inRun replaces RUN in a URL by the name of the run. In an absolute URL without RUN,
// it inserts the name before the path.
func inRun(address, run string) string {
	if strings.Contains(address, "RUN") {
		return strings.ReplaceAll(address, "RUN", run)
	}
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host + "/" + run + "/" + path
}

// headers returns the header lines of st as pairs.
func (st step) headers() [][2]string {
	pairs := [][2]string{}
	for _, line := range st.header {
		name, value, _ := strings.Cut(line, ": ")
		pairs = append(pairs, [2]string{name, value})
	}
	return pairs
}

// An exchange is a request that a server received.
type exchange struct {
	method, host, path string
	header             http.Header
}

func (x exchange) isPreflight() bool {
	return x.method == http.MethodOptions && x.header.Get("Access-Control-Request-Method") != ""
}

// String returns the request without the headers that may differ between agents.
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

// comparedHeaders must be the same in both agents, as headers with the prefix X-.
var comparedHeaders = []string{
	"Accept",
	"Access-Control-Request-Headers",
	"Access-Control-Request-Method",
	"Authorization",
	"Cache-Control",
	"Content-Language",
	"Content-Type",
	"Cookie",
	"Origin",
	"Pragma",
	"Sec-Fetch-Dest",
	"Sec-Fetch-Mode",
	"Sec-Fetch-Site",
}
