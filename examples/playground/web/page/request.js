import { $ } from "./dom.js";
import { grow } from "./policy.js";

const fields = ["r-page", "r-method", "r-headers", "r-credentials", "r-body", "r-reads"];

export function setUpRequest(pages, changed) {
  for (const page of pages) {
    const label = page.sandbox ? "null (a sandboxed frame)" : page.origin;
    $("r-page").append(new Option(label, page.origin));
  }
  for (const id of fields) {
    $(id).addEventListener("input", () => {
      grow($(id));
      changed();
    });
  }
}

export function request() {
  return {
    page: $("r-page").value,
    method: $("r-method").value.trim(),
    headers: $("r-headers").value.split("\n").map((line) => line.trim()).filter(Boolean),
    credentials: $("r-credentials").checked,
    body: $("r-body").value,
    reads: $("r-reads").value.trim(),
  };
}

export function setRequest(r) {
  $("r-page").value = r.page;
  $("r-method").value = r.method;
  $("r-headers").value = r.headers.join("\n");
  $("r-credentials").checked = r.credentials;
  $("r-body").value = r.body;
  $("r-reads").value = r.reads;
  for (const id of fields) grow($(id));
}

// fetchInit returns the second argument of fetch for a request.
export function fetchInit(r) {
  const init = { method: r.method };
  if (r.headers.length) {
    init.headers = r.headers.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
  }
  if (r.credentials) init.credentials = "include";
  if (r.body) init.body = r.body;
  return init;
}

// fetchCode returns the call of fetch for a request.
export function fetchCode(r, url) {
  const init = fetchInit(r);
  if (init.headers) init.headers = Object.fromEntries(init.headers);
  return `const res = await fetch(${JSON.stringify(url)}, ${JSON.stringify(init, null, 2)});\n` +
    (r.reads ? `console.log(res.headers.get(${JSON.stringify(r.reads)}));\n` : "");
}
