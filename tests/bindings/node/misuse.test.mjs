// Wrong arguments of every kind: an error that says which, never a crash.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ResysError, Shop } from "resys";
import { ada, bank, quiet, rejection, staff, stocked } from "./stocked.mjs";

const ODDITIES = [undefined, null, true, 0, -1, NaN, 2 ** 60, 5n, "", "x", "\ud800", Symbol("s"),
  [], {}, () => {}, new Map(), new Date(NaN), Buffer.alloc(3), new Proxy({}, {}),
  Object.create(null)];

function isOurs(error) {
  return error instanceof ResysError || error instanceof TypeError;
}

async function refusesOrAnswers(promise, what) {
  const error = await rejection(promise);
  assert(error === undefined || isOurs(error), `${what}: ${error?.stack}`);
}

test("requests of wrong types are refused", async () => {
  const shop = await stocked();
  const cyclic = { sku: "TEA" };
  cyclic.self = cyclic;
  const wrong = [null, 5, "text", [], true, Symbol("s"), 5n, cyclic, { sku: 5n }, { sku: NaN },
    { sku: "TEA", quantity: NaN }, { sku: "TEA", quantity: Infinity }, { sku: "\ud800" },
    { sku: "TEA", quantity: 1.5 }, { sku: "TEA", quantity: "1" }, { sku: Symbol("s") },
    { sku: "TEA", quantity: () => 1 }, { sku: "TEA", unknown: 1 }, { sku: "x".repeat(3_000_000) },
    { toJSON() { throw new Error("no JSON"); } }];
  for (const request of wrong) {
    const error = await rejection(shop.cart.addItem(ada, request));
    assert(error instanceof ResysError, `${typeof request}: ${error?.stack}`);
    assert(["invalid_request", "too_large"].includes(error.code), `${error.code} ${error.message}`);
  }
  const never = { name: "A", actions: [{ kind: "freeShipping" }], endsAt: new Date(NaN) };
  assert.equal((await rejection(shop.admin.promotions.create(staff, never))).field, "endsAt");
  assert.equal((await shop.cart.get(ada)).itemCount, 0);
  await shop.close();
});

test("callers of wrong types are refused", async () => {
  const shop = await stocked();
  for (const caller of [undefined, null, 5, "ada", Symbol("s"), { userId: 5 }, { userId: "\ud800" },
    { userId: {} }, { audience: "owner" }, { audience: 1 }, { userId: "u".repeat(1_000_000) },
    { userId: "a", store: "No Store" }, { userId: "a", store: "" },
    { userId: "a", idempotencyKey: [] }, { userId: "a", groups: "vip" },
    { userId: "a", groups: [5] }, { userId: "a", groups: ["No Group"] }]) {
    const error = await rejection(shop.cart.addItem(caller, { sku: "TEA" }));
    assert.equal(error?.code, "invalid_request", String(error?.stack));
  }
  await shop.close();
});

test("every method takes every kind of value without a crash", async () => {
  const shop = await stocked();
  for (const value of ODDITIES) {
    const name = typeof value;
    await refusesOrAnswers(shop.call(value, value, value), name);
    await refusesOrAnswers(shop.call(ada, value, value), name);
    await refusesOrAnswers(shop.handle(ada, value), name);
    for (const field of ["method", "target", "headers", "body"]) {
      const request = { method: "POST", target: "/api/storefront/cart/items", [field]: value };
      await refusesOrAnswers(shop.handle(ada, request), `${field} ${name}`);
    }
    await refusesOrAnswers(shop.runDueWork(value), name);
    await refusesOrAnswers(shop.runDueWork(1, value), name);
  }
  await shop.close();
});

test("options of wrong types are refused", async () => {
  const open = (options) => Shop.open("sqlite::memory:", { log: quiet, ...options });
  const wrong = [
    { proccessors: [] }, { processors: "test" }, { processors: ["paypal"] }, { processors: [{}] },
    { processors: [null] }, { processors: [5] }, { processors: [{ ...bank(), name: 5 }] },
    { processors: [{ ...bank(), name: undefined }] }, { processors: [{ ...bank(), fetch: 5 }] },
    { processors: [{ ...bank(), hasWebhooks: true }] }, { processors: [bank(), bank()] },
    { eventHandlers: {} }, { eventHandlers: [{ name: "a" }] }, { eventHandlers: [null] },
    { eventHandlers: [{ name: "a", types: ["NoSuch"], handle() {} }] },
    { mailer: 5 }, { mailer: {} }, { http: {} }, { log: "stderr" }, { secretKeys: { a: "text" } },
    { secretKeys: { a: Buffer.alloc(3) }, secretKeyId: "a" }, { secretKeyId: "none" },
    { secretKeyId: 5 }, { replyTimeoutMs: "5" }, { replyTimeoutMs: -1 }, { smtpUrl: 5 },
    { stripeApiBase: null, smtpFrom: 7 },
  ];
  for (const options of wrong) {
    const error = await rejection(open(options));
    assert(isOurs(error), `${Object.keys(options)}: ${error?.stack}`);
  }
  for (const database of ODDITIES) {
    const error = await rejection(Shop.open(database));
    assert(isOurs(error), `${typeof database}: ${error?.stack}`);
  }
  assert.equal((await rejection(Shop.open("oracle:db"))).code, "invalid_request");
  assert.equal((await rejection(Shop.open("sqlite:/no/such/folder/shop.db"))).code, "storage");
  for (const options of [null, 5, "text"]) {
    assert((await rejection(Shop.open("sqlite::memory:", options))) instanceof TypeError);
  }
  assert.throws(() => new Shop(), TypeError);
});

test("a handler may answer anything, a processor only documents", async () => {
  for (const value of ODDITIES) {
    const shop = await stocked({
      processors: [bank({ createPayment: () => value })],
      eventHandlers: [{ name: "all", handle: () => value }],
    });
    const { id } = await shop.admin.paymentMethods.create(staff, { name: "B", processor: "bank" });
    await shop.cart.addItem(ada, { sku: "TEA" });
    await refusesOrAnswers(shop.checkout.placeOrder(ada, { paymentMethodId: id }), typeof value);
    await shop.runDueWork();
    await shop.close();
  }
});

test("a misspelled field of a caller is named", async () => {
  const shop = await stocked();
  const error = await rejection(shop.cart.get({ userId: "ada", idempotencykey: "once" }));
  assert.equal(error.field, "caller.idempotencykey");
  await shop.close();
});
