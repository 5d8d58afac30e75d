// What takes the server seconds is asked for once the page is there, again until it is known, and takes the place of its button.
import { NotLoggedIn } from "./login.js";
import { post } from "./request.js";

const AGAIN = 5_000;

export function start() {
  for (const button of document.querySelectorAll("[data-asks]")) ask(button);
}

async function ask(button) {
  const form = button.form, place = button.closest("[data-answer]"), status = place.querySelector("[data-progress]");
  const fields = new URLSearchParams(new FormData(form, button));
  button.hidden = true;
  status.textContent = status.dataset.while;
  try {
    let found;
    while ((found = await answer(form, fields)).hasAttribute("data-goes-on")) await new Promise((resolve) => setTimeout(resolve, AGAIN));
    place.replaceWith(found);
  } catch (error) {
    if (!(error instanceof NotLoggedIn)) console.error(error);
    status.textContent = status.dataset.failed;
    button.hidden = false;
  }
}

async function answer(form, fields) {
  const given = form.method === "get" ? await fetch(`${form.action.split("?")[0]}?${fields}`, { cache: "no-store" }) : await post(form.action, fields);
  const found = new DOMParser().parseFromString(await given.text(), "text/html").querySelector("[data-answer]");
  if (!found) throw new Error(`no answer: ${given.status}`); // a log-in, a refusal
  return found;
}
