// The board by state: a card is dragged to another lane, or moved by its menu, which needs no mouse.
// The server says to which lanes it may go; the verb that leads there does the rest.
import htmx from "htmx.org";
import { tell } from "./toasts.js";

const board = () => document.querySelector("[data-lanes]");
const laneOf = (node) => node.closest?.("[data-lane]");
const cardOf = (node) => node.closest?.(".lane-card");
const asked = new WeakMap(); // card -> where it may go
let held; // the card in the hand, and where it may go as soon as that is known

const address = (card, to = "") => {
  const more = to && `&to=${encodeURIComponent(to)}`;
  return `${card.dataset.url}moves/?version=${card.dataset.version}${more}`;
};

function toSheet(url) {
  return htmx.ajax("GET", url, { source: board(), target: "#sheet", swap: "innerHTML" });
}

async function ask(card) {
  const answer = await fetch(address(card), { headers: { "HX-Request": "true" } });
  const ways = new Map();
  if (!answer.ok || answer.status === 204) return { ways };
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const way of found.querySelectorAll("[data-to]")) {
    const steps = [...way.querySelectorAll("[data-step]")];
    ways.set(way.dataset.to, steps.map((step) => ({ url: step.dataset.step, asks: "asks" in step.dataset })));
  }
  return { ways, stale: Boolean(found.querySelector("[data-stale]")) };
}

function waysOf(card) {
  if (!asked.has(card)) asked.set(card, ask(card).catch(() => ({ ways: new Map() })));
  return asked.get(card);
}

// Asked as soon as the card is touched, so that the answer is there when it begins to move.
document.addEventListener("pointerdown", (event) => {
  const card = cardOf(event.target);
  if (card && event.button === 0 && event.pointerType === "mouse") waysOf(card);
});

document.addEventListener("dragstart", async (event) => {
  const card = cardOf(event.target);
  if (!card) return;
  event.dataTransfer.setData("text/plain", card.dataset.number);
  event.dataTransfer.effectAllowed = "move";
  held = { card };
  card.classList.add("held");
  const mine = held;
  mine.ways = (await waysOf(card)).ways;
  if (held !== mine) return;
  for (const lane of board().querySelectorAll("[data-lane]")) {
    lane.classList.add(mine.ways.has(lane.dataset.lane) ? "may" : "may-not");
  }
});

function letGo() {
  held?.card.classList.remove("held");
  for (const lane of document.querySelectorAll("[data-lane]")) lane.classList.remove("may", "may-not", "over");
  if (held) asked.delete(held.card);
  held = undefined;
}

function takes(lane) {
  return Boolean(held && lane && lane !== laneOf(held.card) && held.ways?.has(lane.dataset.lane));
}

document.addEventListener("dragover", (event) => {
  const lane = held && laneOf(event.target);
  for (const other of document.querySelectorAll("[data-lane].over")) {
    if (other !== lane) other.classList.remove("over");
  }
  if (!takes(lane)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  lane.classList.add("over");
});
document.addEventListener("dragend", letGo);

document.addEventListener("drop", async (event) => {
  const lane = held && laneOf(event.target);
  if (!takes(lane)) return;
  event.preventDefault();
  const { card } = held;
  const { ways, stale } = await waysOf(card);
  letGo();
  const steps = ways.get(lane.dataset.lane);
  if (steps.length > 1 || (stale && steps[0].asks)) await toSheet(address(card, lane.dataset.lane));
  else if (steps[0].asks) await toSheet(steps[0].url);
  else await move(card, lane, steps[0].url);
});

// What needs no form is done at once, in the version that the board shows; the card goes ahead.
async function move(card, lane, url) {
  const [from, next] = [card.parentElement, card.nextSibling];
  lane.querySelector("ol").prepend(card);
  let status = 0;
  let said = "The server cannot be reached.";
  const hear = ({ detail }) => {
    ({ status } = detail.xhr);
    if (status === 403) said = detail.xhr.responseText;
    else if (status) said = `Something went wrong on the server (${status}).`;
  };
  card.addEventListener("htmx:afterRequest", hear);
  const values = {
    csrfmiddlewaretoken: board().querySelector("[name=csrfmiddlewaretoken]").value,
    version: card.dataset.version,
  };
  await htmx.ajax("POST", url, { source: card, target: "#sheet", swap: "innerHTML", values }).catch(() => {});
  card.removeEventListener("htmx:afterRequest", hear);
  if (status === 204) return;
  from.insertBefore(card, next);
  // What the sheet shows now says it better: both versions, or what is missing.
  if (status !== 409 && status !== 422) tell(`${said} ${card.dataset.number} is back where it was.`);
}

// Done, by drag, by menu or by a form: the board is drawn anew, for the counts moved, too.
document.addEventListener("card-moved", async ({ detail }) => {
  document.querySelector("dialog.sheet[open]")?.close();
  await htmx.ajax("GET", location.pathname + location.search, { target: "#listing", swap: "innerHTML" });
  const card = document.querySelector(`#card-${CSS.escape(detail.number)}`);
  (card?.querySelector("[data-open]") ?? board())?.focus();
  const where = card ? ` It is in “${laneOf(card).dataset.words}” now.` : "";
  tell(`${detail.said}${where}`, "success");
});
