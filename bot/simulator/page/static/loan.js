// The person and the loan, and what a lender does to it.
import { moveTo } from "./clock.js";
import { $, button, element, once, post } from "./dom.js";
import { avatar } from "./people.js";
import { type } from "./phone.js";
import { knows, moment, money, shortDay, t } from "./words.js";

let person = null, refresh = () => {};

export function start(refreshNow) {
  refresh = refreshNow;
  $("pay").onclick = () => act("payment", { loan: person.loan }, (done) => (done.error ? t(done.error) : t("paid", { amount: money(done.amount) })));
  $("remind").onclick = () => act("remind", { borrower: person.borrower, loan: person.loan }, reminded);
}

export function open(whose) {
  person = whose;
  $("loan-result").textContent = "";
  for (const id of ["remind", "pay"]) $(id).disabled = false;
}

async function act(path, data, words) {
  const whose = person;
  let text;
  try {
    text = words(await post(path, data));
  } catch {
    text = t("failed");
  }
  if (whose !== person) return;
  $("loan-result").replaceChildren(...[].concat(text));
  refresh(true);
}

function reminded(done) {
  if (done.rule) return knows(`rule_${done.rule}`) ? t(`rule_${done.rule}`) : t("rule_other", { rule: done.rule });
  if (!done.why) return t("sent");
  // What the law puts off is one step away: the clock goes there.
  const when = moment(done.at);
  return [t(`later_${done.why}`, { when }), button("quiet", "", () => { unsay(); moveTo(done.at); }, t("move_to", { when }))];
}

export function unsay() {
  $("loan-result").textContent = "";
}

export const draw = once((loan) => {
  const born = button("born", t("type_it"), () => type(loan.birth), loan.birth);
  const head = element("div", "head", avatar(loan.name), element("div", "",
    element("h2", "", loan.name), element("p", "meta", `${loan.id} · ${t("born")} `, born)));
  const facts = element("dl");
  const add = (name, value, className) => facts.append(element("dt", "", name), element("dd", className, value));
  add(t("owed"), money(loan.owed), "sum");
  if (loan.since && loan.due) add(t("now_due"), `${money(loan.due)} · ${shortDay(loan.since)}`);
  if (loan.coming && loan.coming.date !== loan.since) add(t("coming"), `${money(loan.coming.amount)} · ${shortDay(loan.coming.date)}`);
  if (loan.promise) add(t("promise"), `${money(loan.promise.amount)} · ${shortDay(loan.promise.date)} · ${t(`promise_${loan.promise.status}`)}`, `promise ${loan.promise.status}`);
  add(t("waits"), loan.handler !== "bot" ? t("agent_has_it") : loan.expecting ? t(`expects_${loan.expecting}`) : t("nothing"), "waits");
  $("card").replaceChildren(head, facts);
});
