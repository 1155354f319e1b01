// One order: where it stands. Asks again until it has come to an end or waits for people.
import { get, post } from "/scripts/api.js";
import { $, addressLines, confirmed, explain, make, moment, money, run, say, sayError, totals }
  from "/scripts/dom.js";
import { explanation } from "/scripts/explanation.js";
import { frame } from "/scripts/frame.js";
import { orderLines, orderTag, refundNote } from "/scripts/order-parts.js";

const number = decodeURIComponent(location.pathname.split("/").pop());
const ORDER = `/api/storefront/orders/${encodeURIComponent(number)}`;
const ASK_AGAIN_MS = 1000;

const WORDS = {
  Payment: "We are waiting for your payment. This page asks again by itself.",
  Confirm: "Thank you! Your order is confirmed; we send it once your payment has arrived.",
  Complete: "Thank you! Your order is paid, and a confirmation is on its way to you by e-mail.",
  Canceled: "This order was canceled.",
};

function headline(order) {
  if (order.state === "Canceled") return [WORDS.Canceled, refundNote(order)].join(" ");
  if (order.paymentStatus === "refunded") {
    return `The money is on its way back. ${refundNote(order)}`;
  }
  if (order.fulfillmentStatus === "shipped") return "It is on its way to you.";
  const note = refundNote(order);
  if (note !== null) return `Your order is paid. ${note}`;
  return WORDS[order.state] ?? "This order is not placed: its payment was not made in time.";
}

function track(order) {
  const paid = ["paid", "partiallyRefunded", "refunded"].includes(order.paymentStatus);
  const steps = [["Placed", order.placedAt !== null], ["Paid", paid],
                 ["Shipped", ["shipped", "returned"].includes(order.fulfillmentStatus)]];
  return make("ol", { class: "track", "aria-label": "Progress" }, steps.map(([name, done]) =>
    make("li", { class: done ? "done" : null }, `${done ? "✓ " : ""}${name}`)));
}

function actions(order) {
  if (order.state === "Delivery") {
    return make("a", { class: "button primary", href: "/checkout" }, "Back to checkout");
  }
  const isUnpaid =
    order.state === "Payment" || (order.state === "Confirm" && order.paidCents === 0);
  if (!isUnpaid) return null;
  const cancel = make("button", { type: "button", class: "danger" }, "Cancel the order");
  cancel.addEventListener("click", () => run(cancel, async () => {
    if (!(await confirmed("Do you want to cancel this order?", "Cancel the order"))) return;
    show(await post(`${ORDER}/cancel`));
  }, async (error) => {
    await ask();
    sayError(error);
  }));
  return make("div", { class: "row" },
    order.state === "Payment"
      ? make("a", { class: "button primary", href: "/checkout" }, "Continue paying") : null,
    cancel);
}

// How to pay where the shopper's bank does it, until something has come.
function instructions(order) {
  const open = order.payments.findLast((each) => each.instructions !== "");
  if (order.state !== "Confirm" || !open || order.missingCents === 0) return null;
  const row = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));
  return make("section", { class: "panel", "aria-label": "How to pay" },
    make("h2", {}, "How to pay"),
    make("p", { class: "lines-kept" }, open.instructions),
    make("dl", { class: "totals" },
      row("Amount", money(order.missingCents, order.currency)),
      row("Reference", order.number),
      order.paymentDueAt ? row("To arrive by", moment(order.paymentDueAt)) : null));
}

function delivery(order) {
  const { shipment } = order;
  if (!shipment) return null;
  return make("p", {}, shipment.name, shipment.trackingNumber === "" ? null
    : [make("br"), `${shipment.carrier} ${shipment.trackingNumber}`.trim()]);
}

function show(order) {
  document.title = `Order ${order.number} · Kettle & Clay`;
  $("#order").replaceChildren(
    make("h1", {}, `Order ${order.number}`),
    make("p", { id: "headline", role: "status" }, headline(order), " ", orderTag(order)),
    order.state === "Canceled" ? "" : track(order),
    make("div", { class: "columns" },
      make("div", {}, instructions(order), actions(order), orderLines(order),
           explanation(ORDER)),
      make("aside", { class: "panel summary", "aria-label": "Summary" },
        make("h2", {}, "Total"), totals(order),
        order.shippingAddress ? make("h3", {}, "Goes to") : null,
        order.shippingAddress ? addressLines(order.shippingAddress) : null,
        delivery(order), make("p", { class: "hint" }, moment(order.placedAt)))));
}

const isOpen = (order) => order.state === "Payment";

async function ask() {
  const order = await get(ORDER);
  show(order);
  return order;
}

async function watch() {
  for (let order = await ask(); isOpen(order); ) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    // The shop may be away for a moment: the page goes on asking.
    const next = await get(ORDER).catch((error) => {
      if (error.retry !== "same") throw error;
      return order;
    });
    if (next.version !== order.version || next.state !== order.state) show(next);
    order = next;
  }
}

frame();
if (new URLSearchParams(location.search).get("redirect_status") === "failed") {
  say("error", "The payment did not go through. ",
      make("a", { href: "/checkout" }, "Try another way to pay"));
}
try {
  await watch();
} catch (error) {
  say("error", error.code === "not_found" ? "There is no such order of yours." : explain(error));
}
$("#order").removeAttribute("aria-busy");
