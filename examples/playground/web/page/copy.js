import { $ } from "./dom.js";

// The snippets are what the server made of the policy and the request.
let snippets = null;

export function setUpCopy(apis) {
  const what = $("copy-what");
  const add = (label, options) => {
    const group = document.createElement("optgroup");
    group.label = label;
    for (const [text, value] of options) group.append(new Option(text, value));
    what.append(group);
  };
  add("Policy in Go", apis.map((a) => [a.name, "go:" + a.id]));
  add("Policy in a file", [["YAML", "yaml"], ["JSON", "json"]]);
  add("Test", [["corstest", "test"]]);
  add("Request", [["fetch", "fetch"], ["corscheck", "corscheck"], ["curl", "curl"]]);
  what.addEventListener("input", show);
  $("copy").addEventListener("click", () => copy($("copy"), $("snippet").textContent));
}

export function setSnippets(next) {
  snippets = next;
  show();
}

function show() {
  const [kind, id] = $("copy-what").value.split(":");
  let text = "The policy has to be valid first.";
  if (snippets?.go) text = kind === "go" ? snippets.go[id] : kind === "json" ? $("json").value : snippets[kind];
  $("snippet").textContent = text;
}

// copy copies a text, and says so on the button.
export async function copy(button, text) {
  const label = (button.dataset.label ??= button.textContent);
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied";
  }
  setTimeout(() => (button.textContent = label), 1500);
}
