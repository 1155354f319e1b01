// Orders for staff: search, look into one, ship, capture, refund, cancel.
import { get, post } from "/scripts/api.js";
import { $, addressLines, field, make, moment, money, run, say, sayError, table, totals,
         valuesOf } from "/scripts/dom.js";
import { orderLines, stateTag } from "/scripts/order-parts.js";

const ORDERS = "/api/admin/orders";
const STATES = ["Cart", "Address", "Delivery", "Payment", "Confirm", "Complete", "Canceled"];
const PAGE = 50;

let options;
const rows = make("tbody");
const more = make("button", { type: "button" }, "Show older ones");
const filter = make("form", { class: "row" },
  field("Number or e-mail begins with", "q", { autocomplete: "off" }),
  make("div", { class: "field" }, make("label", { for: "state" }, "State"),
    make("select", { id: "state", name: "state" }, make("option", { value: "" }, "All"),
      STATES.map((state) => make("option", { value: state }, state)))),
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
  const query = new URLSearchParams({ limit: PAGE, ...valuesOf(filter),
                                      ...(after === null ? {} : { after }) });
  const page = await get(`${ORDERS}?${query}`, options);
  if (after === null) rows.replaceChildren();
  rows.append(...page.items.map(row));
  if (rows.children.length === 0) {
    rows.append(make("tr", {}, make("td", { colspan: 7 }, "There are none.")));
  }
  more.hidden = page.nextAfter === null;
  more.onclick = () => run(more, () => list(page.nextAfter));
}

function row(order) {
  const open = make("button", { class: "link", type: "button", "aria-expanded": "false" },
                    order.number || "(not placed)");
  const line = make("tr", {}, make("td", {}, open), make("td", {}, moment(order.placedAt)),
    make("td", {}, order.email), make("td", {}, stateTag(order.state)),
    make("td", {}, order.paymentStatus), make("td", {}, order.fulfillmentStatus),
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
  line.children[3].replaceChildren(stateTag(order.state));
  line.children[4].textContent = order.paymentStatus;
  line.children[5].textContent = order.fulfillmentStatus;
  place.replaceChildren(make("div", { class: "detail" },
    make("div", { class: "grid" },
      make("div", {}, orderLines(order), totals(order)),
      make("div", {}, order.shippingAddress ? [make("h3", {}, "Goes to"),
                                               addressLines(order.shippingAddress)] : [],
        shipment(order), make("h3", {}, "Payments"), payments(order)),
      make("div", {}, make("h3", {}, "Timeline"), events(timeline))),
    actions(order, path, () => look(number, place, line))));
}

function shipment({ shipment: chosen }) {
  if (!chosen) return null;
  return make("p", {}, chosen.name, chosen.trackingNumber
    ? `, ${chosen.carrier} ${chosen.trackingNumber}` : null);
}

const payments = (order) => make("ul", {}, order.payments.map((payment) => make("li", {},
  `${payment.processor}: ${payment.state}, ${money(payment.capturedCents, order.currency)} of ` +
  `${money(payment.amountCents, order.currency)} captured, ` +
  `${money(payment.refundedCents, order.currency)} refunded`)));

const events = (timeline) => make("ol", {}, timeline.items.map((event) => make("li", {},
  `${event.type} `, make("span", { class: "hint" }, moment(event.createdAt)))));

// A form with one button that changes the order.
function action(label, path, change, reload, fields = [], kind = null) {
  const button = make("button", { class: kind }, label);
  const form = make("form", { class: "row" }, fields, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      await post(path, change(valuesOf(form)), options);
      say("success", `${label}: done.`);
      await reload();
    }, async (error) => {
      await reload();
      sayError(error);
    });
  });
  return form;
}

function actions(order, path, reload) {
  const all = [];
  const id = (name) => `${name}-${order.number}`;
  const captured = order.payments.reduce((sum, each) => sum + each.capturedCents, 0);
  const nothing = () => ({});
  if (order.fulfillmentStatus === "unfulfilled" && ["Confirm", "Complete"].includes(order.state)) {
    all.push(action("Ship", `${path}/ship`, (values) => values, reload,
      [field("Tracking number", "trackingNumber", { id: id("tracking"), required: true }),
       field("Carrier", "carrier", { id: id("carrier") })], "primary"));
  }
  if (order.state === "Confirm") {
    const manual = order.payments.some((each) => each.processor === "manual");
    all.push(manual ? action("Mark as paid", `${path}/mark-paid`, nothing, reload)
                    : action("Capture", `${path}/capture`, nothing, reload));
  }
  if (captured > 0) {
    all.push(action("Refund", `${path}/refund`, ({ amountCents, ...rest }) =>
      (amountCents ? { amountCents: Number(amountCents), ...rest } : rest), reload,
      [field("Amount in cents (empty: all)", "amountCents",
             { id: id("amount"), type: "number", min: 1 }),
       field("Reason", "reason", { id: id("reason") })], "danger"));
  }
  if (order.state !== "Canceled" && order.fulfillmentStatus !== "shipped") {
    all.push(action("Cancel the order", `${path}/cancel`, nothing, reload, [], "danger"));
  }
  return all;
}
