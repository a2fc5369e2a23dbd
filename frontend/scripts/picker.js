// A reference: a text box with suggestions from the server, usable as an ARIA combobox.
// htmx fills the list; this moves in it and takes the choice.

function parts(node) {
  const picker = node.closest?.(".picker");
  if (!picker) return null;
  const box = picker.querySelector("[role=combobox]");
  return { box, list: picker.querySelector("[role=listbox]") };
}

function options(list) {
  return [...list.querySelectorAll("[role=option]")];
}

function close({ box, list }) {
  list.replaceChildren();
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function mark({ box, list }, option) {
  for (const other of options(list)) other.setAttribute("aria-selected", String(other === option));
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function take({ box, list }, option) {
  box.value = option.dataset.value;
  close({ box, list });
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

export function step(picker, by) {
  const all = options(picker.list);
  if (!all.length) return;
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  mark(picker, all[(here + by + all.length) % all.length]);
}

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".picker [role=combobox]")) return;
  const picker = parts(event.target);
  const chosen = picker.list.querySelector("[aria-selected=true]");
  const open = options(picker.list).length > 0;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (open) step(picker, event.key === "ArrowDown" ? 1 : -1);
    else event.target.dispatchEvent(new Event("suggest"));
  } else if (event.key === "Enter" && chosen) {
    event.preventDefault();
    take(picker, chosen);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    event.stopPropagation();
    close(picker);
  }
});

// What was chosen before is replaced by what is typed; the first click would put the cursor into it.
let entered = null;

document.addEventListener("focusin", (event) => {
  entered = event.target.matches?.(".picker [role=combobox]") ? event.target : null;
  entered?.select();
});

document.addEventListener("click", (event) => {
  if (event.target === entered && entered.selectionStart === entered.selectionEnd) entered.select();
  entered = null;
});

// mousedown, not click: the box would lose its focus first.
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(".picker [role=option]");
  if (!option) return;
  event.preventDefault();
  take(parts(option), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.(".picker [role=combobox]")) close(parts(event.target));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.target.matches?.(".picker [role=listbox]")) return;
  const picker = parts(event.target);
  if (document.activeElement !== picker.box) close(picker);
  else picker.box.setAttribute("aria-expanded", String(options(picker.list).length > 0));
});
