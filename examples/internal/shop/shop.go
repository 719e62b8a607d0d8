// Package shop is what the examples serve: a few items, and who is logged in.
package shop

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"sync"
)

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

// New returns a shop with three items and nobody logged in.
func New() *Shop {
	return &Shop{
		sessions: map[string]bool{},
		items:    map[string]Item{"1": {"1", "Apple"}, "2": {"2", "Pear"}, "3": {"3", "Plum"}},
	}
}

// Login opens a session and returns its token.
func (s *Shop) Login() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := rand.Text()
	s.sessions[token] = true
	return token
}

// LoggedIn reports whether a session has the token.
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

// Delete deletes an item, if it is there.
func (s *Shop) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, id)
}
