import { $ } from "./dom.js";

// post asks the playground's server.
export async function post(path, body) {
  const res = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!res.ok) throw new Error((await res.text()).trim());
  return res.json();
}

export async function start() {
  return (await fetch("api/start")).json();
}

// watch shows when the server is gone, and reloads the page when another one is
// there. It listens only while the page is visible: browsers limit the number of
// connections.
export function watch(boot) {
  let events = null;
  const gone = $("gone");
  const listen = () => {
    if (document.visibilityState !== "visible") {
      events?.close();
      events = null;
      return;
    }
    if (events) return;
    events = new EventSource("api/alive");
    events.onmessage = ({ data }) => {
      if (data !== boot) location.reload();
      gone.hidden = true;
    };
    events.onerror = () => {
      gone.textContent = "The playground’s server is gone. Start it again with: go run ./examples/playground";
      gone.hidden = false;
    };
  };
  document.addEventListener("visibilitychange", listen);
  listen();
}
