// The loan's ledger: entries in words, what they hold, and whether the chain does.
import { $, ask, element, forget, icon, keyed } from "./dom.js";
import { hour, knows, money, named, plainDay, t } from "./words.js";

let loan = "", head = "";

export function start() {
  $("verified").onclick = () => verify();
  $("messages-too").querySelector("input").onchange = (event) => { $("ledger").classList.toggle("short", !event.target.checked); };
}

export function open(person) {
  loan = person.loan;
  head = "";
  $("ledger").replaceChildren();
  $("messages-too").hidden = false;
}

export function draw(entries) {
  if (!entries.length) return $("ledger").replaceChildren(element("li", "blank", t("no_entries")));
  keyed($("ledger"), entries.map((entry) => ({ key: `${entry.seq}`, mark: entry.hash, entry })), ({ entry }) => row(entry));
  $("messages-too").querySelector("span").textContent = entries.filter((entry) => entry.kind.startsWith("contact.")).length;
  if (entries[0].hash !== head) {
    head = entries[0].hash;
    verify(entries[0].seq);
  }
}

function row(entry) {
  const made = element("li", `${entry.kind.split(".")[0]} ${entry.kind.replace(".", "-")}`);
  made.value = entry.seq;
  const summary = element("summary", "",
    element("span", "name", element("b", "", named(entry.kind)), amount(entry.data)),
    element("span", "meta", element("code", "", entry.kind), `${plainDay(entry.at)}, ${hour(entry.at)} · ${actor(entry.actor)}`));
  made.append(element("details", "", summary, inside(entry)));
  return made;
}

const amount = (data) => (typeof data.amount === "number" ? element("span", "amount", money(data.amount)) : null);

function actor(who) {
  const kind = who.split(":")[0];
  return knows(`actor_${kind}`) ? t(`actor_${kind}`) : who;
}

function inside(entry) {
  const made = element("div", "inside");
  const table = element("dl");
  for (const [name, value] of Object.entries(entry.data)) {
    table.append(element("dt", "", name), element("dd", "", typeof value === "object" ? JSON.stringify(value) : `${value}`));
  }
  table.append(element("dt", "", "actor"), element("dd", "", entry.actor));
  made.append(table);
  if (entry.postings.length) {
    const legs = element("dl", "postings");
    for (const leg of entry.postings) legs.append(element("dt", "", leg.account), element("dd", leg.amount < 0 ? "minus" : "", money(leg.amount)));
    made.append(element("h3", "", t("postings")), legs);
  }
  made.append(element("p", "hash", `${t("hash")} `, element("code", "", entry.hash)));
  return made;
}

async function verify(count) {
  const wanted = loan, path = `verify?loan=${encodeURIComponent(loan)}`;
  forget(path);
  const { fault } = await ask(path);
  if (wanted !== loan) return;
  const badge = $("verified");
  badge.hidden = false;
  badge.className = fault ? "bad" : "good";
  const entries = count ?? $("ledger").firstElementChild?.value;
  badge.replaceChildren(icon(fault ? "cross" : "shield"), fault ? t("broken", { seq: fault.seq ?? "–" }) : `${t("verified")} · ${t("entries", { count: entries })}`);
}
