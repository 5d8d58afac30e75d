// A page is made of parts. What the server answers for a part changes only what differs in it.
import { morph } from "./morph.js";

const shown = new Map();
const scroll = () => document.getElementById("scroll");

for (const part of document.querySelectorAll("[data-partial]")) shown.set(part.dataset.partial, part.outerHTML);

/** Changes the parts that differ in `html`. What holds the agent's draft, and the warnings about it, stays as long as its `data-key`; `answered`: it is the answer to it. */
export function swap(html, { answered = false, without = "" } = {}) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const bottom = atBottom();
  let moved = false;
  for (const next of fresh.querySelectorAll("[data-partial]")) {
    const name = next.dataset.partial;
    const old = document.querySelector(`[data-partial="${name}"]`);
    if (!old || name === without || shown.get(name) === next.outerHTML) continue;
    if (!answered && next.dataset.key !== undefined && next.dataset.key === old.dataset.key) continue;
    moved ||= name === "messages";
    shown.set(name, next.outerHTML);
    keepingPlace(() => morph(old, next));
  }
  if (moved || bottom) settle(bottom || answered); // a composer that grew must not cover the last words
  document.dispatchEvent(new Event("parts"));
  return fresh;
}

/** What is read stays where it is while older messages come in above it. */
function keepingPlace(change) {
  const box = scroll();
  const lines = box && !atBottom() ? [...box.querySelectorAll("li[id]")] : [];
  const anchor = lines.find((line) => line.getBoundingClientRect().bottom > box.getBoundingClientRect().top);
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) box.scrollTop += anchor.getBoundingClientRect().top - before;
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
