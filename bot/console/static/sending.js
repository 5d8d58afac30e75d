// A reply, from the key to the server: shown at once, sent once however often it is tried, never lost.
import { keep, read, show } from "./drafts.js";
import { atBottom, settle, swap } from "./partials.js";
import { ask } from "./polling.js";
import { isPage, post } from "./request.js";
import { newKey } from "./wishes.js";

let underWay = Promise.resolve();
const box = () => document.getElementById("reply");
const waiting = () => JSON.parse(read("outbox") || "[]");
const store = (all) => keep("outbox", all.length ? JSON.stringify(all) : "");

export function start() {
  const place = document.getElementById("pending");
  if (!place) return;
  store(waiting().map((entry) => ({ ...entry, why: entry.why ?? place.dataset.unknown }))); // the tab was closed while it was sent
  place.addEventListener("click", ({ target }) => {
    const key = target.closest("li")?.dataset.id;
    if (target.closest("[data-retry]")) retry(key);
    if (target.closest("[data-edit]")) edit(key);
  });
  draw();
}

export function send(form, button) {
  const text = box().value.trim();
  if (!text) return;
  const file = chosen(form);
  const entry = { key: newKey(), text, ...(file ? { file: file.value, name: file.dataset.name } : {}), warned: button?.name === "warned", to: form.action };
  store([...waiting(), entry]);
  box().value = "";
  keep("reply", "");
  draw();
  settle(true);
  deliver(entry);
}

/** The file that goes with it: once, although it stays in sight until the answer. */
function chosen(form) {
  const file = form.elements.file;
  return file && !waiting().some((entry) => entry.file === file.value) ? file : null;
}

function retry(key) {
  const entry = waiting().find((each) => each.key === key);
  if (!entry) return;
  change(key, { why: undefined });
  deliver(entry);
}

/** Back into the box, in front of what is there. */
function edit(key) {
  const entry = waiting().find((each) => each.key === key);
  store(waiting().filter((each) => each.key !== key));
  keep("reply", [entry.text, box() ? box().value : read("reply")].filter(Boolean).join("\n"));
  if (box()) box().value = read("reply");
  draw();
  show();
  box()?.focus();
}

function deliver(entry) {
  underWay = underWay.then(() => attempt(entry)); // in the order in which they were written
}

async function attempt(entry) {
  const place = document.getElementById("pending");
  try {
    const answer = await post(entry.to, { text: entry.text, key: entry.key, ...(entry.file ? { file: entry.file } : {}), ...(entry.warned ? { warned: "1" } : {}) });
    if (!isPage(answer)) return change(entry.key, { why: place.dataset.failed });
    const page = swap(await answer.text(), { answered: true, without: "messages" });
    if (answer.ok) return done(entry);
    if (answer.status === 422 && box() && !box().value) return edit(entry.key);
    change(entry.key, { why: page.querySelector(".composer .alert")?.textContent.trim() || place.dataset.failed });
  } catch {
    change(entry.key, { why: place.dataset.unknown });
  } finally {
    ask();
  }
}

function done(entry) {
  store(waiting().filter((each) => each.key !== entry.key));
  draw();
}

function change(key, values) {
  store(waiting().map((each) => (each.key === key ? { ...each, ...values } : each)));
  draw();
}

function draw() {
  const place = document.getElementById("pending"), pattern = document.getElementById("bubble"), down = atBottom();
  place.replaceChildren(...waiting().map((entry) => {
    const line = pattern.content.firstElementChild.cloneNode(true);
    line.dataset.id = entry.key;
    line.classList.toggle("failed", Boolean(entry.why));
    line.querySelector("p").textContent = entry.name ? `${entry.text}\n▣ ${entry.name}` : entry.text;
    line.querySelector("[data-why]").textContent = entry.why ?? "";
    line.querySelector("[data-sending]").hidden = Boolean(entry.why);
    line.querySelector(".ends").hidden = !entry.why;
    return line;
  }));
  if (down) settle(true); // a reply that failed grows by its reason and its buttons
}
