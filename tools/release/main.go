// Command release tags a version of every published module.
//
//	go run ./tools/release v0.1.0        # prints the commands
//	go run ./tools/release -push v0.1.0  # runs them
//
// All modules get the same version, because some of them import internal packages
// of core. They are tagged in layers: core first, then what requires core. A layer
// is pushed before the next one is prepared, because the go.sum files of the next
// one need the hashes of its modules.
//
// In development, a module requires version v0.0.0 of its siblings and replaces
// them by their directories. A commit for each layer writes the real version in
// place of both. The command makes these commits in a temporary work tree, and
// only tags lead to them: the branch and the checkout do not change.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/polycors/polycors/tools/internal/workspace"
)

func main() {
	push := flag.Bool("push", false, "run the commands, and push the tags to the remote")
	remote := flag.String("remote", "origin", "the `name` of the remote")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := release(flag.Arg(0), *remote, *push); err != nil {
		fmt.Fprintf(os.Stderr, "release: %v\n", err)
		os.Exit(1)
	}
}

func release(version, remote string, push bool) error {
	root, err := output("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	tags, err := output(root, "git", "tag", "--list")
	if err != nil {
		return err
	}
	modules, err := workspace.Published(root)
	if err != nil {
		return err
	}
	layers, err := workspace.Layers(modules)
	if err != nil {
		return err
	}
	released := strings.Fields(tags)
	if err := check(root, version, modules, released, push); err != nil {
		return err
	}

	tmp, err := os.MkdirTemp("", "release-")
	if err != nil {
		return err
	}
	defer func() {
		os.RemoveAll(tmp)
		_, _ = output(root, "git", "worktree", "prune")
	}()
	s := steps{dir: root, dry: !push}
	tree := filepath.Join(tmp, "tree")
	s.run("git", "worktree", "add", "--quiet", "--detach", tree, "HEAD")
	gorelease := filepath.Join(tmp, "gorelease")
	s.run("go", "-C", "tools", "build", "-o", gorelease, "golang.org/x/exp/cmd/gorelease")
	s.dir = tree
	s.env("GOWORK", "off")
	s.env("GOPRIVATE", workspace.Root) // fetch from the remote: proxies take a while to see a new tag
	for _, layer := range layers {
		tagLayer(&s, layer, version, remote, gorelease, released)
	}
	return s.err
}

// check refuses a release that would have to be retracted.
func check(root, version string, modules []workspace.Module, released []string, push bool) error {
	if semver.Canonical(version) != version {
		return fmt.Errorf("%q is not a version; write it as v0.1.0", version)
	}
	if semver.Major(version) != "v0" && semver.Major(version) != "v1" {
		return fmt.Errorf("%s needs other module paths, which end in /%s", version, semver.Major(version))
	}
	for _, m := range modules {
		if last := latest(released, m.Dir); semver.Compare(version, last) <= 0 {
			return fmt.Errorf("%s is not later than %s", m.Tag(version), m.Tag(last))
		}
	}
	if !push {
		return nil
	}
	changes, err := output(root, "git", "status", "--porcelain")
	if err != nil {
		return err
	}
	if changes != "" {
		return fmt.Errorf("the checkout has changes that are not committed:\n%s", changes)
	}
	log, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	if !strings.Contains(string(log)+"\n", "\n## "+version+"\n") {
		return fmt.Errorf("CHANGELOG.md has no section %q; rename the section \"Unreleased\"", version)
	}
	return nil
}

// tagLayer tags the modules of one layer. All that they require is tagged.
func tagLayer(s *steps, layer []workspace.Module, version, remote, gorelease string, released []string) {
	edited := false
	for _, m := range layer {
		siblings := m.Siblings()
		if len(siblings) == 0 {
			continue
		}
		edit := []string{"-C", m.Dir, "mod", "edit"}
		for _, p := range m.Replaces {
			edit = append(edit, "-dropreplace="+p)
		}
		for _, p := range siblings {
			edit = append(edit, "-require="+p+"@"+version)
		}
		s.run("go", edit...)
		s.run("go", "-C", m.Dir, "mod", "tidy")
		edited = true
	}
	if edited {
		s.run("git", "commit", "--quiet", "--all", "--message", version+": require the released modules")
	}
	push := []string{"push", "--quiet", "--atomic", remote}
	for _, m := range layer {
		if last := latest(released, m.Dir); last != "" {
			s.runIn(m.Dir, gorelease, "-base="+last, "-version="+version)
		}
		s.run("git", "tag", "--message", m.Tag(version), m.Tag(version))
		push = append(push, m.Tag(version))
	}
	s.run("git", push...)
}

// latest returns the latest version that the module in dir has a tag for, or "".
func latest(tags []string, dir string) string {
	last := ""
	for _, tag := range tags {
		version, ok := strings.CutPrefix(tag, dir+"/")
		if ok && semver.IsValid(version) && semver.Compare(version, last) > 0 {
			last = version
		}
	}
	return last
}

// Steps are the commands of a release. After an error, the rest do not run.
type steps struct {
	dir     string
	dry     bool
	environ []string
	err     error
}

func (s *steps) env(name, value string) {
	fmt.Printf("export %s=%s\n", name, value)
	s.environ = append(s.environ, name+"="+value)
}

func (s *steps) run(name string, args ...string) { s.runIn("", name, args...) }

// runIn prints a command and runs it, unless this is a dry run.
func (s *steps) runIn(dir, name string, args ...string) {
	if s.err != nil {
		return
	}
	line := name + " " + strings.Join(quoted(args), " ")
	if dir != "" {
		line = "(cd " + dir + " && " + line + ")"
	}
	fmt.Println(line)
	if s.dry {
		return
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = filepath.Join(s.dir, dir)
	cmd.Env = append(os.Environ(), s.environ...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		s.err = fmt.Errorf("%s: %w", line, err)
	}
}

// quoted quotes the arguments that a shell would split.
func quoted(args []string) []string {
	words := make([]string, len(args))
	for i, arg := range args {
		if words[i] = arg; strings.Contains(arg, " ") {
			words[i] = "'" + arg + "'"
		}
	}
	return words
}

func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
