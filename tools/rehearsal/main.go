// Command rehearsal releases the repository for nobody but itself, and then uses
// the release as a stranger would.
//
//	go run ./tools/rehearsal
//
// The maintainer's part: in a clean clone of HEAD, it runs tools/release with
// -push. The remote is a repository in a temporary directory. Git is told to find
// github.com/polycors/polycors there, so the go command makes the same module zips
// as it would from the real remote.
//
// The stranger's part has no workspace, a module cache without the modules of the
// repository, and a file-system proxy with those zips. Other modules come from the
// module cache of the machine or from its usual proxy.
//
// The checksum database is off: it does not know the release, and the machine has
// asked it about the other modules before.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/polycors/polycors/tools/internal/workspace"
)

func main() {
	keep := flag.Bool("keep", false, "keep the temporary directory, to look at it")
	vet := flag.Bool("vet", false, "compile the tests of the modules, and do not run them")
	flag.Parse()
	if err := rehearse(*keep, !*vet); err != nil {
		fmt.Fprintf(os.Stderr, "rehearsal: %v\n", err)
		os.Exit(1)
	}
}

func rehearse(keep, test bool) error {
	start := time.Now()
	tmp, err := os.MkdirTemp("", "rehearsal-")
	if err != nil {
		return err
	}
	if keep {
		fmt.Println("in", tmp)
	} else {
		defer removeAll(tmp)
	}
	m, err := newMaintainer(tmp)
	if err != nil {
		return err
	}
	fmt.Printf("== the maintainer releases %s\n", m.version)
	if err := m.release(); err != nil {
		return err
	}
	if err := m.fillProxy(); err != nil {
		return err
	}
	s := newStranger(m)
	s.test = test
	for _, module := range m.modules {
		fmt.Printf("== a stranger uses %s\n", module.Path)
		if err := s.use(module); err != nil {
			return fmt.Errorf("%s: %w", module.Path, err)
		}
	}
	fmt.Printf("== %d modules can be released as %s (%.0fs)\n", len(m.modules), m.version, time.Since(start).Seconds())
	return nil
}

// A maintainer has a clean clone, and a remote to push to.
type maintainer struct {
	machine // with the maintainer's environment
	root    string
	clone   string
	tmp     string
	cache   string // GOMODCACHE
	proxy   string // a directory that GOPROXY can name
	usual   string // the GOPROXY for the modules of others
	flags   string // GOFLAGS
	version string
	modules []workspace.Module
}

