import { $, el, sentence } from "./dom.js";
import { post } from "./server.js";
import { format } from "./policy.js";

// setUpPaste translates what is pasted, and gives the policy to use if the reader
// wants it.
export function setUpPaste(use) {
  $("paste-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const place = $("translated");
    try {
      const t = await post("api/translate", { text: $("paste").value, from: $("paste-from").value });
      const text = format(t.policy);
      place.replaceChildren(
        el("h3", {}, `From ${t.from}, as a policy of polycors`),
        el("pre", { class: "lines" }, text),
        el("button", { type: "button", class: "primary", onclick: () => use(text) }, "Use this policy"),
        el("h3", {}, t.notes.length ? "What changes" : "Nothing changes"),
        el("ul", { class: "notes" }, ...t.notes.map((n) => el("li", {}, el("code", {}, n.field), " ", sentence(n.text)))),
      );
    } catch (err) {
      place.replaceChildren(el("p", { class: "problem" }, sentence(err.message)));
    }
  });
}
