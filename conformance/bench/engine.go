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

// A Measurement measures the engine alone, without a framework.
type Measurement struct {
	Name     string
	Baseline string // the Measurement to compare with: of a policy with one entry
	Build    func() Server
}

// A Server repeats the work that is measured, once for each call of Serve.
type Server interface{ Serve() }

const million = 1_000_000

// Measurements returns the measurements of one decision, by the number of exact
// origins in the policy, and by how many requests take turns, each with another
// origin. With a million in turn they show the memory of the machine, because no
// cache holds the entry that is looked up. The last one measures a read of such
// memory.
func Measurements() []Measurement {
	var list []Measurement
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
				list = append(list, Measurement{
					Name:     fmt.Sprintf("%s/turns=%d", name, turns),
					Baseline: fmt.Sprintf("/decide/policy=exact/origins=1/turns=%d", turns),
					Build:    func() Server { return newAsker(policy(), shuffled(Tenants(n), turns)) },
				})
			}
			if with.patterns != nil {
				list = append(list, Measurement{name + "/turns=pattern", onePattern,
					func() Server { return newAsker(policy(), []string{ofPattern}) }})
			}
		}
	}
	return append(list,
		Measurement{onePattern, onePattern, func() Server {
			return newAsker(allowing([]string{"https://ppp*.eu.eu.eu.group-200.example.org"}), []string{ofPattern})
		}},
		Measurement{"/memory", "", func() Server { return newChase() }})
}

const (
	onePattern = "/decide/policy=pattern/origins=1/turns=pattern"
	// ofPattern is an origin that one of the patterns allows.
	ofPattern = "https://ppp1.eu.eu.eu.group-200.example.org"
)

// patterns returns n wildcard entries. They have a few dozen shapes, by the number
// of labels and by the text around the asterisk, and share suffixes.
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
// after another: the next is in a cache, as it is in a server that has just read
// the request.
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

// A chase reads memory at random places. Each read returns the place of the next.
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
