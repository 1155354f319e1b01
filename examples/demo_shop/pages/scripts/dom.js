// Builds elements. Text always becomes a text node, so nothing a product, customer or server says
// can become markup.
import { get } from "/scripts/api.js";

export const $ = (selector) => document.querySelector(selector);

// make("a", { href: "/", class: "x", onclick: f }, "text", child, null)
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// How many decimals amounts have is the shop's to say: a browser's table is another one (forints
// have two decimals in ISO 4217, none in CLDR 48). Without an answer the pages show nothing anyway.
const currencies = await get("/api/storefront/currencies").catch(() => ({ items: [] }));
const decimals = new Map(currencies.items.map(({ code, decimals: digits }) => [code, digits]));

// An amount in minor units as people write it.
export function money(cents, currency) {
  const digits = decimals.get(currency);
  if (digits === undefined) return String(cents);
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency,
    minimumFractionDigits: digits, maximumFractionDigits: digits });
  return format.format(cents / 10 ** digits);
}

// An amount as it is typed, "10.5" or "10,50", in minor units; null for what is none.
export function centsOf(text, currency) {
  const digits = decimals.get(currency);
  const match = text.trim().match(/^(\d+)(?:[.,](\d*))?$/);
  if (match === null || (match[2] ?? "").length > digits) return null;
  return Number(match[1] + (match[2] ?? "").padEnd(digits, "0"));
}

// The other way round, without a sign of the currency: what stands in a field for an amount.
export const typed = (cents, currency) =>
  (cents / 10 ** decimals.get(currency)).toFixed(decimals.get(currency));

export const moment = (text) =>
  text === null
    ? ""
    : new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

export function optionsText(options) {
  return Object.entries(options).map(([name, value]) => `${name}: ${value}`).join(", ");
}

// A message over the page, in place of the former one: what is below stays where it is. Kinds:
// "error", "success", "info".
export function say(kind, ...content) {
  const close = make("button", { type: "button", class: "link", "aria-label": "Close message",
                                 onclick: sayNothing }, "×");
  $("#messages").replaceChildren(make("div", { class: `message ${kind}`,
    role: kind === "error" ? "alert" : "status" }, make("div", {}, ...content), close));
}
export const sayNothing = () => $("#messages").replaceChildren();

// What a refusal of the shop means, in a sentence.
export const explain = ({ message }) =>
  (message ? `${message[0].toUpperCase()}${message.slice(1)}.` : "That did not work.");

// Marks the field of the form that the shop has named, until it is changed.
function markField(name) {
  const input = document.querySelector(`main form [name$="${CSS.escape(name.split(".").pop())}"]`);
  if (input === null) return;
  input.setAttribute("aria-invalid", "true");
  input.addEventListener("input", () => input.removeAttribute("aria-invalid"), { once: true });
  input.focus();
}

export const sayError = (error) => {
  if (!error.code) throw error;
  say("error", explain(error));
  if (error.field) markField(error.field);
};

// Asks before something that cannot be undone. Resolves to true if the answer is yes.
export function confirmed(question, yes) {
  return new Promise((resolve) => {
    const dialog = make("dialog", { "aria-label": question }, make("p", {}, question),
      make("form", { method: "dialog", class: "row" },
        make("button", { value: "no" }, "No, go back"),
        make("button", { value: "yes", class: "danger" }, yes)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Runs an action of a form or button: disabled meanwhile, refusals are shown.
export async function run(control, action, onError = sayError) {
  control.disabled = true;
  try {
    return await action();
  } catch (error) {
    await onError(error);
  } finally {
    control.disabled = false;
  }
}

export function field(label, name, properties = {}, hint = null) {
  const id = properties.id ?? name;
  const hintId = hint === null ? null : `${id}-hint`;
  return make("div", { class: "field" },
    make("label", { for: id }, label),
    make("input", { name, type: "text", ...properties, id, "aria-describedby": hintId }),
    hint === null ? null : make("p", { class: "hint", id: hintId }, hint));
}

// The values of a form by name; empty ones are left out.
export const valuesOf = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));

export function picture(url, text, properties = {}) {
  return make("img", { src: url || "/logo.svg", alt: text, width: 400, height: 400,
                       loading: "lazy", ...properties });
}

// A table that scrolls sideways where the screen is small; `head` are [text, class] of the columns.
export function table(label, head, body) {
  return make("div", { class: "scroll", role: "region", "aria-label": label, tabindex: 0 },
    make("table", {}, make("thead", {}, make("tr", {}, head.map(([text, name]) =>
      make("th", { scope: "col", class: name }, text)))), body));
}

// "VAT 19 %", or why none is due.
export const taxName = (tax) => (tax.reason === "rate" ? `${tax.name} ${tax.rate} %` : tax.name);

// The rows of an order's sums.
export function totals(order) {
  const nameOf = ({ name, code }) => (code === null ? name : `${name} (${code})`);
  const offShipping = order.promotions.reduce((sum, each) => sum + each.shippingDiscountCents, 0);
  const row = (name, cents, properties = {}) =>
    make("div", properties, make("dt", {}, name), make("dd", {}, money(cents, order.currency)));
  const taxes = (included) => order.taxLines.filter((tax) => tax.included === included)
    .map((tax) => row(`${included ? "Included: " : ""}${taxName(tax)}`, tax.taxCents));
  return make("dl", { class: "totals" },
    row("Items", order.itemTotalCents),
    order.promotions.filter((each) => each.discountCents > 0)
      .map((each) => row(nameOf(each), -each.discountCents)),
    order.state === "Cart" || order.state === "Address"
      ? null : row("Delivery", order.shipmentTotalCents + offShipping),
    order.promotions.filter((each) => each.shippingDiscountCents > 0)
      .map((each) => row(nameOf(each), -each.shippingDiscountCents)),
    taxes(false),
    row("Total", order.totalCents, { class: "total" }),
    taxes(true),
    refundedCents(order) > 0 ? row("Given back", -refundedCents(order)) : null);
}

export const refundedCents = (order) =>
  (order.payments ?? []).reduce((sum, each) => sum + each.refundedCents, 0);

export function addressLines(address) {
  return make("address", {},
    [...address.formatted.slice(0, -1), countryName(address.country)]
      .flatMap((line) => [line, make("br")]));
}

const regions = new Intl.DisplayNames(undefined, { type: "region", fallback: "none" });
export const countryName = (code) => regions.of(code) ?? code;
