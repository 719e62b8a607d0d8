import { $, el, sentence } from "./dom.js";
import { fixButtons } from "./policy.js";

// The verdict is the browser's: what the script of the front end got to see.

export const words = {
  allowed: { word: "allowed", mark: "✓" },
  refused: { word: "refused", mark: "✕" },
  hidden: { word: "hidden", mark: "◐" },
  unsent: { word: "not sent", mark: "–" },
};

// verdictOf returns the verdict on the request to one server.
export function verdictOf(script, seen) {
  if (script.error) return seen.request || seen.preflight ? "refused" : "unsent";
  return seen.needs.some((n) => n.header === "Access-Control-Expose-Headers" && !n.ok) ? "hidden" : "allowed";
}

const titles = {
  allowed: "Allowed",
  refused: "Refused",
  hidden: "Allowed, but one header is hidden",
  unsent: "The browser sent nothing",
};

// showVerdict shows the verdicts on the requests of a run.
export function showVerdict(run, chosen, apply, choose) {
  const verdicts = new Set(run.outcomes.map((o) => o.verdict));
  const verdict = verdicts.size === 1 ? run.outcomes[0].verdict : "mixed";
  const shown = run.outcomes.find((o) => o.id === chosen) ?? run.outcomes[0];
  say(verdict, title(run, verdict), why(shown), shown.seen.hint && "What to change: " + shown.seen.hint + ".");
  $("fixes").replaceChildren(...[fixButtons(shown.seen.fixes, apply)].filter(Boolean));
  showStrip(run, shown.id, choose);
  return shown;
}

function title(run, verdict) {
  const n = run.outcomes.length;
  if (verdict === "mixed") {
    return `Allowed by ${run.outcomes.filter((o) => o.verdict === "allowed").length} of ${n} servers`;
  }
  return titles[verdict] + ` on all ${n} servers`;
}

function why({ verdict, seen, script }) {
  if (verdict === "unsent") return script.error;
  const expected = seen.allowed ? "allowed" : "refused";
  const got = verdict === "refused" ? "refused" : "allowed";
  if (expected === got) return sentence(seen.message);
  if (got === "allowed") return `By the Fetch standard, ${seen.message}. This browser is more lenient.`;
  return `The policy allows it, but the response does not. ${sentence(seen.message)} Look at the exchange below.`;
}

// say shows a verdict without servers, too.
export function say(verdict, title, why = "", hint = "") {
  $("verdict").dataset.verdict = verdict;
  delete $("verdict").dataset.stale;
  $("verdict-title").textContent = title;
  $("why").textContent = why;
  $("hint").textContent = hint;
  $("jump").hidden = false;
  $("jump").textContent = title;
  $("jump").dataset.verdict = verdict;
}

export function clearServers() {
  $("fixes").replaceChildren();
  $("strip").replaceChildren();
  $("wire").hidden = true;
}

function showStrip(run, chosen, choose) {
  const strip = $("strip");
  const focused = strip.contains(document.activeElement);
  strip.replaceChildren(
    ...run.outcomes.map((o) => {
      const { word, mark } = words[o.verdict];
      const selected = o.id === chosen;
      return el(
        "button",
        {
          type: "button", role: "tab", id: "tab-" + o.id, class: "server", "data-verdict": o.verdict,
          "aria-selected": String(selected), "aria-controls": "wire", tabIndex: selected ? 0 : -1,
          onclick: () => choose(o.id),
        },
        el("span", { class: "name" }, o.name),
        el("span", { class: "word" }, el("span", { class: "mark", "aria-hidden": "true" }, mark), " " + word),
        el("span", { class: "count" }, preflights(o.seen.preflights)),
      );
    }),
  );
  strip.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const ids = run.outcomes.map((o) => o.id);
    choose(ids[(ids.indexOf(chosen) + step + ids.length) % ids.length]);
    event.preventDefault();
  };
  if (focused) $("tab-" + chosen).focus();
}

export const preflights = (n) => (n === 1 ? "1 preflight" : n ? n + " preflights" : "no preflight");
