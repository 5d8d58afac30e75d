// What opens, closes and unfolds.
export function start() {
  document.addEventListener("click", (event) => {
    const picture = event.target.closest("[data-shows]");
    if (picture) return event.preventDefault(), show(picture.href);
    const opener = event.target.closest("[data-opens]");
    if (opener) return open(opener.dataset.opens);
    if (event.target.closest("[data-closes]")) return event.target.closest("dialog").close();
    const toggler = event.target.closest("[data-toggles]");
    if (toggler) return document.getElementById(toggler.dataset.toggles)?.classList.toggle("shown");
    if (event.target instanceof HTMLDialogElement) event.target.close(); // the ground behind it
    const menu = document.getElementById("me");
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });
}

function show(address) {
  const dialog = document.getElementById("picture");
  const image = Object.assign(new Image(), { src: address, alt: dialog.getAttribute("aria-label") });
  dialog.querySelector("[data-picture]").replaceChildren(image);
  dialog.showModal();
}

export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  (dialog.querySelector("input[type=radio]") ?? dialog.querySelector("textarea") ?? dialog.querySelector("button"))?.focus();
}
