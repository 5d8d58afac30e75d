// The borrower's own pages open inside the phone, as a phone's browser would show them.
import { $, button, element } from "./dom.js";
import { t } from "./words.js";

export const isOwnPage = (url) => new URL(url, location.href).pathname.startsWith("/m/");

export function openInside(url) {
  const { pathname, search } = new URL(url, location.href);
  const frame = element("iframe");
  frame.src = pathname + search;
  frame.title = t("own_page");
  $("phone").querySelector(".own-page")?.remove();
  const box = element("div", "own-page");
  box.append(button("own-page-close", t("own_page_close"), () => box.remove(), "←"), frame);
  $("phone").append(box);
}
