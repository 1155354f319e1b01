// The cart: quantities, gifts, promotions and their codes, totals.
import { get, patch, post, remove } from "/scripts/api.js";
import { $, field, make, money, optionsText, picture, run, sayError, sayNothing, totals, valuesOf }
  from "/scripts/dom.js";
import { frame, showCartCount } from "/scripts/frame.js";
import { lineDiscounts, linePrice } from "/scripts/order-parts.js";
import { unpaidChoices } from "/scripts/unpaid.js";

const LINES = "/api/storefront/cart/items";
const CODES = "/api/storefront/cart/coupons";

async function refuse(error) {
  sayError(error);
  if (error.retry === "reload" || error.code === "not_found") await load();
}

function change(control, action) {
  return run(control, async () => {
    const cart = await action();
    sayNothing();
    show(cart);
  }, refuse);
}

function shortage(line) {
  if (line.availableQuantity >= line.quantity) return null;
  return make("p", { class: "stock few" },
              line.availableQuantity === 0 ? "Not in stock now"
                                           : `Only ${line.availableQuantity} left`);
}

// What a line shows whoever pays for it.
function lineParts(line, price, currency) {
  return [picture(line.imageUrl, "", { class: "thumb" }),
    make("div", { class: "what" }, make("strong", {}, line.name),
      make("p", { class: "hint" }, optionsText(line.options)),
      make("p", { class: "hint" }, price), lineDiscounts(line, currency), shortage(line))];
}

function giftRow(line, { currency }) {
  return make("li", { class: "line" }, lineParts(line, `${line.quantity} ×`, currency),
              linePrice(line, currency));
}

function lineRow(line, cart, frozen) {
  if (line.giftPromotionId !== "") return giftRow(line, cart);
  const id = `quantity-${line.id}`;
  const quantity = make("input", { id, type: "number", min: 1, max: 10000, value: line.quantity,
                                   disabled: frozen });
  quantity.addEventListener("change", () => {
    if (!quantity.reportValidity()) return;
    change(quantity, () => patch(`${LINES}/${line.id}`, { quantity: quantity.valueAsNumber }));
  });
  const removal = make("button", { class: "link", type: "button", disabled: frozen,
                                   "aria-label": `Remove ${line.name}` }, "Remove");
  removal.addEventListener("click", () => change(removal, () => remove(`${LINES}/${line.id}`)));
  return make("li", { class: "line" },
    lineParts(line, `${money(line.unitPriceCents, cart.currency)} each`, cart.currency),
    make("div", { class: "field small" },
      make("label", { for: id, class: "hidden" }, `Quantity of ${line.name}`), quantity),
    linePrice(line, cart.currency), removal);
}

const REASONS = {
  ended: "is over", notStarted: "has not begun yet", inactive: "is not active",
  usedUp: "is used up",
  usedUpByCustomer: "has been used by you", codeUsedUp: "is used up",
  excluded: "does not go with another promotion", betterDeal: "gives way to a better deal",
  products: "is for other products", country: "is for other countries",
  giftUnavailable: "has no gifts left",
};

const missing = (part, currency) =>
  [part.missingCents === null ? null : money(part.missingCents, currency),
   part.missingQuantity === null ? null : `${part.missingQuantity} pieces`]
    .filter((each) => each !== null).join(" and ");

function reasonText(rejected, currency) {
  const more = missing(rejected, currency);
  if (more !== "") return `${rejected.code}: ${more} more needed`;
  return `${rejected.code} ${REASONS[rejected.reason] ?? "takes nothing off now"}`;
}

const hintText = (hint, currency) =>
  hint.unavailableSku === null ? `${missing(hint, currency)} more for ${hint.name}`
                               : `${hint.name}: sold out`;

function hints(cart) {
  return cart.promotionHints.map((hint) =>
    make("p", { class: "hint" }, hintText(hint, cart.currency)));
}

function codes(cart, frozen) {
  const button = make("button", {}, "Apply");
  const form = make("form", { class: "row" },
    field("Discount code", "code", { autocomplete: "off", required: true, maxlength: 50 }), button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change(button, () => post(CODES, valuesOf(form)));
  });
  const entered = new Map(cart.promotions.map((each) => [each.code, null]));
  for (const each of cart.rejectedCodes) entered.set(each.code, reasonText(each, cart.currency));
  entered.delete(null);
  const rows = [...entered].map(([code, reason]) => {
    const removal = make("button", { class: "link", type: "button" }, `Remove ${code}`);
    removal.addEventListener("click", () =>
      change(removal, () => remove(`${CODES}/${encodeURIComponent(code)}`)));
    return make("p", {}, reason === null ? null : make("span", { class: "hint" }, `${reason} `),
                removal);
  });
  return frozen ? [] : [...rows, form];
}

function unpaid() {
  return make("div", { class: "message info" }, make("div", {},
    make("p", {}, "This order is placed and waits for its payment."),
    unpaidChoices(load, refuse)));
}

function show(cart) {
  showCartCount(cart);
  if (cart.lineItems.length === 0) {
    $("#cart").replaceChildren(make("p", { class: "empty" }, "Your cart is empty. ",
                                    make("a", { href: "/" }, "Find something good")));
    return;
  }
  const frozen = cart.state === "Payment";
  $("#cart").replaceChildren(
    make("div", {}, frozen ? unpaid() : null,
      make("ul", { class: "lines" }, cart.lineItems.map((line) => lineRow(line, cart, frozen)))),
    make("aside", { class: "panel summary", "aria-label": "Totals" },
      make("h2", {}, "Total"), totals(cart), hints(cart), codes(cart, frozen),
      frozen ? null : make("a", { class: "button primary wide", href: "/checkout" }, "Checkout")));
}

async function load() {
  show(await get("/api/storefront/cart"));
}

frame();
try {
  await load();
} catch (error) {
  sayError(error);
}
$("#cart").removeAttribute("aria-busy");
