// The people at the left.
import { $, button, element, keyed } from "./dom.js";
import { t } from "./words.js";

const HUES = [152, 262, 28, 205, 338, 48, 182, 300];
const seen = new Map();
let people = [], chosen = null, choose = () => {};

export function stage(person) {
  if (person.late === null) return t("settled");
  if (person.late === 0) return t("today");
  return person.late > 0 ? t("late", { days: person.late }) : t("due_in", { days: -person.late });
}

export function start(chosenListener) {
  choose = chosenListener;
  $("find").oninput = draw;
  $("people").onkeydown = (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const next = step && document.activeElement[step];
    if (next) { next.focus(); event.preventDefault(); }
  };
}

export const find = (loan) => people.find((person) => person.loan === loan);

// Messages that came to a phone while another one was looked at are news.
export function update(found) {
  if (!seen.size) found.forEach((person) => seen.set(person.loan, person.last));
  people = found;
  draw();
}

export function mark(person) {
  chosen = person;
  draw();
  [...$("people").children].find((row) => row.dataset.key === person.loan)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function draw() {
  if (chosen) seen.set(chosen.loan, find(chosen.loan)?.last ?? 0);
  const wanted = $("find").value.trim().toLowerCase();
  const shown = people.filter((person) => `${person.name} ${person.loan}`.toLowerCase().includes(wanted));
  const items = shown.map((person) => {
    const now = chosen?.loan === person.loan, news = !now && person.last > (seen.get(person.loan) ?? 0);
    return { person, now, news, key: person.loan, mark: JSON.stringify([person.name, stage(person), person.handler, now, news]) };
  });
  keyed($("people"), items, row);
  if (!shown.length && people.length) $("people").append(element("p", "blank", t("nobody")));
}

function row({ person, now, news }) {
  const made = button(`person ${tone(person)} ${now ? "now" : ""}`, "", () => choose(person.loan),
    avatar(person.name), element("span", "who", element("b", "", person.name), element("small", "", `${person.loan} · ${stage(person)}`)));
  if (now) made.setAttribute("aria-current", "true");
  if (person.handler !== "bot") made.append(flag("hand", t("handed")));
  if (news) made.append(flag("news", t("new")));
  return made;
}

const tone = (person) => (person.late === null ? "done" : person.late > 30 ? "very late" : person.late > 0 ? "late" : "");

function flag(className, title) {
  const made = element("i", className);
  made.title = title;
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", title);
  return made;
}

export function avatar(name) {
  const made = element("span", "avatar", name.split(" ").slice(0, 2).map((part) => part[0]).join(""));
  made.style.setProperty("--hue", HUES[[...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % HUES.length]);
  made.setAttribute("aria-hidden", "true");
  return made;
}
