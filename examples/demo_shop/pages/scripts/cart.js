// The cart: quantities, coupons, totals.
import { get, patch, post, remove } from "/scripts/api.js";
import { $, field, make, money, optionsText, picture, run, sayError, sayNothing, totals, valuesOf }
  from "/scripts/dom.js";
import { frame, showCartCount } from "/scripts/frame.js";
import { unpaidChoices } from "/scripts/unpaid.js";

const LINES = "/api/storefront/cart/items";
const COUPONS = "/api/storefront/cart/coupons";

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

function lineRow(line, cart, frozen) {
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
    picture(line.imageUrl, "", { class: "thumb" }),
    make("div", { class: "what" }, make("strong", {}, line.name),
      make("p", { class: "hint" }, optionsText(line.options)),
      make("p", { class: "hint" }, `${money(line.unitPriceCents, cart.currency)} each`),
      shortage(line)),
    make("div", { class: "field small" },
      make("label", { for: id, class: "hidden" }, `Quantity of ${line.name}`), quantity),
    make("span", { class: "price" }, money(line.totalCents, cart.currency)), removal);
}

function coupons(cart, frozen) {
  const button = make("button", {}, "Apply");
  const form = make("form", { class: "row" },
    field("Discount code", "code", { autocomplete: "off", required: true, maxlength: 50 }), button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change(button, () => post(COUPONS, valuesOf(form)));
  });
  const applied = cart.coupons.map((coupon) => {
    const removal = make("button", { class: "link", type: "button", disabled: frozen },
                         `Remove ${coupon.code}`);
    removal.addEventListener("click", () =>
      change(removal, () => remove(`${COUPONS}/${encodeURIComponent(coupon.code)}`)));
    return make("p", {}, removal);
  });
  return frozen ? [] : [...applied, form];
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
      make("h2", {}, "Total"), totals(cart), coupons(cart, frozen),
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
