package advice

import (
	"fmt"
	"strings"

	"github.com/polycors/polycors/core/internal/origin"
)

// differences says why an origin is refused that is similar to an allowed entry.
// The entry is the subject of each text.
var differences = map[origin.Relation]string{
	origin.OtherScheme:  "is allowed, but http and https are different origins",
	origin.OtherPort:    "is allowed, but each port is a different origin",
	origin.LoopbackName: "is allowed, but localhost, 127.0.0.1 and [::1] are different origins",
	origin.WWW:          "is allowed, but a host with www. and one without are different origins",
	origin.Apex:         "allows its subdomains, but not the domain itself",
	origin.Subdomain:    "does not cover this subdomain",
	origin.OtherDevice:  "is another device",
	origin.SameSite:     "is another origin of the same site",
}

// Refused is for the origin o, which is related to the allowed entry. The
// remedy says how to allow o: `add "https://myapp.com" to AllowOrigins`.
func Refused(o origin.Parts, r origin.Relation, entry, remedy string) string {
	why := fmt.Sprintf("%q %s: ", entry, differences[r])
	switch {
	case r == origin.OtherScheme && o.Scheme == "http" && origin.IsLoopback(o.Host):
		return why + remedy // an application shell, or a development server
	case r == origin.OtherScheme && o.Scheme == "http" && origin.IsLocal(o.Host):
		return why + "open the page over https, or " + remedy
	case r == origin.OtherScheme && o.Scheme == "http":
		return why + "open the page over https"
	case r == origin.OtherPort && origin.IsLoopback(o.Host):
		return fmt.Sprintf(`%s%s, or "%s://%s:*" for every port`, why, remedy, o.Scheme, o.Host)
	case r == origin.LoopbackName:
		return why + "open the page there, or " + remedy
	case r == origin.Subdomain:
		return why + "if it is yours, " + remedy
	case r == origin.OtherDevice, r == origin.SameSite:
		return why + "if this origin is yours, " + remedy
	case r == origin.Lookalike:
		return fmt.Sprintf("it resembles %q, but is a different site: correct the spelling if it is a typo; do not allow it unless it is yours", entry)
	case r == origin.Unrelated:
		return "if this origin is yours, " + remedy
	}
	return why + remedy
}

// A Relative is an origin that people confuse with another.
type Relative struct {
	Origin   origin.Parts
	Relation origin.Relation
}

// Relatives returns the origins that are often confused with o, and may be in
// the list of a server in place of o. Each has the relation that
// [origin.Nearest] finds.
func Relatives(o origin.Parts) []Relative {
	var list []Relative
	add := func(r origin.Relation, scheme, host string) {
		list = append(list, Relative{origin.Parts{Scheme: scheme, Host: host, Port: o.Port}, r})
	}
	other, isWeb := map[string]string{"http": "https", "https": "http"}[o.Scheme]
	if !isWeb {
		return nil
	}
	for _, name := range []string{"localhost", "127.0.0.1", "[::1]"} {
		if origin.IsLoopback(o.Host) && name != o.Host {
			add(origin.LoopbackName, o.Scheme, name)
		}
	}
	add(origin.OtherScheme, other, o.Host)
	if bare, ok := strings.CutPrefix(o.Host, "www."); ok {
		add(origin.WWW, o.Scheme, bare)
	} else if strings.Contains(o.Host, ".") && !origin.IsLoopback(o.Host) {
		add(origin.WWW, o.Scheme, "www."+o.Host)
	}
	return list
}
