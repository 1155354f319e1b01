// Processors, mailers, event handlers and transports in JavaScript, synchronous and not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { ResysError } from "resys";
import { ada, bank, home, paid, readyToPlace, rejection, staff, stocked } from "./stocked.mjs";

async function place(processor, options = {}) {
  const shop = await stocked({ processors: [processor], ...options });
  const request = await readyToPlace(shop, ada, processor.name);
  try {
    return await shop.checkout.placeOrder(ada, request);
  } finally {
    await shop.close();
  }
}

test("a processor may be synchronous, asynchronous, an instance of a class", async () => {
  class Slow {
    name = "slow";
    #seen = [];
    async createPayment(request) {
      await sleep(5);
      this.#seen.push(request);
      assert(request.now instanceof Date);
      return { ...paid(request), captureBefore: new Date() };
    }
    capture = paid;
    cancel = paid;
    fetch = paid;
    refund = paid;
  }
  for (const processor of [bank(), new Slow()]) {
    assert.equal((await place(processor)).order.state, "Complete");
  }
});

test("the README's processor takes and returns money", async () => {
  const readme = readFileSync(new URL("../../../bindings/node/README.md", import.meta.url), "utf8");
  const example = /```js\n(const paid = .*?)```/s.exec(readme)[1];
  const moved = [];
  const move = (_, amountCents, key) => moved.push([amountCents, key]);
  const account = new Function("debit", "credit", `${example}; return account;`)(move, move);
  const shop = await stocked({ processors: [account] });
  const request = await readyToPlace(shop, ada, "account");
  const { order } = await shop.checkout.placeOrder(ada, request);
  assert.equal(order.state, "Complete");
  const refunded = await shop.admin.orders.refund(staff, { number: order.number });
  assert.equal(refunded.paymentStatus, "refunded");
  assert.deepEqual(moved.map(([amountCents]) => amountCents), [2070, 2070]);
  assert.notEqual(moved[0][1], moved[1][1]);
  await shop.close();
});

test("what a port throws is what the call rejects with: the same object", async () => {
  const own = new RangeError("the bank is on fire");
  const mute = { get message() { throw new Error("no"); }, get stack() { throw new Error("no"); } };
  for (const thrown of [own, "a text", { any: "object" }, null, undefined, Symbol("sign"), mute]) {
    const atOnce = bank({ createPayment() { throw thrown; } });
    const later = bank({ async createPayment() { await sleep(1); throw thrown; } });
    for (const processor of [atOnce, later]) {
      const outcome = await place(processor).then(() => "placed", (error) => [error]);
      assert.equal(outcome[0], thrown);
    }
  }
});

test("a ResysError says what has happened to the money", async () => {
  const declined = new ResysError("payment_declined", "no money", { details: { left: 3 } });
  const down = new ResysError("processor_unavailable", "come back");
  for (const thrown of [declined, down]) {
    const error = await rejection(place(bank({ createPayment() { throw thrown; } })));
    assert.equal(error, thrown);
  }
  assert.throws(() => new ResysError("no_such_code", "?"), TypeError);
});

test("an answer of a wrong shape leaves the outcome unknown", async () => {
  const wrong = bank({ createPayment: () => ({ state: "rich" }) });
  assert.equal((await rejection(place(wrong))).code, "outcome_unknown");
  const nothing = bank({ createPayment: () => undefined });
  assert((await rejection(place(nothing))) instanceof TypeError);
});

test("an answer that never comes is given up, one that comes later does nothing", async () => {
  let answer;
  const hung = bank({ createPayment: () => new Promise((resolve) => { answer = resolve; }) });
  const error = await rejection(place(hung, { replyTimeoutMs: 50 }));
  assert.equal(error.code, "outcome_unknown");
  answer({});
  await sleep(5);
});

test("a callback may call the shop, and its own failures there are its own", async () => {
  let shop;
  let inner;
  const nosy = bank({
    async createPayment(request) {
      assert.equal((await shop.cart.get({ userId: "bob" })).itemCount, 0);
      inner = await rejection(shop.orders.get(ada, { number: "none" }));
      throw inner;
    },
  });
  shop = await stocked({ processors: [nosy] });
  const request = await readyToPlace(shop, ada, "bank");
  const error = await rejection(shop.checkout.placeOrder(ada, request));
  assert.equal(error, inner);
  assert.equal(error.code, "not_found");
  await shop.close();
});

