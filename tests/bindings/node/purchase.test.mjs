// A whole purchase, the errors on its way, money and moments, as a user of the package sees them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { currencies, formatMoney, handles, openapi, parseMoney, version } from "resys";
import { ResysError, Shop } from "resys";
import { ada, readyToPlace, rejection, staff, stocked } from "./stocked.mjs";

test("a purchase from the shelf to the timeline", async () => {
  const shop = await stocked();
  const request = await readyToPlace(shop, ada, "test");
  const placed = await shop.checkout.placeOrder(ada, request);
  assert.equal(placed.order.state, "Payment");
  assert.equal(placed.order.totalCents, 2 * 790 + 490);
  assert(placed.reservationExpiresAt instanceof Date);
  const { clientSecret } = placed.payment;
  await shop.testPayments.pay(ada, { clientSecret, card: "4242424242424242" });
  const order = await shop.orders.get(ada, { number: placed.order.number });
  assert.equal(order.state, "Complete");
  assert(Math.abs(order.completedAt.getTime() - Date.now()) < 60_000);
  assert.equal(order.lineItems[0].sku, "TEA");
  const { items } = await shop.admin.orders.getTimeline(staff, { number: order.number });
  assert(items.length > 1 && items.every(({ createdAt }) => createdAt instanceof Date));
  assert.equal((await shop.admin.stock.get(staff, { sku: "TEA" })).available, 998);
  await shop.close();
});

test("an error has its code, the field, the facts and what to do", async () => {
  const shop = await stocked();
  const error = await rejection(shop.cart.addItem(ada, { sku: "TEA", quantity: 0 }));
  assert(error instanceof ResysError && error instanceof Error);
  const { name, code, field, details, retry, httpStatus } = error;
  assert.deepEqual({ name, code, field, details, retry, httpStatus }, {
    name: "ResysError", code: "invalid_request", field: "quantity", details: { limit: 1 },
    retry: "never", httpStatus: 400,
  });
  assert.match(error.stack, /ResysError: the number is too small/);
  await shop.admin.stock.set(staff, { sku: "TEA", onHand: 1, reason: "counted" });
  const request = await readyToPlace(shop, ada, "test", 3);
  const sold = await rejection(shop.checkout.placeOrder(ada, request));
  assert.equal(sold.code, "insufficient_stock");
  assert.equal(sold.retry, "reload");
  assert.equal(sold.details.lines[0].available, 1);
  assert.equal((await rejection(shop.admin.stock.list(ada))).code, "forbidden");
  await shop.close();
});

test("moments are Dates both ways", async () => {
  const shop = await stocked();
  const endsAt = new Date("2099-12-31T23:00:00.250Z");
  const made = { name: "Ten", actions: [{ kind: "percentOffOrder", basisPoints: 1000 }] };
  const promotion = await shop.admin.promotions.create(staff, { ...made, codes: ["TEN"], endsAt });
  assert.deepEqual(promotion.endsAt, endsAt);
  assert.equal(promotion.startsAt, null);
  const text = await shop.admin.promotions.create(staff, {
    ...made, codes: ["TWO"], endsAt: endsAt.toISOString(),
  });
  assert.deepEqual(text.endsAt, endsAt);
  const { items } = await shop.admin.promotions.list(staff);
  assert.deepEqual(items[0].endsAt, endsAt);
  await shop.close();
});

test("a promotion has conditions, actions and codes, and null takes a limit off", async () => {
  const shop = await stocked();
  const { id: promotionId } = await shop.admin.promotions.create(staff, {
    name: "Two off", codes: ["TWO"], currency: "EUR", perCustomerLimit: 1,
    conditions: [{ kind: "minimumAmount", amountCents: 1000 }],
    actions: [{ kind: "fixedOffOrder", amountCents: 200 }],
  });
  const { codes } = await shop.admin.promotions.createCodes(staff, {
    promotionId, count: 2, prefix: "MORE-", length: 8,
  });
  assert.equal(codes.length, 2);
  await shop.cart.addItem(ada, { sku: "TEA" });
  const early = await shop.cart.applyCoupon(ada, { code: codes[0].toLowerCase() });
  assert.deepEqual(early.rejectedCodes, [
    { code: codes[0], reason: "minimumAmount", missingCents: 210, missingQuantity: null }]);
  const cart = await shop.cart.addItem(ada, { sku: "TEA" });
  assert.equal(cart.promotions[0].discountCents, 200);
  assert.deepEqual(cart.lineItems[0].discounts, [
    { promotionId, name: "Two off", discountCents: 200 }]);
  const changed = await shop.admin.promotions.update(staff, {
    promotionId, perCustomerLimit: null,
  });
  assert.equal(changed.perCustomerLimit, null);
  assert.equal(changed.conditions[0].amountCents, 1000);
  await shop.close();
});

