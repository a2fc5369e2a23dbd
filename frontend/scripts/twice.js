// A form is sent once; the server refuses a second copy, this spares people from seeing that.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  for (const button of form.querySelectorAll("[type=submit]")) button.setAttribute("aria-busy", "true");
});

function again(form) {
  delete form.dataset?.sent;
  for (const button of form.querySelectorAll?.("[aria-busy]") ?? []) button.removeAttribute("aria-busy");
}

document.addEventListener("htmx:afterRequest", (event) => again(event.target));
// The page may come back from the browser's memory with the mark still on.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) again(form);
});
