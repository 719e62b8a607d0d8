// Package policyfile reads policies from JSON and YAML files, as package cors
// does, and reports all problems with their places.
package policyfile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/document"
)

// A File is a policy in a file.
type File struct {
	Name     string
	Key      string // of the policy in the file, or empty
	Config   cors.Config
	Policy   *cors.Policy // nil if there are problems
	Problems []Problem    // in the order of the file

	places map[string]document.Place
}

// A Problem is one thing that is wrong with a policy.
type Problem struct {
	Line    int    `json:"line,omitempty"` // 0 if the problem has no place
	Column  int    `json:"column,omitempty"`
	Key     string `json:"key,omitempty"` // as spelled in the file
	Message string `json:"message"`
}

// Text returns the key and the message.
func (p Problem) Text() string {
	if p.Key == "" {
		return p.Message
	}
	return p.Key + ": " + p.Message
}

// Read reads the named file, or stdin if the name is "-". The key is that of the
// policy in a larger file, such as "server.cors", or empty. An error is about the
// file; what is wrong with the policy is in Problems.
func Read(name, key string, stdin io.Reader) (*File, error) {
	data, err := readAll(name, stdin)
	if err != nil {
		return nil, err
	}
	f := &File{Name: name, Key: key}
	root, problem := parse(name, key, data)
	if problem != nil {
		f.Problems = []Problem{*problem}
		return f, nil
	}
	r := document.NewReader()
	r.Read(root, &f.Config)
	for _, p := range r.Problems {
		f.add(p.Place, p.Path, p.Message)
	}
	f.places = r.Places
	complete := f.Config
	complete.OnReject = func(context.Context, cors.Rejection) {} // a file cannot contain it, but ReportOnly needs it
	policy, err := cors.New(complete)
	f.addConfigErrors(r, err)
	slices.SortStableFunc(f.Problems, func(a, b Problem) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Key, b.Key))
	})
	if r.More > 0 {
		f.add(document.Place{}, "", fmt.Sprintf("and %d more problems", r.More))
	}
	if len(f.Problems) == 0 {
		f.Policy = policy
	}
	return f, nil
}

// Place returns the place of the value with a key, such as "allowOrigins[1]", or of
// the list that it would be in. It is zero if the file has neither.
func (f *File) Place(key string) document.Place {
	if at, ok := f.places[key]; ok {
		return at
	}
	list, _, _ := strings.Cut(key, "[")
	return f.places[list]
}

func (f *File) add(at document.Place, key, message string) {
	if f.Key != "" && key != "" {
		key = f.Key + "." + key
	}
	f.Problems = append(f.Problems, Problem{at.Line, at.Column, key, message})
}

// addConfigErrors adds what cors.New reports about a document that r has read.
func (f *File) addConfigErrors(r *document.Reader, err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	unread := map[string]bool{} // lists with values that could not be read
	for _, p := range r.Problems {
		list, _, _ := strings.Cut(p.Path, "[")
		unread[list] = true
	}
	for _, err := range joined.Unwrap() {
		e, ok := errors.AsType[*cors.ConfigError](err)
		if !ok {
			f.add(document.Place{}, "", err.Error())
			continue
		}
		list := keys()[e.Field]
		if e.Index < 0 && (unread[list] || r.Meant[list]) {
			continue // it is empty because its value could not be read
		}
		key := list
		if e.Index >= 0 {
			key += fmt.Sprintf("[%d]", r.Kept[list][e.Index])
		}
		f.add(f.Place(key), key, message(e))
	}
}

// nanoseconds is the advice about a duration that is a bare number in Go.
var nanoseconds = regexp.MustCompile(`; write (\d+) \* time\.Second$`)

// message returns the sentence of an error without the field, in the words of a
// file.
func message(e *cors.ConfigError) string {
	text := strings.TrimPrefix(e.Error(), "cors: "+e.Field)
	if e.Index >= 0 {
		text = strings.TrimPrefix(text, fmt.Sprintf("[%d]", e.Index))
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, ":"), " ")
	return Spelling(nanoseconds.ReplaceAllString(text, `; use "${1}s"`))
}
