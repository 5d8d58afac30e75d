// A page is made of parts. New words for a part take its place; focus, scroll, drafts and what is unfolded stay where they were.
const shown = new Map();
const scroll = () => document.getElementById("scroll");

for (const part of document.querySelectorAll("[data-partial]")) shown.set(part.dataset.partial, part.outerHTML);

/** Puts the parts of `html` in the place of those that differ. `answered` replaces also what holds the agent's draft: it is the answer to it. */
export function swap(html, answered = false) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const bottom = atBottom();
  let moved = false;
  for (const next of fresh.querySelectorAll("[data-partial]")) {
    const name = next.dataset.partial;
    const old = document.querySelector(`[data-partial="${name}"]`);
    if (!old || shown.get(name) === next.outerHTML) continue;
    if (!answered && next.dataset.key !== undefined && next.dataset.key === old.dataset.key) continue;
    moved ||= name === "messages";
    shown.set(name, next.outerHTML);
    replace(old, document.adoptNode(next), answered);
  }
  if (moved || bottom) settle(bottom || answered); // a composer that grew must not cover the last words
  document.dispatchEvent(new Event("parts"));
}

function replace(old, next, answered) {
  const held = old.contains(document.activeElement) ? addressOf(document.activeElement) : null;
  const draft = !answered && old.querySelector("textarea");
  const kept = draft && { value: draft.value, start: draft.selectionStart, end: draft.selectionEnd };
  old.replaceWith(next);
  const box = next.querySelector("textarea");
  if (kept && box) {
    box.value = kept.value;
    box.setSelectionRange(kept.start, kept.end);
  }
  if (held) next.querySelector(held)?.focus({ preventScroll: true });
}

function addressOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.getAttribute("href")) return `[href="${CSS.escape(element.getAttribute("href"))}"]`;
  if (element.dataset.key) return `[data-key="${element.dataset.key}"]`;
  return element.name ? `[name="${element.name}"]` : null;
}

export function atBottom() {
  const box = scroll();
  return !box || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

export function settle(down) {
  const box = scroll(), newer = document.getElementById("newer");
  if (!box) return;
  if (down) box.scrollTop = box.scrollHeight;
  if (newer) newer.hidden = down;
}
