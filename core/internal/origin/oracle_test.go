package origin_test

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

// An oracle gives the same answers as a Set in a slow and simple way: it tries a
// regular expression for each entry.
type oracle map[string]*regexp.Regexp

func newOracle(entries []string) oracle {
	o := make(oracle)
	for _, entry := range entries {
		o[entry] = regexp.MustCompile(expression(entry))
	}
	return o
}

// expression converts an entry to a regular expression.
func expression(entry string) string {
	const label = `[a-z0-9_-]{1,63}`
	scheme, host, _ := strings.Cut(entry, "://")
	port := ""
	if rest, ok := strings.CutSuffix(host, ":*"); ok {
		host, port = rest, `(:(?P<port>[1-9][0-9]{0,4}))?`
	}
	host = regexp.QuoteMeta(host)
	switch {
	case host == `\*`:
		host = `[A-Za-z0-9_.-]+`
	case strings.HasPrefix(host, `\*\.`):
		host = strings.Replace(host, `\*`, label+`(\.`+label+`)*`, 1)
	default:
		host = strings.Replace(host, `\*`, label, 1)
	}
	return `\A` + regexp.QuoteMeta(scheme+"://") + host + port + `\z`
}

func (o oracle) contains(s string) bool {
	for entry, re := range o {
		m := re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		if !strings.Contains(entry, "*") || withinLimits(entry, s) && validPort(s, m, re) {
			return true
		}
	}
	return false
}

func validPort(s string, match []string, re *regexp.Regexp) bool {
	i := re.SubexpIndex("port")
	if i < 0 || match[i] == "" {
		return true
	}
	port, _ := strconv.Atoi(match[i])
	isDefault := strings.HasPrefix(s, "http://") && port == 80 || strings.HasPrefix(s, "https://") && port == 443
	return port <= 65535 && !isDefault
}

func withinLimits(entry, s string) bool {
	_, host, _ := strings.Cut(s, "://")
	if strings.HasPrefix(host, "[") {
		return true
	}
	host, _, _ = strings.Cut(host, ":")
	label, _, dotted := strings.Cut(host, ".")
	wildcardInside := dotted && !strings.Contains(entry, "://*.") && strings.Contains(strings.TrimSuffix(entry, ":*"), "*")
	return len(host) <= 253 && (!wildcardInside || strings.HasSuffix(entry, "://*") || len(label) <= 63)
}

// A world generates entries and origins from few labels, schemes and ports, to get
// many matches.
type world struct{ *rand.Rand }

func (w world) pick(list ...string) string { return list[w.IntN(len(list))] }

func (w world) label() string {
	return w.pick("a", "b", "ab", "ba", "pr-1", "pr-", "x-pr-1", "a--s", "--s", "com", strings.Repeat("l", 63))
}

func (w world) host() string {
	labels := []string{w.label()}
	for w.IntN(3) > 0 {
		labels = append(labels, w.label())
	}
	return strings.Join(labels, ".")
}

func (w world) scheme() string { return w.pick("https", "https", "https", "http", "ext") }

func (w world) port() string { return w.pick("", "", "", ":80", ":443", ":1", ":8443", ":65535") }

func (w world) entry() string {
	host := w.host()
	switch w.IntN(6) {
	case 0:
		host = "*." + host
	case 1:
		host = w.pick("pr-", "a", "") + "*" + w.pick("-1", "--s", "b", "") + "." + host
	case 2:
		if w.IntN(3) == 0 {
			return "ext://*"
		}
	}
	return w.scheme() + "://" + host + w.pick(w.port(), w.port(), ":*")
}

func (w world) origin() string {
	o := w.scheme() + "://" + w.host() + w.port()
	for w.IntN(3) == 0 {
		o = w.mutate(o)
	}
	return o
}

// relative returns an origin that is similar to one that an entry allows.
func (w world) relative(entry string) string {
	o := entry
	if strings.HasSuffix(o, ":*") {
		o = strings.TrimSuffix(o, ":*") + w.pick(w.port(), ":65536", ":0", ":01")
	}
	o = strings.Replace(o, "*", w.pick(w.label(), w.host(), ".", "", "a.", ".a", "pr-1.a"), 1)
	for w.IntN(3) == 0 {
		o = w.mutate(o)
	}
	return o
}

// mutate replaces, inserts or deletes a byte.
func (w world) mutate(s string) string {
	i := w.IntN(len(s) + 1)
	j := min(i+w.IntN(2), len(s))
	return s[:i] + w.pick("", "a", "b", ".", "..", "/", ":", "@", "#", "?", "*", "-", "A", "[", "]", "\x00", ",", " ", "{", "%", "1") + s[j:]
}

func TestOracle(t *testing.T) {
	w := world{rand.New(rand.NewPCG(3, 4))}
	rounds := 150
	if testing.Short() {
		rounds = 30
	}
	allowed := 0
	for range rounds {
		var entries []string
		// The set compares a few entries one by one, and looks up more.
		for n := 1 + w.IntN(40); len(entries) < n; {
			entry := w.entry()
			if _, mistake := origin.ParsePattern(entry); mistake == nil {
				entries = append(entries, entry)
			}
		}
		set, oracle := newSet(t, entries...), newOracle(entries)
		for range 150 {
			o := w.origin()
			if w.IntN(3) > 0 {
				o = w.relative(w.pick(entries...))
			}
			got, want := set.Contains(o), oracle.contains(o)
			if got != want {
				t.Fatalf("%q among %q: the set says %t, the oracle %t", o, entries, got, want)
			}
			if got {
				allowed++
			}
		}
	}
	if allowed < rounds {
		t.Errorf("only %d origins were allowed: want more matches for a useful test", allowed)
	}
}
