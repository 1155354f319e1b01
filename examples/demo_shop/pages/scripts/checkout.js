// The checkout: address, delivery, payment. Which step is shown follows the state of the order, so
// a reload or another tab shows what is true.
import { get, post } from "/scripts/api.js";
import { $, addressLines, field, make, money, run, say, sayError, sayNothing, totals,
         valuesOf } from "/scripts/dom.js";
import { addressFields, addressOf } from "/scripts/address.js";
import { frame, showCartCount } from "/scripts/frame.js";
import { lineDiscounts, linePrice } from "/scripts/order-parts.js";
import { paymentForm } from "/scripts/payment.js";

const CHECKOUT = "/api/storefront/checkout";
const ADDRESSES = "/api/storefront/addresses";
const STEPS = ["Address", "Delivery", "Payment"];
// The step to be done in a state.
const STEP_OF = { Cart: 0, Address: 1, Delivery: 2, Payment: 2 };

let session;
let reservedUntil = null;  // of the order that is being paid
let order;  // the cart, or more of it once the checkout has answered

function step(index, current, content, { onChange = null } = {}) {
  const change = onChange === null ? null
    : make("button", { class: "link", type: "button", onclick: onChange,
                       "aria-label": `Change ${STEPS[index].toLowerCase()}` }, "Change");
  const later = index > current;
  return make("section", { class: later ? "panel later" : "panel" },
    make("h2", { "aria-current": index === current ? "step" : null },
         make("span", { class: "number", "aria-hidden": "true" }, String(index + 1)),
         STEPS[index], change),
    later ? [] : content);
}

// Shows the current step's form, the ones before it in short, the later ones by name.
async function show(answer, wanted = null) {
  order = answer;
  showCartCount(order);
  const current = wanted ?? STEP_OF[order.state];
  const isPlaced = order.state === "Payment";
  const steps = [];
  for (let index = 0; index < STEPS.length; ++index) {
    const content = index === current ? await FORMS[index]() : index < current ? DONE[index]() : [];
    const onChange = index < current && !isPlaced ? () => guarded(() => show(order, index)) : null;
    steps.push(step(index, current, content, { onChange }));
  }
  $("#steps").replaceChildren(...steps);
  $("#summary").replaceChildren(make("h2", {}, "Your order"),
    make("ul", {}, order.lineItems.map((line) =>
      make("li", {}, `${line.quantity} × ${line.name}`,
           lineDiscounts(line, order.currency),
           make("p", { class: "hint" }, linePrice(line, order.currency))))),
    totals(order), isPlaced ? [] : make("a", { href: "/cart" }, "Back to the cart"));
}

const DONE = [
  () => (order.shippingAddress ? addressLines(order.shippingAddress) : make("p", {}, "Chosen")),
  () => make("p", {}, order.shipment ? order.shipment.name : "Chosen"),
];
const FORMS = [addressStep, deliveryStep, paymentStep];

async function guarded(action) {
  try {
    await action();
  } catch (error) {
    sayError(error);
  }
}

// A form whose answer is the order in its next state.
function stepForm(label, action, ...content) {
  const button = make("button", { class: "primary" }, label);
  const form = make("form", {}, ...content, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      const answer = await action(form);
      sayNothing();
      await show(answer);
    }, refuse);
  });
  return form;
}

async function refuse(error) {
  if (error.code === "unauthenticated") return askToSignIn();
  sayError(error);
  if (error.code === "invalid_state") await load();
}

// The placing came to an end elsewhere: its time was up, or another tab has taken it back.
async function ended() {
  await load();
  const until = reservedUntil === null ? "" : ` at ${timeOf(reservedUntil)}`;
  say("info", `Your reservation ended${until}, and nothing was charged. You can place the order ` +
              "again.");
}

function askToSignIn() {
  say("info", "Please sign in to check out; your cart comes along. ",
      make("a", { class: "button primary", href: "/sign-in?next=/checkout" }, "Sign in"));
}

