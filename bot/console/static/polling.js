// What changed: the server says it in a stream; without one it is asked for. The answer is 304 until something differs.
import { logIn } from "./login.js";
import { wanted } from "./notices.js";
import { atBottom, settle, swap } from "./partials.js";

const EVERY = 1500, TROUBLED = 5000, STREAMED = 30_000, APART = 1200;
let tag = "", asking = null, turn = 0, source = null, streamed = false, askedAt = 0, release = null;

export function start() {
  settle(true);
  document.getElementById("newer")?.addEventListener("click", () => settle(true));
  document.getElementById("scroll")?.addEventListener("scroll", () => { if (atBottom()) document.getElementById("newer").hidden = true; });
  document.querySelector("#ended button")?.addEventListener("click", () => logIn().then(resume, () => {}));
  title();
  document.addEventListener("parts", title);
  if (!document.body.dataset.live) return;
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : resume()));
  later(EVERY);
  if (!document.hidden) listen();
}

function resume() {
  release?.();
  listen();
  ask();
}

/** A hidden page leaves its connection to those that are read, of which a browser opens six at most; where notices are wanted, one keeps it. */
function rest() {
  if (!wanted().size || !navigator.locks) return close();
  navigator.locks.request("acuerdo:hidden", { ifAvailable: true }, (lock) => (lock ? new Promise((resolve) => { release = resolve; }) : close()));
}

function listen() {
  if (source) return;
  source = new EventSource(document.body.dataset.changes);
  source.addEventListener("ready", () => { streamed = true; ask(); });
  source.addEventListener("message", ({ data }) => heed(JSON.parse(data)));
  source.addEventListener("error", () => {
    streamed = false;
    if (source.readyState === EventSource.CLOSED) close();
    later(EVERY);
  });
}

function close() {
  source?.close();
  source = null;
  streamed = false;
}

/** One's own thread at once; the lists not more often than they can be read. */
function heed({ conversations, queue, all }) {
  if (all || conversations.includes(Number(document.body.dataset.conversation))) return void ask();
  if (queue) later(Math.max(0, askedAt + APART - Date.now()), true);
}

function later(wait, sooner = false) {
  if (sooner && asking?.at <= Date.now() + wait) return;
  clearTimeout(asking?.timer);
  asking = { at: Date.now() + wait, timer: setTimeout(ask, wait) };
}

/** Asks now, and again in a while. */
export async function ask() {
  clearTimeout(asking?.timer);
  asking = null;
  if (!document.body.dataset.live) return;
  const mine = ++turn; // an answer to an earlier question is out of date
  let trouble = false;
  askedAt = Date.now();
  try {
    const answer = await fetch(document.body.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (mine !== turn) return;
    document.getElementById("offline").hidden = answer.status < 500;
    if (answer.status === 401) {
      close();
      document.getElementById("ended").hidden = false;
      return;
    }
    if (answer.status === 200) {
      const html = await answer.text();
      if (mine !== turn) return;
      tag = answer.headers.get("ETag");
      swap(html);
    }
  } catch {
    document.getElementById("offline").hidden = false;
    trouble = true;
  }
  if (mine !== turn) return;
  later(trouble ? TROUBLED : streamed ? STREAMED : document.hidden ? EVERY * 4 : EVERY);
}

function title() {
  const count = document.querySelector("[data-count]")?.dataset.count;
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (count && count !== "0") document.title = `(${count}) ${document.title}`;
}