test("an idempotency key makes a repetition harmless", async () => {
  const shop = await stocked();
  const again = { ...ada, idempotencyKey: "once" };
  await shop.cart.addItem(again, { sku: "TEA" });
  const cart = await shop.cart.addItem(again, { sku: "TEA" });
  assert.equal(cart.itemCount, 1);
  await shop.close();
});

test("prices are those of the caller's groups and of the cart's currency", async () => {
  const shop = await stocked();
  const trade = { userId: "bob", groups: ["trade"] };
  const { id } = await shop.admin.priceLists.create(staff, {
    name: "Trade", currency: "EUR", customerGroups: trade.groups,
  });
  const prices = [{ sku: "TEA", minQuantity: 2, priceCents: 690 }];
  await shop.admin.priceLists.setPrices(staff, { priceListId: id, prices });
  assert.equal((await shop.cart.addItem(ada, { sku: "TEA", quantity: 2 })).totalCents, 1580);
  assert.equal((await shop.cart.addItem(trade, { sku: "TEA", quantity: 2 })).totalCents, 1380);
  const { body } = await shop.handle(trade, {
    method: "GET", target: "/api/storefront/cart", headers: {},
  });
  assert.deepEqual(JSON.parse(body).data.problems, []);
  await shop.admin.variants.update(staff, {
    sku: "TEA", compareAtCents: 990, prices: [{ currency: "USD", priceCents: 899 }],
  });
  const inDollars = await shop.products.get(ada, { slug: "tea", currency: "USD" });
  assert.equal(inDollars.variants[0].priceCents, 899);
  assert.equal(inDollars.variants[0].prices[0].compareAtCents, 990);
  const cart = await shop.cart.addItem({ userId: "eve" }, { sku: "TEA", currency: "USD" });
  assert.equal(cart.totalCents, 899);
  await shop.close();
});

test("operations by name, HTTP, and what the library says of itself", async () => {
  const shop = await stocked();
  await shop.call(ada, "cart.addItem", { sku: "TEA" });
  assert.equal((await shop.call(ada, "cart.get")).itemCount, 1);
  assert.equal((await rejection(shop.call(ada, "cart.steal"))).code, "not_found");
  const { status, headers, body } = await shop.handle(ada, {
    method: "POST",
    target: "/api/storefront/cart/items",
    headers: { "content-type": "application/json", accept: ["a", "b"], none: undefined },
    body: Buffer.from('{"sku":"TEA"}'),
  });
  assert.equal(status, 200);
  assert.match(headers["Content-Type"], /^application\/json/);
  assert.equal(JSON.parse(body).data.itemCount, 2);
  const pairs = new Headers({ "Content-Type": "application/json" });
  const nowhere = await shop.handle(ada, { method: "GET", target: "/nowhere", headers: pairs });
  assert.equal(nowhere.status, 404);
  assert(handles("/api/storefront/cart") && !handles("/"));
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert(openapi().paths["/api/storefront/cart"]);
  await shop.close();
});

test("money has no floats", () => {
  const cases = [[123450, "EUR", "1234.50"], [500, "JPY", "500"], [5, "EUR", "0.05"],
    [-5, "EUR", "-0.05"], [1, "KWD", "0.001"], [2 ** 53 - 1, "EUR", "90071992547409.91"]];
  for (const [cents, currency, text] of cases) {
    assert.equal(formatMoney(cents, currency), `${text} ${currency}`);
    assert.equal(parseMoney(text, currency), cents);
  }
  assert.equal(parseMoney("12.5", "EUR"), 1250);
  assert(Object.is(parseMoney("-0", "EUR"), 0));
  for (const wrong of ["12.505", "", "1e3", "1,5", ".5", "90071992547409.92", null, 5]) {
    assert.throws(() => parseMoney(wrong, "EUR"), RangeError);
  }
  assert.throws(() => formatMoney(1, "QQQ"), RangeError);
  assert.throws(() => formatMoney(0.5, "EUR"), TypeError);
  assert.equal(currencies.JPY, 0);
});

test("a shop ends with the block that opened it", async () => {
  const shop = await Shop.open("sqlite::memory:", { processors: ["test"] });
  await shop[Symbol.asyncDispose]();
  await shop.close();
  const late = await rejection(shop.cart.get(ada));
  assert.equal(late.code, "invalid_state");
  assert.match(late.message, /closed/);
  assert.throws(() => shop.startWorker(), ResysError);
});
