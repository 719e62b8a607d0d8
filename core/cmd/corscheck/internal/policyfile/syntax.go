package policyfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/polycors/polycors/core/internal/document"
	"github.com/polycors/polycors/core/internal/show"
)

// parse returns the keys of a policy, which may be a part of a file, or why it is
// not a policy.
func parse(name, key string, data []byte) (root document.Node, problem *Problem) {
	if strings.EqualFold(filepath.Ext(name), ".toml") {
		return root, &Problem{Message: "the file is TOML, which polycors does not read: write the policy in YAML or JSON"}
	}
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		return root, &Problem{Message: "the file is in UTF-16: save it as UTF-8"}
	}
	isJSON := strings.EqualFold(filepath.Ext(name), ".json") || name == "-" && bytes.HasPrefix(bytes.TrimSpace(data), []byte("{"))
	if !isJSON {
		root, problem = parseYAML(data)
	} else if problem = jsonProblem(data); problem == nil {
		root = document.JSONFile(data)
	}
	where := "the file"
	switch {
	case problem != nil:
		return root, problem
	case key != "":
		where = "the key " + show.Quoted(key)
		root, problem = section(root, key)
	default:
		problem = elsewhere(root)
	}
	if problem == nil && root.Kind != document.Group {
		problem = &Problem{Line: root.Line, Column: root.Column,
			Message: where + " contains " + root.Describe() + ", not the keys of a policy, such as allowOrigins"}
	}
	return root, problem
}

func parseYAML(data []byte) (document.Node, *Problem) {
	// The package treats a byte order mark as a part of the first key.
	tokens := lexer.Tokenize(strings.TrimPrefix(string(data), "\uFEFF"))
	if isComplex(tokens) {
		return document.Node{}, &Problem{Message: "the file is too complex: not a policy"}
	}
	// The reader finds duplicate keys, whatever their case, and continues.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return document.Node{}, yamlProblem(err)
	}
	var body ast.Node
	switch len(file.Docs) {
	case 0:
	case 1:
		body = file.Docs[0].Body
	default:
		return document.Node{}, &Problem{Message: "the file has several documents: not a policy"}
	}
	switch body.(type) {
	case nil, *ast.CommentGroupNode: // an empty file is an empty policy
		body = &ast.MappingNode{}
	}
	t := newTree(body)
	if problem := t.mergeProblem(); problem != nil {
		return document.Node{}, problem
	}
	return t.node(body), nil
}

func jsonProblem(data []byte) *Problem {
	var v any
	err := json.Unmarshal(data, &v)
	if err == nil {
		return nil
	}
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		return &Problem{Line: 1, Column: 1, Message: "invalid JSON: the file begins with a byte order mark: save it as UTF-8 without one"}
	}
	p := &Problem{Message: "invalid JSON"}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		p.Message += ": " + jsonMessage(syntax)
		before := data[:max(0, min(int(syntax.Offset)-1, len(data)))]
		p.Line = 1 + bytes.Count(before, []byte("\n"))
		p.Column = len(before) - bytes.LastIndexByte(before, '\n')
	}
	return p
}

func yamlProblem(err error) *Problem {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return &Problem{Message: "invalid YAML: " + yamlMessage(err.Error())}
	}
	t := e.GetToken()
	p := &Problem{Line: t.Position.Line, Column: t.Position.Column, Message: "invalid YAML: " + yamlMessage(e.GetMessage())}
	if t.Type == token.AliasType || t.Prev != nil && t.Prev.Type == token.AliasType {
		p.Message = "invalid YAML: " + quoteAsterisk
	}
	return p
}

const quoteAsterisk = `an asterisk at the start of a value needs quotes, as in "*"`

// isComplex reports whether a file has more keys, documents and levels than a file
// with a policy. The time of the YAML package grows with their square, and its
// stack with the number of tags and anchors in a row.
func isComplex(tokens token.Tokens) bool {
	const most = 5000
	n := 0
	var flows []token.Type // the brackets around a token
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flows = append(flows, t.Type)
			n++
		case token.SequenceEndType, token.MappingEndType:
			flows = flows[:max(len(flows)-1, 0)]
		case token.CollectEntryType: // a comma
			if len(flows) > 0 && flows[len(flows)-1] == token.MappingStartType {
				n++
			}
		case token.MappingValueType, token.MappingKeyType, token.DocumentHeaderType, token.TagType, token.AnchorType:
			n++
		case token.SequenceEntryType: // a list in a list begins with two dashes
			if t.Prev != nil && t.Prev.Type == token.SequenceEntryType {
				n++
			}
		}
	}
	return n > most
}
