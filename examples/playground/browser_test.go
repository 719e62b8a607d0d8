package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// shared is what all tests use: a playground and a browser.
var shared struct {
	sync.Once
	playground *playground
	browser    context.Context
	stop       func()
	err        error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	os.Exit(code)
}

// requireChromium returns the path of Chromium. Without it, the test is skipped on
// a developer's machine, and fails in CI.
func requireChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "no Chromium in PATH: install the package chromium")
	return ""
}

// missing skips the test because of a missing tool, or fails it in CI.
func missing(t *testing.T, message string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
}

// open returns the shared playground, and a tab of the shared browser.
func open(t *testing.T) (*playground, *tab) {
	t.Helper()
	path := requireChromium(t)
	shared.Do(func() {
		shared.playground, shared.err = start(usual())
		if shared.err != nil {
			return
		}
		allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path),
			chromedp.Flag("disable-gpu", true),
			chromedp.Flag("disable-quic", true),
			chromedp.Flag("disable-component-update", true),
			// Otherwise sandboxed and cross-site frames are separate targets with separate events.
			chromedp.Flag("disable-site-isolation-trials", true),
			chromedp.Flag("disable-features", "Translate,IsolateSandboxedIframes,IsolateOrigins,site-per-process"),
		)...)
		ctx, _ := chromedp.NewContext(allocator)
		shared.browser = ctx
		shared.stop = func() {
			_ = chromedp.Cancel(ctx)
			stopAllocator()
			shared.playground.stop(context.Background())
		}
		shared.err = chromedp.Do(ctx)
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.playground, newTab(t)
}

// A tab is a tab of the browser.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	console  []string
	requests []string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(shared.browser)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancelTimeout := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancelTimeout)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.event); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, target, runtime.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, log.Enable, cdp.Empty{})
		return err
	}))
	return b
}

// event notes what the browser writes to the console, and where it sends requests.
func (b *tab) event(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, ev.Request.URL)
	case *log.EventEntryAdded:
		b.console = append(b.console, ev.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		b.console = append(b.console, fmt.Sprint("console.", ev.Type))
	case *runtime.EventExceptionThrown:
		b.console = append(b.console, ev.ExceptionDetails.Text)
	}
}

// takeConsole returns what was written to the console since the last call.
func (b *tab) takeConsole() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := b.console
	b.console = nil
	return lines
}

// strangers returns the requests that left this machine.
func (b *tab) strangers() (urls []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, address := range b.requests {
		u, err := url.Parse(address)
		if err != nil {
			urls = append(urls, address)
			continue
		}
		host := u.Hostname()
		ip := net.ParseIP(host)
		if host != "localhost" && !strings.HasSuffix(host, ".localhost") && !ip.IsLoopback() {
			urls = append(urls, address)
		}
	}
	return urls
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// visit opens a URL and waits until the page has set itself up.
func (b *tab) visit(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(address))
	b.until(`document.documentElement.dataset.ready !== undefined`)
}

// size sets the width and height of the window, and whether the system is dark.
func (b *tab) size(width, height int64, dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// until waits until a condition is true.
func (b *tab) until(condition string) {
	b.t.Helper()
	script := fmt.Sprintf(`new Promise((resolve) => {
		const look = () => (%s) ? resolve(true) : setTimeout(look, 10);
		look();
	})`, condition)
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatalf("waiting for %s: %v\n%s", condition, err, strings.Join(b.takeConsole(), "\n"))
	}
}

// A rawScript is an argument of eval that is code.
type rawScript string

// eval returns the value of an expression, which may be a promise. Its arguments
// become literals.
func eval[T any](b *tab, expression string, arguments ...any) T {
	b.t.Helper()
	for i, a := range arguments {
		if script, ok := a.(rawScript); ok {
			arguments[i] = string(script)
			continue
		}
		data, err := json.Marshal(a)
		if err != nil {
			b.t.Fatal(err)
		}
		arguments[i] = string(data)
	}
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](fmt.Sprintf(expression, arguments...), chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.500s: %v", expression, err)
	}
	return v
}

// press clicks an element and waits for the verdict.
func (b *tab) press(selector string) {
	b.t.Helper()
	before := eval[string](b, `document.getElementById("verdict").dataset.run ?? ""`)
	eval[bool](b, `(document.querySelector(%s).click(), true)`, selector)
	b.until(fmt.Sprintf(`(document.getElementById("verdict").dataset.run ?? "") !== %q`, before))
}

// verdict returns the verdict, and those of the servers.
func (b *tab) verdict() (all string, servers []string) {
	b.t.Helper()
	return eval[string](b, `document.getElementById("verdict").dataset.verdict`),
		eval[[]string](b, `[...document.querySelectorAll(".server")].map((s) => s.dataset.verdict)`)
}
