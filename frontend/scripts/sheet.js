// A verb's form opens in a sheet beside the record; without a script its link is a page.

const sheet = () => document.querySelector("dialog.sheet");

document.addEventListener("htmx:afterSwap", (event) => {
  const box = sheet();
  if (!box?.contains(event.target) || box.open) return;
  box.showModal();
  box.querySelector("form :is(input, select, textarea):not([type=hidden])")?.focus();
});

// After a refusal the summary of errors is read out first.
document.addEventListener("htmx:afterSettle", (event) => {
  event.target.querySelector?.("[data-errors]")?.focus();
});
document.querySelector("main [data-errors]")?.focus();
