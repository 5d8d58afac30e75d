// Replies to begin with, put into the box to be changed: the house's own by `/` and their first letters, and what the bot suggests.
const list = () => document.querySelector(".composer .canned");
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

export function start() {
  document.addEventListener("input", ({ target }) => target.id === "reply" && filter(target.value));
  document.addEventListener("keydown", (event) => {
    const box = document.getElementById("reply");
    if (!list() || list().hidden || (event.target !== box && !list().contains(event.target))) return;
    const shown = [...list().querySelectorAll("li:not([hidden]) button"), box];
    const at = shown.indexOf(event.target);
    if (event.key === "Escape") {
      list().hidden = true;
      box.focus();
    } else if (event.key === "Enter" && event.target === box && !event.ctrlKey && !event.metaKey) choose(shown[0]);
    else if (event.key === "ArrowUp") shown.at(at - 1).focus(); // the box is the last of them
    else if (event.key === "ArrowDown") shown[(at + 1) % shown.length].focus();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-canned]");
    if (button) choose(button);
  });
}

function filter(text) {
  if (!list()) return;
  const asked = text.startsWith("/") ? fold(text.slice(1)) : null;
  for (const line of list().children) line.hidden = asked === null || !fold(line.textContent).includes(asked);
  list().hidden = asked === null || ![...list().children].some((line) => !line.hidden);
}

function choose(button) {
  const box = document.getElementById("reply");
  if (!box) return;
  const draft = box.value.startsWith("/") ? "" : box.value.trimEnd();
  box.value = [draft, button.dataset.canned].filter(Boolean).join("\n");
  if (list()) list().hidden = true;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true })); // the draft is kept
}
