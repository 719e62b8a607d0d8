package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"

	cors "github.com/polycors/polycors/core"
)

// A Decision is a policy and who asks it, without a framework.
type Decision struct {
	Name string
	// One names the Decision to compare this one with, about a policy with a
	// single entry.
	One   string
	Build func() Server
}

// A Server does over and over what is to be measured.
type Server interface{ Serve() }

const million = 1_000_000

// Decisions returns what is measured of the engine alone: what one decision
// costs, by the number of exact origins in the policy and
// by how many requests take turns, each with an origin string of its own. With a
// million in turn, it is the machine's memory that shows: every origin in the
// policy comes from where no cache has it. The last is a read of such memory.
func Decisions() []Decision {
	var list []Decision
	for _, with := range []struct {
		name     string
		patterns []string
	}{
		{"exact", nil},
		{"exact+10k-patterns", patterns(10_000)},
	} {
		for _, n := range []int{1, 100_000, million} {
			name := fmt.Sprintf("/decide/policy=%s/origins=%d", with.name, n)
			policy := sync.OnceValue(func() *cors.Policy { return allowing(append(with.patterns, Tenants(n)...)) })
			for _, turns := range []int{1, 1000, million} {
				list = append(list, Decision{
					Name:  fmt.Sprintf("%s/turns=%d", name, turns),
					One:   fmt.Sprintf("/decide/policy=exact/origins=1/turns=%d", turns),
					Build: func() Server { return newAsker(policy(), shuffled(Tenants(n), turns)) },
				})
			}
			if with.patterns != nil {
				list = append(list, Decision{name + "/turns=pattern", onePattern,
					func() Server { return newAsker(policy(), []string{ofPattern}) }})
			}
		}
	}
	return append(list,
		Decision{onePattern, onePattern, func() Server {
			return newAsker(allowing([]string{"https://ppp*.eu.eu.eu.group-200.example.org"}), []string{ofPattern})
		}},
		Decision{"/memory", "", func() Server { return newChase() }})
}

const (
	onePattern = "/decide/policy=pattern/origins=1/turns=pattern"
	// ofPattern is an origin that one of the patterns allows.
	ofPattern = "https://ppp1.eu.eu.eu.group-200.example.org"
)

// patterns returns n wildcard entries. They fall into a few dozen shapes, by
// the number of labels and by what surrounds the asterisk, and share suffixes:
// the later ones lie below the earlier ones.
func patterns(n int) []string {
	list := make([]string, n)
	for i := range list {
		below := strings.Repeat("eu.", i%4)
		before := strings.Repeat("p", i%8)
		list[i] = fmt.Sprintf("https://%s*.%sgroup-%d.example.org", before, below, i/32)
	}
	return list
}

// shuffled returns n copies of origins in random order. They lie in memory one
// after another, so that the next is at hand, as it is for a server that has just
// read it.
func shuffled(origins []string, n int) []string {
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(origins))
	list := make([]string, n)
	for i := range list {
		list[i] = strings.Clone(origins[order[i%len(order)]])
	}
	return list
}

// An asker asks a policy about one origin after another, all of them allowed.
type asker struct {
	policy *cors.Policy
	asked  []string
	next   int
}

func newAsker(policy *cors.Policy, asked []string) *asker {
	return &asker{policy: policy, asked: asked}
}

func allowing(origins []string) *cors.Policy {
	policy, err := cors.New(cors.Config{AllowOrigins: origins, AllowCredentials: true})
	if err != nil {
		panic(err)
	}
	return policy
}

func (a *asker) Serve() {
	if a.next == len(a.asked) {
		a.next = 0
	}
	o := &a.asked[a.next]
	a.next++
	var d cors.Decision
	if err := a.policy.Decide((*originOnly)(o), &d); err != nil || d.Len() == 0 {
		panic(fmt.Sprintf("%q is not allowed: %v", *o, err))
	}
}

// An originOnly is a GET request with an origin and nothing else.
type originOnly string

func (*originOnly) Context() context.Context { return context.Background() }
func (*originOnly) Method() string           { return http.MethodGet }
func (*originOnly) TLS() bool                { return false }
func (*originOnly) Host() string             { return "" }
func (*originOnly) Path() string             { return path }

func (g *originOnly) Header(name string) string {
	if name == "Origin" {
		return string(*g)
	}
	return ""
}

// A chase reads memory at random places, of which each is known only when the one
// before has been read.
type chase struct {
	next []uint32
	at   uint32
}

func newChase() *chase {
	const size, line = 64 << 20, 64 // in bytes
	c := &chase{next: make([]uint32, size/4)}
	order := rand.New(rand.NewPCG(1, 2)).Perm(size / line)
	for i, at := range order {
		c.next[at*line/4] = uint32(order[(i+1)%len(order)] * line / 4)
	}
	return c
}

func (c *chase) Serve() { c.at = c.next[c.at] }
