package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// requireChromium returns the path of a Chromium. A developer's machine may
// have none, and then the test skips; CI must have one.
func requireChromium(t *testing.T) string {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	message := "no Chromium in PATH (looked for " + strings.Join(names, ", ") + "): install the package chromium"
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// chromium is a running browser.
type chromium struct {
	ctx  context.Context
	stop func() error
}

func startChromium(path string, s *servers) (*chromium, error) {
	profile, err := newProfile()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("ignore-certificate-errors", true),
		chromedp.Flag("host-resolver-rules", s.resolverRules()),
		// Sandboxed frames would be targets of their own, with events of their
		// own.
		chromedp.Flag("disable-features", "Translate,IsolateSandboxedIframes"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	c := &chromium{ctx: ctx, stop: func() error {
		err := chromedp.Cancel(ctx)
		stopAllocator()
		return errors.Join(err, removeProfile(profile))
	}}
	if err := chromedp.Do(ctx); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// newProfile makes a profile that lets other sites have cookies, as credentials
// are about little else.
func newProfile() (dir string, err error) {
	dir, err = os.MkdirTemp("", "polycors-chromium-")
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(filepath.Join(dir, "Default"), 0o700); err != nil {
		return "", err
	}
	const preferences = `{"profile": {"cookie_controls_mode": 0}}`
	return dir, os.WriteFile(filepath.Join(dir, "Default", "Preferences"), []byte(preferences), 0o600)
}

// removeProfile tries for a while: Chromium's helpers write until they are gone.
func removeProfile(dir string) error {
	deadline := time.Now().Add(5 * time.Second)
	for {
		err := os.RemoveAll(dir)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// resolverRules lead every host and port of the scenarios to a server.
func (s *servers) resolverRules() string {
	var rules []string
	for _, hosts := range []string{"fiber*", "*"} { // the first that matches counts
		for port := range ports {
			rules = append(rules, fmt.Sprintf("MAP %s:%s %s", hosts, port, s.addrs[endpointOf(hosts, port)]))
		}
	}
	return strings.Join(rules, ",")
}

// A conversation is what a page's script is given to do.
type conversation struct {
	run   string
	steps []scriptStep
}

type scriptStep struct {
	URL   string         `json:"url"`
	Init  map[string]any `json:"init"`
	After int64          `json:"after"`
}

// script writes down the scenario's steps for the page's script.
func (s *scenario) script(run string) conversation {
	c := conversation{run: run}
	for _, st := range s.steps {
		init := map[string]any{"headers": st.headers()}
		for name, value := range map[string]string{
			"method": st.method, "body": st.body, "credentials": st.credentials,
			"mode": st.mode, "redirect": st.redirect, "cache": st.cache,
		} {
			if value != "" {
				init[name] = value
			}
		}
		c.steps = append(c.steps, scriptStep{s.resolve(st, run), init, st.after.Milliseconds()})
	}
	return c
}

// A sight is what the page's script saw of a fetch.
type sight struct {
	Status  int      `json:"status"`
	Kind    string   `json:"kind"`
	Headers []string `json:"headers"`
	Body    string   `json:"body"`
	Error   string   `json:"error"`
}

// converse holds conversations on a page, in a tab of its own, and returns what
// became of every step of each.
func (c *chromium) converse(p page, conversations []conversation) ([][]verdict, error) {
	tab, closeTab := chromedp.NewContext(c.ctx)
	defer closeTab()
	if err := chromedp.Do(tab); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()

	watch := newWatcher()
	if err := open(ctx, p, watch); err != nil {
		return nil, fmt.Errorf("opening the page %s: %w", p.url(), err)
	}
	scripts := make([][]scriptStep, len(conversations))
	for i := range conversations {
		scripts[i] = conversations[i].steps
	}
	argument, err := json.Marshal(scripts)
	if err != nil {
		return nil, err
	}
	call := fmt.Sprintf("converseAll(%s)", argument)
	sights, err := chromedp.Run(ctx, chromedp.Evaluate[[][]sight](call, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("on the page %s: %w", p.url(), err)
	}
	verdicts := make([][]verdict, len(conversations))
	for i, c := range conversations {
		if verdicts[i], err = watch.judge(c.run, sights[i]); err != nil {
			return nil, fmt.Errorf("on the page %s: %w", p.url(), err)
		}
	}
	return verdicts, nil
}

// open loads a page, and has its events watched.
func open(ctx context.Context, p page, watch *watcher) error {
	if err := chromedp.Listen(ctx, watch.event); err != nil {
		return err
	}
	enable := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		return err
	})
	return chromedp.Do(ctx, enable, chromedp.Navigate(p.url()))
}
