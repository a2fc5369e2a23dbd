// Toasts: short messages that go by themselves, unless they tell of an error or something to keep.

const stay = 6000;

function place() {
  return document.querySelector(".toasts");
}

function later(line) {
  const stays = line.classList.contains("error") || line.classList.contains("warning");
  if (!stays) setTimeout(() => line.remove(), stay);
}

/** Say it in a toast, which screen readers read out; "success" goes by itself. */
export function tell(text, level = "error") {
  const line = document.querySelector("#toast").content.firstElementChild.cloneNode(true);
  line.className = `toast-line ${level}`;
  line.querySelector("[data-text]").textContent = text;
  place().append(line);
  later(line);
}

// A card that was dragged has nothing typed in it, and its board says what became of it.
const isDragged = (event) => event.target.matches?.(".lane-card");

document.addEventListener("click", (event) => {
  event.target.closest("[data-drop-toast]")?.closest(".toast-line").remove();
});
for (const line of document.querySelectorAll(".toast-line")) later(line);
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches?.(".toast-line")) later(event.target);
  for (const line of event.target.querySelectorAll?.(".toast-line") ?? []) later(line);
});

const kept = "What you typed is still here.";
document.addEventListener("htmx:sendError", (event) => {
  if (isDragged(event)) return;
  tell(`The server cannot be reached. ${kept} Try again in a moment.`);
});
document.addEventListener("htmx:responseError", (event) => {
  if (isDragged(event)) return;
  const { status } = event.detail.xhr;
  if (status === 403) tell(`This was refused. ${kept} Reload the page to see what is possible now.`);
  else if (status === 404) tell(`This is no longer there, or you may no longer see it. ${kept}`);
  else tell(`Something went wrong on the server (${status}). ${kept} Try again.`);
});
