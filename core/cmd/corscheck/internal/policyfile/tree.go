package policyfile

import (
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/polycors/polycors/core/internal/document"
	"github.com/polycors/polycors/core/internal/show"
)

// A tree is a YAML document. Aliases and merged keys (<<) can make it very
// large, or endless, so nodes are made on demand.
type tree struct {
	anchors map[string]ast.Node // by their names
	merges  []ast.Node          // the values of the keys <<
}

func newTree(root ast.Node) *tree {
	t := &tree{anchors: map[string]ast.Node{}}
	ast.Walk(t, root)
	return t
}

// Visit collects the anchors and the merges.
func (t *tree) Visit(n ast.Node) ast.Visitor {
	switch v := n.(type) {
	case *ast.AnchorNode:
		t.anchors[v.Name.GetToken().Value] = v.Value
	case *ast.MappingValueNode:
		if v.Key.IsMergeKey() {
			t.merges = append(t.merges, v.Value)
		}
	}
	return t
}

// mergeProblem returns the problem of a merge of anything but groups, or nil.
func (t *tree) mergeProblem() *Problem {
	for _, merge := range t.merges {
		for _, n := range t.mergedGroups(merge) {
			at := place(n)
			p := &Problem{Line: at.Line, Column: at.Column, Message: "<< needs an alias of a group of keys, such as <<: *base"}
			switch v := n.(type) {
			case ast.MapNode:
				continue
			case *ast.AliasNode:
				name := show.Plain(v.Value.GetToken().Value, show.Field)
				p.Message = fmt.Sprintf("undefined alias *%s: the file has no anchor &%s", name, name)
			}
			return p
		}
	}
	return nil
}

// resolve returns the node that an alias refers to.
func (t *tree) resolve(n ast.Node) ast.Node {
	for range 100 { // an alias may refer to itself
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			anchored, ok := t.anchors[v.Value.GetToken().Value]
			if !ok {
				return n
			}
			n = anchored
		case *ast.TagNode:
			if _, ok := v.Value.(ast.ScalarNode); ok {
				return n
			}
			n = v.Value
		default:
			return n
		}
	}
	return n
}

// node returns the node of the document for a node of the YAML package.
func (t *tree) node(n ast.Node) document.Node {
	n = t.resolve(n)
	at := place(n)
	switch v := n.(type) {
	case *ast.SequenceNode:
		return document.Node{Kind: document.List, Place: at, Items: func(yield func(document.Node) bool) {
			for _, item := range v.Values {
				if !yield(t.node(item)) {
					return
				}
			}
		}}
	case ast.MapNode:
		return document.Node{Kind: document.Group, Place: at, Entries: func(yield func(key, value document.Node) bool) {
			for _, e := range t.entries(v) {
				key := document.Node{Kind: document.String, Text: e.Key.GetToken().Value, Place: place(e.Key)}
				if !yield(key, t.node(e.Value)) {
					return
				}
			}
		}}
	case *ast.AliasNode:
		return document.Node{Kind: document.Invalid, Place: at, Text: "undefined alias: " + quoteAsterisk}
	}
	var v any
	if err := yaml.NodeToValue(n, &v); err != nil {
		v = n.String()
	}
	scalar := document.Of(v)
	scalar.Place = at
	return scalar
}

// entries returns the entries of a group. Merged ones come last, and only if the
// group does not have their keys.
func (t *tree) entries(group ast.MapNode) (list []*ast.MappingValueNode) {
	own := map[string]bool{}
	merged := map[any]bool{} // an anchor may contain itself
	var visit func(group ast.MapNode)
	visit = func(group ast.MapNode) {
		merged[group] = true
		before := map[string]bool{} // the keys of the groups that this one is merged into
		for key := range own {
			before[key] = true
		}
		var others []ast.Node
		for m := group.MapRange(); m.Next(); {
			e := m.KeyValue()
			key := e.Key.GetToken().Value
			switch {
			case e.Key.IsMergeKey():
				others = append(others, t.mergedGroups(e.Value)...)
			case !before[key]:
				own[key] = true
				list = append(list, e)
			}
		}
		for _, other := range others {
			if m, ok := other.(ast.MapNode); ok && !merged[other] {
				visit(m)
			}
		}
	}
	visit(group)
	return list
}

// mergedGroups returns the groups that the value of << refers to.
func (t *tree) mergedGroups(n ast.Node) []ast.Node {
	n = t.resolve(n)
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return []ast.Node{n}
	}
	var groups []ast.Node
	for _, value := range list.Values {
		groups = append(groups, t.resolve(value))
	}
	return groups
}

func place(n ast.Node) document.Place {
	if t := n.GetToken(); t != nil {
		return document.Place{Line: t.Position.Line, Column: t.Position.Column}
	}
	return document.Place{}
}
