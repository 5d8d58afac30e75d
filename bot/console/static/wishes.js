// The key of a wish that no answer has come for: one and the same through a failure, a log-in, a page that was loaded anew, so that the server does it once.
const KEPT = 15 * 60_000; // later it is another wish in the same words: a second call of the day

const nameOf = (form, fields) => {
  const said = [...fields].filter(([name]) => name !== "csrf" && name !== "key").map(([name, value]) => `${name}=${value.name ?? value}`);
  return `acuerdo:${document.body.dataset.me}:wish:${form.action}:${said.join("&")}`;
};

/** `{ key, answered }`: `answered` forgets it. */
export function wish(form, fields) {
  const name = nameOf(form, fields), kept = JSON.parse(sessionStorage.getItem(name));
  const key = kept && Date.now() - kept.at < KEPT ? kept.key : newKey();
  sessionStorage.setItem(name, JSON.stringify({ key, at: Date.now() }));
  return { key, answered: () => sessionStorage.removeItem(name) };
}

/** Of one wish to send something: the same however often it is tried. */
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
