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
)

// parse returns the keys of a file, which are an [ast.MapNode], or why it is not a policy. The YAML package
// reads JSON too, because it knows the places of values.
func parse(name string, data []byte) (root ast.Node, problem *Problem) {
	isJSON := strings.EqualFold(filepath.Ext(name), ".json") || name == "-" && bytes.HasPrefix(bytes.TrimSpace(data), []byte("{"))
	if isJSON {
		if p := jsonProblem(data); p != nil {
			return nil, p
		}
	}
	// The package takes a byte order mark for a part of the first key.
	tokens := lexer.Tokenize(strings.TrimPrefix(string(data), "\uFEFF"))
	if reason := tooComplex(tokens); reason != "" {
		return nil, &Problem{Message: reason + ": not a policy"}
	}
	// The decoder finds duplicate keys, whatever their case, and continues.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, yamlProblem(err)
	}
	for _, doc := range file.Docs {
		switch doc.Body.(type) {
		case nil, *ast.CommentGroupNode: // an empty file is an empty policy
		case ast.MapNode:
			return doc.Body, nil
		default:
			p := at(doc.Body)
			p.Message = "the file contains " + kindOf(doc.Body) + ", not the keys of a policy, such as allowOrigins"
			return nil, &p
		}
	}
	return &ast.MappingNode{}, nil
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

// tooComplex says why a file takes the YAML package too long: its time grows
// with the square of the number of keys and documents and of the depth.
func tooComplex(tokens token.Tokens) string {
	var keys, documents, depth, dashes int
	for _, t := range tokens {
		switch t.Type {
		case token.MappingValueType:
			keys++
		case token.DocumentHeaderType:
			documents++
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType: // a list in a list begins with two dashes
			if t.Prev != nil && t.Prev.Type == token.SequenceEntryType {
				dashes++
			}
		}
		switch {
		case keys > 1000:
			return "the file has more than 1000 keys"
		case documents > 1:
			return "the file has several documents"
		case depth > 100 || dashes > 100:
			return "the file has more than 100 levels"
		}
	}
	return ""
}

// at returns a Problem with a node's place.
func at(n ast.Node) Problem {
	if t := n.GetToken(); t != nil {
		return Problem{Line: t.Position.Line, Column: t.Position.Column}
	}
	return Problem{}
}

// kindOf says what a value is.
func kindOf(n ast.Node) string {
	switch n.(type) {
	case ast.MapNode:
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	}
	return "a string"
}
