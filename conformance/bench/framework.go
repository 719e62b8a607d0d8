package bench

import (
	"net/http"
)

// A Framework is a web framework with its stacks. The first three are bare,
// floor and polycors.
type Framework struct {
	Name   string
	Stacks []Stack

	// Allocs is how many allocations polycors may add to a request.
	Allocs float64
}

// A Stack is an app with one way of doing CORS.
type Stack struct {
	Name string
	// Build returns nil if the stack cannot express the scenario's policy.
	Build func(*Scenario) App
}

// An App serves the request of its scenario over and over.
type App interface {
	Server
	Response() Response // serves once more and returns the response
}

// The stacks that every framework has.
const (
	Bare     = "bare"
	Floor    = "floor"
	Polycors = "polycors"
)

// IsPeer reports whether a stack is another project's middleware.
func (s Stack) IsPeer() bool { return s.Name != Bare && s.Name != Floor && s.Name != Polycors }

// Title returns the name of a stack for readers.
func (s Stack) Title() string {
	switch s.Name {
	case "echo-builtin":
		return "echo's own"
	case "fiber-builtin":
		return "fiber's own"
	case "gin-contrib", "go-chi", "rs":
		return s.Name + "/cors"
	case Floor:
		return "set by hand"
	}
	return s.Name
}

// Frameworks returns the frameworks that are measured.
func Frameworks() []Framework {
	return []Framework{
		{Name: "gin", Stacks: ginStacks(), Allocs: 1},
		{Name: "echo", Stacks: echoStacks(), Allocs: 2}, // echo allocates once for any middleware
		{Name: "echo5", Stacks: echo5Stacks(), Allocs: 1},
		{Name: "fiber", Stacks: fiberStacks(), Allocs: 0},
		{Name: "fiber3", Stacks: fiber3Stacks(), Allocs: 0},
		{Name: "chi", Stacks: chiStacks(), Allocs: 1},
	}
}

// Differences says, by the name of each stack, how its response differs from
// the response of polycors. The map lacks stacks that cannot express the
// scenario.
func (f Framework) Differences(s *Scenario) map[string]string {
	responses := map[string]Response{}
	for _, stack := range f.Stacks {
		if app := stack.Build(s); app != nil {
			responses[stack.Name] = app.Response()
		}
	}
	differences := map[string]string{}
	for name, response := range responses {
		differences[name] = s.Difference(responses[Polycors], response)
	}
	return differences
}

// A httpApp is an app on net/http.
type httpApp struct {
	handler http.Handler
	w       responseWriter
	r       *http.Request
	earlier http.Header
	handled bool
}

func newHTTPApp(s *Scenario) *httpApp {
	return &httpApp{r: s.Request, earlier: s.Earlier, w: responseWriter{header: http.Header{}}}
}

func (a *httpApp) Serve() {
	clear(a.w.header)
	for name, lines := range a.earlier {
		a.w.header[name] = lines
	}
	a.w.status = 0
	a.handler.ServeHTTP(&a.w, a.r)
}

func (a *httpApp) Response() Response {
	a.handled = false
	a.Serve()
	status := a.w.status
	if status == 0 {
		status = http.StatusOK
	}
	return Response{Status: status, Handled: a.handled, Header: corsOnly(a.w.header)}
}

// A responseWriter records the status and the headers, and discards the body.
type responseWriter struct {
	header http.Header
	status int
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) Write(b []byte) (int, error) { return len(b), nil }

func (w *responseWriter) WriteHeader(status int) { w.status = status }
