package browser

import (
	_ "embed"
	"net/http"
	"net/url"
	"strings"
)

// A site is a hand-made server.
type site struct {
	preflight reply // to OPTIONS with Access-Control-Request-Method
	response  reply // to other requests

	paths map[string]site // other replies by path
}

// A reply is a response, with its header lines. The name of the run is inserted in
// the path of a Location.
type reply struct {
	status int // zero means 200
	lines  []string
}

// with returns a reply with status 200 and header lines.
func with(lines ...string) reply { return reply{lines: lines} }

// handler serves the site for one run.
func (s site) handler(run string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here := s
		if other, ok := s.paths[afterRun(r.URL.Path)]; ok {
			here = other
		}
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			here.preflight.write(w, run)
			return
		}
		here.response.write(w, run)
	})
}

func (rep reply) write(w http.ResponseWriter, run string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain")
	for _, line := range rep.lines {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		if name == "Location" && (strings.Contains(value, "://") || strings.Contains(value, "RUN")) {
			value = inRun(value, run)
		}
		h.Add(name, value)
	}
	status := rep.status
	if status == 0 {
		status = http.StatusOK
	}
	w.WriteHeader(status)
	if status != http.StatusNoContent && status != http.StatusNotModified {
		w.Write([]byte("a site's body"))
	}
}

//go:embed page.js
var pageScript string

// documents serves the documents of pages, on all hosts.
var documents = func() http.Handler {
	script := "<!doctype html><script>" + pageScript + "</script>"
	around := func(frame string) string {
		return script + frame + "<script>converseAll = converseInFrame</script>"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		document := script
		switch r.URL.Path {
		case "/page":
		case "/frame":
			document = around(`<iframe sandbox="allow-scripts" src="/page"></iframe>`)
		case "/data":
			document = around(`<iframe src="data:text/html,` + url.PathEscape(script) + `"></iframe>`)
		case "/sandboxed":
			w.Header().Set("Content-Security-Policy", "sandbox allow-scripts")
		default:
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(document))
	})
}()
