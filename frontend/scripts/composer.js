// The composer: files come by the picker, by paste or by drop, and are named before they are sent.

function show(form) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector(".files");
  list.replaceChildren(
    ...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.className = "tag";
      line.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1000))} kB`;
      return line;
    }),
  );
}

function add(form, files) {
  const input = form.querySelector("input[type=file]");
  if (!input || !files.length) return false;
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  show(form);
  return true;
}

function composer(event) {
  return event.target.closest?.("form.composer");
}

document.addEventListener("change", (event) => {
  if (composer(event) && event.target.type === "file") show(composer(event));
});
document.addEventListener("paste", (event) => {
  const form = composer(event);
  if (form && add(form, event.clipboardData.files)) event.preventDefault();
});
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = composer(event);
    if (!form) return;
    event.preventDefault();
    form.classList.toggle("dropping", name === "dragover");
    if (name === "drop") add(form, event.dataTransfer.files);
  });
}
// Whatever one writes, in the composer or in the form of a verb, goes off with Ctrl-Enter.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
