// A small shop on node:http: a page with the catalogue, and the shop's endpoints beside it.
//   node shop.js [port] [database]
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { formatMoney, Shop } from "resys";
import { expressMount } from "resys/express";

const [port = "8080", database = "sqlite:shop.db"] = process.argv.slice(2);
const shop = await Shop.open(database, { processors: ["test"] });
const staff = { userId: "owner", audience: "staff" };

async function stockTheShelves() {
  const { items } = await shop.products.list(staff);
  if (items.length > 0) return;
  const teas = { assam: 790, darjeeling: 1250, sencha: 990 };
  await shop.admin.locations.create(staff, { name: "Shelf" });
  for (const [slug, priceCents] of Object.entries(teas)) {
    const sku = slug.toUpperCase();
    const variants = [{ sku, name: "100 g", priceCents, currency: "EUR" }];
    await shop.admin.products.create(staff, { slug, name: slug, variants });
    await shop.admin.stock.set(staff, { sku, onHand: 20, reason: "opening day" });
  }
  await shop.admin.shippingMethods.create(staff, {
    name: "Post", priceCents: 490, currency: "EUR",
  });
  await shop.admin.paymentMethods.create(staff, { name: "Card", processor: "test" });
}

// A guest is a random cookie. Signed-in users and staff are yours to tell apart.
function guest(request) {
  return /(?:^|; )guest=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
}

async function page(request, response) {
  const sessionId = guest(request) ?? randomUUID();
  const { items } = await shop.products.list({ sessionId });
  const cart = await shop.cart.get({ sessionId });
  const lines = items.flatMap(({ name, variants }) => variants.map(
    ({ sku, priceCents, currency }) =>
      `<li>${name}, ${formatMoney(priceCents, currency)} <button value="${sku}">Buy</button>`));
  const total = cart.currency ? formatMoney(cart.totalCents, cart.currency) : "nothing";
  response.setHeader("Set-Cookie", `guest=${sessionId}; HttpOnly; SameSite=Lax; Path=/`);
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html><title>Tea</title><h1>Tea</h1><ul>${lines.join("")}</ul>
<p>In your cart: ${total}</p>
<script>document.onclick = async ({ target: { value: sku } }) => {
  if (!sku) return;
  const headers = { "Content-Type": "application/json" }, body = JSON.stringify({ sku });
  await fetch("/api/storefront/cart/items", { method: "POST", headers, body });
  location.reload();
};</script>`);
}

await stockTheShelves();
const mount = expressMount(shop, { caller: (request) => ({ sessionId: guest(request) }) });
const server = createServer((request, response) =>
  mount(request, response, (error) => {
    if (error || request.url !== "/") response.writeHead(error ? 500 : 404).end();
    else page(request, response).catch((why) => response.destroy(why));
  }));
shop.startWorker();
server.listen(Number(port), "127.0.0.1", () =>
  console.log(`ready on http://127.0.0.1:${server.address().port}`));
