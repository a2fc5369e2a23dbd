// In what one writes about a record, "@ni" stands for a person and "/" at the beginning of a line for
// a template: the server suggests whom or which, of those who may read it or that one may use. The
// arrows move, Enter or Tab takes, Escape closes; the text stays an ordinary text.

// What begins each, how much before the caret goes when one is taken, and what follows it.
const sorts = {
  mentions: { before: /(?:^|[^\w@./+-])@([\w.+-]*(?: [\w-]+)?)$/, sign: 0, space: " " },
  templates: { before: /(?:^|\n)\/([\p{L}\d -]{0,40})$/u, sign: 1, space: "" },
};
const boxes = "textarea[data-mentions], textarea[data-templates]";

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

// What is being written before the caret, and of which sort; undefined where it is neither.
function written(box) {
  if (box.selectionStart !== box.selectionEnd) return undefined;
  const head = box.value.slice(0, box.selectionStart);
  for (const sort of Object.keys(sorts)) {
    const text = box.dataset[sort] && sorts[sort].before.exec(head)?.[1];
    if (typeof text === "string") return { sort, text };
  }
  return undefined;
}

function same(one, other) {
  return one?.sort === other?.sort && one?.text === other?.text;
}

async function ask(box) {
  const now = written(box);
  if (!now) return close(box);
  const chosen = box.form.querySelector("[name=audience]:checked");
  const audience = chosen?.value ?? "public";
  const asked = new URLSearchParams({ text: now.text, field: box.id, audience });
  asking?.abort();
  asking = new AbortController();
  const how = { signal: asking.signal, headers: { "HX-Request": "true" } };
  const answer = await fetch(`${box.dataset[now.sort]}?${asked}`, how).catch(() => undefined);
  if (answer?.status !== 200 || document.activeElement !== box) return undefined;
  const found = await answer.text();
  if (!same(written(box), now)) return undefined;
  list(box).innerHTML = found;
  if (options(box).length) mark(box, options(box)[0]);
  else close(box);
  return undefined;
}

// What no longer fits goes at once, so that Enter never takes it before the server has answered.
function narrow(box) {
  const text = written(box).text.toLowerCase();
  for (const option of options(box))
    if (!option.textContent.toLowerCase().includes(text)) option.remove();
  if (options(box).length) mark(box, options(box)[0]);
}

function take(box, option) {
  const { sort, text } = written(box);
  const end = box.selectionStart;
  const space = /^\s/.test(box.value.slice(end)) ? "" : sorts[sort].space;
  const start = end - text.length - sorts[sort].sign;
  box.setRangeText(option.dataset.value + space, start, end, "end");
  close(box);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches(boxes)) return;
  clearTimeout(due);
  if (!written(box)) return close(box);
  narrow(box);
  due = setTimeout(() => ask(box), 120);
  return undefined;
});

const moves = { ArrowDown: 1, ArrowUp: -1 };

// Before the keys of the form: Enter takes the one that is marked, and sends nothing.
document.addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    if (!box.matches?.(boxes) || event.ctrlKey || event.metaKey) return;
    const all = options(box);
    const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (here < 0 || event.isComposing) return;
    if (event.key in moves) mark(box, all[(here + moves[event.key] + all.length) % all.length]);
    else if ((event.key === "Enter" || event.key === "Tab") && written(box)) take(box, all[here]);
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
  if (written(box)) take(box, option);
});

// The button that does what a "/" at the beginning of a line does.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-begin-template]");
  if (!button) return;
  const box = document.getElementById(button.dataset.beginTemplate);
  box.focus();
  const end = box.value.length;
  box.setRangeText(box.value && !box.value.endsWith("\n") ? "\n/" : "/", end, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.(boxes)) close(event.target);
});
