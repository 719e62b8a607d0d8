package policyfile

import (
	"iter"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/document"
	"github.com/polycors/polycors/core/internal/show"
	"github.com/polycors/polycors/core/internal/spelling"
)

// section returns the part of a document under a dotted key, such as "server.cors".
// The keys themselves may contain dots.
func section(root document.Node, key string) (document.Node, *Problem) {
	if node, ok := lookUp(root, key); ok {
		return node, nil
	}
	var all, policies []string
	for g := range groups(root) {
		all = append(all, g.path)
		if g.isPolicy {
			policies = append(policies, g.path)
		}
	}
	message := "the file has no key " + show.Quoted(key)
	if meant := spelling.Nearest(all, key); meant != "" {
		message += "; did you mean -key " + argument(meant) + "?"
	} else if len(policies) > 0 {
		message += "; there is a policy under -key " + argument(policies[0])
	}
	return root, &Problem{Message: message}
}

func lookUp(group document.Node, key string) (document.Node, bool) {
	if group.Kind != document.Group {
		return group, false
	}
	for k, value := range group.Entries {
		if k.Text == key {
			return value, true
		}
		if rest, ok := strings.CutPrefix(key, k.Text+"."); ok {
			if found, ok := lookUp(value, rest); ok {
				return found, true
			}
		}
	}
	return group, false
}

// elsewhere returns the problem of a file that has no key of a policy at the top,
// but a policy under another key. Otherwise it returns nil.
func elsewhere(root document.Node) *Problem {
	if hasKey(root, policyKeys()) {
		return nil
	}
	var found []nested
	for g := range groups(root) {
		if g.isPolicy {
			found = append(found, g)
		}
	}
	if len(found) == 0 {
		return nil
	}
	named := slices.IndexFunc(found, func(g nested) bool { return strings.Contains(strings.ToLower(g.path), "cors") })
	best := found[max(named, 0)]
	return &Problem{Line: best.Line, Column: best.Column,
		Message: "the policy is under the key " + show.Quoted(best.path) + ": use -key " + argument(best.path)}
}

// A nested is a group below the top of a document.
type nested struct {
	path string // its dotted key
	document.Place
	isPolicy bool
}

// groups returns the groups of a document that may be a policy. The work is
// bounded: aliases may make a document endless.
func groups(root document.Node) iter.Seq[nested] {
	const maxDepth, maxKeys = 5, 1000
	known := policyKeys()
	left := maxKeys
	return func(yield func(nested) bool) {
		var search func(group document.Node, prefix string, depth int) bool
		search = func(group document.Node, prefix string, depth int) bool {
			if group.Kind != document.Group {
				return true
			}
			for k, value := range group.Entries {
				if left--; left < 0 {
					return false
				}
				if value.Kind != document.Group {
					continue
				}
				path := prefix + k.Text
				if !yield(nested{path, k.Place, hasKey(value, known)}) {
					return false
				}
				if depth < maxDepth && !search(value, path+".", depth+1) {
					return false
				}
			}
			return true
		}
		search(root, "", 1)
	}
}

// policyKeys returns the keys that only policies have, in lower case.
func policyKeys() (known []string) {
	for _, key := range keys() {
		if key != "vary" && key != "unsafe" { // others have these too
			known = append(known, strings.ToLower(key))
		}
	}
	return known
}

func hasKey(group document.Node, known []string) bool {
	if group.Kind != document.Group {
		return false
	}
	for k := range group.Entries {
		if slices.Contains(known, strings.ToLower(k.Text)) {
			return true
		}
	}
	return false
}

// argument returns a key as an argument for a shell.
func argument(key string) string {
	plain := show.Plain(key, show.Field)
	if strings.Trim(strings.ToLower(key), "abcdefghijklmnopqrstuvwxyz0123456789._-/") != "" {
		return "'" + strings.ReplaceAll(plain, "'", `'\''`) + "'"
	}
	return plain
}
