// What takes the server seconds is asked for once the page is there, and takes the place of its button.
import { NotLoggedIn } from "./login.js";
import { post } from "./request.js";

const WAIT = 130_000;

export function start() {
  for (const button of document.querySelectorAll("[data-asks]")) ask(button);
}

async function ask(button) {
  const form = button.form, place = button.closest("[data-answer]"), status = place.querySelector("[role=status]");
  const fields = new URLSearchParams(new FormData(form, button));
  button.hidden = true;
  status.textContent = status.dataset.while;
  try {
    const answer = form.method === "get" ? await fetch(`${form.action.split("?")[0]}?${fields}`, { cache: "no-store" }) : await post(form.action, fields, { wait: WAIT });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-answer]");
    if (!found) throw new Error(`no answer to ${button.name}`); // a log-in, a refusal
    place.replaceWith(found);
  } catch (error) {
    if (!(error instanceof NotLoggedIn)) console.error(error);
    status.textContent = status.dataset.failed;
    button.hidden = false;
  }
}
