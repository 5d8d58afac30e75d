// The keyboard: everything an agent does has a key; `?` shows them.
import { open } from "./dialogs.js";

const writes = (element) => element.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
const rows = () => [...document.querySelectorAll(".list a.row, .found a.row, article.task")].filter((row) => row.offsetParent);

export function start() {
  document.addEventListener("keydown", (event) => {
    const box = writes(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      return event.target.form.requestSubmit(event.target.form.querySelector("[data-send]") ?? undefined);
    }
    const menu = document.getElementById("me");
    if (event.key === "Escape" && menu?.open) {
      menu.open = false;
      return menu.querySelector("summary").focus();
    }
    if (event.key === "Escape" && box && !event.target.closest("dialog")) return event.target.blur();
    if (box || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const act = KEYS[event.key];
    if (act && act() !== false) event.preventDefault();
  });
}

const press = (key) => {
  const target = document.querySelector(`[data-key="${key}"]:is(button, a)`);
  if (!target) return false;
  target.click();
};

function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row === document.activeElement);
  const from = at >= 0 ? at : all.findIndex((row) => row.getAttribute("aria-current"));
  const next = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function focus(id) {
  const box = document.getElementById(id);
  if (!box) return false;
  box.focus();
  box.select?.();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  t: () => press("t"),
  r: () => focus("reply") !== false || press("r"),
  n: () => press("n"),
  g: () => press("g"),
  l: () => press("l"),
  "/": () => focus("search"),
  "?": () => open("help"),
  q: () => document.querySelector(".pages [data-page=q]")?.click(),
  p: () => document.querySelector(".pages [data-page=p]")?.click(),
};
