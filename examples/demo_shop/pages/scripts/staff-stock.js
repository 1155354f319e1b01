// Stock for staff: what is there, what is promised; counts can be corrected.
import { getAll, put } from "/scripts/api.js";
import { $, make, run, say, sayError, table } from "/scripts/dom.js";

const STOCK = "/api/admin/stock";

export async function showStock(options) {
  const rows = make("tbody");
  const head = [["SKU"], ["On hand", "amount"], ["Reserved", "amount"], ["Available", "amount"],
                ["Set on hand to"]];
  $("#stock").replaceChildren(make("h2", {}, "Stock"), table("Stock", head, rows));
  rows.append(...(await getAll(STOCK, options)).map((stock) => row(stock, options)));
}

function row(stock, options) {
  const count = make("input", { type: "number", min: 0, value: stock.onHand, required: true,
                                "aria-label": `On hand of ${stock.sku}` });
  const button = make("button", { "aria-label": `Set ${stock.sku}` }, "Set");
  const form = make("form", { class: "row" }, count, button);
  const line = make("tr", {}, make("td", {}, stock.sku),
    [stock.onHand, stock.reserved, stock.available].map((each) =>
      make("td", { class: "amount" }, String(each))),
    make("td", {}, form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      // Somebody else's count in the meantime is a conflict, not overwritten.
      const changed = await put(`${STOCK}/${encodeURIComponent(stock.sku)}`, {
        onHand: count.valueAsNumber, expectedOnHand: stock.onHand, reason: "counted by staff",
      }, options);
      line.replaceWith(row(changed, options));
      say("success", `${stock.sku}: ${changed.onHand} on hand.`);
    }, async (error) => {
      if (error.retry === "reload") await showStock(options);
      sayError(error);
    });
  });
  return line;
}
