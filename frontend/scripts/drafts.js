// Nothing typed is lost: what stands in a form survives a reload, a crash and an expired session.
// Kept in this browser only, under the account and the form's data-draft, until the server says
// that it is saved, or until its writer signs out: the next at this browser is shown nothing of it.

const account = document.querySelector("[data-account]")?.dataset.account ?? "";
const prefix = `draft:${account}:`;
const fields = "textarea, select, input:not([type=hidden], [type=file], [type=password], [type=submit])";

function values(form) {
  const kept = {};
  for (const field of form.querySelectorAll(fields)) {
    if (!field.name) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked !== field.defaultChecked) kept[field.name] = field.checked && field.value;
    } else if (field.value !== (field.dataset.first ?? field.defaultValue)) {
      kept[field.name] = field.value;
    }
  }
  return kept;
}

function save(form) {
  const kept = values(form);
  const key = prefix + form.dataset.draft;
  if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
  else localStorage.removeItem(key);
}

function restore(form) {
  const kept = JSON.parse(localStorage.getItem(prefix + form.dataset.draft) ?? "null");
  for (const field of form.querySelectorAll("select")) field.dataset.first = field.value;
  // What the server sends back after a refusal is newer than the draft.
  if (!kept || form.dataset.returned !== undefined) return;
  for (const field of form.querySelectorAll(fields)) {
    if (!(field.name in kept)) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = field.value === kept[field.name];
    } else field.value = kept[field.name];
  }
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = false;
}

function restoreAll(root) {
  for (const form of root.querySelectorAll?.("form[data-draft]") ?? []) restore(form);
}

let waiting;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => save(form), 300);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-signs-out]")) {
    clearTimeout(waiting);
    const kept = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    for (const key of kept) localStorage.removeItem(key);
  } else if (event.target.matches("form[data-draft]")) {
    clearTimeout(waiting);
    save(event.target);
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-drop-draft]");
  if (!button) return;
  const form = button.closest("form");
  localStorage.removeItem(prefix + form.dataset.draft);
  form.reset();
  button.closest("[data-draft-note]").hidden = true;
});

// The server names the drafts that are saved now, on the page that follows.
export function forget(root) {
  for (const node of root.querySelectorAll?.("[data-saved-draft]") ?? []) {
    localStorage.removeItem(prefix + node.dataset.savedDraft);
  }
}

forget(document);
restoreAll(document);
document.addEventListener("htmx:load", (event) => {
  forget(event.target);
  restoreAll(event.target);
});
// A verb that was done from a board leaves its page where it is.
document.addEventListener("card-moved", ({ detail }) => localStorage.removeItem(prefix + detail.draft));