// newMaintainer makes the remote and the clone.
func newMaintainer(tmp string) (*maintainer, error) {
	m := &maintainer{
		tmp:   tmp,
		clone: filepath.Join(tmp, "clone"),
		cache: filepath.Join(tmp, "cache"),
		proxy: filepath.Join(tmp, "proxy"),
	}
	root, err := m.output("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	m.root = root
	changes, err := m.output(root, "git", "status", "--porcelain")
	if err != nil {
		return nil, err
	}
	if changes != "" {
		fmt.Println("changes that are not committed are not part of the rehearsal")
	}
	remote := filepath.Join(tmp, "remote.git")
	if _, err := m.output("", "git", "clone", "--quiet", "--bare", root, remote); err != nil {
		return nil, err
	}
	if m.modules, err = workspace.Published(root); err != nil {
		return nil, err
	}
	tags, err := m.output(root, "git", "tag", "--list", "core/*")
	if err != nil {
		return nil, err
	}
	m.version = next(strings.Fields(tags))

	config := fmt.Sprintf("[user]\n\tname = rehearsal\n\temail = rehearsal@localhost\n"+
		"[url %q]\n\tinsteadOf = https://%s\n", "file://"+remote, workspace.Root)
	gitconfig := filepath.Join(tmp, "gitconfig")
	if err := os.WriteFile(gitconfig, []byte(config), 0o600); err != nil {
		return nil, err
	}
	if m.usual, m.flags, err = goSettings(); err != nil {
		return nil, err
	}
	m.env = []string{
		"GIT_CONFIG_GLOBAL=" + gitconfig,
		"GOMODCACHE=" + m.cache,
		"GOPROXY=" + m.usual, "GOSUMDB=off",
		"GOFLAGS=" + m.flags,
		"GOWORK=",
	}
	_, err = m.output("", "git", "clone", "--quiet", remote, m.clone)
	return m, err
}

// next returns the minor version after the latest of tags.
func next(tags []string) string {
	last := "v0.0.0"
	for _, tag := range tags {
		if v := strings.TrimPrefix(tag, "core/"); semver.IsValid(v) && semver.Compare(v, last) > 0 {
			last = v
		}
	}
	var major, minor int
	_, _ = fmt.Sscanf(last, "v%d.%d", &major, &minor)
	return fmt.Sprintf("v%d.%d.0", major, minor+1)
}

// release does what CONTRIBUTING.md says about a release.
func (m *maintainer) release() error {
	changelog := filepath.Join(m.clone, "CHANGELOG.md")
	data, err := os.ReadFile(changelog)
	if err != nil {
		return err
	}
	data = []byte(strings.Replace(string(data), "## Unreleased\n", "## "+m.version+"\n", 1))
	if err := os.WriteFile(changelog, data, 0o600); err != nil {
		return err
	}
	return m.run(m.clone,
		[]string{"git", "commit", "--quiet", "--all", "--message", "CHANGELOG: " + m.version},
		[]string{"go", "run", "./tools/release", "-push", m.version},
	)
}

// fillProxy lets the go command make the zips of all modules from the tags of the
// remote.
func (m *maintainer) fillProxy() error {
	download := []string{"go", "mod", "download"}
	for _, module := range m.modules {
		download = append(download, module.Path+"@"+m.version)
	}
	direct := m.machine
	direct.env = append(direct.env[:len(direct.env):len(direct.env)], "GOPRIVATE="+workspace.Root, "GOWORK=off")
	if err := direct.run(m.tmp, download); err != nil {
		return err
	}
	zips := filepath.Join("cache/download", workspace.Root)
	err := os.CopyFS(filepath.Join(m.proxy, workspace.Root), os.DirFS(filepath.Join(m.cache, zips)))
	removeAll(filepath.Join(m.cache, zips))
	removeAll(filepath.Join(m.cache, workspace.Root))
	return err
}

// A machine runs commands with additions to the environment.
type machine struct{ env []string }

// run prints and runs commands in dir, up to the first that fails. Of their output,
// it leaves out what the go command says about downloads.
func (m machine) run(dir string, commands ...[]string) error {
	for _, args := range commands {
		start := time.Now()
		out, err := m.command(dir, args...).CombinedOutput()
		fmt.Printf("%s (%.1fs)\n", strings.Join(args, " "), time.Since(start).Seconds())
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
		}
		for line := range strings.Lines(string(out)) {
			if !strings.HasPrefix(line, "go: ") && !strings.HasPrefix(line, "\tgo mod tidy") {
				fmt.Print("  ", line)
			}
		}
	}
	return nil
}

func (m machine) output(dir string, args ...string) (string, error) {
	out, err := m.command(dir, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

func (m machine) command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), m.env...)
	return cmd
}

// goSettings returns a GOPROXY for the modules of others, the module cache of the
// machine before its proxy, and GOFLAGS with -trimpath: what was built from one
// module cache need not be built again from another.
func goSettings() (proxy, flags string, err error) {
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY", "GOFLAGS").Output()
	if err != nil {
		return "", "", fmt.Errorf("go env: %w", err)
	}
	lines := strings.Split(string(out), "\n")
	return "file://" + filepath.Join(lines[0], "cache/download") + "," + lines[1], lines[2] + " -trimpath", nil
}

// removeAll deletes dir. Module caches are read-only, which os.RemoveAll respects.
func removeAll(dir string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	_ = os.RemoveAll(dir)
}
