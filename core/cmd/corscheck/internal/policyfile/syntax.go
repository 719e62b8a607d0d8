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
)

// parse returns the keys of a file, or why it is not a policy.
func parse(name string, data []byte) (root document.Node, problem *Problem) {
	isJSON := strings.EqualFold(filepath.Ext(name), ".json") || name == "-" && bytes.HasPrefix(bytes.TrimSpace(data), []byte("{"))
	if !isJSON {
		root, problem = parseYAML(data)
	} else if problem = jsonProblem(data); problem == nil {
		root = document.JSONFile(data)
	}
	if problem != nil {
		return root, problem
	}
	if root.Kind != document.Group {
		return root, &Problem{Line: root.Line, Column: root.Column,
			Message: "the file contains " + root.Describe() + ", not the keys of a policy, such as allowOrigins"}
	}
	return root, nil
}

func parseYAML(data []byte) (document.Node, *Problem) {
	// The package takes a byte order mark for a part of the first key.
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
	return newTree(body).node(body), nil
}

func jsonProblem(data []byte) *Problem {
	var v any
	err := json.Unmarshal(data, &v)
	if err == nil {
		return nil
	}
	p := &Problem{Message: "invalid JSON: " + err.Error()}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		before := data[:max(0, min(int(syntax.Offset)-1, len(data)))]
		p.Line = 1 + bytes.Count(before, []byte("\n"))
		p.Column = len(before) - bytes.LastIndexByte(before, '\n')
	}
	return p
}

func yamlProblem(err error) *Problem {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return &Problem{Message: "invalid YAML: " + err.Error()}
	}
	t := e.GetToken()
	p := &Problem{Line: t.Position.Line, Column: t.Position.Column, Message: "invalid YAML: " + e.GetMessage()}
	if t.Type == token.AliasType || t.Prev != nil && t.Prev.Type == token.AliasType {
		p.Message += ": " + quoteAsterisk
	}
	return p
}

const quoteAsterisk = `an asterisk at the start of a value needs quotes, as in "*"`

// isComplex reports whether a file has more keys, documents and levels than a
// policy. The time of the YAML package grows with their square.
func isComplex(tokens token.Tokens) bool {
	n := 0
	for _, t := range tokens {
		switch t.Type {
		case token.MappingValueType, token.DocumentHeaderType, token.SequenceStartType, token.MappingStartType:
			n++
		case token.SequenceEntryType: // a list in a list begins with two dashes
			if t.Prev != nil && t.Prev.Type == token.SequenceEntryType {
				n++
			}
		}
	}
	return n > 1000
}
