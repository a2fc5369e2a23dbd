// Choosing rows of a list: one by one, a stretch with Shift, the whole page; x does it by key.

let last = null;

const boxes = (form) => [...form.querySelectorAll("tbody [name=pick]")];

function show(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  const matching = form.querySelector("[name=matching]")?.checked;
  form.querySelector("[data-pick-count]").textContent = matching ? "All that match" : `${chosen} chosen`;
  form.querySelector(".picked").classList.toggle("on", chosen > 0 || Boolean(matching));
  const head = form.querySelector("[data-pick-all]");
  head.checked = chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.closest?.("#picked");
  if (!form || !box.matches("[name=pick], [data-pick-all]")) return;
  const all = boxes(form);
  if (box.matches("[data-pick-all]")) for (const one of all) one.checked = box.checked;
  else if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  if (box.matches("[name=pick]")) last = box;
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("#picked");
  if (form) show(form);
});
document.addEventListener("reset", (event) => {
  if (event.target.matches("#picked")) setTimeout(() => show(event.target));
});
// What the browser remembers to be ticked when one comes back is shown as chosen.
window.addEventListener("pageshow", () => {
  const form = document.querySelector("#picked");
  if (form) show(form);
});

/** Choose the row on which the focus stands, or give it up. */
export function pick() {
  const box = document.activeElement?.closest("tr")?.querySelector("[name=pick]");
  box?.click();
}
