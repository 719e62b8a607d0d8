package document_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/internal/document"
)

// A sample has a field of each kind.
type sample struct {
	List   []string      `json:"list,omitzero"`
	Age    time.Duration `json:"age"`
	Inner  inner         `json:"inner"`
	Next   *sample       `json:"next"`
	Hidden func()        `json:"-"`
}

type inner struct {
	On    bool `json:"on"`
	Count int  `json:"count"`
}

// problems returns what is wrong with a document, one problem per line.
func problems(root document.Node, into *sample) string {
	r := document.NewReader()
	r.Read(root, into)
	var lines []string
	for _, p := range r.Problems {
		lines = append(lines, fmt.Sprintf("%d:%d: %s: %s", p.Place.Line, p.Place.Column, p.Path, p.Message))
	}
	return strings.Join(lines, "\n")
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string]string{
		"{\n\t\"list\": [\"é\", 1],\n  \"Age\": 1.5}": "2:16: list[1]: needs a string, not the number 1; write \"1\"\n3:10: age: 1.5 is not a whole number of seconds",
		"{\"list\": [],\n \"inner\": {\"on\": 1, \"ON\" : 2},\n \"\\u006cist\": []}": "2:18: inner.on: needs true or false, not the number 1; write true\n" +
			"2:21: inner.ON: duplicate key: case does not matter, and \"on\" is the same; first defined on line 2\n" +
			"3:2: list: duplicate key; first defined on line 1",
		" [1]": "1:2: : needs a group of keys, not a list",
		"{\"next\": {\"next\": {\"lst\": 1}}, \"hidden\": 1, \"-\": 1}": "1:20: next.next.lst: unknown key; did you mean \"next.next.list\"?\n1:32: hidden: unknown key\n1:45: -: unknown key",
	} {
		if got := problems(document.JSONFile([]byte(text)), new(sample)); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// A group is read into a copy of the struct that the pointer points to.
func TestPointers(t *testing.T) {
	old := &sample{List: []string{"a"}, Age: time.Second}
	s := sample{Next: old}
	if text := problems(document.JSON([]byte(`{"next": {"age": "2s"}}`)), &s); text != "" {
		t.Fatal(text)
	}
	if s.Next == old || old.Age != time.Second || s.Next.Age != 2*time.Second || s.Next.List[0] != "a" {
		t.Errorf("read %+v over %+v", s.Next, old)
	}
}

// An alias of YAML makes a document endless.
func TestEndless(t *testing.T) {
	var root document.Node
	root = document.Node{Kind: document.Group, Entries: func(yield func(key, value document.Node) bool) {
		yield(document.Node{Kind: document.String, Text: "next"}, root)
	}}
	const want = "0:0: next.next.next.next: is nested too deeply"
	if got := problems(root, new(sample)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestYAMLValues(t *testing.T) {
	tree := map[string]any{
		"age":  uint64(60),
		"list": []any{"a", time.Now(), struct{}{}},
		"inner": map[any]any{
			"on": true, "count": 1e3, 55555: nil,
		},
	}
	const want = `0:0: inner.55555: unknown key
0:0: list[1]: needs a string, not a date; write it in quotes
0:0: list[2]: needs a string, not another value; write it in quotes`
	var s sample
	if got := problems(document.Of(tree), &s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s.Age != time.Minute || !s.Inner.On || s.Inner.Count != 1000 || len(s.List) != 1 {
		t.Errorf("read %+v", s)
	}
}
