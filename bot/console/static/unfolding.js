// What is read only when it is unfolded.
export function start() {
  document.addEventListener("toggle", ({ target }) => target.open && target.dataset?.loads && load(target), true);
}

async function load(details) {
  const place = details.querySelector("[data-loaded]");
  details.setAttribute("aria-busy", "true");
  const answer = await fetch(details.dataset.loads, { cache: "no-store" }).catch(() => null);
  details.removeAttribute("aria-busy");
  if (!answer?.ok) return void (document.getElementById("offline").hidden = false);
  place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
}
