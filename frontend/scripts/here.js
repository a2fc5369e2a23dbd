// Who else has this record open: told to the server while the page is seen, and shown in a line.

const line = document.querySelector("[data-here]");
const every = 20_000;

function writes() {
  const form = document.querySelector("form.composer");
  return Boolean(form?.querySelector("textarea")?.value.trim() || document.querySelector("dialog[open] form"));
}

async function tell() {
  if (document.hidden) return;
  const body = new URLSearchParams({
    csrfmiddlewaretoken: line.dataset.token,
    writing: writes() ? "yes" : "no",
  });
  try {
    const answer = await fetch(line.dataset.here, { method: "POST", body });
    if (!answer.ok) return;
    const text = await answer.text();
    const words = line.querySelector("span");
    if (words.textContent !== text) words.textContent = text;
    line.hidden = text === "";
  } catch {
    // Without a line to the server nothing is known of others, and nothing is claimed.
    line.hidden = true;
  }
}

if (line) {
  tell();
  setInterval(tell, every);
  document.addEventListener("visibilitychange", tell);
}
