// Questions that are asked only under a condition: shown when another has the answer they wait
// for. The server asks the same; without this, all of them stand there.
function settle(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const said = new FormData(form).get(part.dataset.when);
    const asked = said === part.dataset.answer;
    part.hidden = !asked;
    for (const input of part.querySelectorAll("input, select, textarea")) input.disabled = !asked;
  }
}

for (const form of document.querySelectorAll("form")) {
  if (form.querySelector("[data-when]")) {
    settle(form);
    form.addEventListener("input", () => settle(form));
  }
}
