// A verb's form opens in a sheet beside the record; without a script its link is a page.
// What is typed between asking for it and its opening is meant for it, so it is kept for its field.

const sheet = () => document.querySelector("dialog.sheet");
const first = "form :is(input, select, textarea):not([type=hidden])";
const writing = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select";

let ahead;

document.addEventListener("htmx:beforeRequest", (event) => {
  const box = sheet();
  if (box?.contains(event.detail.target) && !box.open) ahead = "";
});

document.addEventListener("htmx:afterRequest", () => {
  ahead = undefined;
});

document.addEventListener(
  "keydown",
  (event) => {
    if (ahead === undefined || [...event.key].length !== 1 || event.target.matches(writing)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    ahead += event.key;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

// Once htmx has bound what is in it: a field that has the focus before misses what happens to it.
document.addEventListener("htmx:afterSettle", (event) => {
  const box = sheet();
  if (!box?.contains(event.target) || box.open) return;
  box.showModal();
  const field = box.querySelector(first);
  field?.focus();
  if (ahead && field?.matches("textarea, input:not([type]), [type=text]")) {
    field.setRangeText(ahead, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  ahead = undefined;
});

// After a refusal the summary of errors is read out first.
document.addEventListener("htmx:afterSettle", (event) => {
  event.target.querySelector?.("[data-errors]")?.focus();
});
document.querySelector("main [data-errors]")?.focus();