// A part of a form that is there while `wanted`; the fields of a part that is not are not sent.
function toggled(content) {
  const place = make("div");
  return [place, (wanted) => place.replaceChildren(...(wanted ? [content()] : []))];
}

const deliveryFields = () => addressFields("to-", "shipping");
const billingFields = () => make("fieldset", {}, make("legend", {}, "Billing address"),
                                 addressFields("bill-", "billing"));

const taxIdField = () => field("Tax id, for businesses", "taxId",
                               { value: order.taxId ?? "", maxlength: 40 });

function billingChoice() {
  const [place, want] = toggled(billingFields);
  return [make("label", { class: "option" },
    make("input", { type: "checkbox", onchange: (event) => want(event.target.checked) }),
    "Send the bill to another address"), place];
}

function savedAddresses(items) {
  const [place, want] = toggled(deliveryFields);
  want(items.length === 0);
  if (items.length === 0) return [place];
  const choice = (value, checked, text) => make("label", { class: "option" },
    make("input", { type: "radio", name: "addressId", value, checked,
                    onchange: () => want(value === "") }), text);
  return [make("fieldset", {}, make("legend", {}, "Send it to"),
    items.map((address, index) => choice(address.id, index === 0,
      address.formatted.slice(0, -1).join(", "))),
    choice("", false, "Another address")), place];
}

async function addressStep() {
  if (session.user === null) {
    return stepForm("Continue to delivery", (form) => {
      const { email, taxId = "", ...values } = valuesOf(form);
      const billingAddress = addressOf(values, "bill-");
      const shippingAddress = addressOf(values, "to-");
      return post(`${CHECKOUT}/addresses`, { email, taxId, shippingAddress,
                                             ...(billingAddress && { billingAddress }) });
    }, field("E-mail", "email", { type: "email", autocomplete: "email", required: true }),
    deliveryFields(), billingChoice(), taxIdField());
  }
  const { items } = await get(`${ADDRESSES}?limit=200`);
  const saved = async (address) => (await post(ADDRESSES, address)).id;
  return stepForm("Continue to delivery", async (form) => {
    const { addressId, taxId = "", ...values } = valuesOf(form);
    const billing = addressOf(values, "bill-");
    const shippingAddressId = addressId ?? (await saved(addressOf(values, "to-")));
    return post(`${CHECKOUT}/addresses`, {
      shippingAddressId, taxId, ...(billing && { billingAddressId: await saved(billing) }) });
  }, savedAddresses(items), billingChoice(), taxIdField());
}

async function deliveryStep() {
  const { items } = await get(`${CHECKOUT}/shipping-methods`);
  if (items.length === 0) return make("p", {}, "Nothing can be sent to this address, sorry.");
  return stepForm("Continue to payment",
    (form) => post(`${CHECKOUT}/shipping-method`, valuesOf(form)),
    make("fieldset", {}, make("legend", {}, "How shall it come?"), items.map((method, index) =>
      make("label", { class: "option" },
        make("input", { type: "radio", name: "shippingMethodId", value: method.id,
                        checked: index === 0 }),
        make("span", {}, method.name),
        make("span", { class: "price" }, money(method.priceCents, order.currency))))));
}

async function paymentStep() {
  const { items } = await get(`${CHECKOUT}/payment-methods`);
  if (items.length === 0) return make("p", {}, "The shop offers no way to pay yet.");
  // The way the order was placed with, in case it was.
  const used = order.payments?.at(-1)?.processor;
  const choice = make("fieldset", {}, make("legend", {}, "How do you want to pay?"),
    items.map((method, index) => make("label", { class: "option" },
      make("input", { type: "radio", name: "paymentMethodId", value: method.id, checked:
                      used ? method.processor === used : index === 0 }), method.name)));
  const label = order.state === "Payment"
    ? "Continue paying" : `Place order, ${money(order.totalCents, order.currency)}`;
  const button = make("button", { class: "primary" }, label);
  const reopen = order.state === "Payment" ? reopenButton() : null;
  const form = make("form", {}, choice, make("div", { class: "row" }, button, reopen));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, () => place(items.find((each) => each.id === valuesOf(form).paymentMethodId)),
        refusePlacing);
  });
  return form;
}

