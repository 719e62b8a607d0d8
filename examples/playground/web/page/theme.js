import { $ } from "./dom.js";

// The theme is that of the system until the reader chooses another.
const key = "polycors-playground-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function show() {
  const chosen = localStorage.getItem(key);
  if (chosen) document.documentElement.dataset.theme = chosen;
  const isDark = chosen ? chosen === "dark" : dark.matches;
  $("theme").textContent = isDark ? "Light theme" : "Dark theme";
  return isDark;
}

export function setUpTheme() {
  $("theme").addEventListener("click", () => {
    localStorage.setItem(key, show() ? "light" : "dark");
    show();
  });
  dark.addEventListener("change", show);
  show();
}
