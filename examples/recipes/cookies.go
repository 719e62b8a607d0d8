package recipes

import (
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Recipe 3: production with cookies. Both sides have to opt in: the server by
// AllowCredentials, and the browser with each request:
//
//	await fetch("https://api.myapp.com/api/login", {method: "POST", credentials: "include"});
//	const me = await fetch("https://api.myapp.com/api/me", {credentials: "include"});
//
// or withCredentials = true in XMLHttpRequest and axios. If the server forgets,
// the console says so. If the front end forgets, nothing fails visibly: the
// cookie is neither stored nor sent, and the next request is answered 401.

// Production is the policy of an API that knows its users by a cookie.
func Production() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{os.Getenv("FRONTEND_URL")}, // New refuses an empty one
		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           24 * time.Hour,
	}
}

// sessionCookie is out of reach for scripts (HttpOnly), goes over https only
// (Secure), and comes back from pages of other origins of this site (Lax).
// Where front end and API have no domain in common, it takes
// http.SameSiteNoneMode, and browsers that keep third-party cookies.
func sessionCookie(token string) *http.Cookie {
	return &http.Cookie{Name: "session", Value: token, Path: "/", MaxAge: 3600,
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
}

// Sessions opens a session, and knows whose it is.
type Sessions interface {
	Open() (token string)
	User(token string) (name string, ok bool)
}

// ProductionGin is the API in gin.
func ProductionGin(policy *cors.Policy, sessions Sessions) *gin.Engine {
	r := gin.New()
	r.Use(gincors.From(policy))
	r.POST("/api/login", func(c *gin.Context) {
		http.SetCookie(c.Writer, sessionCookie(sessions.Open()))
		c.Status(http.StatusNoContent)
	})
	r.GET("/api/me", func(c *gin.Context) {
		token, _ := c.Cookie("session") // none: ""
		user, ok := sessions.User(token)
		if !ok {
			c.JSON(http.StatusUnauthorized, gin.H{"error": "log in first"})
			return
		}
		c.JSON(http.StatusOK, gin.H{"name": user})
	})
	return r
}

// ProductionEcho is the API in echo.
func ProductionEcho(policy *cors.Policy, sessions Sessions) *echo.Echo {
	e := echo.New()
	e.Use(echocors.From(policy))
	e.POST("/api/login", func(c echo.Context) error {
		c.SetCookie(sessionCookie(sessions.Open()))
		return c.NoContent(http.StatusNoContent)
	})
	e.GET("/api/me", func(c echo.Context) error {
		cookie, err := c.Cookie("session")
		if err != nil {
			return echo.NewHTTPError(http.StatusUnauthorized, "log in first")
		}
		user, ok := sessions.User(cookie.Value)
		if !ok {
			return echo.NewHTTPError(http.StatusUnauthorized, "log in first")
		}
		return c.JSON(http.StatusOK, map[string]string{"name": user})
	})
	return e
}

// ProductionFiber is the API in fiber.
func ProductionFiber(policy *cors.Policy, sessions Sessions) *fiber.App {
	app := fiber.New()
	app.Use(fibercors.From(policy))
	app.Post("/api/login", func(c *fiber.Ctx) error {
		c.Append(fiber.HeaderSetCookie, sessionCookie(sessions.Open()).String())
		return c.SendStatus(fiber.StatusNoContent)
	})
	app.Get("/api/me", func(c *fiber.Ctx) error {
		user, ok := sessions.User(c.Cookies("session"))
		if !ok {
			return fiber.NewError(fiber.StatusUnauthorized, "log in first")
		}
		return c.JSON(fiber.Map{"name": user})
	})
	return app
}

// ProductionChi is the API in chi.
func ProductionChi(policy *cors.Policy, sessions Sessions) *chi.Mux {
	r := chi.NewRouter()
	r.Use(chicors.From(policy))
	r.Post("/api/login", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, sessionCookie(sessions.Open()))
		w.WriteHeader(http.StatusNoContent)
	})
	r.Get("/api/me", func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("session")
		if err != nil {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return
		}
		user, ok := sessions.User(cookie.Value)
		if !ok {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return
		}
		writeJSON(w, map[string]string{"name": user})
	})
	return r
}
