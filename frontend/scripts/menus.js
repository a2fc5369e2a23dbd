// Menus are <details class="menu">: this closes them as people expect, and keeps two choices.

function closeOthers(kept) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(kept)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A menu at the end of a row that opens beyond the screen is moved back onto it.
document.addEventListener("toggle", (event) => {
  const list = event.target.open && event.target.matches("details.menu") && event.target.querySelector(".menu-list");
  if (!list) return;
  list.style.translate = "";
  const beyond = list.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
  if (beyond > 8) list.style.translate = `${-beyond}px`;
}, true);

export function keep(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

// The choice is kept with the account, and as a cookie for the pages of the door, which know nobody.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  const choice = button.dataset.themeChoice;
  keep("theme", choice);
  const told = new URLSearchParams({ theme: choice, csrfmiddlewaretoken: button.closest("[data-token]").dataset.token });
  fetch("/accounts/manner/theme/", { method: "POST", body: told, keepalive: true });
  if (choice === "auto") delete document.documentElement.dataset.bsTheme;
  else document.documentElement.dataset.bsTheme = choice;
  for (const other of document.querySelectorAll("[data-theme-choice]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fold-rail]");
  if (!button) return;
  const folded = document.body.classList.toggle("folded");
  button.setAttribute("aria-pressed", String(folded));
  keep("rail", folded ? "folded" : "open");
});
