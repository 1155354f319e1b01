// Parts of an order that shoppers and staff both see, in their words.
import { make, money, optionsText, picture, refundedCents } from "/scripts/dom.js";

const STATES = {
  Cart: "In the cart",
  Address: "In checkout",
  Delivery: "Not paid in time",
  Payment: "Waiting for payment",
  Confirm: "Waiting for payment",
  Complete: "Paid",
  Canceled: "Canceled",
};
const PAYMENT = {
  none: "nothing to pay yet",
  pending: "not paid yet",
  authorized: "promised",
  partiallyPaid: "partly paid",
  paid: "paid",
  partiallyRefunded: "partly given back",
  refunded: "given back",
};
const DELIVERY = { none: "", unfulfilled: "to be sent", shipped: "sent", returned: "sent back" };

export const paymentWord = (order) => PAYMENT[order.paymentStatus] ?? order.paymentStatus;
export const deliveryWord = (order) => DELIVERY[order.fulfillmentStatus] ?? order.fulfillmentStatus;

// Where the order stands: [word, class].
function standing(order) {
  if (order.state === "Canceled") return ["Canceled", "canceled"];
  if (order.paymentStatus === "refunded") return ["Given back", "refunded"];
  if (order.state === "Complete" && order.fulfillmentStatus === "shipped") {
    return ["Shipped", "shipped"];
  }
  // A bank's promise is as good as paid; a transfer is only awaited.
  const isAwaited = (order.payments ?? []).some((each) => each.processor === "manual");
  if (order.state === "Confirm" && !isAwaited) return ["Confirmed", "confirm"];
  return [STATES[order.state] ?? order.state, order.state.toLowerCase()];
}

export function orderTag(order) {
  const [word, kind] = standing(order);
  return make("span", { class: `tag ${kind}` }, word);
}

// "9.00 of it was given back", or nothing.
export function refundNote(order) {
  const cents = refundedCents(order);
  return cents === 0 ? null : `${money(cents, order.currency)} was given back to you.`;
}

// What promotions take off a line: "Gift, Biscuits on us: -€12.50".
export function lineDiscounts(line, currency) {
  const gift = line.giftPromotionId === "" ? "" : "Gift, ";
  return line.discounts.map((each) =>
    make("p", { class: "hint" }, `${gift}${each.name}: ${money(-each.discountCents, currency)}`));
}

// What is left of a line's price, beside the whole one, where promotions take something off.
export function linePrice({ totalCents, discountCents }, currency) {
  return make("span", { class: "price" },
    discountCents === 0 ? null : [make("s", {}, money(totalCents, currency)), " "],
    money(totalCents - discountCents, currency));
}

export function orderLines(order) {
  return make("ul", { class: "lines" }, order.lineItems.map((line) => make("li", { class: "line" },
    picture(line.imageUrl, "", { class: "thumb" }),
    make("div", { class: "what" }, make("strong", {}, line.name),
      make("p", { class: "hint" }, optionsText(line.options)),
      lineDiscounts(line, order.currency)),
    make("span", {}, `${line.quantity} ×`), linePrice(line, order.currency))));
}
