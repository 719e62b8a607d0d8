package recipes

import (
	"fmt"
	"net/http"
	"os"
	"time"

	cors "github.com/polycors/polycors/core"
)

// Recipe 3: production with cookies. The server opts in with AllowCredentials,
// and the front end with each request:
//
//	await fetch("https://api.myapp.com/api/login", {method: "POST", credentials: "include"});
//	const me = await fetch("https://api.myapp.com/api/me", {credentials: "include"});
//
// or with withCredentials = true in XMLHttpRequest and axios.

// Production is the policy of an API that recognizes its users by a cookie.
func Production() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{os.Getenv("FRONTEND_URL")}, // New refuses an empty one
		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           24 * time.Hour,
	}
}

// Sessions opens sessions and finds their users.
type Sessions interface {
	Open() (token string)
	User(token string) (name string, ok bool)
}

// SessionAPI has a login, which sets a cookie, and a route that needs the
// cookie. The programs in examples/gin, echo, fiber and chi show the same routes
// in each framework.
func SessionAPI(sessions Sessions) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/login", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, sessionCookie(sessions.Open()))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /api/me", func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("session"); err == nil {
			if name, ok := sessions.User(cookie.Value); ok {
				fmt.Fprintln(w, name)
				return
			}
		}
		http.Error(w, "log in first", http.StatusUnauthorized)
	})
	return mux
}

// sessionCookie returns a cookie that scripts cannot read (HttpOnly), that is
// sent over https only (Secure), and that pages of other origins on the same
// site can use (Lax). If the front end and the API have no domain in common, use
// http.SameSiteNoneMode; some browsers block such cookies.
func sessionCookie(token string) *http.Cookie {
	return &http.Cookie{Name: "session", Value: token, Path: "/", MaxAge: 3600,
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
}
