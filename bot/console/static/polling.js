// New messages within two seconds: the page's parts are asked for, and the answer is 304 until something changed.
import { logIn } from "./login.js";
import { atBottom, settle, swap } from "./partials.js";

const EVERY = 1500, TROUBLED = 5000;
let tag = "", asking = null, turn = 0;

export function start() {
  settle(true);
  document.getElementById("newer")?.addEventListener("click", () => settle(true));
  document.getElementById("scroll")?.addEventListener("scroll", () => { if (atBottom()) document.getElementById("newer").hidden = true; });
  document.querySelector("#ended button")?.addEventListener("click", () => logIn().then(ask, () => {}));
  title();
  document.addEventListener("parts", title);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  if (document.body.dataset.live) setTimeout(ask, EVERY);
}

/** Asks now, and again in a while. */
export async function ask() {
  clearTimeout(asking);
  if (!document.body.dataset.live) return;
  const mine = ++turn; // an answer to an earlier question is out of date
  let wait = EVERY;
  try {
    const answer = await fetch(document.body.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (mine !== turn) return;
    document.getElementById("offline").hidden = answer.status < 500;
    if (answer.status === 401) {
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
    wait = TROUBLED;
  }
  if (mine !== turn) return;
  clearTimeout(asking);
  asking = setTimeout(ask, document.hidden ? wait * 4 : wait);
}

function title() {
  const count = document.querySelector("[data-count]")?.dataset.count;
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (count && count !== "0") document.title = `(${count}) ${document.title}`;
}