/** Everything but the placing, with an address for mail. */
async function readyToBeTold(shop) {
  const request = await readyToPlace(shop, ada, "bank");
  await shop.checkout.setAddresses(ada, { shippingAddress: home, email: "ada@example.com" });
  const options = await shop.checkout.listShippingMethods(ada);
  await shop.checkout.selectShippingMethod(ada, { shippingMethodId: options.items[0].id });
  return request;
}

test("events and mail reach their ports when due work is done", async () => {
  const told = [];
  const mails = [];
  const warehouse = {
    name: "warehouse", types: ["OrderCompleted"],
    async handle({ store, event }) {
      await sleep(1);
      told.push([store, event.type, event.createdAt instanceof Date]);
    },
  };
  const sendMail = async (mail) => mails.push(mail);
  for (const mailer of [(mail) => mails.push(mail), { sendMail }]) {
    const shop = await stocked({ processors: [bank()], eventHandlers: [warehouse], mailer });
    await shop.checkout.placeOrder(ada, await readyToBeTold(shop));
    while ((await shop.runDueWork()).more);
    await shop.close();
  }
  assert.deepEqual(told, Array(2).fill(["default", "OrderCompleted", true]));
  assert(mails.length >= 2 && mails.every(({ to }) => to === "ada@example.com"));
});

test("what no caller gets is logged, with where it was thrown", async () => {
  const lines = [];
  const broken = { name: "broken", handle() { throw new Error("spilled the tea"); } };
  const shop = await stocked({
    processors: [bank()], eventHandlers: [broken],
    log: (level, message) => lines.push(`${level} ${message}`),
  });
  await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "bank"));
  await shop.runDueWork();
  await sleep(10);
  const expected = /^warning a port has thrown: Error: spilled.*ports\.test/s;
  assert(lines.some((line) => expected.test(line)), lines.join("\n"));
  assert((await shop.admin.events.list(staff)).items.some(({ handler }) => handler === "broken"));
  await shop.close();
});

test("webhooks of a processor get the raw bytes", async () => {
  const payload = '{ "id":  "tëa",\n"ok":true}';
  const seen = [];
  const hooked = bank({
    hasWebhooks: true,
    async parseWebhook(request) {
      seen.push(request.payload, request.headers["X-Signature"]);
      if (request.headers["X-Signature"] !== "ours") {
        throw new ResysError("invalid_signature", "not the bank's");
      }
      return { eventId: "1", type: "ping" };
    },
  });
  const shop = await stocked({ processors: [hooked] });
  const { id } = await shop.admin.paymentMethods.create(staff, { name: "B", processor: "bank" });
  const receive = (signature) => shop.handle({}, {
    method: "POST", target: `/api/webhooks/${id}`,
    headers: { "X-Signature": signature, "Content-Type": "application/json" },
    body: Buffer.from(payload),
  });
  assert.equal((await receive("ours")).status, 200);
  assert.equal((await receive("theirs")).status, 400);
  assert.deepEqual(seen, [payload, "ours", payload, "theirs"]);
  await shop.close();
});

test("Stripe can be reached over a transport in JavaScript", async () => {
  const sent = [];
  const http = {
    async send({ method, url }) {
      sent.push(`${method} ${new URL(url).pathname}`);
      return { status: 500, headers: {}, body: "{}" };
    },
  };
  const shop = await stocked({
    processors: ["stripe"], http, secretKeys: { k1: Buffer.alloc(32) }, secretKeyId: "k1",
  });
  const request = await readyToPlace(shop, ada, "stripe");
  await shop.admin.paymentMethods.configure(staff, {
    paymentMethodId: request.paymentMethodId, secretKey: "sk_test_1", publishableKey: "pk_test_1",
    webhookSecret: "whsec_1",
  });
  assert((await rejection(shop.checkout.placeOrder(ada, request))) instanceof ResysError);
  assert(sent.includes("POST /v1/payment_intents"), String(sent));
  await shop.close();
});

