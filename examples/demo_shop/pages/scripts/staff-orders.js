// Orders for staff: search, look into one, ship, capture, refund, cancel.
import { get, post } from "/scripts/api.js";
import { $, addressLines, centsOf, confirmed, field, make, moment, money, run, say, sayError,
         table, totals, typed, valuesOf } from "/scripts/dom.js";
import { EVENTS } from "/scripts/event-words.js";
import { explanation } from "/scripts/explanation.js";
import { deliveryWord, orderLines, orderTag, paymentWord } from "/scripts/order-parts.js";

const ORDERS = "/api/admin/orders";
const STATES = [["Payment", "Being paid"], ["Confirm", "Awaiting the money"], ["Complete", "Paid"],
                ["Canceled", "Canceled"]];
const PAGE = 50;

let options;
const rows = make("tbody");
const more = make("button", { type: "button" }, "Show older ones");
const filter = make("form", { class: "row" },
  field("Find", "q", { type: "search", autocomplete: "off", size: 40,
                       placeholder: "Number, e-mail, name, city, product" }),
  make("div", { class: "field" }, make("label", { for: "state" }, "State"),
    make("select", { id: "state", name: "state" }, make("option", { value: "" }, "All"),
      STATES.map(([state, word]) => make("option", { value: state }, word)))),
  make("button", {}, "Search"));

export async function showOrders(withToken) {
  options = withToken;
  filter.addEventListener("submit", (event) => {
    event.preventDefault();
    run(filter.querySelector("button"), () => list());
  });
  const head = [["Order"], ["Placed"], ["E-mail"], ["State"], ["Payment"], ["Delivery"],
                ["Total", "amount"]];
  $("#orders").replaceChildren(make("h2", {}, "Orders"), filter, table("Orders", head, rows),
                               more);
  await list();
}

async function list(after = null) {
  const isFirst = after === null;
  let page;
  do { // a page of a search may be empty though more are found further on
    const query = new URLSearchParams({ limit: PAGE, ...valuesOf(filter),
                                        ...(after === null ? {} : { after }) });
    page = await get(`${ORDERS}?${query}`, options);
    after = page.nextAfter;
  } while (page.items.length === 0 && after !== null);
  if (isFirst) rows.replaceChildren();
  rows.append(...page.items.map(row));
  if (rows.children.length === 0) {
    rows.append(make("tr", {}, make("td", { colspan: 7 }, "There are none.")));
  }
  more.hidden = after === null;
  more.onclick = () => run(more, () => list(after));
}

function row(order) {
  const open = make("button", { class: "link", type: "button", "aria-expanded": "false" },
                    order.number || "(not placed)");
  const line = make("tr", {}, make("td", {}, open), make("td", {}, moment(order.placedAt)),
    make("td", {}, order.email), make("td", {}, orderTag(order)),
    make("td", {}, paymentWord(order)), make("td", {}, deliveryWord(order)),
    make("td", { class: "amount" }, money(order.totalCents, order.currency)));
  open.disabled = order.number === "";
  open.addEventListener("click", () => run(open, async () => {
    if (line.nextElementSibling?.classList.contains("opened")) {
      line.nextElementSibling.remove();
      open.setAttribute("aria-expanded", "false");
      return;
    }
    const place = make("td", { colspan: 7 });
    line.after(make("tr", { class: "opened" }, place));
    open.setAttribute("aria-expanded", "true");
    await look(order.number, place, line);
  }));
  return line;
}

// Fills `place` with the order as it is now and what may be done with it.
async function look(number, place, line) {
  const path = `${ORDERS}/${encodeURIComponent(number)}`;
  const [order, timeline] = await Promise.all([get(path, options),
                                               get(`${path}/timeline`, options)]);
  line.children[3].replaceChildren(orderTag(order));
  line.children[4].textContent = paymentWord(order);
  line.children[5].textContent = deliveryWord(order);
  place.replaceChildren(make("div", { class: "detail" },
    make("div", { class: "grid" },
      make("div", {}, orderLines(order), totals(order)),
      make("div", {}, order.shippingAddress ? [make("h3", {}, "Goes to"),
                                               addressLines(order.shippingAddress)] : [],
        shipment(order), make("h3", {}, "Payments"), payments(order)),
      make("div", {}, make("h3", {}, "Timeline"), events(timeline))),
    explanation(path, options),
    actions(order, path, () => look(number, place, line))));
}

function shipment({ shipment: chosen }) {
  if (!chosen) return null;
  return make("p", {}, chosen.name, chosen.trackingNumber
    ? `, ${chosen.carrier} ${chosen.trackingNumber}` : null);
}

const payments = (order) => make("ul", {}, order.payments.map((payment) => make("li", {},
  `${payment.name || payment.processor}: ${money(payment.capturedCents, order.currency)} of ` +
  `${money(payment.amountCents, order.currency)} paid, ` +
  `${money(payment.refundedCents, order.currency)} given back` + (payment.refundPendingCents === 0
    ? "" : `, ${money(payment.refundPendingCents, order.currency)} on its way back`))));

const events = (timeline) => make("ol", {}, timeline.items.map((event) => make("li", {},
  `${EVENTS[event.type]} `,
  make("span", { class: "hint" }, moment(event.createdAt)))));

// A form with one button that changes the order. `change` makes the request of the form's values,
// or says by null that they make none; `question` is asked first, if there is one; `done` says what
// has happened to the order.
function action(label, path, change, reload, done,
                { fields = [], kind = null, question = null } = {}) {
  const button = make("button", { class: kind }, label);
  const form = make("form", { class: "row" }, fields, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      const request = change(valuesOf(form));
      if (request === null) return;
      if (question !== null && !(await confirmed(question(request), label))) return;
      const changed = await post(path, request, options);
      say("success", done(changed, request));
      await reload();
    }, async (error) => {
      await reload();
      sayError(error);
    });
  });
  return form;
}

