// The views beside a list: put away or shown, as people left it; and what the address says of them.
import { keep } from "./menus.js";

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-fold-views]")) return;
  const folded = document.querySelector(".with-views").classList.toggle("folded");
  keep("views", folded ? "folded" : "open");
  if (folded) document.querySelector(".views-unfold")?.focus();
  else document.body.dispatchEvent(new Event("open-views"));
});

// On a phone the views are a drawer: it closes when one was chosen.
document.addEventListener("click", (event) => {
  const drawer = document.querySelector("#views:popover-open");
  if (event.target.closest("#views a")) drawer?.hidePopover();
});
document.querySelector("#views")?.addEventListener("toggle", (event) => {
  if (event.newState === "open") document.body.dispatchEvent(new Event("open-views"));
});

// "first" only asks for the view that one begins with; what is sent to others is the list itself.
const here = new URL(location.href);
if (here.searchParams.has("first")) {
  here.searchParams.delete("first");
  history.replaceState(history.state, "", here.href.replaceAll("%2C", ","));
}
