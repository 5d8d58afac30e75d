// The few things that every part of the page does to the document and asks of the server.
export const $ = (id) => document.getElementById(id);

export function element(tag, className = "", ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content.filter((part) => part !== null && part !== undefined));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function button(className, title, press, ...content) {
  const made = element("button", className, ...content);
  made.type = "button";
  if (title) made.title = title;
  if (title && !made.textContent) made.setAttribute("aria-label", title);
  made.onclick = press;
  return made;
}

// Brings the children of a box to the items, each `{key, mark}`: what has the same mark stays as it is, with its focus and what is open in it.
export function keyed(box, items, make) {
  const old = new Map([...box.children].map((child) => [child.dataset.key ?? "", child]));
  items.forEach((item, place) => {
    let node = old.get(item.key);
    if (!node || node.mark !== item.mark) {
      const made = make(item);
      made.dataset.key = item.key;
      made.mark = item.mark;
      node?.replaceWith(made);
      node = made;
    }
    old.delete(item.key);
    if (box.children[place] !== node) box.insertBefore(node, box.children[place] ?? null);
  });
  old.forEach((node) => node.remove());
}

// Draws only what differs from what was drawn last.
export function once(draw) {
  let last;
  return (value, ...rest) => {
    const mark = JSON.stringify([value, ...rest]);
    if (mark === last) return;
    last = mark;
    draw(value, ...rest);
  };
}

const tags = new Map();
let onTick = () => {};
export const onTime = (listener) => { onTick = listener; };

// The demonstration did not answer, or could not.
export class NoAnswer extends Error {}

const call = (path, options) => fetch(`/simulator/${path}`, options).catch((error) => { throw new NoAnswer(error.message); });

// The answer, or null when nothing is new since this address was asked last.
export async function ask(path) {
  const headers = tags.has(path) ? { "If-None-Match": tags.get(path) } : {};
  const response = await call(path, { headers });
  tellTime(response);
  if (response.status === 304) return null;
  if (!response.ok) throw new NoAnswer(`${response.status}`);
  tags.set(path, response.headers.get("ETag"));
  return response.json();
}

export async function post(path, data) {
  const headers = { "Content-Type": "application/json" };
  const response = await call(path, { method: "POST", headers, body: JSON.stringify(data) });
  tellTime(response);
  if (response.status >= 500) throw new NoAnswer(`${response.status}`);
  return response.json();
}

export const forget = (path) => tags.delete(path);

function tellTime(response) {
  const now = response.headers.get("Demo-Now");
  if (now) onTick(now);
}
