import { $, el, sentence } from "./dom.js";

// The policy is the text in the JSON field. The form is another view of it.

const json = $("json");
const fields = [...document.querySelectorAll("[data-key]")];
let last = {}; // the last object that the text held

// format writes short lists on one line.
export function format(object) {
  return JSON.stringify(object, null, 2).replace(/^ *"\w+": \[\n[^[\]{}]*?\]/gm, (list) => {
    const line = list.trim().replace(/\[\n +/, "[").replace(/\n +\]/, "]").replace(/\n +/g, " ");
    return line.length <= 30 ? "  " + line : list;
  });
}

function parse() {
  try {
    const object = JSON.parse(json.value);
    if (object && typeof object === "object" && !Array.isArray(object)) return object;
  } catch {
    // The server says what is wrong.
  }
  return null;
}

const readers = {
  lines: (field) => list(field.value.split("\n")),
  words: (field) => list(field.value.split(",")),
  text: (field) => {
    const text = field.value.trim();
    return /^-?\d+$/.test(text) ? Number(text) : text || undefined;
  },
  number: (field) => (/^\d+$/.test(field.value.trim()) ? Number(field.value) : undefined),
  switch: (field) => field.checked || undefined,
};

const list = (parts) => {
  const entries = parts.map((p) => p.trim()).filter(Boolean);
  return entries.length ? entries : undefined;
};

const writers = {
  lines: (field, value) => (field.value = Array.isArray(value) ? value.join("\n") : ""),
  words: (field, value) => (field.value = Array.isArray(value) ? value.join(", ") : ""),
  text: (field, value) => (field.value = value ?? ""),
  number: (field, value) => (field.value = value ?? ""),
  switch: (field, value) => (field.checked = value === true),
};

// at returns the object that holds a key such as "unsafe.nullOrigin", and the rest.
function at(object, key) {
  const [group, rest] = key.split(".");
  return rest ? [object[group] ?? {}, rest, group] : [object, key];
}

function fillForm() {
  last = parse() ?? last;
  for (const field of fields) {
    if (field === document.activeElement) continue;
    const [holder, key] = at(last, field.dataset.key);
    writers[field.dataset.kind](field, holder[key]);
    grow(field);
  }
}

function changeKey(field) {
  const object = structuredClone(parse() ?? last);
  const [holder, key, group] = at(object, field.dataset.key);
  holder[key] = readers[field.dataset.kind](field);
  if (group) object[group] = Object.values(holder).some((v) => v !== undefined) ? holder : undefined;
  json.value = format(object);
  last = JSON.parse(json.value);
  grow(json);
}

// grow makes a text area as high as its text.
export function grow(area) {
  if (area.tagName !== "TEXTAREA") return;
  area.style.height = "auto";
  area.style.height = area.scrollHeight + 2 + "px";
}

export const policyText = () => json.value;

export function setPolicy(text) {
  json.value = text;
  for (const field of fields) field.blur();
  fillForm();
  grow(json);
}

export function onPolicy(changed) {
  for (const field of fields) {
    field.addEventListener("input", () => {
      changeKey(field);
      grow(field);
      changed();
    });
  }
  json.addEventListener("input", () => {
    fillForm();
    grow(json);
    changed();
  });
  $("more").addEventListener("toggle", () => fields.forEach(grow));
  $("policy-form").addEventListener("submit", (event) => event.preventDefault());
}

// showProblems shows each problem at its field, with buttons for its fixes.
export function showProblems(problems, apply) {
  for (const old of document.querySelectorAll(".policy .problems:not(#json-problems)")) old.remove();
  const rest = $("json-problems");
  rest.replaceChildren();
  json.removeAttribute("aria-invalid");
  for (const field of fields) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  for (const problem of problems) {
    const field = fields.find((f) => f.dataset.key === problem.key);
    const item = el("li", {}, el("p", {}, sentence(problem.message)), fixButtons(problem.fixes, apply));
    if (!field) {
      rest.append(item);
      json.setAttribute("aria-invalid", "true");
      continue;
    }
    if (field.closest("details")) $("more").open = true;
    let place = field.parentElement.querySelector(".problems");
    if (!place) {
      place = el("ul", { class: "problems", id: field.id + "-problems" });
      field.parentElement.append(place);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", place.id);
    }
    place.append(item);
  }
}

export function fixButtons(fixes, apply) {
  if (!fixes?.length) return null;
  const buttons = fixes.map((fix) => el("button", { type: "button", class: "fix", onclick: () => apply(fix) }, fix.label));
  return el("div", { class: "buttons" }, ...buttons);
}
