// Forms that stay on the page are sent behind it: the answer changes the parts that differ.
import { keep } from "./drafts.js";
import { NotLoggedIn } from "./login.js";
import { swap } from "./partials.js";
import { ask } from "./polling.js";
import { isPage, post, report } from "./request.js";
import { send as reply } from "./sending.js";
import { wish } from "./wishes.js";

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-stays")) return;
    event.preventDefault();
    if (form.classList.contains("reply")) return reply(form, event.submitter);
    if (!form.dataset.busy) send(form, event.submitter);
  });
  document.addEventListener("change", ({ target }) => target.matches?.("[data-attaches]") && target.files.length && target.form.requestSubmit());
}

async function send(form, button) {
  form.dataset.busy = "1";
  const dialog = form.closest("dialog");
  report();
  try {
    const fields = new FormData(form, button?.name ? button : undefined);
    const { key, answered } = wish(form, fields);
    fields.set("key", key);
    const answer = await post(form.action, fields);
    if (!isPage(answer)) return failed(form);
    const page = swap(await answer.text(), { answered: !dialog || !answer.ok || form.action.endsWith("/release"), without: "messages" });
    if (!answer.ok && !page.querySelector("[data-partial]")) return failed(form, page.querySelector("h1")?.textContent); // a page of its own: too large, forbidden
    answered();
    if (answer.ok) finish(form);
    dialog?.close();
    if (answer.ok && form.action.endsWith("/take")) document.getElementById("reply")?.focus();
    ask();
  } catch (error) {
    console.error(error); // a fault of ours is seen where it is looked for
    const { text, unknown } = document.getElementById("failed").dataset;
    failed(form, error instanceof NotLoggedIn ? text : unknown); // an answer that is lost says nothing of the act
  } finally {
    delete form.dataset.busy;
    if (form.id === "attach") form.reset(); // so that the same file can be chosen again
  }
}

/** What was written in a dialog is let go only once it was taken. */
function finish(form) {
  for (const box of form.querySelectorAll("[data-draft]")) keep(box.dataset.draft, "");
  const unfolded = form.closest(".acts-card details");
  if (unfolded) unfolded.open = false; // what it recorded stands in the thread
  if (unfolded || form.closest("dialog")) form.reset();
}

function failed(form, why = document.getElementById("failed").dataset.text) {
  const place = form.querySelector("[data-failed]");
  if (!place) return report(why);
  place.textContent = why;
  place.hidden = false;
}
