// The shopper's placed orders, newest first.
import { getAll } from "/scripts/api.js";
import { $, make, moment, money, sayError, table } from "/scripts/dom.js";
import { frame } from "/scripts/frame.js";
import { orderTag } from "/scripts/order-parts.js";

const row = (order) => make("tr", {},
  make("td", {}, make("a", { href: `/orders/${order.number}` }, order.number)),
  make("td", {}, moment(order.placedAt)),
  make("td", {}, orderTag(order)),
  make("td", { class: "amount" }, money(order.totalCents, order.currency)));

function list(orders) {
  const head = [["Order"], ["Placed"], ["State"], ["Total", "amount"]];
  return make("div", { class: "panel" },
              table("Your orders", head, make("tbody", {}, orders.map(row))));
}

const session = await frame();
try {
  const orders = await getAll("/api/storefront/orders");
  $("#orders").replaceChildren(orders.length > 0 ? list(orders) : make("p", { class: "empty" },
    session.user === null ? "Sign in to see the orders of your account." : "No orders yet."));
} catch (error) {
  sayError(error);
}
$("#orders").removeAttribute("aria-busy");
