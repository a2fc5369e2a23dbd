// The palette (Ctrl-K): what is typed goes to the server, which answers with what can be reached.
import htmx from "htmx.org";
import { step } from "./picker.js";

const dialog = () => document.querySelector("#palette");
const parts = () => ({ box: document.querySelector("#palette-box"), list: document.querySelector("#palette-list") });

// Who types fast presses Enter before the answer is there: it is taken from that answer, not from
// the list that stood before.
let answered = "";
let hurried = false;

export function open() {
  const { box } = parts();
  if (!box || dialog().open) return false;
  box.value = "";
  hurried = false;
  dialog().showModal();
  box.dispatchEvent(new Event("open-palette"));
  return true;
}

function take(option = parts().list.querySelector("[aria-selected=true]")) {
  if (!option) return;
  dialog().close();
  const { url, sheet } = option.dataset;
  if (sheet === undefined) location.assign(url);
  else htmx.ajax("GET", url, { target: "#sheet", swap: "innerHTML" });
}

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "palette-box") return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(parts(), event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (answered === event.target.value) take();
    else hurried = true;
  }
});

document.addEventListener("input", (event) => {
  if (event.target.id === "palette-box") hurried = false;
});

document.addEventListener("click", (event) => {
  const option = event.target.closest("#palette [role=option]");
  if (option) take(option);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "palette-list") return;
  const { box, list } = parts();
  const first = list.querySelector("[aria-selected=true]");
  if (first) box.setAttribute("aria-activedescendant", first.id);
  else box.removeAttribute("aria-activedescendant");
  answered = new URL(event.detail.xhr.responseURL).searchParams.get("q") ?? "";
  if (hurried && answered === box.value) take();
});