test("a worker does due work until it is stopped", async () => {
  const told = [];
  const eventHandlers = [{ name: "all", handle: ({ event }) => told.push(event.type) }];
  const shop = await stocked({ processors: [bank()], eventHandlers });
  const worker = shop.startWorker({ intervalMs: 5, keepAlive: true });
  await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "bank"));
  while (!told.includes("OrderCompleted")) await sleep(5);
  await worker.stop();
  await worker.stop();
  shop.startWorker({ intervalMs: 1 });
  await shop.close();
});

test("with one worker nothing but mail waits for a mailer that hangs", async () => {
  const told = [];
  let letGo;
  let hangs;
  const isHanging = new Promise((resolve) => { hangs = resolve; });
  const mailer = () => new Promise((resolve) => { letGo = resolve; hangs(); });
  const eventHandlers = [{ name: "all", handle: ({ event }) => told.push(event.type) }];
  const shop = await stocked({ processors: [bank()], eventHandlers, mailer });
  const worker = shop.startWorker({ intervalMs: 5, keepAlive: true });
  await shop.checkout.placeOrder(ada, await readyToBeTold(shop));
  await isHanging;
  while (!told.includes("OrderCompleted")) await sleep(5);
  letGo();
  await worker.stop();
  await shop.close();
});

test("a part of due work is done alone", async () => {
  const mails = [];
  const told = [];
  const eventHandlers = [{ name: "all", handle: ({ event }) => told.push(event.type) }];
  const mailer = (mail) => mails.push(mail);
  const shop = await stocked({ processors: [bank()], eventHandlers, mailer });
  await shop.checkout.placeOrder(ada, await readyToBeTold(shop));
  assert.deepEqual(await shop.runDueWork(10, "deadlines"), { done: 0, more: false });
  assert.deepEqual(await shop.runDueWork(10, "mail"), { done: 1, more: false });
  assert.deepEqual([mails.length, told.length], [1, 0]);
  while ((await shop.runDueWork(10, "events")).more);
  assert(told.includes("OrderCompleted"));
  const refused = await rejection(shop.runDueWork(10, "mails"));
  assert.deepEqual([refused.code, refused.field], ["invalid_request", "part"]);
  await shop.close();
});

test("a tax calculator finds the taxes, and may fail", async () => {
  const asked = [];
  let fails = false;
  const taxCalculator = async (request) => {
    asked.push(request);
    if (fails) throw new Error("no taxes today");
    return { items: request.items.map(({ reference, amountCents }) => ({ reference, taxes: [
      { name: "Tax", rate: "10", taxCents: Math.floor(amountCents / 10) }] })) };
  };
  const shop = await stocked({ taxCalculator });
  await shop.admin.settings.updateTaxes(staff, { source: "calculator", fallback: "refuse" });
  const { order } = await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "test"));
  assert.equal(asked.at(-1).address.country, "GB");
  assert.equal(order.taxTotalCents, 158 + 49);
  fails = true;
  const again = await readyToPlace(shop, { userId: "bob" }, "test");
  const refused = await rejection(shop.checkout.placeOrder({ userId: "bob" }, again));
  assert.equal(refused.code, "busy");
  await shop.close();
});

test("a registry says whether a tax id is registered, and null takes a value away", async () => {
  const shop = await stocked({ taxIdRegistry: (taxId) => taxId === "DE136695976" });
  const update = (taxId) => shop.admin.customers.update(staff, { userId: "ada", taxId });
  assert((await update("DE136695976")).taxIdCheckedAt instanceof Date);
  assert.equal((await rejection(update("FR40303265045"))).field, "taxId");
  const rate = await shop.admin.taxRates.create(staff,
    { name: "VAT", rate: "19", country: "DE", validUntil: new Date("2031-01-01") });
  const cleared = await shop.admin.taxRates.update(staff, { taxRateId: rate.id, validUntil: null });
  assert.equal(cleared.validUntil, null);
  await shop.close();
});
