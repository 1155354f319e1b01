// Stock for staff: what is there, what is promised; counts can be corrected.
import { get, getAll, put } from "/scripts/api.js";
import { $, make, run, say, sayError, table } from "/scripts/dom.js";

const STOCK = "/api/admin/stock";

export async function showStock(options) {
  const rows = make("tbody");
  const head = [["SKU"], ["On hand", "amount"], ["Reserved", "amount"], ["Available", "amount"],
                ["Set on hand to"]];
  $("#stock").replaceChildren(make("h2", {}, "Stock"), table("Stock", head, rows));
  const [stocks, { items }] = await Promise.all([getAll(STOCK, options),
                                                 get("/api/admin/locations", options)]);
  const locations = items.filter((location) => location.active);
  rows.append(...stocks.map((stock) => row(stock, locations, options)));
}

function row(stock, locations, options) {
  const onHand = (locationId) =>
    stock.locations.find((each) => each.locationId === locationId)?.onHand ?? 0;
  const location = make("select", { "aria-label": `Location of ${stock.sku}` },
    locations.map(({ id, name }) => make("option", { value: id }, name)));
  const count = make("input", { type: "number", min: 0, value: onHand(location.value),
                                required: true, "aria-label": `On hand of ${stock.sku}` });
  location.addEventListener("change", () => { count.value = onHand(location.value); });
  const button = make("button", { "aria-label": `Set ${stock.sku}` }, "Set");
  const form = make("form", { class: "row" }, locations.length > 1 ? location : null, count,
                    button);
  const line = make("tr", {}, make("td", {}, stock.active ? stock.sku : `${stock.sku} (not sold)`),
    [stock.onHand, stock.reserved, stock.available].map((each) =>
      make("td", { class: "amount" }, String(each))),
    make("td", {}, form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      // Somebody else's count in the meantime is a conflict, not overwritten.
      const changed = await put(`${STOCK}/${encodeURIComponent(stock.sku)}`, {
        variantId: stock.variantId, locationId: location.value, onHand: count.valueAsNumber,
        expectedOnHand: onHand(location.value), reason: "counted by staff",
      }, options);
      line.replaceWith(row(changed, locations, options));
      say("success", `${stock.sku}: ${changed.onHand} on hand.`);
    }, async (error) => {
      if (error.retry === "reload") await showStock(options);
      sayError(error);
    });
  });
  return line;
}
