// The phone in the middle: what came, what is written on it, the buttons under the newest message.
import { now } from "./clock.js";
import { $, button, element, icon, keyed, once, post } from "./dom.js";
import { rich } from "./text.js";
import { daysBetween, dayOf, hour, longDay, t } from "./words.js";

const TICKS = { queued: "clock", read: "two" };
const FEW = 3;
const TYPING_MS = 9000;
let atEnd = true, person = null, typing = null, sentAfter = 0, refresh = () => {};

export function start(refreshNow) {
  refresh = refreshNow;
  $("compose").onsubmit = (event) => { event.preventDefault(); submit(); };
  $("text").onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  };
  $("text").oninput = grow;
  document.querySelectorAll("[data-media]").forEach((made) => { made.onclick = () => send({ text: "", media: made.dataset.media }); });
  $("newest").onclick = () => { $("chat").scrollTo({ top: $("chat").scrollHeight, behavior: "smooth" }); };
  $("chat").onscroll = () => { $("newest").hidden = atEnd = nearEnd(); };
  new ResizeObserver(() => { if (atEnd) toEnd(); }).observe($("chat"));
  $("phone").onkeydown = (event) => { if (event.key === "Escape") closeSheet(); };
}

export function open(whose) {
  person = whose;
  closeSheet();
  stopTyping();
  $("chat").replaceChildren();
  for (const field of $("compose").elements) field.disabled = false;
  $("text").value = "";
  grow();
  $("phone").setAttribute("aria-label", t("phone_of", { name: person.name }));
}

export function type(text) {
  $("text").value = text;
  grow();
  $("text").focus();
}

function submit() {
  const text = $("text").value.trim();
  if (!text || !person) return;
  $("text").value = "";
  grow();
  send({ text });
}

async function send(message) {
  if (!person) return;
  closeSheet();
  sentAfter = incoming;
  $("presence").textContent = t("typing");
  clearTimeout(typing);
  typing = setTimeout(stopTyping, TYPING_MS);
  try {
    await post("write", { address: person.address, ...message });
    await refresh(true);
  } catch {
    $("presence").textContent = t("failed");
    if (message.text && !message.payload) type(message.text);
  }
}

function stopTyping() {
  clearTimeout(typing);
  typing = null;
  $("presence").textContent = t("business");
}

function grow() {
  const field = $("text");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 96)}px`;
}

const nearEnd = () => $("chat").scrollHeight - $("chat").scrollTop - $("chat").clientHeight < 80;
let incoming = 0;

export function draw(messages) {
  incoming = messages.filter((message) => message.side === "in").length;
  if (typing && incoming > sentAfter) stopTyping();
  const stay = !nearEnd() && $("chat").childElementCount > 1;
  keyed($("chat"), messages.length ? items(messages) : [{ key: "blank", mark: person.loan, make: () => element("p", "blank", t("empty")) }], (item) => item.make());
  if (!stay) toEnd();
  $("newest").hidden = nearEnd();
}

function toEnd() {
  $("chat").scrollTop = $("chat").scrollHeight;
}

function items(messages) {
  const answered = messages.map((message) => message.side === "out").lastIndexOf(true);
  const open = messages.map((message, place) => message.choices.length > 0 && place > answered).lastIndexOf(true);
  const today = dayOf(now());
  const found = [];
  let day = "";
  messages.forEach((message, place) => {
    const began = dayOf(message.at) !== day;
    day = dayOf(message.at);
    if (began) found.push({ key: `day ${day} ${place}`, mark: dayWords(day, today), make: () => element("p", "day", dayWords(day0(message), today)) });
    const tail = began || messages[place - 1].side !== message.side;
    found.push({ key: message.id, mark: `${message.status} ${place === open} ${tail} ${message.meaning}`, make: () => row(message, place === open, tail) });
  });
  return found;
}

const day0 = (message) => dayOf(message.at);

function dayWords(day, today) {
  const ago = daysBetween(day, today);
  return ago === 0 ? t("today_word") : ago === 1 ? t("yesterday") : longDay(day);
}

function row(message, open, tail) {
  const box = element("div", `bubble ${message.side}${tail ? " tail" : ""}`);
  if (message.media) box.append(attachment(message.media));
  if (message.file) box.append(file(message.file));
  if (message.text) box.append(inSpanish(rich(message.text)));
  if (message.english) box.append(english(rich(message.english)));
  if (message.meaning) box.append(english(element("p", "", t("read_as", { meaning: message.meaning }))));
  const foot = element("small", message.status, hour(message.at));
  if (message.side === "out") foot.append(icon(TICKS[message.status] ?? "one"));
  box.append(foot);
  const made = element("div", `row ${message.side}`, box);
  if (message.choices.length) made.append(choices(message.choices, open));
  return made;
}

// The page may be in English; borrowers are written to in their own language all the same.
const inSpanish = (made) => Object.assign(made, { lang: "es" });

function english(made) {
  made.classList.add("english");
  return made;
}

function file(address) {
  const link = element("a", "media file", icon("picture"), element("span", "", "PDF"));
  Object.assign(link, { href: address, target: "_blank", rel: "noopener" });
  return link;
}

function attachment(media) {
  if (media === "location") return element("div", "media map", icon("place"), element("span", "", t("shared_place")));
  if (media.startsWith("audio")) return element("div", "media audio", icon("play"), element("span", "wave"), element("span", "", "0:07"));
  return element("div", "media photo", icon("picture"), element("span", "", t("photo")));
}

// Up to three are buttons; more are a list behind one.
function choices(offered, open) {
  const answer = (choice) => send({ text: choice.title, payload: choice.payload });
  const made = offered.length > FEW
    ? [button("list", "", () => openSheet(offered, answer), icon("list"), t("options"))]
    : offered.map((choice) => button("", "", () => answer(choice), ...titles(choice)));
  for (const one of made) one.disabled = !open;
  return element("div", "choices", ...made);
}

const titles = ({ title, english: under }) => [inSpanish(element("span", "", title)), under ? element("small", "english", under) : null];

function openSheet(offered, answer) {
  const list = offered.map((choice) => button("option", "", () => answer(choice), element("span", "", ...titles(choice)), element("i", "radio")));
  $("sheet").replaceChildren(element("div", "head", button("close", t("close"), closeSheet, icon("cross")), element("b", "", t("options"))), ...list);
  $("sheet").hidden = false;
  list[0].focus();
}

function closeSheet() {
  $("sheet").hidden = true;
}

export const drawHints = once((hints) => {
  $("hints").hidden = !hints.length;
  const chips = hints.map((hint) => button("", "", () => type(hint.text), element("b", "", hint.text), ` ${t(`hint_${hint.kind}`)}`));
  $("hints").replaceChildren(element("span", "", t("hint_title")), ...chips);
});
