package cors

import (
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// Keep copies what the Decision echoes from the request, because a framework may
// reuse the memory of a request. Adapters that write the Decision after the next
// handler call it before that handler. The Decision is valid until free is
// called.
//
//	defer d.Keep()()
func (d *Decision) Keep() (free func()) {
	if d.Status() != 0 || !slices.ContainsFunc(d.answer.headers, func(h header) bool { return h.echo != echoNothing }) {
		return func() {} // the Decision ends the request, or echoes nothing
	}
	k, _ := keeping.Get().(*kept)
	if k == nil {
		k = new(kept)
		k.free = func() { keeping.Put(k) }
	}
	buf := k.room[:0]
	for _, h := range d.answer.headers {
		if h.echo == echoNothing {
			continue
		}
		s := d.echoed(h.echo)
		n := len(buf)
		buf = append(buf, *s...)
		*s = unsafe.String(&buf[n], len(*s)) // no copy: nothing writes to buf before free
	}
	return k.free
}

// A kept is memory for the strings of a Decision.
type kept struct {
	room [320]byte // for the longest origin
	free func()
}

var keeping sync.Pool

// An Earlier collects the headers that the next handler has set. Only adapters
// that write a Decision after that handler need it. The zero Earlier is ready to
// use.
type Earlier struct {
	vary  [8]string // the first lines of Vary, without an allocation
	lines int       // in vary
	more  []string  // further lines of Vary
	names []string
}

// Visit is called with each line of the response. The name may be in any case. The
// value must be valid for as long as the Earlier is used.
func (e *Earlier) Visit(name, value string) {
	switch {
	case len(name) == len("Vary") && strings.EqualFold(name, "Vary"):
		if e.lines < len(e.vary) {
			e.vary[e.lines] = value
			e.lines++
		} else {
			e.more = append(e.more, value)
		}
	case isCORSHeader(name) && !slices.Contains(e.names, name):
		e.names = append(e.names, strings.Clone(name)) // deleting one may move the bytes of others
	}
}

// isCORSHeader reports whether a Decision replaces or deletes the header with a
// name, in any case.
func isCORSHeader(name string) bool {
	const prefix = "Access-Control-"
	return len(name) > len(prefix) && name[len(prefix)-1] == '-' &&
		slices.ContainsFunc(corsHeaders[:], func(n string) bool { return strings.EqualFold(n, name) })
}

// CORS returns the names of the CORS headers, each spelling once. They must be
// deleted before a Decision is written.
func (e *Earlier) CORS() []string { return e.names }

// Vary returns the lines of Vary, for [Decision.Vary].
func (e *Earlier) Vary() []string {
	if e.more == nil {
		return e.vary[:e.lines]
	}
	return slices.Concat(e.vary[:], e.more)
}
