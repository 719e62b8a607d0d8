package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestFixes presses buttons until the request is allowed, with each button as the
// first one.
func TestFixes(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	const maxPresses = 5
	for _, preset := range p.presets() {
		if preset.Promise == allowed {
			continue
		}
		t.Run(preset.ID, func(t *testing.T) {
			b.press("#preset-" + preset.ID)
			buttons := eval[[]string](b, `[...document.querySelectorAll("#fixes button")].map((b) => b.textContent)`)
			if len(buttons) == 0 {
				t.Fatal("there is no button")
			}
			for i, label := range buttons {
				b.press("#preset-" + preset.ID)
				b.press(fmt.Sprintf("#fixes button:nth-of-type(%d)", i+1))
				presses := 1
				for ; presses < maxPresses; presses++ {
					if got, _ := b.verdict(); got == string(allowed) {
						break
					}
					b.press("#fixes button")
				}
				if got, servers := b.verdict(); got != string(allowed) || len(servers) != len(p.apis) {
					t.Errorf("%s: %s after %d presses", label, got, presses)
				}
			}
		})
	}
}

// TestWords compares what the page says with what polycors says.
func TestWords(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	b.press("#preset-authorization")
	for id, want := range map[string]string{
		"why":  `The request header "authorization" is not allowed.`,
		"hint": `What to change: add "Authorization" to AllowHeaders.`,
	} {
		if got := eval[string](b, `document.getElementById(%s).textContent`, id); got != want {
			t.Errorf("%s: %s\nwant %s", id, got, want)
		}
	}
}

// TestPreflights counts the preflights of a request that is sent again.
func TestPreflights(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	count := func() string { return eval[string](b, `document.getElementById("cache").textContent`) }
	state := func() string { return eval[string](b, `document.querySelector(".step .state").textContent`) }
	b.press("#preset-session")
	if got := count(); !strings.HasPrefix(got, "1 preflight so far, remembered for another ") || state() != "passed" {
		t.Errorf("%s, %s", got, state())
	}
	b.press("#send")
	if got := count(); !strings.HasPrefix(got, "1 preflight so far, remembered for another 1:59:") && !strings.HasSuffix(got, "2:00:00") || state() != "remembered" {
		t.Errorf("sent again: %s, %s", got, state())
	}
	b.press("#forget")
	if state() != "passed" {
		t.Errorf("forgotten: %s, %s", count(), state())
	}
	if got := eval[string](b, `document.getElementById("steps").innerText`); !strings.Contains(got, `"cookie":true`) {
		t.Errorf("the cookie does not arrive:\n%s", got)
	}
}

// TestProblems types a policy with mistakes into both views, and uses the buttons.
func TestProblems(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	b.press("#preset-port")
	write := func(id, text string) {
		eval[bool](b, `(() => {
			const field = document.getElementById(%s);
			field.focus();
			field.value = %s;
			field.dispatchEvent(new Event("input", { bubbles: true }));
			return true;
		})()`, id, text)
	}
	problems := func() []string {
		return eval[[]string](b, `[...document.querySelectorAll(".problems li p")].map((p) => p.textContent)`)
	}

	write("f-allowOrigins", "https://myapp.com/\nhttps://MyApp.dev")
	b.until(`document.querySelectorAll("#f-allowOrigins-problems li").length === 2`)
	if got := problems(); got[0] != `AllowOrigins[0]: "https://myapp.com/" has a trailing slash; use "https://myapp.com".` || !strings.HasSuffix(got[1], `use "https://myapp.dev".`) {
		t.Errorf("%q", got)
	}
	if !eval[bool](b, `document.getElementById("f-allowOrigins").getAttribute("aria-describedby") === "f-allowOrigins-problems"`) {
		t.Error("the problems do not describe the field")
	}
	b.press("#f-allowOrigins-problems button")
	b.until(`document.querySelectorAll(".problems li").length === 1`)
	b.press("#f-allowOrigins-problems button")
	b.until(`document.querySelectorAll(".problems li").length === 0`)
	if got := eval[string](b, `JSON.parse(document.getElementById("json").value).allowOrigins.join()`); got != "https://myapp.com,https://myapp.dev" {
		t.Error(got)
	}

	write("json", `{"allowOrigins": ["*"], "allowCredentials": true, "maxAge": "1h", "alowHeaders": []}`)
	b.until(`document.querySelectorAll("#json-problems li").length === 1`)
	if got := problems(); !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "alowHeaders") }) {
		t.Errorf("%q", got)
	}
	write("json", `{"allowOrigins": [`)
	b.until(`document.querySelector("#json-problems li p").textContent.includes("JSON")`)

	write("json", `{"allowOrigins": ["https://myapp.com"], "maxAge": "2h"}`)
	b.until(`document.getElementById("in-force").textContent === "In force: https://myapp.com, without cookies, the usual methods, preflights remembered 2 h"`)
	if got := eval[string](b, `document.getElementById("f-maxAge").value`); got != "2h" {
		t.Errorf("maxAge in the form: %s", got)
	}
}

