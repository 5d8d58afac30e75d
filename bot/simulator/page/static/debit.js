// The debit provider's records next to ours, and the choice of what becomes of the next charge.
import { $, button, element, icon, keyed, once, post } from "./dom.js";
import { type } from "./phone.js";
import { hour, money, shortDay, t } from "./words.js";

const ENDED = ["rejected", "cancelled", "expired"];
const OVER = ["settled", "returned", "cancelled", "reversed"];
const UNDER_WAY = ["submitted", "processing"];
let loan = null, text = "", refresh = () => {};

export function start(refreshNow) {
  refresh = refreshNow;
}

export function open(whose) {
  loan = whose.loan;
  text = "";
  $("debit").hidden = false;
}

export function draw(debit) {
  const standing = debit.mandates.find((mandate) => !ENDED.includes(mandate.status));
  const parts = [
    { key: "title", mark: "", make: () => element("div", "title", element("h2", "", t("debit")), element("small", "", t("provider"))) },
    ...(standing ? stepsOf(standing, debit.charges) : []),
    ...debit.mandates.slice(0, 3).map((mandate) => part(`mandate ${mandate.folio}`, mandate, mandateRow)),
    ...debit.charges.slice(0, 8).map((charge) => part(`charge ${charge.id}`, charge, chargeRow)),
    part("choice", [standing?.provider, debit.charges.map((charge) => charge.status), text], () => choice(standing, debit)),
    part("clabes", [loan, Boolean(standing)], () => clabes(debit.clabes, standing)),
    part("documents", debit.documents, documents),
  ];
  keyed($("debit"), parts, (item) => item.make());
}

const part = (key, value, make) => ({ key, mark: JSON.stringify(value), make: () => make(value) });

// From the authorisation to the money: the newest charge that was announced.
function stepsOf(mandate, charges) {
  const charge = charges.find((one) => !["planned", "cancelled"].includes(one.status)) ?? charges.find((one) => one.status === "planned");
  const reached = (...statuses) => charge !== undefined && statuses.includes(charge.status);
  const back = reached("returned", "reversed");
  const sent = reached("submitted", "processing", "collected", "settled", "returned", "reversed");
  const there = charge?.provider;
  const steps = [
    ["authorized", !["draft", "requested"].includes(mandate.status)],
    ["active", mandate.status === "active"],
    ["notified", sent || reached("notified", "submitting", "unknown")],
    ["submitted", sent, charge && !sent ? charge.on : ""],
    ["result", reached("collected", "settled") || back, there && UNDER_WAY.includes(charge.status) ? there.result_at : ""],
    ["settled", reached("settled"), there && charge.status === "collected" ? there.settles_at : ""],
  ].map(([name, done, at]) => ({ name, done, at, back: back && name === "result" }));
  return [part("steps", steps, drawSteps)];
}

function drawSteps(steps) {
  const next = steps.findIndex((step) => !step.done);
  return element("ol", "steps", ...steps.map((step, place) => {
    const made = element("li", step.back ? "back" : step.done ? "done" : place === next ? "next" : "",
      element("i", "", step.back ? icon("cross") : step.done ? icon("check") : null), element("span", "", t(`step_${step.name}`)));
    if (step.at && !step.done) made.append(element("small", "", shortDay(step.at)));
    return made;
  }));
}

function mandateRow(mandate) {
  return element("div", "record",
    element("p", "", element("b", "", `${mandate.bank ?? "–"} ····${mandate.last4}`), chip(mandate.status, t(`mandate_${mandate.status}`))),
    element("p", "more", `${t("up_to", { amount: money(mandate.max) })} · ${mandate.folio}`),
    both(mandate.status, mandate.provider && [mandate.provider.status, mandate.provider.consent].filter(Boolean).join(" · ")));
}

function chargeRow(charge) {
  const words = charge.meaning ? `${t(`charge_${charge.status}`)}: ${t(`return_${charge.meaning}`)}` : t(`charge_${charge.status}`);
  return element("div", "record",
    element("p", "", element("b", "", money(charge.amount)), chip(charge.status, words)),
    element("p", "more", `${t("instalment", { number: charge.instalment })} · ${t("attempt", { attempt: charge.attempt })} · ${due(charge)}`),
    both(charge.status, charge.provider && [charge.provider.status, charge.provider.code].filter(Boolean).join(" ")));
}

function due({ status, on, provider }) {
  if (provider && UNDER_WAY.includes(status)) return t("result_on", { date: `${shortDay(provider.result_at)}, ${hour(provider.result_at)}` });
  if (provider && status === "collected") return t("settles_on", { date: shortDay(provider.settles_at) });
  return OVER.includes(status) ? shortDay(on) : t("charge_on", { date: shortDay(on) });
}

const chip = (status, words) => element("span", `chip ${status}`, words);

function both(ours, theirs) {
  return element("p", "both", element("span", "", `${t("ours")} `, element("code", "", ours)), element("span", "", `${t("theirs")} `, element("code", "", theirs || "–")));
}

function choice(standing, debit) {
  const open = debit.charges.some((charge) => UNDER_WAY.includes(charge.status));
  const select = element("select");
  const words = ({ id, meaning }) => (id === meaning ? t(`outcome_${id}`) : `${t(`return_${meaning}`)} (${id})`);
  const first = element("option", "", t("by_clabe"));
  first.value = "";
  select.append(first, ...debit.outcomes.map((outcome) => {
    const made = element("option", "", words(outcome));
    made.value = outcome.id;
    return made;
  }));
  select.value = standing?.provider?.next_outcome ?? "";
  select.disabled = !standing?.provider;
  select.id = "outcome";
  select.onchange = async () => {
    if (!select.value) return;
    const done = await post("outcome", { loan, outcome: select.value });
    text = done.chosen ? t(`chosen_${done.chosen}`) : t("no_account");
    refresh(true);
  };
  return element("label", "choice", t(open ? "what_becomes_open" : "what_becomes"), select, element("small", "", standing?.provider ? text : t("no_account")));
}

function clabes(ready, standing) {
  const rows = ready.map(({ kind, text }) => element("div", "clabe",
    element("span", "", element("code", "", text), element("small", "", t(`clabe_${kind}`))),
    button("quiet", t("copy"), (event) => copy(event.currentTarget, text), icon("copy")),
    button("quiet", t("type_it"), () => type(text), icon("phone"))));
  const behind = (words, from) => element("details", "", element("summary", "", words), ...rows.slice(from));
  if (standing) return element("div", "clabes", behind(t("clabes"), 0));
  return element("div", "clabes", element("p", "", t("no_mandate")), ...rows.slice(0, 2), behind(t("more_clabes"), 2));
}

async function copy(pressed, text) {
  await navigator.clipboard?.writeText(text);
  pressed.replaceChildren(icon("check"));
  pressed.title = t("copied");
  setTimeout(() => { pressed.replaceChildren(icon("copy")); pressed.title = t("copy"); }, 1500);
}

function documents(demanded) {
  const box = element("input");
  box.type = "checkbox";
  box.checked = demanded;
  box.id = "documents";
  box.onchange = () => post("documents", { demanded: box.checked }).then(() => refresh(true));
  return element("label", "switch", box, t("documents"));
}
