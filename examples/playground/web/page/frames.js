import { $ } from "./dom.js";

// A front end is an invisible frame with a document of another origin. It sends the
// requests, so the browser treats them as those of that origin.

const timeout = 8000;
const frames = new Map(); // by origin

function open(page) {
  const frame = document.createElement("iframe");
  frame.title = "Front end at " + page.origin;
  frame.tabIndex = -1;
  if (page.sandbox) frame.setAttribute("sandbox", "allow-scripts");
  const entry = { frame, waiting: new Map(), ready: null };
  entry.ready = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`The page at ${page.origin} does not open in this browser.`)), timeout);
    addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== page.origin) return;
      if (event.data.ready) return resolve();
      entry.waiting.get(event.data.id)?.(event.data.results);
      entry.waiting.delete(event.data.id);
    });
  });
  entry.ready.catch(() => {
    frames.delete(page.origin);
    frame.remove();
  });
  frame.src = page.frame;
  $("frames").append(frame);
  return entry;
}

let last = 0;

// send has the page at an origin send requests, and returns what its script sees.
export async function send(page, calls) {
  if (!frames.has(page.origin)) frames.set(page.origin, open(page));
  const { frame, waiting, ready } = frames.get(page.origin);
  await ready;
  const id = ++last;
  return new Promise((resolve, reject) => {
    waiting.set(id, resolve);
    setTimeout(() => reject(new Error(`The page at ${page.origin} does not answer.`)), 3 * timeout);
    // A sandboxed document has no origin that could be named.
    frame.contentWindow.postMessage({ id, calls }, page.sandbox ? "*" : page.origin);
  });
}
