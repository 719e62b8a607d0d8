// Elements are made of text only: nothing is ever parsed as HTML.

export const $ = (id) => document.getElementById(id);

// el returns an element. Children are elements and strings.
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// sentence writes the first letter of a text large and ends it with a full stop.
export function sentence(text) {
  if (!text) return "";
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

// later returns a function that calls f once it has not been called for a while.
export function later(f, ms = 250) {
  let timer;
  const call = () => {
    call.cancel();
    timer = setTimeout(f, ms);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
