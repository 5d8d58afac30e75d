// The log-in, where the agent is: nothing on the page is lost by a session that ended.
let underWay = null;

export class NotLoggedIn extends Error {}

/** Resolves once somebody is logged in; rejects when the agent closes the question. */
export function logIn() {
  underWay ??= ask().finally(() => { underWay = null; });
  return underWay;
}

async function ask() {
  const dialog = document.getElementById("login"), place = dialog.querySelector("[data-form]");
  const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  const show = (page) => {
    const form = document.adoptNode(page.querySelector("form"));
    place.replaceChildren(form);
    const email = form.querySelector("[name=email]");
    if (email) {
      email.value ||= document.body.dataset.me;
      email.autofocus = false;
    }
    const first = form.querySelector("[autofocus]") ?? form.querySelector("[type=password], [name=code]");
    if (first) first.autofocus = true; // what a dialog gives the focus to when it opens
    first?.focus();
  };
  show(await parse(await fetch(document.body.dataset.login, { cache: "no-store" })));
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve, reject) => {
    const ended = () => reject(new NotLoggedIn("no log-in"));
    dialog.addEventListener("close", ended, { once: true });
    place.onsubmit = async (event) => {
      event.preventDefault();
      const answer = await fetch(document.body.dataset.login, { method: "POST", body: new URLSearchParams(new FormData(event.target)) }).catch(() => null);
      if (!answer) return void (document.getElementById("offline").hidden = false);
      const page = await parse(answer);
      if (!page.body.dataset.me) return show(page);
      if (page.body.dataset.me !== document.body.dataset.me) return location.reload(); // somebody else: their own page
      refresh(page);
      dialog.removeEventListener("close", ended);
      dialog.close();
      resolve();
    };
  });
}

/** The forms' tokens are those of the session. */
export function refresh(page) {
  const token = page.querySelector("[name=csrf]")?.value;
  if (token) for (const field of document.querySelectorAll("[name=csrf]")) field.value = token;
  document.getElementById("ended").hidden = true;
}
