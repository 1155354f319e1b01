// Payment methods with their keys, checkout settings, and events that could not be delivered.
import { get, getAll, post, put } from "/scripts/api.js";
import { $, field, make, moment, run, say, valuesOf } from "/scripts/dom.js";
import { EVENTS } from "/scripts/event-words.js";

const METHODS = "/api/admin/settings/payment-methods";
const CHECKOUT = "/api/admin/settings/checkout";

const SECRET = { type: "password", autocomplete: "off" };
// What Stripe's method is configured with; the other processors here need nothing.
const STRIPE_FIELDS = [
  ["Secret key", "secretKey", SECRET, "sk_test_..."],
  ["Publishable key", "publishableKey", { autocomplete: "off" }, "pk_test_..."],
  ["Webhook secret", "webhookSecret", SECRET, "whsec_..., of the endpoint /api/webhooks/stripe"],
];

export async function showPaymentMethods(options) {
  const { items } = await get(METHODS, options);
  $("#payment-methods").replaceChildren(make("h2", {}, "Payment methods"),
    make("p", {}, "Keys are encrypted. They can be replaced here, and read nowhere."),
    make("div", { class: "grid" }, items.map((method) => methodPanel(method, options))));
}

function methodPanel(method, options) {
  const active = make("button", { type: "button" }, method.active ? "Switch off" : "Switch on");
  active.addEventListener("click", () => run(active, async () => {
    await put(`${METHODS}/${method.id}`, { active: !method.active }, options);
    await showPaymentMethods(options);
  }));
  return make("div", { class: "detail" },
    make("h3", {}, method.name, " ", make("span", { class: "tag" }, method.processor)),
    make("p", {}, method.active ? "On. " : "Off. ", method.configured.length > 0
      ? `Has: ${method.configured.join(", ")}.` : null),
    make("p", {}, active),
    method.processor === "stripe" ? configForm(method, options) : null,
    method.processor === "manual" ? instructionsForm(method, options) : null);
}

function instructionsForm(method, options) {
  const button = make("button", { class: "primary" }, "Save instructions");
  const id = `instructions-${method.id}`;
  const text = make("textarea", { id, name: "instructions", rows: 4, maxlength: 2000 });
  text.value = method.instructions;
  const form = make("form", {}, make("div", { class: "field" },
    make("label", { for: id }, "How to pay: your bank account, as shoppers are told"), text),
    button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      await put(`${METHODS}/${method.id}`, { instructions: text.value }, options);
      say("success", "Instructions saved.");
    });
  });
  return form;
}

function configForm(method, options) {
  const button = make("button", { class: "primary" }, "Save keys");
  const form = make("form", {}, STRIPE_FIELDS.map(([label, name, properties, hint]) =>
    field(label, name, { ...properties, id: `${name}-${method.id}` }, hint)), button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      const saved = await put(`${METHODS}/${method.id}/config`, valuesOf(form), options);
      say("success", `Saved. ${method.name} has: ${saved.configured.join(", ")}.`);
      await showPaymentMethods(options);
    });
  });
  return form;
}

const NUMBERS = [
  ["reservationMinutes", "Minutes an unpaid order holds its stock"],
  ["paymentDueDays", "Days a bank transfer is awaited"],
  ["maxPlacements", "How often one order may be placed"],
  ["idempotencyDays", "Days idempotency keys are kept"],
  ["abandonedCartDays", "Days until a guest's cart is cleared"],
  ["webhookDays", "Days received webhooks are kept", 7],
  ["eventDays", "Days events of ended orders are kept (0: for ever)", 0],
  ["noteDays", "Days notes about payments that are over are kept", 7],
];
const SWITCHES = [
  ["guestCheckout", "Guests may check out without an account"],
  ["releaseOnDecline", "A declined card gives the stock back at once"],
];

export async function showSettings(options) {
  const settings = await get(CHECKOUT, options);
  const button = make("button", { class: "primary" }, "Save settings");
  const form = make("form", {},
    SWITCHES.map(([name, label]) => make("label", { class: "option" },
      make("input", { type: "checkbox", name, checked: settings[name] }), label)),
    make("div", { class: "grid" }, NUMBERS.map(([name, label, min = 1]) =>
      field(label, name, { type: "number", min, value: settings[name], required: true }))),
    button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      const wanted = Object.fromEntries([
        ...NUMBERS.map(([name]) => [name, form.elements[name].valueAsNumber]),
        ...SWITCHES.map(([name]) => [name, form.elements[name].checked])]);
      await put(CHECKOUT, wanted, options);
      say("success", "Settings saved.");
    });
  });
  $("#settings").replaceChildren(make("h2", {}, "Checkout settings"), form);
}

export async function showEvents(options) {
  const deliveries = await getAll("/api/admin/events", options);
  const content = deliveries.length === 0
    ? make("p", {}, "Everything has been delivered.")
    : make("ul", {}, deliveries.map((delivery) => eventRow(delivery, options)));
  $("#events").replaceChildren(make("h2", {}, "Events still to be delivered"), content);
}

const DELIVERY = { pending: "to be told again", dead: "given up" };

function eventRow({ event, handler, state, attempts, lastError }, options) {
  const what = EVENTS[event.type];
  const retry = make("button", { type: "button", "aria-label": `Retry: ${what}` }, "Retry");
  retry.addEventListener("click", () => run(retry, async () => {
    await post(`/api/admin/events/${event.id}/retry`, {}, options);
    await showEvents(options);
  }));
  return make("li", { class: "detail" },
    `${what}, ${moment(event.createdAt)}, ${handler}: ${DELIVERY[state]} ` +
    `after ${attempts} attempts. `,
    lastError ? `${lastError} ` : null, state === "dead" ? retry : null);
}