// The form of a refund: all that is left, unless another amount is typed.
function refund(order, path, reload, left) {
  const id = (name) => `${name}-${order.number}`;
  const change = ({ amount, ...rest }) => {
    const amountCents = centsOf(amount ?? "", order.currency);
    if (amountCents === null || amountCents === 0 || amountCents > left) {
      say("error", `Please enter an amount up to ${typed(left, order.currency)}.`);
      return null;
    }
    return { amountCents, ...rest };
  };
  const done = (_, { amountCents }) =>
    `${money(amountCents, order.currency)} of order ${order.number} go back to the shopper.`;
  return action("Refund", `${path}/refund`, change, reload, done, {
    fields: [field(`Amount in ${order.currency}`, "amount",
                   { id: id("amount"), inputmode: "decimal", autocomplete: "off", required: true,
                     value: typed(left, order.currency) }),
             field("Reason", "reason", { id: id("reason") })],
    kind: "danger",
    question: ({ amountCents }) =>
      `Give ${money(amountCents, order.currency)} of order ${order.number} back?`,
  });
}

// The form of a refund of pieces: what was paid for them goes back.
function refundOfPieces(order, path, reload) {
  const lines = order.lineItems.filter((line) => line.refundedQuantity < line.quantity);
  if (lines.length === 0) return null;
  const id = (name) => `${name}-${order.number}`;
  const change = ({ lineItemId, quantity }) =>
    ({ lines: [{ lineItemId, quantity: Number(quantity) }] });
  const done = ({ refunds }) =>
    `${money(refunds.at(-1).amountCents, order.currency)} go back to the shopper.`;
  const nameOf = (wanted) => lines.find((line) => line.id === wanted).name;
  return action("Give pieces back", `${path}/refund`, change, reload, done, {
    fields: [make("div", { class: "field" }, make("label", { for: id("line") }, "Product"),
               make("select", { id: id("line"), name: "lineItemId" },
                 lines.map((line) => make("option", { value: line.id }, line.name)))),
             field("Pieces", "quantity", { id: id("pieces"), type: "number", min: 1, value: 1,
                                           required: true })],
    kind: "danger",
    question: ({ lines: [{ lineItemId, quantity }] }) =>
      `Give the money for ${quantity} × ${nameOf(lineItemId)} back?`,
  });
}

// What came of the money that the order waits for.
function moneyActions(order, path, reload) {
  const all = [];
  const nothing = () => ({});
  const came = (cents) => money(cents, order.currency);
  const paid = ({ state, paidCents, missingCents }) => state === "Complete"
    ? `Order ${order.number} is paid.`
    : `${came(paidCents)} came for order ${order.number}; ${came(missingCents)} are missing.`;
  const ends = ["captured", "failed", "voided"];
  const promised = order.payments.find((each) => each.state === "authorized") ??
    (order.payments.every((each) => ends.includes(each.state)) // a further part may come by hand
      ? order.payments.find((each) => each.processor === "manual") : undefined);
  if (promised) {
    all.push(promised.processor === "manual"
      ? action("Mark as paid", `${path}/mark-paid`, nothing, reload, paid)
      : action("Capture", `${path}/capture`, nothing, reload, paid));
  }
  if (order.paidCents > 0) {
    all.push(action("Accept what came", `${path}/accept-payment`, nothing, reload, paid, {
      question: () => `Be content with ${came(order.paidCents)} for order ${order.number}? ` +
                      `${came(order.missingCents)} are missing.` }));
  }
  return all;
}

function actions(order, path, reload) {
  const all = [];
  const id = (name) => `${name}-${order.number}`;
  const left = order.payments.reduce((sum, each) =>
    sum + each.capturedCents - each.refundedCents - each.refundPendingCents, 0);
  const nothing = () => ({});
  if (order.fulfillmentStatus === "unfulfilled" && order.state === "Complete" && left > 0) {
    const shipped = ({ shipment: sent }) =>
      `Order ${order.number} is on its way as ${sent.trackingNumber}.`;
    all.push(action("Ship", `${path}/ship`, (values) => values, reload, shipped, {
      fields: [field("Tracking number", "trackingNumber", { id: id("tracking"), required: true }),
               field("Carrier", "carrier", { id: id("carrier") })], kind: "primary" }));
  }
  if (order.state === "Confirm") all.push(...moneyActions(order, path, reload));
  if (order.refundRequestedCents > 0) {
    const owed = money(order.refundRequestedCents, order.currency);
    const sent = () => `${owed} of order ${order.number} are sent back.`;
    all.push(action("Mark as sent back", `${path}/mark-refunded`, nothing, reload, sent, {
      fields: [make("p", {}, `${owed} are to be sent back by hand.`)], kind: "primary",
      question: () => `Have you sent ${owed} of order ${order.number} back?` }));
  }
  if (left > 0) {
    all.push(refund(order, path, reload, left), refundOfPieces(order, path, reload));
  }
  if (order.state !== "Canceled" && order.fulfillmentStatus !== "shipped") {
    const back = left > 0 ? ` ${money(left, order.currency)} is given back.` : "";
    const canceled = () => `Order ${order.number} is canceled.${back}`;
    all.push(action("Cancel the order", `${path}/cancel`, nothing, reload, canceled, {
      kind: "danger", question: () => `Cancel order ${order.number}?${back}` }));
  }
  return all;
}
