// Words come from the catalogue in the page; amounts and days are written as the page's language writes them.
const CATALOGUE = JSON.parse(document.getElementById("words").textContent);
export const LANG = document.documentElement.lang === "en" ? "en" : "es-MX";
const plural = new Intl.PluralRules(LANG);
const pesos = new Intl.NumberFormat(LANG, { style: "currency", currency: "MXN", currencyDisplay: "narrowSymbol" });

export const knows = (key) => `simulator.${key}` in CATALOGUE;
export const named = (kind) => CATALOGUE[`ledger.${kind}`] ?? kind;

export function t(key, values = {}) {
  let words = CATALOGUE[`simulator.${key}`] ?? key;
  if (Array.isArray(words)) {
    const count = Object.values(values).find((value) => typeof value === "number");
    words = plural.select(count) === "one" ? words[0] : words[words.length - 1];
  }
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const money = (centavos) => pesos.format(centavos / 100);

// The server writes times with the offset of the demo's zone: read as they stand, whatever zone this browser is in.
const wall = (iso) => new Date(`${iso.length > 10 ? iso.slice(0, 19) : `${iso}T00:00:00`}Z`);
const shown = (iso, options) => wall(iso).toLocaleString(LANG, { timeZone: "UTC", ...options });

export const hour = (iso) => iso.slice(11, 16);
export const dayOf = (iso) => iso.slice(0, 10);
export const weekday = (iso) => shown(iso, { weekday: "long" });
export const shortDay = (iso) => shown(iso, { weekday: "short", day: "numeric", month: "short" });
export const plainDay = (iso) => shown(iso, { day: "numeric", month: "short" });
export const longDay = (iso) => shown(iso, { weekday: "long", day: "numeric", month: "long" });
export const moment = (iso) => `${longDay(iso)}, ${hour(iso)}`;
export const daysBetween = (from, to) => Math.round((wall(dayOf(to)) - wall(dayOf(from))) / 86_400_000);
