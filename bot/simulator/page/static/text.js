// WhatsApp's own marks and what it makes a link of, as elements: never as HTML.
import { element } from "./dom.js";
import { isOwnPage, openInside } from "./inside.js";

const PARTS = /(https?:\/\/[^\s]+[^\s.,;:!?)])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|\*(\S(?:[^*\n]*\S)?)\*|_(\S(?:[^_\n]*\S)?)_/gu;

export function rich(text) {
  const made = element("p");
  let from = 0;
  for (const match of text.matchAll(PARTS)) {
    made.append(text.slice(from, match.index), part(match));
    from = match.index + match[0].length;
  }
  made.append(text.slice(from));
  return made;
}

function part([whole, url, mail, bold]) {
  if (!url && !mail) return element(bold ? "b" : "em", "", whole.slice(1, -1));
  const link = element("a", "", whole);
  link.href = url ?? `mailto:${mail}`;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  if (url && isOwnPage(url)) {
    link.onclick = (event) => {
      event.preventDefault();
      openInside(url);
    };
  }
  return link;
}