// TestHaste chooses presets faster than the browser answers.
func TestHaste(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	eval[bool](b, `(["session", "null", "slash", "preview"].forEach((id) => document.getElementById("preset-" + id).click()), true)`)
	b.until(`document.getElementById("send").getAttribute("aria-disabled") === "false"`)
	if got, _ := b.verdict(); got != string(allowed) {
		t.Errorf("verdict %s", got)
	}
	if got, want := p.policy.Config().AllowOrigins, "pr-*"; len(got) != 1 || !strings.Contains(got[0], want) {
		t.Errorf("%q in force", got)
	}
}

// TestFragment opens the link of one tab in another.
func TestFragment(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	b.press("#preset-session")
	const state = `JSON.stringify(["json", "r-page", "r-method", "r-headers", "r-body", "r-reads"].map((id) => document.getElementById(id).value).concat(document.getElementById("r-credentials").checked))`
	want, link := eval[string](b, state), eval[string](b, `location.href`)

	other := newTab(t)
	b.press("#preset-port")
	before := p.log.Last()
	other.visit(link)
	if got := eval[string](other, state); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if p.log.Last() != before || slices.Contains(p.policy.Config().AllowMethods, "PUT") {
		t.Error("opening a link sends a request or applies a policy")
	}
	other.press("#send")
	if got, _ := other.verdict(); got != string(allowed) {
		t.Errorf("verdict %s", got)
	}
}

// TestHostileFragment opens links that were made by hand.
func TestHostileFragment(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	encode := func(state any) string {
		return eval[string](b, `import("/page/share.js").then((m) => m.encodeState(%s))`, state)
	}
	markup := `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
	request := map[string]any{"page": markup, "method": markup, "headers": []string{markup}, "credentials": true, "body": markup, "reads": markup}
	policy, err := json.Marshal(map[string]any{"allowOrigins": []string{markup}, markup: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, fragment := range map[string]string{
		"markup":      encode(map[string]any{"policy": string(policy), "request": request, "ports": []int{1, 2}}),
		"other types": encode(map[string]any{"policy": 1, "request": nil, "ports": "a"}),
		"no base64":   "%3Cscript%3E",
		"no JSON":     "bm90IEpTT04",
		"endless":     strings.Repeat("A", 100_000),
	} {
		b.takeConsole()
		b.visit(p.url + "#" + fragment)
		b.until(`document.getElementById("in-force").textContent !== ""`)
		if eval[bool](b, `document.title === "owned" || document.querySelector("main img, main script") !== null`) {
			t.Errorf("%s becomes elements", name)
		}
		if lines := b.takeConsole(); name == "markup" && len(lines) > 0 {
			t.Errorf("%s: console: %q", name, lines)
		}
	}
}

// TestPaste translates a configuration and uses the policy.
func TestPaste(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	eval[bool](b, `(document.getElementById("paste").value = %s, document.getElementById("paste-form").requestSubmit(), true)`,
		`cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowWildcard: true, AllowHeaders: []string{"Content-Type"}}`)
	b.until(`document.querySelector("#translated button") !== null`)
	if got := eval[string](b, `document.getElementById("translated").innerText`); !strings.Contains(got, "gin-contrib") || !strings.Contains(got, "answers 403") {
		t.Error(got)
	}
	eval[bool](b, `(document.querySelector("#translated button").click(), true)`)
	b.until(`document.getElementById("in-force").textContent.startsWith("In force: https://myapp.com,")`)
	if !p.policy.Config().RejectDisallowed {
		t.Error("the policy is not in force")
	}
}

// TestGone stops the server behind a page.
func TestGone(t *testing.T) {
	_, b := open(t)
	p, err := start(usual())
	if err != nil {
		t.Fatal(err)
	}
	b.visit(p.url)
	p.stop(t.Context())
	b.until(`!document.getElementById("gone").hidden && document.getElementById("gone").textContent.includes("go run ./examples/playground")`)
	b.press("#send")
	if got := eval[string](b, `document.getElementById("verdict-title").textContent`); got != "The playground’s server does not answer" {
		t.Error(got)
	}
}
