// Builds elements. Text always becomes a text node, so nothing a product, customer or server says
// can become markup.

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

// An amount in minor units as people write it.
export function money(cents, currency) {
  if (!currency) return String(cents);
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(cents / 10 ** format.resolvedOptions().maximumFractionDigits);
}

export const moment = (text) =>
  text === null
    ? ""
    : new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

export function optionsText(options) {
  return Object.entries(options).map(([name, value]) => `${name}: ${value}`).join(", ");
}

// A message on the page, in place of the former one. Kinds: "error", "success", "info".
export function say(kind, ...content) {
  const message = make("div", { class: `message ${kind}`,
                                role: kind === "error" ? "alert" : "status" }, ...content);
  const messages = $("#messages");
  messages.replaceChildren(message);
  messages.scrollIntoView({ block: "nearest" });
}
export const sayNothing = () => $("#messages").replaceChildren();

// What a refusal of the shop means, in a sentence.
export function explain(error) {
  const text = error.message ? error.message[0].toUpperCase() + error.message.slice(1) : "Failed";
  return error.field ? `${text} (${error.field}).` : `${text}.`;
}
export const sayError = (error) => {
  if (!error.code) throw error;
  say("error", explain(error));
};

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

// The rows of an order's sums.
export function totals(order) {
  const row = (name, cents, properties = {}) =>
    make("div", properties, make("dt", {}, name), make("dd", {}, money(cents, order.currency)));
  return make("dl", { class: "totals" },
    row("Items", order.itemTotalCents),
    order.coupons.map((coupon) => row(`Coupon ${coupon.code}`, -coupon.discountCents)),
    order.state === "Cart" || order.state === "Address"
      ? null : row("Delivery", order.shipmentTotalCents),
    order.taxTotalCents === 0 ? null : row("Tax", order.taxTotalCents),
    row("Total", order.totalCents, { class: "total" }));
}

export function addressLines(address) {
  return make("address", {},
    [`${address.firstName} ${address.lastName}`, address.company, address.line1, address.line2,
     `${address.postalCode} ${address.city}`, address.region, countryName(address.country)]
      .filter((line) => line)
      .flatMap((line) => [line, make("br")]));
}

const regions = new Intl.DisplayNames(undefined, { type: "region", fallback: "none" });
export const countryName = (code) => regions.of(code) ?? code;
