// Colleagues see who has a conversation open and who writes there, before two do the same.
const EVERY = 20_000, WRITES = 6000;
let typedAt = 0, reported = false;

export function start() {
  const { presence } = document.body.dataset;
  if (!presence) return;
  report();
  setInterval(() => !document.hidden && report(), EVERY);
  setInterval(() => reported && !typing() && report(), 1000);
  document.addEventListener("visibilitychange", () => !document.hidden && report());
  document.addEventListener("input", ({ target }) => {
    if (target.id !== "reply") return;
    typedAt = target.value ? Date.now() : 0;
    if (typing() !== reported) report();
  });
  addEventListener("pagehide", () => navigator.sendBeacon(presence, fields({ gone: "1" })));
}

const typing = () => Date.now() - typedAt < WRITES;

function report() {
  reported = typing();
  fetch(document.body.dataset.presence, { method: "POST", body: fields(reported ? { typing: "1" } : {}), headers: { "X-Requested-With": "fetch" } }).catch(() => {}); // the next one will do
}

function fields(more) {
  const csrf = document.querySelector("[name=csrf]")?.value ?? "", { conversation } = document.body.dataset;
  return new URLSearchParams({ csrf, conversation: conversation ?? "", ...more });
}
