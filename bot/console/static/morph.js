// Makes one element like another by the smallest changes: what stays keeps its node, with focus, selection, scroll and what was typed or unfolded.
const nameOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.id || "" : "");
const actionOf = (node) => (node.nodeName === "FORM" ? node.getAttribute("action") : ""); // one form never becomes another
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && nameOf(a) === nameOf(b) && actionOf(a) === actionOf(b);
const OWN = new Set(["open", "value", "checked"]); // the reader's, not the server's

export function morph(old, next) {
  if (old.isEqualNode(next)) return;
  if (old.nodeType !== 1) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && !OWN.has(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) {
    if (!(OWN.has(name) && old.hasAttribute(name)) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.matches("textarea") || (old.matches("time[data-ago]") && old.textContent)) return; // a draft; a clock runs by itself
  if (!old.hasAttribute("data-loaded")) children(old, [...next.childNodes]); // what was read when it was unfolded stays
}

function children(parent, wanted) {
  const named = new Map();
  for (const child of parent.childNodes) if (nameOf(child)) named.set(nameOf(child), child);
  const keep = new Set(wanted.map(nameOf).filter((name) => named.has(name)));
  let at = parent.firstChild;
  for (const next of wanted) {
    const name = nameOf(next);
    while (at && nameOf(at) && !keep.has(nameOf(at))) at = drop(at);
    const same = name ? named.get(name) : at && alike(at, next) ? at : null;
    if (same && alike(same, next)) {
      if (same !== at) parent.insertBefore(same, at);
      else at = at.nextSibling;
      morph(same, next);
    } else parent.insertBefore(document.importNode(next, true), at);
  }
  while (at) at = drop(at);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
