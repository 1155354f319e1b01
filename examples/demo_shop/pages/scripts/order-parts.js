// Parts of an order that shoppers and staff both see.
import { make, money, optionsText, picture } from "/scripts/dom.js";

export const stateTag = (state) =>
  make("span", { class: `tag ${state.toLowerCase()}` }, state);

export function orderLines(order) {
  return make("ul", { class: "lines" }, order.lineItems.map((line) => make("li", { class: "line" },
    picture(line.imageUrl, "", { class: "thumb" }),
    make("div", { class: "what" }, make("strong", {}, line.name),
      make("p", { class: "hint" }, optionsText(line.options))),
    make("span", {}, `${line.quantity} ×`),
    make("span", { class: "price" }, money(line.totalCents, order.currency)))));
}
