// The demo's clock: runs on between answers, and is moved a step at a time until what was asked for has come.
import { $, element, once, onTime, post } from "./dom.js";
import { LANG, t, weekday } from "./words.js";

const PAUSE = { waits: 350, moved: 750 };
let offset = "-06:00", lead = 0, running = null, whose = () => null, changed = () => {}, starting = () => {};

// The wall clock's reading as an ISO time, in the zone that the server last named.
export function now() {
  const minutes = (offset.startsWith("-") ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
  return new Date(Date.now() + lead + minutes * 60_000).toISOString().slice(0, 23) + offset;
}

onTime((iso) => {
  offset = iso.slice(-6);
  lead = new Date(iso).getTime() - Date.now();
  tick();
});

const drawMoment = once((minute) => {
  const shown = new Date(`${minute}:00Z`);
  const day = shown.toLocaleDateString(LANG, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  $("now").dateTime = minute;
  $("now").replaceChildren(element("b", "", minute.slice(11, 16)), element("span", "", day));
});
function tick() {
  drawMoment(now().slice(0, 16));
}
setInterval(tick, 1000);

export const drawDay = once((day) => {
  const kind = day.kind === "open" ? (day.may_write ? "open" : "closed") : day.kind;
  const words = t(`day_${kind}`, { ...day, weekday: weekday(day.date) });
  $("day").className = kind;
  $("day").textContent = words[0].toUpperCase() + words.slice(1);
  if (day.payday) $("day").append(element("mark", "", t("payday")));
});

export function start(chosen, refresh, begun) {
  whose = chosen;
  changed = refresh;
  starting = begun;
  document.querySelectorAll("[data-to]").forEach((button) => { button.onclick = () => advance(button.dataset.to, chosen()); });
  $("progress").querySelector("button").onclick = () => { running = null; };
}

export function enable(loan) {
  document.querySelectorAll("[data-to]").forEach((button) => { button.disabled = running !== null || (!loan && button.dataset.to !== "day"); });
}

export const moveTo = (at) => advance("time", whose(), at);

async function advance(to, person, at) {
  const mine = (running = {});
  const loan = person?.loan;
  enable(loan);
  $("clock-result").hidden = true;
  starting();
  busy(t("progress_worker"));
  let state = null, end = "";
  try {
    while (running === mine) {
      const step = await post("clock", { to, at, loan, progress: state });
      state = step.progress;
      await changed(step.moved);
      if (step.reached || step.stuck) {
        if (step.stuck) end = `stuck_${step.stuck}`;
        break;
      }
      busy(t(step.moved ? "progress_moved" : `progress_${step.waits}`));
      await new Promise((resolve) => { setTimeout(resolve, step.moved ? PAUSE.moved : PAUSE.waits); });
    }
  } catch {
    end = "failed";
  }
  running = null;
  enable(loan);
  busy("");
  if (end) tell(t(end));
}

// Stands where the buttons are while the clock moves.
function busy(words) {
  $("moves").hidden = words !== "";
  $("progress").hidden = words === "";
  const text = $("progress").querySelector("span");
  if (text.textContent !== words) text.textContent = words;
}

let hide;
function tell(words) {
  clearTimeout(hide);
  $("clock-result").textContent = words;
  $("clock-result").hidden = false;
  hide = setTimeout(() => { $("clock-result").hidden = true; }, words.length * 60 + 3000);
}
