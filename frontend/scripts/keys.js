// Keys: / search, Ctrl-K palette, c new, j k move in lists, x choose, d do to the chosen, Enter
// open, m n write, ? help; a verb's button bears its own key.
import { keep } from "./menus.js";
import { open as palette } from "./palette.js";
import { pick } from "./picks.js";

const typing = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

function rows() {
  return [...document.querySelectorAll("[data-rows] a[data-open]")];
}

function move(step) {
  const links = rows();
  if (!links.length) return;
  const here = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  links[Math.max(0, Math.min(links.length - 1, next))].focus();
}

function find() {
  const box = document.querySelector("#find");
  box?.focus();
  box?.select();
}

// Who dictates, or whose keys are held down by chance, can do without single keys (WCAG 2.1.4).
const offered = () => !/(^|; )keys=off/.test(document.cookie);

function help() {
  const box = document.querySelector("[data-single-keys]");
  if (box) box.checked = offered();
  document.querySelector("#keys")?.showModal();
}

function write(audience) {
  const form = document.querySelector("form.composer");
  form?.querySelector(`[name=audience][value=${audience}]`)?.click();
  form?.querySelector("textarea").focus();
}

// Inside the menu "More" too, which need not be open.
function press(key) {
  if (!/^[a-z]$/.test(key)) return undefined;
  const button = document.querySelector(`main [aria-keyshortcuts="${key}"]`);
  return button ? () => button.click() : undefined;
}

const keys = {
  "/": find,
  c: () => document.querySelector("[data-new]")?.click(),
  j: () => move(1),
  k: () => move(-1),
  x: pick,
  d: () => document.querySelector(".picked.on [type=submit]")?.click(),
  m: () => write("public"),
  n: () => write("internal"),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!palette()) find();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.matches(typing) || document.querySelector("dialog[open]")) return;
  if (!offered()) return;
  const run = press(event.key) ?? keys[event.key];
  if (!run) return;
  event.preventDefault();
  run();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-single-keys]")) keep("keys", event.target.checked ? "on" : "off");
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) help();
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog")?.close();
  // A click beside the box closes it, as Escape does.
  if (event.target.matches("dialog[open]:not(.sheet)")) event.target.close();
});

// A button that is refused now says why to everybody, and does nothing.
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest("[aria-disabled=true]")) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
