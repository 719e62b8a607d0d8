package expr

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/polycors/polycors/core/internal/origin"
)

// shows reports whether a finding's witness is an origin, is matched by the
// expression, and has the problem.
func (j *judge) shows(f Finding) bool {
	o, ok := origin.Parse(f.Witness)
	if !ok || !j.re.MatchString(f.Witness) {
		return false
	}
	custom := o.Scheme != "http" && o.Scheme != "https"
	switch f.Kind {
	case Schemes:
		return custom
	case AnyHost:
		return custom && o.Scheme == f.Scheme
	case Insecure:
		return o.Scheme == "http" && !origin.IsLoopback(o.Host)
	case Domains:
		top := o.Host[strings.LastIndexByte(strings.TrimSuffix(o.Host, "."), '.')+1:]
		return custom || !origin.IsLoopback(o.Host) && !origin.IsReserved(strings.TrimSuffix(top, "."))
	case BelowSuffix:
		return !custom && strings.HasSuffix(strings.TrimSuffix(o.Host, "."), "."+f.Suffix)
	}
	return true
}

// ways are the origins of a scheme that have hosts of a kind, within a graph.
type ways struct {
	g      *graph
	scheme string
	part   part
}

// below returns an origin whose host is name or a name below it; "" if there is
// none.
func (w ways) below(name string) string {
	if host := w.find(name, true); host != "" || w.part != inName {
		return host
	}
	return w.find("."+name, false)
}

// endingIn returns an origin whose host ends in tail; "" if there is none.
func (w ways) endingIn(tail string) string { return w.find(tail, false) }

func (w ways) find(tail string, exactly bool) string {
	host := w.g.find(w.g.ends, w.part, w.g.shape.hostStart, tail, exactly)
	if host == "" {
		return ""
	}
	return w.scheme + "://" + host
}

// favourites are well-known top-level domains.
var favourites = []string{"com", "net", "org", "io", "dev", "app", "de"}

// stranger adds a witness to the finding about an opening. If possible, the
// expression was not written for that origin: it does not spell out its domain.
func (j *judge) stranger(f Finding, o opening) Finding {
	second := f
	good := func(witness, domain string) bool {
		if f.Witness = witness; !j.shows(f) {
			return false
		}
		if second.Witness == "" {
			second = f
		}
		return !j.spells(domain)
	}
	w := o.ways
	if o.suffix == "" && w.part == inName {
		for _, top := range favourites {
			if name := "evil." + top; good(w.below(name), name) {
				return f
			}
		}
		for _, top := range slices.Backward(favourites) { // com is probably intended
			witness := w.endingIn("." + top)
			o, _ := origin.Parse(witness)
			domain, err := publicsuffix.EffectiveTLDPlusOne(o.Host)
			if err == nil && good(witness, domain) {
				return f
			}
		}
	}
	labels := []string{"evil"}
	if len(o.list) > 0 {
		label := o.list[0].text
		labels = append(labels, label[:1]+label) // as in mmyapp.com
	}
	for _, unit := range o.list {
		labels = append(labels, unit.text)
	}
	for _, label := range labels {
		if name := join(label, o.suffix); good(w.below(name), name) {
			return f
		}
	}
	for _, place := range o.rest {
		if f.Witness = w.endingIn(join(place.text, o.suffix)); j.shows(f) {
			return f
		}
	}
	return second
}

// spells reports whether the expression contains a text, escapes aside.
func (j *judge) spells(text string) bool {
	return strings.Contains(strings.ReplaceAll(j.re.String(), `\`, ""), text)
}

// strangeScheme adds a witness to the finding that there are too many schemes.
func (j *judge) strangeScheme(f Finding, g *graph, hosts []int32, schemes units) Finding {
	texts := []string{g.find(hosts, inScheme, 0, "evil://", true)}
	for _, unit := range schemes.list {
		texts = append(texts, unit.text+"://")
	}
	for _, place := range schemes.rest {
		texts = append(texts, g.find(hosts, inScheme, 0, place.text+"://", false))
	}
	for _, text := range texts {
		scheme, ok := strings.CutSuffix(text, "://")
		if !ok {
			continue
		}
		one := j.graph(g.shape.of(scheme))
		if one == nil {
			continue
		}
		w := ways{one, scheme, inOpaque}
		for _, found := range []string{w.below("evil.com"), w.endingIn("")} {
			// A host that begins with a dot looks odd.
			if f.Witness = strings.Replace(found, "://.", "://x.", 1); j.shows(f) {
				return f
			}
			if f.Witness = found; j.shows(f) {
				return f
			}
		}
	}
	return f
}
