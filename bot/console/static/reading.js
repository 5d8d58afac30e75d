// Reading a thread: older messages, and the keys that scroll it wherever the focus is.
import { ask } from "./polling.js";

export function start() {
  const box = document.getElementById("scroll");
  if (!box) return;
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-older]");
    if (!link) return;
    event.preventDefault();
    older(link);
  });
  document.addEventListener("keydown", (event) => {
    if (!PAGES[event.key] || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (event.key === "PageUp" && box.scrollTop === 0) older(box.querySelector("a[data-older]"));
    else box.scrollBy({ top: PAGES[event.key] * box.clientHeight * 0.9 });
  });
}

const PAGES = { PageUp: -1, PageDown: 1 };

function older(link) {
  if (!link) return;
  const live = new URL(document.body.dataset.live, location.href);
  live.searchParams.set("since", link.dataset.older);
  document.body.dataset.live = live.pathname + live.search;
  ask();
}
