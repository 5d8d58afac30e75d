// One way to send anything: what it takes when the session ended, the token is old, the server fails or does not answer.
import { logIn, refresh } from "./login.js";

const WAIT = 20_000, WAIT_FOR_FILE = 120_000;

/** The answer, whatever its status but 401. Throws where there is none: no network, no log-in, no answer in time. */
export async function post(url, fields, again = true) {
  const file = fields instanceof FormData && fields.has("attachment");
  const body = file ? fields : new URLSearchParams(fields);
  body.set("csrf", document.querySelector("[name=csrf]")?.value ?? "");
  const answer = await fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(file ? WAIT_FOR_FILE : WAIT) });
  if (answer.status === 401) {
    await logIn();
    return post(url, fields, again);
  }
  if (answer.status === 400 && again) {
    refresh(new DOMParser().parseFromString(await (await fetch(location.href, { cache: "no-store" })).text(), "text/html"));
    return post(url, fields, false);
  }
  return answer;
}

export const isPage = (answer) => answer.headers.get("Content-Type")?.startsWith("text/html") && answer.status < 500;

export function report(text = "") {
  const place = document.getElementById("failed");
  place.hidden = !text;
  place.textContent = text;
}
