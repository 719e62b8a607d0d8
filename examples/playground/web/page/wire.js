import { $, el } from "./dom.js";
import { preflights } from "./verdict.js";

// The wire section shows one server: the preflight, the request, and what the script
// saw.

export function showWire(outcome, run) {
  $("wire").hidden = false;
  $("wire").setAttribute("aria-labelledby", "tab-" + outcome.id);
  $("wire-title").textContent = "On the wire with " + outcome.name;
  $("steps").replaceChildren(preflightStep(outcome), requestStep(outcome, run), scriptStep(outcome, run));
  showCache(outcome);
}

function step(number, title, state, tone, ...children) {
  return el(
    "li",
    { class: "step", "data-tone": tone },
    el("h3", {}, el("span", { class: "number", "aria-hidden": "true" }, String(number)), title, " ", el("span", { class: "state" }, state)),
    ...children,
  );
}

function preflightStep({ seen }) {
  const exchange = seen.preflight;
  if (exchange) {
    const needs = seen.needs.filter((n) => n.preflight);
    const ok = needs.every((n) => n.ok);
    return step(1, "Preflight", ok ? "passed" : "failed", ok ? "ok" : "bad", needsList(needs), lines(exchange));
  }
  if (seen.preflights > 0 && seen.request) {
    return step(1, "Preflight", "remembered", "none", el("p", {}, "The browser remembers the answer to an earlier preflight, and does not ask again."));
  }
  if (!seen.request) return step(1, "Preflight", "not sent", "none", el("p", {}, "Nothing reached this server."));
  return step(1, "Preflight", "not needed", "none", el("p", {}, "A request that a plain form could send goes out without asking."));
}

function requestStep({ seen }, { request }) {
  const exchange = seen.request;
  if (!exchange) {
    return step(2, "Request", "never sent", "none", el("p", {}, "The handler did not run: the browser sends the request only after its preflight has passed."));
  }
  const needs = seen.needs.filter((n) => !n.preflight);
  const ok = needs.every((n) => n.ok);
  let note = exchange.handled ? "The handler ran." : "The handler did not run.";
  if (request.credentials && !exchange.request.some((l) => l.name === "Cookie")) {
    note += " No cookie came along: it is SameSite=Lax, and for the browser this page is on another site.";
  }
  return step(2, "Request", ok ? "readable" : hiddenOnly(needs) ? "partly readable" : "not readable", ok ? "ok" : hiddenOnly(needs) ? "warn" : "bad",
    needsList(needs), lines(exchange), el("p", { class: "note" }, note));
}

const hiddenOnly = (needs) => needs.every((n) => n.ok || n.header === "Access-Control-Expose-Headers");

function scriptStep({ script, verdict }, { request }) {
  if (script.error) {
    return step(3, "Script", "failed", "bad",
      el("pre", { class: "lines" }, script.error),
      el("p", { class: "note" }, "This is all that the script learns. The reason is in the browser’s console, and above."));
  }
  const children = [el("pre", { class: "lines" }, `status ${script.status}\n` + script.headers.map((h) => `${h.name}: ${h.value}`).join("\n") + (script.body ? "\n\n" + script.body.trim() : ""))];
  if (request.reads) {
    children.unshift(el("ul", { class: "needs" }, need(verdict !== "hidden" && script.read !== null, `headers.get(${JSON.stringify(request.reads)})`, script.read === null ? "null" : JSON.stringify(script.read))));
  }
  return step(3, "Script", "has the response", verdict === "hidden" ? "warn" : "ok", ...children);
}

function needsList(needs) {
  return el("ul", { class: "needs" }, ...needs.map((n) => {
    const got = n.got || "nothing";
    return need(n.ok, n.header, n.ok ? n.got : `needs ${n.want}, got ${got}`);
  }));
}

function need(ok, name, text) {
  return el(
    "li",
    { "data-ok": String(ok) },
    el("span", { class: "mark", role: "img", "aria-label": ok ? "in order:" : "not in order:" }, ok ? "✓" : "✕"),
    el("span", {}, el("code", {}, name), el("span", { class: "got" }, text)),
  );
}

const telling = /^(origin|access-control-.*|vary|cookie|authorization|content-type|x-total-count|x-.*)$/i;

function lines(exchange) {
  const request = exchange.request.filter((l) => telling.test(l.name));
  const response = exchange.response.filter((l) => telling.test(l.name));
  const others = exchange.request.length + exchange.response.length - request.length - response.length;
  const block = (start, list) => [el("b", {}, start), "\n", ...list.flatMap((l) => [el("span", { class: "name" }, l.name + ":"), " " + l.value + "\n"])];
  const answer = `${exchange.status}`;
  return el(
    "div",
    {},
    el("pre", { class: "lines" }, ...block(`→ ${exchange.method} ${exchange.path}`, request), "\n", ...block(`← ${answer}`, response)),
    others
      ? el("details", {}, el("summary", {}, `${others} more header lines`),
          el("pre", { class: "lines" }, [...exchange.request.filter((l) => !request.includes(l)).map((l) => "→ " + l.name + ": " + l.value),
            ...exchange.response.filter((l) => !response.includes(l)).map((l) => "← " + l.name + ": " + l.value)].join("\n")))
      : null,
  );
}

// How long browsers remember a preflight at most, in seconds.
const agent = navigator.userAgent;
const limit = agent.includes("Firefox/") ? 86400 : agent.includes("Chrome/") ? 7200 : 600;

const remembered = new Map(); // the end of the time, by visit, origin and server

// remember notes how long the browser remembers a preflight.
export function remember(visit, origin, seen) {
  if (!seen.preflight || !seen.needs.filter((n) => n.preflight).every((n) => n.ok) || origin === "null") return;
  const header = seen.preflight.response.find((l) => l.name.toLowerCase() === "access-control-max-age");
  const seconds = header ? Number(header.value) : 5;
  remembered.set([visit, origin, seen.api].join(), Date.now() + 1000 * Math.min(seconds, limit));
}

let shown = null;

function showCache(outcome) {
  shown = outcome;
  const end = remembered.get(outcome.cacheKey);
  const left = Math.max(0, Math.round((end - Date.now()) / 1000));
  let text = preflights(outcome.seen.preflights) + " so far";
  if (end !== undefined) text += left ? `, remembered for another ${clock(left)}` : ", not remembered any more";
  $("cache").textContent = text;
}

setInterval(() => shown && showCache(shown), 1000);

function clock(seconds) {
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return (hours ? hours + ":" + pad(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)) + ":" + pad(seconds % 60);
}
