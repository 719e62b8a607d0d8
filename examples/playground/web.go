package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/polycors/polycors/examples/playground/internal/wire"
)

//go:embed web
var files embed.FS

// pageHandler serves the page and the JSON that its scripts ask for.
func (p *playground) pageHandler(port int) http.Handler {
	web, err := fs.Sub(files, "web")
	if err != nil {
		panic(err) // the folder is embedded
	}
	own := fmt.Sprintf("localhost:%d", port)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		if r.Host != own { // cookies are for localhost
			http.Redirect(w, r, p.url, http.StatusFound)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: wire.Cookie, Value: "1", Path: "/items", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.ServeFileFS(w, r, web, "page.html")
	})
	mux.Handle("GET /page/", http.FileServerFS(web))
	mux.HandleFunc("GET /api/start", func(w http.ResponseWriter, _ *http.Request) { respond(w, p.description()) })
	mux.HandleFunc("GET /api/alive", p.alive)
	mux.Handle("POST /api/policy", endpoint(p.check))
	mux.Handle("POST /api/observe", endpoint(p.observe))
	mux.Handle("POST /api/translate", endpoint(translatePasted))
	hosts := []string{own, fmt.Sprintf("127.0.0.1:%d", port), fmt.Sprintf("[::1]:%d", port)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		guard(hosts, p.pagePolicy(), mux).ServeHTTP(w, r)
	})
}

// frontEnd serves the document that a page of a front end consists of.
func (p *playground) frontEnd(hosts []string) http.Handler {
	document := template.Must(template.ParseFS(files, "web/frame/frame.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /frame", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = document.Execute(w, p.url)
	})
	mux.HandleFunc("GET /frame.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "web/frame/frame.js")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		guard(hosts, p.framePolicy("http://"+r.Host), mux).ServeHTTP(w, r)
	})
}

// description tells the page where everything is.
func (p *playground) description() any {
	return map[string]any{
		"boot": p.boot, "pages": p.pages, "apis": p.apis, "frontEnds": p.frontEnds, "presets": p.presets(),
	}
}

// alive is a stream of events that ends when the server stops. The page shows then
// that the server is gone. The one event tells a restarted server from this one.
func (p *playground) alive(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprintf(w, "retry: 1000\ndata: %s\n\n", p.boot)
	_ = http.NewResponseController(w).Flush()
	select {
	case <-r.Context().Done():
	case <-p.stopping.Done():
	}
}

// endpoint makes a handler of a function from one JSON value to another.
func endpoint[Q, A any](answer func(Q) (A, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const maxBytes = 256 << 10
		var q Q
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBytes))
		d.DisallowUnknownFields()
		if err := d.Decode(&q); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		a, err := answer(q)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		respond(w, a)
	})
}

func respond(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
