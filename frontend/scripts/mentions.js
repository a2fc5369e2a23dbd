// "@ni" in what one writes about a record: the server suggests whom it may mean, of those who may
// read it. The arrows move, Enter or Tab takes, Escape closes; the text stays an ordinary text.

const before = /(?:^|[^\w@./+-])@([\w.+-]*(?: [\w-]+)?)$/;

let asking;
let due;

function list(box) {
  return document.getElementById(box.getAttribute("aria-controls"));
}

function options(box) {
  return [...list(box).querySelectorAll("[role=option]")];
}

function close(box) {
  clearTimeout(due);
  asking?.abort();
  list(box).replaceChildren();
  box.removeAttribute("aria-activedescendant");
}

function mark(box, option) {
  for (const other of options(box)) other.setAttribute("aria-selected", String(other === option));
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

// What stands between the sign and the caret; undefined where no mention is being written.
function written(box) {
  if (box.selectionStart !== box.selectionEnd) return undefined;
  return before.exec(box.value.slice(0, box.selectionStart))?.[1];
}

async function ask(box) {
  const text = written(box);
  if (text === undefined) return close(box);
  const chosen = box.form.querySelector("[name=audience]:checked");
  const asked = new URLSearchParams({ text, field: box.id, audience: chosen?.value ?? "public" });
  asking?.abort();
  asking = new AbortController();
  const how = { signal: asking.signal, headers: { "HX-Request": "true" } };
  const answer = await fetch(`${box.dataset.mentions}?${asked}`, how).catch(() => undefined);
  if (answer?.status !== 200 || document.activeElement !== box) return undefined;
  const found = await answer.text();
  if (written(box) !== text) return undefined;
  list(box).innerHTML = found;
  if (options(box).length) mark(box, options(box)[0]);
  else close(box);
  return undefined;
}

function take(box, option) {
  const end = box.selectionStart;
  const start = end - written(box).length;
  const space = /^\s/.test(box.value.slice(end)) ? "" : " ";
  box.setRangeText(option.dataset.value + space, start, end, "end");
  close(box);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches("textarea[data-mentions]")) return;
  clearTimeout(due);
  if (written(box) === undefined) close(box);
  else due = setTimeout(() => ask(box), 120);
});

const moves = { ArrowDown: 1, ArrowUp: -1 };

// Before the keys of the form: Enter takes the one that is marked, and sends nothing.
document.addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    if (!box.matches?.("textarea[data-mentions]") || event.ctrlKey || event.metaKey) return;
    const all = options(box);
    const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (here < 0 || event.isComposing) return;
    if (event.key in moves) mark(box, all[(here + moves[event.key] + all.length) % all.length]);
    else if ((event.key === "Enter" || event.key === "Tab") && written(box) !== undefined)
      take(box, all[here]);
    else if (event.key === "Escape") close(box);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

// mousedown, not click: the box would lose its focus first.
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(".mentioning [role=option]");
  if (!option) return;
  event.preventDefault();
  const box = option.closest(".mentioning").querySelector("textarea");
  if (written(box) !== undefined) take(box, option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("textarea[data-mentions]")) close(event.target);
});
