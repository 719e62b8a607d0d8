// The whole state is in the fragment of the URL, as JSON in base64url. Whoever made
// a link may have written anything there: the state is checked here, and again by
// the server, and becomes nothing but the values of form fields.

const version = 1;
const maxLength = 32768;

export function encodeState(state) {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: version, ...state }));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// decodeState returns the state in a fragment, or null if there is none.
export function decodeState(fragment) {
  if (!fragment || fragment.length > maxLength) return null;
  try {
    const binary = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const state = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isState(state) ? { policy: state.policy, request: pick(state.request), ports: state.ports } : null;
  } catch {
    return null;
  }
}

const isText = (value) => typeof value === "string";

function isState({ v, policy, request: r, ports }) {
  return (
    v === version && isText(policy) && Array.isArray(ports) && ports.every(Number.isInteger) &&
    r && [r.page, r.method, r.body, r.reads].every(isText) && typeof r.credentials === "boolean" &&
    Array.isArray(r.headers) && r.headers.every(isText)
  );
}

const pick = ({ page, method, headers, credentials, body, reads }) => ({ page, method, headers, credentials, body, reads });

// move replaces the ports of the front ends that a link was made with by those of
// this playground.
export function move(state, ports) {
  let text = JSON.stringify(state);
  state.ports.forEach((old, i) => {
    if (ports[i]) text = text.replaceAll(new RegExp(`(localhost|127\\.0\\.0\\.1):${old}(?!\\d)`, "g"), `$1:@${i}@`);
  });
  ports.forEach((port, i) => (text = text.replaceAll(`:@${i}@`, `:${port}`)));
  return JSON.parse(text);
}
