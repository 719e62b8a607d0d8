// Package shop is what the example programs have in common besides CORS: where
// they listen, which front ends they serve, and a few items to list and delete.
package shop

import (
	"cmp"
	"crypto/rand"
	"flag"
	"log"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
)

// Addr logs and returns the address to listen on, which the flag -addr sets.
func Addr() string {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	log.Printf("listening on http://%s", *addr)
	return *addr
}

// Origins returns the front ends in ALLOWED_ORIGINS, which commas separate, or
// those on this machine if the variable is empty.
func Origins() []string {
	if env := os.Getenv("ALLOWED_ORIGINS"); env != "" {
		return strings.Split(env, ",")
	}
	return []string{"http://localhost:*", "http://127.0.0.1:*"}
}

// An Item can be listed and deleted.
type Item struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// A Shop keeps everything in memory. It is safe for concurrent use.
type Shop struct {
	mu       sync.Mutex
	sessions map[string]bool
	items    map[string]Item
}

// New returns a shop with three items and without sessions.
func New() *Shop {
	return &Shop{
		sessions: map[string]bool{},
		items:    map[string]Item{"1": {"1", "Apple"}, "2": {"2", "Pear"}, "3": {"3", "Plum"}},
	}
}

// Login opens a session and returns its cookie. Browsers send the cookie with
// requests from other sites because of SameSite=None, which requires Secure.
func (s *Shop) Login() *http.Cookie {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := rand.Text()
	s.sessions[token] = true
	return &http.Cookie{Name: "session", Value: token, Path: "/",
		HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode}
}

// LoggedIn reports whether token is the value of a session's cookie.
func (s *Shop) LoggedIn(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[token]
}

// Items returns all items, ordered by ID.
func (s *Shop) Items() []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.items), func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
}

// Delete deletes the item with an ID, if there is one.
func (s *Shop) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, id)
}
