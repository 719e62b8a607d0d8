package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	cors "github.com/polycors/polycors/core"
)

// A policyFile is a policy as it is written down, with all that is wrong with
// it.
type policyFile struct {
	name     string
	cfg      cors.Config
	policy   *cors.Policy // nil if there are problems
	problems []problem

	where  map[string]*yaml.Node // by key, such as allowOrigins[1] or unsafe.nullOrigin
	kept   map[string][]int      // by key: where the elements of cfg's lists stand in those of the file
	meant  map[string]bool       // keys that others are misspellings of
	merged map[*yaml.Node]bool   // by <<
}

// A problem is one thing that is wrong with a policy.
type problem struct {
	Line    int    `json:"line,omitempty"` // 0 if it belongs to none
	Column  int    `json:"column,omitempty"`
	Key     string `json:"key,omitempty"` // in the file's spelling
	Message string `json:"message"`
}

// maxFile keeps a wrong argument, a disk image say, from being read.
const maxFile = 16 << 20

// readPolicy reads a policy, from standard input if the name is "-". The error
// is about the file; what is wrong with the policy is in problems.
func readPolicy(name string, stdin io.Reader) (*policyFile, error) {
	data, err := readFile(name, stdin)
	if err != nil {
		return nil, err
	}
	f := &policyFile{name: name, where: map[string]*yaml.Node{}, kept: map[string][]int{},
		meant: map[string]bool{}, merged: map[*yaml.Node]bool{}}
	if root := f.parse(data); root != nil {
		f.decode(root)
		policy, err := cors.New(f.cfg)
		f.addConfigErrors(err)
		if len(f.problems) == 0 {
			f.policy = policy
		}
	}
	f.sort()
	return f, nil
}

func readFile(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s is larger than %d MiB: not a policy", name, maxFile>>20)
	}
	return data, err
}

// parse returns the tree of a file; nil if there is none. JSON is read by the
// YAML package too, which keeps the places of things.
func (f *policyFile) parse(data []byte) *yaml.Node {
	isJSON := strings.EqualFold(filepath.Ext(f.name), ".json") || f.name == "-" && bytes.HasPrefix(bytes.TrimSpace(data), []byte("{"))
	if isJSON && !json.Valid(data) {
		f.addJSONError(data)
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		f.addYAMLError(err)
		return nil
	}
	if len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode} // an empty file is an empty policy
	}
	root := resolve(doc.Content[0])
	if root.Kind != yaml.MappingNode {
		f.add("", root, "the file holds "+kindOf(root)+", not the keys of a policy, such as allowOrigins")
		return nil
	}
	return root
}

func (f *policyFile) addJSONError(data []byte) {
	var syntax *json.SyntaxError
	var v any
	err := json.Unmarshal(data, &v)
	if !errors.As(err, &syntax) {
		f.add("", nil, "not JSON: "+err.Error())
		return
	}
	before := data[:max(0, min(int(syntax.Offset)-1, len(data)))]
	f.problems = append(f.problems, problem{
		Line:    1 + bytes.Count(before, []byte("\n")),
		Column:  len(before) - bytes.LastIndexByte(before, '\n'),
		Message: "not JSON: " + syntax.Error(),
	})
}

// yamlLine is how the YAML package tells the place of an error.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)

func (f *policyFile) addYAMLError(err error) {
	p := problem{Message: strings.TrimPrefix(err.Error(), "yaml: ")}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		p.Message = m[2]
	}
	if strings.Contains(p.Message, "alphabetic or numeric") {
		p.Message += `: an asterisk at the start of a value needs quotes, as in "*"`
	}
	p.Message = "not YAML: " + p.Message
	f.problems = append(f.problems, p)
}

// add notes a problem at a place, which may be nil.
func (f *policyFile) add(key string, at *yaml.Node, message string) {
	p := problem{Key: key, Message: message}
	if at != nil {
		p.Line, p.Column = at.Line, at.Column
	}
	f.problems = append(f.problems, p)
}

// resolve follows an alias to what it stands for.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// kindOf says what a value is.
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a group of keys"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "true or false"
	case "!!int", "!!float":
		return "a number"
	}
	return "a string"
}
