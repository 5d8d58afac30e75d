// Puts the parts together: which person is looked at stands in the address, and what is new is asked for again and again.
import * as clock from "./clock.js";
import * as debit from "./debit.js";
import { $, ask, forget, NoAnswer, once } from "./dom.js";
import * as ledger from "./ledger.js";
import * as loan from "./loan.js";
import * as people from "./people.js";
import * as phone from "./phone.js";
import { LANG, t } from "./words.js";

const STATE_MS = 700, PEOPLE_MS = 3000, HIDDEN_MS = 5000;
let chosen = null, asking = Promise.resolve();

function choose(code) {
  const person = people.find(code);
  if (!person || chosen?.loan === person.loan) return;
  chosen = person;
  if (location.hash.slice(1) !== person.loan) history.replaceState(null, "", `#${person.loan}`);
  $("language").hash = person.loan;
  document.body.classList.add("chosen");
  for (const part of [phone, loan, debit, ledger]) part.open(person);
  people.mark(person);
  clock.enable(person.loan);
  forget(path());
  refresh();
}

const path = () => (chosen ? `state?lang=${LANG.slice(0, 2)}&loan=${encodeURIComponent(chosen.loan)}&address=${encodeURIComponent(chosen.address)}` : "state");

// One question at a time: a slow answer is not overtaken by the next. `all` asks for the people too.
function refresh(all = false) {
  asking = asking.then(() => read(all)).then(() => lost(false), (error) => {
    lost(true);
    if (!(error instanceof NoAnswer)) reportError(error); // a fault of this page, not of the connection
  });
  return asking;
}

async function read(all) {
  if (all) await readPeople();
  const whose = chosen, state = await ask(path());
  if (!state || whose !== chosen) return;
  clock.drawDay(state.day);
  if (!state.loan) return;
  phone.draw(state.messages);
  phone.drawHints(state.loan.hints);
  loan.draw(state.loan);
  debit.draw(state.debit);
  ledger.draw(state.ledger);
}

async function readPeople() {
  const found = await ask("people");
  if (found) people.update(found.people);
}

const lost = once((gone) => {
  document.body.classList.toggle("lost", gone);
  if (gone) $("day").textContent = t("offline");
  else forget(path());
});

function every(period, work) {
  const next = () => setTimeout(async () => { await work(); next(); }, document.hidden ? HIDDEN_MS : period);
  next();
}

function firstSteps() {
  const known = "acuerdo.steps";
  $("steps").hidden = localStorage.getItem(known) !== null;
  $("steps").querySelector("button").onclick = () => { $("steps").hidden = true; localStorage.setItem(known, "1"); };
}

people.start(choose);
phone.start(refresh);
loan.start(refresh);
debit.start(refresh);
ledger.start();
clock.start(() => chosen, refresh, loan.unsay);
firstSteps();
addEventListener("hashchange", () => choose(location.hash.slice(1)));
await refresh(true);
if (location.hash) choose(decodeURIComponent(location.hash.slice(1)));
document.body.dataset.ready = "";
every(STATE_MS, () => refresh());
every(PEOPLE_MS, () => refresh(true));
