package recipes

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// A fakeStore keeps origins in memory, and returns err if it is not nil.
type fakeStore struct {
	mu      sync.Mutex
	origins []string
	err     error
}

func (s *fakeStore) set(err error, origins ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.origins, s.err = origins, err
}

func (s *fakeStore) HasOrigin(_ context.Context, origin string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.origins, origin), s.err
}

func (s *fakeStore) Origins(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.origins), s.err
}

func TestRejectUnknown(t *testing.T) {
	var rejected []cors.Rejection
	cfg := RejectUnknown()
	cfg.OnReject = func(_ context.Context, r cors.Rejection) { rejected = append(rejected, r) }
	forEach(t, mounted(cfg), func(t *testing.T, api http.RoundTripper) {
		rejected = nil
		corstest.Allows(t, on(myApp, api), "POST", "/items")
		corstest.Allows(t, on("https://admin.myapp.com", api), "PUT", "/items/1")
		if len(rejected) != 0 {
			t.Errorf("OnReject got %v for allowed origins", rejected)
		}
		blocked := corstest.RefusesWith(t, on(evil, api), noOrigin, "POST", "/items")
		if blocked.Status != http.StatusForbidden {
			t.Errorf("status %d, want 403 and not the 201 of the handler", blocked.Status)
		}
		corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "PUT", "/items/1")
		if len(rejected) != 2 || rejected[0].Origin != evil || rejected[0].Reason != "origin-not-allowed" {
			t.Errorf("OnReject got %v, want the two refused requests", rejected)
		}
		if status := curl(t, api, "POST", "/items"); status != http.StatusCreated {
			t.Errorf("without Origin: %d, want 201", status)
		}
		if res := corstest.Allows(t, on("https://api.example", api), "POST", "/items"); res.StatusCode != http.StatusCreated {
			t.Errorf("from the server's own origin: %d, want 201", res.StatusCode)
		}
	})
}

func TestLookUp(t *testing.T) {
	store := &fakeStore{}
	forEach(t, mounted(LookUp(store)), func(t *testing.T, api http.RoundTripper) {
		store.set(nil, "https://customer.example")
		corstest.Allows(t, withCookies("https://customer.example", api), "PUT", "/items/1")
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/items/1")
		corstest.RefusesWith(t, withCookies(evil, api), noOriginPreflight, "PUT", "/items/1")
		corstest.RefusesWith(t, withCookies(evil, api), noOrigin, "GET", "/items")
	})
}

func TestLookUpError(t *testing.T) {
	store := &fakeStore{}
	forEach(t, mounted(LookUp(store)), func(t *testing.T, api http.RoundTripper) {
		store.set(errors.New("the database is gone"), "https://customer.example")
		preflight := corstest.RefusesWith(t, withCookies("https://customer.example", api), noOriginPreflight, "PUT", "/items/1")
		response := corstest.RefusesWith(t, withCookies("https://customer.example", api), noOrigin, "POST", "/items")
		if preflight.Status != 500 || response.Status != 500 {
			t.Errorf("preflight %d, response %d, want 500 for both", preflight.Status, response.Status)
		}
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/items/1") // in the list
		if status := curl(t, api, "POST", "/items"); status != http.StatusCreated {
			t.Errorf("without Origin: %d, want 201", status)
		}
	})
}

func TestRefresh(t *testing.T) {
	policy, store := new(cors.Policy), new(fakeStore)
	forEach(t, behind(policy, shop()), func(t *testing.T, api http.RoundTripper) {
		load := func(err error, origins ...string) error {
			store.set(err, origins...)
			return Refresh(t.Context(), policy, store)
		}
		if err := load(nil, "https://old.example"); err != nil {
			t.Fatal(err)
		}
		corstest.Allows(t, withCookies("https://old.example", api), "PUT", "/items/1")
		corstest.RefusesWith(t, withCookies("https://new.example", api), noOriginPreflight, "PUT", "/items/1")

		if err := load(nil, "https://new.example"); err != nil {
			t.Fatal(err)
		}
		corstest.Allows(t, withCookies("https://new.example", api), "PUT", "/items/1")
		corstest.RefusesWith(t, withCookies("https://old.example", api), noOriginPreflight, "PUT", "/items/1")

		for _, err := range []error{load(errors.New("the database is gone")), load(nil, "https://new.example/"), load(nil, "*")} {
			if err == nil {
				t.Error("no error")
			}
			corstest.Allows(t, withCookies("https://new.example", api), "PUT", "/items/1")
		}

		if err := load(nil); err != nil {
			t.Fatal(err)
		}
		corstest.RefusesWith(t, withCookies("https://new.example", api), noOriginPreflight, "PUT", "/items/1")
	})
}

func TestKeepFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy, store := new(cors.Policy), new(fakeStore)
		store.set(errors.New("the database is gone"))
		if err := KeepFresh(t.Context(), policy, store, time.Minute); err == nil {
			t.Error("no error, although the store failed")
		}
		store.set(nil, "https://old.example")
		if err := KeepFresh(t.Context(), policy, store, time.Minute); err != nil {
			t.Fatal(err)
		}
		store.set(nil, "https://new.example")
		time.Sleep(time.Minute) // of the bubble's clock
		synctest.Wait()
		if ok, err := policy.AllowsOrigin(t.Context(), "https://new.example"); !ok || err != nil {
			t.Errorf("the new origin: %t, %v, want it allowed", ok, err)
		}
	})
}
