// A phone in the browser. It only asks the stand-in's books and posts to them; the worker carries everything else.
const $ = (id) => document.getElementById(id);
const money = (centavos) => (centavos / 100).toLocaleString("es-MX", { style: "currency", currency: "MXN" });
const post = (path, data) =>
  fetch(`/simulator/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) }).then((r) => r.json());
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const TICKS = { queued: "🕓", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "⚠", unknown: "?" };
let people = [], chosen = null, shown = "", ledgerShown = "", clock = Date.now();

function stage(person) {
  if (person.late === null) return WORDS.settled;
  if (person.late === 0) return WORDS.today;
  const days = Math.abs(person.late);
  const words = person.late > 0 ? (days === 1 ? WORDS.late_one : WORDS.late) : days === 1 ? WORDS.due_tomorrow : WORDS.due_in;
  return words.replace("{days}", days);
}

function drawPeople() {
  const wanted = $("find").value.toLowerCase();
  $("people").replaceChildren(...people.filter((p) => `${p.name} ${p.loan}`.toLowerCase().includes(wanted)).map((person) => {
    const row = element("button", `person ${person.late > 0 ? "late" : ""} ${chosen && chosen.loan === person.loan ? "now" : ""}`);
    row.append(element("b", "", person.name), element("small", "", `${person.loan} · ${stage(person)}`));
    if (person.handler !== "bot") row.append(element("span", "hand", "🙋"));
    row.onclick = () => choose(person);
    return row;
  }));
}

function choose(person) {
  chosen = person; shown = ledgerShown = "";
  for (const id of ["text", "remind", "pay"]) $(id).disabled = false;
  document.querySelector(".send").disabled = false;
  $("said").textContent = "";
  drawPeople(); refresh(); $("text").focus();
}

function bubble(message, last) {
  const box = element("div", `bubble ${message.side}`);
  if (message.media) box.append(element("div", "media", message.media.startsWith("audio") ? "🎤 0:07" : "🧾"));
  box.append(element("p", "", message.text));
  const foot = element("small", message.status, message.at.slice(11, 16) + " ");
  if (message.side === "out") foot.append(TICKS[message.status] || "");
  box.append(foot);
  const wrap = element("div", `row ${message.side}`);
  wrap.append(box);
  if (message.choices.length) {
    const buttons = element("div", "choices");
    for (const choice of message.choices) {
      const button = element("button", "", choice.title);
      button.type = "button"; button.disabled = !last;
      button.onclick = () => send({ text: choice.title, payload: choice.payload });
      buttons.append(button);
    }
    wrap.append(buttons);
  }
  return wrap;
}

function drawChat(messages) {
  const mark = JSON.stringify(messages);
  if (mark === shown) return;
  shown = mark;
  const answered = messages.map((m) => m.side === "out").lastIndexOf(true);
  const lastWithChoices = messages.map((m, i) => m.choices.length > 0 && i > answered).lastIndexOf(true);
  $("chat").replaceChildren(...messages.map((m, i) => bubble(m, i === lastWithChoices)));
  $("chat").scrollTop = $("chat").scrollHeight;
}

function drawLoan(loan) {
  const card = $("card");
  card.replaceChildren();
  if (!loan || !chosen) return;
  card.append(element("h2", "", chosen.name), element("p", "meta", `${loan.id} · ${WORDS.born} ${chosen.birth}`));
  const list = element("dl");
  const add = (name, value) => list.append(element("dt", "", name), element("dd", "", value));
  add(WORDS.owed, money(loan.outstanding));
  if (loan.since) add(WORDS.now_due, `${money(loan.due)} · ${loan.since}`);
  if (loan.promise) add(WORDS.promise, `${money(loan.promise.amount)} · ${loan.promise.date} · ${loan.promise.status}`);
  if (loan.thread) add(WORDS.waits, loan.thread.handler !== "bot" ? WORDS.person : `${loan.thread.flow || "–"} ${loan.thread.expecting ? "· " + loan.thread.expecting : ""}`);
  card.append(list);
}

function drawLedger(entries) {
  const mark = JSON.stringify(entries.map((e) => e.seq));
  if (mark === ledgerShown) return;
  ledgerShown = mark;
  $("ledger").replaceChildren(...entries.map((entry) => {
    const row = element("li", entry.kind.split(".")[0]);
    row.value = entry.seq;
    row.append(element("b", "", entry.kind), element("time", "", entry.at.slice(0, 16).replace("T", " ")));
    const amount = entry.data.amount;
    if (typeof amount === "number") row.append(element("span", "amount", money(amount)));
    row.append(element("code", "", entry.hash));
    return row;
  }));
}

async function refresh() {
  if (!chosen) return;
  const wanted = chosen.loan;
  const state = await fetch(`/simulator/phone?address=${encodeURIComponent(chosen.address)}&loan=${encodeURIComponent(wanted)}`).then((r) => r.json());
  if (!chosen || chosen.loan !== wanted) return;
  const at = new Date(state.now);
  clock = at.getTime();
  $("now").textContent = at.toLocaleString("es-MX", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "America/Mexico_City" });
  drawChat(state.messages); drawLoan(state.loan); drawLedger(state.entries);
}

async function load() {
  people = await fetch("/simulator/people").then((r) => r.json());
  drawPeople();
}

const send = (message) => chosen && post("write", { address: chosen.address, ...message }).then(refresh);
$("compose").onsubmit = (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text) send({ text });
  $("text").value = "";
};
document.querySelectorAll("[data-media]").forEach((button) => { button.onclick = () => send({ text: "", media: button.dataset.media }); });
$("find").oninput = drawPeople;
$("next-day").onclick = () => post("clock", { days: 1 }).then(load).then(refresh);
$("to-due").onclick = () => chosen && post("clock", { to: "due", loan: chosen.loan }).then(load).then(refresh);
$("pay").onclick = () => chosen && post("payment", { loan: chosen.loan }).then((r) => { $("said").textContent = r.error || `+ ${money(r.amount)}`; refresh(); });
$("remind").onclick = () => chosen && post("remind", { borrower: chosen.borrower }).then((r) => {
  const later = r.not_before && new Date(r.not_before) - clock > 60000;
  $("said").textContent = r.refused ? `${WORDS.refused} ${r.rule}` : later ? `${WORDS.later} ${r.not_before.slice(0, 16).replace("T", " ")}` : WORDS.sent;
});
load();
setInterval(refresh, 700);
setInterval(load, 5000);
