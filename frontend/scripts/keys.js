// Keys: / search, Ctrl-K jump, c new, j k move in lists, x choose, Enter open, ? help.
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

function help() {
  document.querySelector("#keys")?.showModal();
}

const keys = {
  "/": find,
  c: () => document.querySelector("[data-new]")?.click(),
  j: () => move(1),
  k: () => move(-1),
  x: pick,
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    find();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.matches(typing) || document.querySelector("dialog[open]")) return;
  const run = keys[event.key];
  if (!run) return;
  event.preventDefault();
  run();
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
