package bench

import (
	"net/http"
)

// A Framework is a column of stacks, of which the first three are bare, floor
// and polycors.
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
	Answer() Answer // to the last request served
}

// The names of the stacks that all frameworks have.
const (
	Bare     = "bare"
	Floor    = "floor"
	Polycors = "polycors"
)

// IsPeer reports whether a stack is another project's middleware.
func (s Stack) IsPeer() bool { return s.Name != Bare && s.Name != Floor && s.Name != Polycors }

// Title is the name of a stack for readers.
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

// Frameworks returns the columns of the table.
func Frameworks() []Framework {
	return []Framework{
		{Name: "gin", Stacks: ginStacks(), Allocs: 1},
		{Name: "echo", Stacks: echoStacks(), Allocs: 2}, // one is echo's own, for any middleware
		{Name: "echo5", Stacks: echo5Stacks(), Allocs: 1},
		{Name: "fiber", Stacks: fiberStacks(), Allocs: 0},
		{Name: "fiber3", Stacks: fiber3Stacks(), Allocs: 0},
		{Name: "chi", Stacks: chiStacks(), Allocs: 1},
	}
}

// Differences says, by name, how the answers of a framework's stacks differ
// from that of polycors. A stack that is not in it cannot express the scenario.
func (f Framework) Differences(s *Scenario) map[string]string {
	answers := map[string]Answer{}
	for _, stack := range f.Stacks {
		if app := stack.Build(s); app != nil {
			answers[stack.Name] = app.Answer()
		}
	}
	differences := map[string]string{}
	for name, answer := range answers {
		differences[name] = s.Difference(answers[Polycors], answer)
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
	r, err := http.NewRequest(s.Method, "http://api.myapp.com"+path, nil)
	if err != nil {
		panic(err) // the scenario is not one
	}
	r.Header = s.Header
	return &httpApp{r: r, earlier: s.Earlier, w: responseWriter{header: http.Header{}}}
}

func (a *httpApp) Serve() {
	clear(a.w.header)
	for name, lines := range a.earlier {
		a.w.header[name] = lines
	}
	a.w.status = 0
	a.handler.ServeHTTP(&a.w, a.r)
}

func (a *httpApp) Answer() Answer {
	a.handled = false
	a.Serve()
	status := a.w.status
	if status == 0 {
		status = http.StatusOK
	}
	return Answer{Status: status, Handled: a.handled, Header: corsOnly(a.w.header)}
}

// A responseWriter keeps nothing but what is in the header and the status.
type responseWriter struct {
	header http.Header
	status int
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) Write(b []byte) (int, error) { return len(b), nil }

func (w *responseWriter) WriteHeader(status int) { w.status = status }
