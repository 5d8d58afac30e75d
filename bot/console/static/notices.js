// Sound and desktop notices, as far as this agent wants them in this browser: when somebody new waits, or one of theirs writes.
const nameOf = () => `acuerdo:${document.body.dataset.me}:notices`;
const SEEN = "acuerdo:noticed"; // one tab makes a notice, not each
export const wanted = () => new Set((localStorage.getItem(nameOf()) ?? "").split(",").filter(Boolean));
let known = null;

export function start() {
  if (!document.body.dataset.me) return;
  for (const box of document.querySelectorAll("[data-notices]")) {
    box.checked = wanted().has(box.value);
    box.addEventListener("change", () => choose(box));
  }
  known = waiting();
  document.addEventListener("parts", look);
}

async function choose(box) {
  if (box.checked && box.value === "desktop" && (await Notification.requestPermission()) !== "granted") box.checked = false;
  const all = wanted();
  if (box.checked) all.add(box.value);
  else all.delete(box.value);
  localStorage.setItem(nameOf(), [...all].join(","));
  if (box.checked && box.value === "sound") sound();
}

/** What waits, by the message that waits: each makes one notice. */
function waiting() {
  return new Set([...document.querySelectorAll(".list [data-waits]")].map((row) => row.dataset.waits));
}

function look() {
  const now = waiting(), fresh = [...now].filter((each) => !known.has(each));
  known = new Set([...known, ...now]);
  const open = document.hasFocus() ? document.querySelector(".list .now")?.dataset.waits : "";
  const news = fresh.filter((each) => each !== open && !(localStorage.getItem(SEEN) ?? "").split(",").includes(each));
  if (!news.length || !wanted().size) return;
  localStorage.setItem(SEEN, [...(localStorage.getItem(SEEN) ?? "").split(","), ...news].slice(-200).join(","));
  document.body.dataset.noticed = news.join(",");
  if (wanted().has("sound")) sound();
  if (wanted().has("desktop") && !document.hasFocus() && Notification.permission === "granted") desktop();
}

/** No name and no sum: whoever passes by may read it. */
function desktop() {
  const notice = new Notification("Acuerdo", { body: document.body.dataset.someoneWaits, tag: "acuerdo" });
  notice.addEventListener("click", () => { window.focus(); notice.close(); });
}

function sound() {
  const context = new AudioContext(), tone = context.createOscillator(), volume = context.createGain();
  tone.frequency.setValueAtTime(660, 0);
  tone.frequency.setValueAtTime(880, context.currentTime + 0.12);
  volume.gain.setValueAtTime(0.12, 0);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.35);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.36);
  tone.addEventListener("ended", () => context.close());
}
