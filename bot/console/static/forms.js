// Forms that stay on the page are sent behind it: what comes back takes the place of the parts that it changes.
import { ask } from "./polling.js";
import { swap } from "./partials.js";

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-stays")) return;
    event.preventDefault();
    if (!form.dataset.busy) send(form, event.submitter);
  });
}

async function send(form, button) {
  form.dataset.busy = "1";
  const body = new URLSearchParams(new FormData(form, button?.name ? button : undefined));
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.headers.get("Content-Type")?.startsWith("text/html") || answer.url.endsWith("/login")) {
      location.assign(answer.url.endsWith("/login") ? answer.url : location.href);
      return;
    }
    const reply = form.classList.contains("reply"), taking = form.action.endsWith("/take");
    swap(await answer.text(), !form.closest("dialog") || answer.status !== 200 || form.action.endsWith("/release"));
    form.closest("dialog")?.close();
    if (answer.ok && form.closest("dialog")) form.reset();
    if (reply || (taking && answer.ok)) document.getElementById("reply")?.focus();
    ask();
  } catch {
    document.getElementById("offline").hidden = false;
  } finally {
    delete form.dataset.busy;
  }
}
