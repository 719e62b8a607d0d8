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

// requireChromium returns the path of Chromium. Without it, the test is skipped on
// a developer's machine, and fails in CI.
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

// A chromium is a running browser.
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
		// Otherwise sandboxed frames are separate targets with separate events.
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

// newProfile creates a profile that allows third-party cookies. The scenarios on
// credentials need them.
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

// removeProfile retries for a while: Chromium's processes write until they exit.
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

// resolverRules returns rules that map each host and port to a server.
func (s *servers) resolverRules() string {
	var rules []string
	for _, hosts := range []string{"fiber*", "*"} { // the first match counts
		for port := range ports {
			rules = append(rules, fmt.Sprintf("MAP %s:%s %s", hosts, port, s.addrs[endpointOf(hosts, port)]))
		}
	}
	return strings.Join(rules, ",")
}

// A conversation is a scenario as the script of the page gets it.
type conversation struct {
	run   string
	steps []scriptStep
}

type scriptStep struct {
	URL   string         `json:"url"`
	Init  map[string]any `json:"init"`
	After int64          `json:"after"`
}

// script returns the steps of s for the script of the page.
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

// A sight is what the script of the page sees of a fetch.
type sight struct {
	Status  int      `json:"status"`
	Kind    string   `json:"kind"`
	Headers []string `json:"headers"`
	Body    string   `json:"body"`
	Error   string   `json:"error"`
}

// converse plays conversations on a page, in a new tab. It returns a verdict for
// each step of each.
func (c *chromium) converse(p page, conversations []conversation) ([][]verdict, error) {
	tab, closeTab := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext())
	defer closeTab()
	if err := chromedp.Do(tab); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(tab, 5*time.Minute)
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

// open loads a page and watches its events.
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
