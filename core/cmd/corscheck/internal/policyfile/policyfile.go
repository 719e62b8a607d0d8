// Package policyfile reads policies from JSON and YAML files, as package cors
// does, and reports all problems with their places.
package policyfile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/document"
)

// A File is a policy in a file.
type File struct {
	Name     string
	Config   cors.Config
	Policy   *cors.Policy // nil if there are problems
	Problems []Problem    // in the order of the file
}

// A Problem is one thing that is wrong with a policy.
type Problem struct {
	Line    int    `json:"line,omitempty"` // 0 if the problem has no place
	Column  int    `json:"column,omitempty"`
	Key     string `json:"key,omitempty"` // as spelled in the file
	Message string `json:"message"`
}

// maxSize keeps corscheck from reading a wrong argument, such as a disk image.
const maxSize = 4 << 20

// Read reads the named file, or stdin if the name is "-". An error is about the
// file; what is wrong with the policy is in Problems.
func Read(name string, stdin io.Reader) (*File, error) {
	data, err := readAll(name, stdin)
	if err != nil {
		return nil, err
	}
	f := &File{Name: name}
	root, problem := parse(name, data)
	if problem != nil {
		f.Problems = []Problem{*problem}
		return f, nil
	}
	r := document.NewReader()
	r.Read(root, &f.Config)
	for _, p := range r.Problems {
		f.add(p.Place, p.Path, p.Message)
	}
	cfg := f.Config
	if cfg.ReportOnly != nil {
		cfg.OnReject = func(context.Context, cors.Rejection) {} // the program has it
	}
	policy, err := cors.New(cfg)
	f.addConfigErrors(r, err)
	slices.SortStableFunc(f.Problems, func(a, b Problem) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if r.More > 0 {
		f.add(document.Place{}, "", fmt.Sprintf("and %d more problems", r.More))
	}
	if len(f.Problems) == 0 {
		f.Policy = policy
	}
	return f, nil
}

func readAll(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxSize+1))
	if err == nil && len(data) > maxSize {
		err = fmt.Errorf("%s is larger than %d MiB: not a policy", name, maxSize>>20)
	}
	return data, err
}

func (f *File) add(at document.Place, key, message string) {
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
		at, ok := r.Places[key]
		if !ok {
			at = r.Places[list]
		}
		f.add(at, key, message(e))
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
