// Package policyfile reads policies from JSON and YAML files, as package cors
// does, and reports all problems with their places.
package policyfile

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"

	cors "github.com/polycors/polycors/core"
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
	d := newDecoder(root)
	d.decode()
	policy, err := cors.New(d.cfg)
	d.addConfigErrors(err)
	f.Config, f.Problems = d.cfg, d.problems
	if len(f.Problems) == 0 {
		f.Policy = policy
	}
	slices.SortStableFunc(f.Problems, func(a, b Problem) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
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
