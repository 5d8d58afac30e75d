// What an agent is writing, kept in the browser for each conversation: through another's taking it, a log-in, a closed tab.
const nameOf = (kind) => `acuerdo:${document.body.dataset.me}:${document.body.dataset.conversation}:${kind}`;

export function start() {
  if (!document.body.dataset.conversation) return;
  document.addEventListener("input", ({ target }) => target.dataset?.draft && keep(target.dataset.draft, target.value));
  document.addEventListener("parts", show);
  document.getElementById("kept")?.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-forget]")) return;
    keep("reply", "");
    show();
  });
  show();
}

export const read = (kind) => localStorage.getItem(nameOf(kind)) ?? "";

export function keep(kind, text) {
  if (text) localStorage.setItem(nameOf(kind), text);
  else localStorage.removeItem(nameOf(kind));
}

/** Into its box; a reply that has none at the moment is shown beneath the thread. */
export function show() {
  for (const box of document.querySelectorAll("textarea[data-draft]")) {
    const draft = read(box.dataset.draft);
    if (!box.value && draft) box.value = draft;
  }
  const kept = document.getElementById("kept");
  if (!kept) return;
  const draft = document.getElementById("reply") ? "" : read("reply");
  kept.hidden = !draft;
  kept.querySelector("blockquote").textContent = draft;
}