// Takes a placed, unpaid order back: items, address and the way to pay can be changed again.
function reopenButton() {
  const button = make("button", { class: "link", type: "button" }, "Change the order");
  button.addEventListener("click", () => run(button, async () => {
    const answer = await post(`${CHECKOUT}/reopen`);
    sayNothing();
    await show(answer);
  }, (error) => (error.code === "invalid_state" ? ended() : refuse(error))));
  return button;
}

// Reserves the stock and asks for the money.
async function place(method, acceptTotalCents) {
  const request = { paymentMethodId: method.id, returnUrl: `${location.origin}/orders` };
  if (acceptTotalCents !== undefined) request.acceptTotalCents = acceptTotalCents;
  let placement;
  try {
    placement = await post(`${CHECKOUT}/place-order`, request);
  } catch (error) {
    if (error.code !== "price_changed") throw error;
    return askToAccept(method, error);
  }
  sayNothing();
  const { payment } = placement;
  const done = () => location.assign(`/orders/${placement.order.number}`);
  const open = ["created", "requires_action"];
  if (payment === null || !open.includes(payment.state)) return done();
  await show(placement.order);
  reservedUntil = placement.reservationExpiresAt;
  const content = await paymentForm({ payment, method, session, done, ended,
                                      number: placement.order.number });
  $("#steps").lastElementChild.replaceChildren(
    make("h2", {}, make("span", { class: "number", "aria-hidden": "true" }, "3"), "Payment",
         reopenButton()),
    reservedUntil === null ? ""
      : make("p", {}, `Everything is reserved for you until ${timeOf(reservedUntil)}.`), content);
}

const timeOf = (text) => new Date(text).toLocaleTimeString(undefined, { timeStyle: "short" });

function askToAccept(method, error) {
  const accept = make("button", { type: "button", class: "primary" },
    `Buy for ${money(error.details.newTotalCents, order.currency)}`);
  accept.addEventListener("click", () => run(accept,
    () => place(method, error.details.newTotalCents), refusePlacing));
  say("info", make("p", {}, "A price has changed since you put it into your cart:"),
    make("ul", {}, (error.details.lines ?? []).map((line) => {
      const name = line.sku ? nameOf(line.sku) : line.shippingMethod;
      const [before, now] = [line.oldPriceCents, line.newPriceCents]
        .map((cents) => money(cents, order.currency));
      return make("li", {}, `${name}: ${before} is now ${now}`);
    })),
    accept);
}

const nameOf = (sku) => order.lineItems.find((line) => line.sku === sku)?.name ?? sku;

async function refusePlacing(error) {
  if (error.code === "unauthenticated") return askToSignIn();
  if (error.code === "insufficient_stock") {
    return say("error", make("p", {}, "There is not enough in stock:"),
      make("ul", {}, (error.details.lines ?? []).map((line) => make("li", {},
        `${nameOf(line.sku)}: you want ${line.requested}, ` +
        (line.available === 0 ? "none left" : `only ${line.available} left`)))),
      make("a", { href: "/cart" }, "Change the cart"));
  }
  await refuse(error);
}

async function load() {
  const cart = await get("/api/storefront/cart");
  if (cart.lineItems.length === 0) {
    $("#steps").replaceChildren(make("p", { class: "empty" }, "Your cart is empty. ",
                                     make("a", { href: "/" }, "Find something good")));
    return;
  }
  await show(cart);
}

session = await frame();
try {
  // Answers `unauthenticated` to guests who may not check out.
  await get(`${CHECKOUT}/payment-methods`);
  await load();
} catch (error) {
  if (error.code === "unauthenticated") askToSignIn();
  else sayError(error);
}
$("#steps").removeAttribute("aria-busy");
