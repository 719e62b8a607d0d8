import { $, el, later, sentence } from "./dom.js";
import { copy, setSnippets, setUpCopy } from "./copy.js";
import { decodeState, encodeState, move } from "./share.js";
import { fetchCode, fetchInit, request, setRequest, setUpRequest } from "./request.js";
import { format, onPolicy, policyText, setPolicy, showProblems } from "./policy.js";
import { clearServers, say, showVerdict, verdictOf } from "./verdict.js";
import { post, start, watch } from "./server.js";
import { remember, showWire } from "./wire.js";
import { send } from "./frames.js";
import { setUpPaste } from "./paste.js";
import { setUpTheme } from "./theme.js";

setUpTheme();
const { boot, pages, apis, frontEnds, presets } = await start();

const tab = crypto.randomUUID().slice(0, 8);
let visits = 0; // each is a URL for which the browser remembers no preflight yet
let visited = ""; // the policy that the URL belongs to
let chosen = apis[0].id;
let run = null; // the latest one
let runs = 0;
let drafts = 0;

// check has the server check the draft, and shows what it says.
async function check(apply) {
  const draft = { policy: policyText(), request: request(), apply };
  const number = ++drafts;
  const checked = await post("api/policy", draft);
  if (number !== drafts) return null; // there is a newer one
  showProblems(checked.problems, applyFix);
  $("request-problem").textContent = sentence(checked.request);
  setSnippets(checked.snippets.go && { ...checked.snippets, fetch: fetchCode(draft.request, apis[0].url) });
  const problems = checked.problems.length;
  $("in-force").textContent = (problems ? `Not in force (${problems === 1 ? "1 problem" : problems + " problems"}). Still: ` : apply ? "In force: " : "Not applied yet. In force: ") + checked.summary;
  $("in-force").dataset.tone = problems ? "bad" : apply ? "ok" : "none";
  history.replaceState(null, "", "#" + encodeState({ policy: draft.policy, request: draft.request, ports: frontEnds }));
  return { ...checked, draft };
}

const edited = later(() => report(() => check(true)));

function changed() {
  $("verdict").dataset.stale = "";
  edited();
}

let again = false;

// attempt has the browser send the request to every server. While it does, another
// attempt waits.
async function attempt() {
  again = true;
  if (busy()) return;
  busy(true);
  try {
    while (again) {
      again = false;
      edited.cancel();
      await tryOnce();
    }
  } finally {
    again = false;
    busy(false);
    $("verdict").dataset.run = String(++runs);
  }
}

async function tryOnce() {
  const checked = await check(true);
  if (!checked) return undefined;
  if (checked.request) return clear("unsent", "The browser would send nothing", sentence(checked.request));
  if (checked.problems.length) return showInvalid(checked.problems);
  return sendAll(checked);
}

async function sendAll({ draft, after }) {
  const r = draft.request;
  if (visited !== draft.policy) {
    visited = draft.policy;
    visits++;
  }
  const visit = `${tab}-${visits}`;
  const page = pages.find((p) => p.origin === r.page);
  const calls = apis.map((api) => ({ api: api.id, url: `${api.url}?visit=${visit}`, init: fetchInit(r), reads: r.reads }));
  say("running", "Asking " + apis.length + " servers", `The page is at ${r.page}.`);
  const scripts = await send(page, calls);
  const seen = await post("api/observe", { visit, after, request: r });
  run = {
    request: r,
    outcomes: apis.map((api, i) => {
      remember(visit, r.page, seen[i]);
      return {
        id: api.id, name: api.name, script: scripts[i], seen: seen[i],
        verdict: verdictOf(scripts[i], seen[i]), cacheKey: [visit, r.page, api.id].join(),
      };
    }),
  };
  showRun();
}

function showRun() {
  const choose = (id) => {
    chosen = id;
    showRun();
  };
  showWire(showVerdict(run, chosen, applyFix, choose), run);
}

function clear(verdict, ...texts) {
  run = null;
  clearServers();
  say(verdict, ...texts);
}

function showInvalid(problems) {
  clear("invalid", "No server would start with this policy", sentence(problems[0].message));
  const first = problems.find((p) => p.fixes.length);
  if (first) $("fixes").append(el("div", { class: "buttons" }, ...first.fixes.map((fix) => el("button", { type: "button", class: "fix", onclick: () => applyFix(fix) }, fix.label))));
}

function applyFix(fix) {
  if (fix.policy) setPolicy(format(fix.policy));
  if (fix.request) setRequest(fix.request);
  report(attempt);
  $("verdict").focus({ preventScroll: true });
}

function busy(value) {
  const button = $("send");
  if (value === undefined) return button.getAttribute("aria-disabled") === "true";
  button.setAttribute("aria-disabled", String(value));
  button.textContent = value ? "Sending" : "Send";
}

// report shows the error of an action.
async function report(action) {
  try {
    await action();
  } catch (err) {
    const gone = err instanceof TypeError;
    clear("unsent", gone ? "The playground’s server does not answer" : "That did not work", gone ? "" : sentence(err.message));
  }
}

function setUpPresets() {
  const buttons = presets.map((preset) =>
    el("button", { type: "button", "aria-pressed": "false", id: "preset-" + preset.id, onclick: () => choosePreset(preset) }, preset.title),
  );
  $("presets").append(...buttons.map((b) => el("li", {}, b)));
}

function choosePreset(preset) {
  for (const button of $("presets").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.id === "preset-" + preset.id));
  }
  $("story").textContent = preset.story;
  setPolicy(format(preset.policy));
  setRequest(preset.request);
  visited = "";
  return report(attempt);
}

// restore takes the state from the fragment. It sends nothing and applies nothing
// until the reader does something: anybody can make a link.
function restore() {
  const state = decodeState(location.hash.slice(1));
  if (!state) return false;
  const moved = move(state, frontEnds);
  setPolicy(moved.policy);
  setRequest(moved.request);
  $("story").textContent = "From a link. Press Send to try it.";
  clear("idle", "Nothing sent yet");
  $("jump").hidden = true;
  report(() => check(false));
  return true;
}

setUpRequest(pages, changed);
setUpPresets();
setUpCopy(apis);
onPolicy(changed);
setUpPaste((text) => {
  setPolicy(text);
  report(() => check(true));
  $("json").focus();
});
$("request-form").addEventListener("submit", (event) => {
  event.preventDefault();
  report(attempt);
});
$("forget").addEventListener("click", () => {
  visited = "";
  report(attempt);
});
for (const button of document.querySelectorAll("[data-jump]")) {
  button.addEventListener("click", () => {
    $("verdict").focus({ preventScroll: true });
    $("verdict").scrollIntoView();
  });
}
$("copy-link").addEventListener("click", () => copy($("copy-link"), location.href));
addEventListener("hashchange", restore);
watch(boot);
if (!restore()) await choosePreset(presets[0]);
document.documentElement.dataset.ready = "";
