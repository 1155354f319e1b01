// Many calls at once, callbacks that call back, closing while calls are under way.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { ada, bank, paid, readyToPlace, rejection, staff, stocked } from "./stocked.mjs";

const buyers = Array.from({ length: 64 }, (_, i) => ({ userId: `buyer-${i}` }));

async function readyBuyers(shop, callers) {
  const requests = [];
  for (const buyer of callers) requests.push(await readyToPlace(shop, buyer, "bank", 1));
  return requests;
}

test("64 calls whose asynchronous processor calls back do not block each other", async () => {
  let shop;
  let inside = 0;
  let most = 0;
  const nosy = bank({
    async createPayment(request) {
      most = Math.max(most, ++inside);
      while (most < 64) await sleep(1); // all of them are in a callback at once
      await Promise.all([
        shop.cart.get(ada),
        shop.admin.orders.get(staff, { number: request.orderNumber }),
        shop.cart.addItem({ userId: `other-${request.paymentId}` }, { sku: "TEA" }),
      ]);
      --inside;
      return paid(request);
    },
  });
  shop = await stocked({ processors: [nosy], replyTimeoutMs: 20_000 });
  const requests = await readyBuyers(shop, buyers);
  const placed = await Promise.all(
    buyers.map((buyer, i) => shop.checkout.placeOrder(buyer, requests[i])));
  assert(placed.every(({ order }) => order.state === "Complete"));
  assert.equal(most, 64);
  await shop.close();
});

test("more calls than threads wait for their turn", async () => {
  const shop = await stocked();
  const carts = await Promise.all(Array.from({ length: 1000 }, () => shop.cart.get(ada)));
  assert.equal(carts.length, 1000);
  await shop.close();
});

test("callbacks in callbacks end at a clear error", async () => {
  let shop;
  let depth = 0;
  const recursive = bank({
    async createPayment(request) {
      const caller = { userId: `level-${++depth}` };
      await shop.checkout.placeOrder(caller, await readyToPlace(shop, caller, "bank", 1));
      return paid(request);
    },
  });
  shop = await stocked({ processors: [recursive] });
  const request = await readyToPlace(shop, ada, "bank", 1);
  const error = await rejection(shop.checkout.placeOrder(ada, request));
  assert.equal(error.code, "invalid_state");
  assert.match(error.message, /8 deep/);
  await shop.close();
});

test("what a callback has begun and not awaited counts as a call of its own", async () => {
  let shop;
  let rest = Promise.resolve();
  const chatty = bank({
    createPayment(request) {
      const later = async () => {
        await sleep(1);
        for (let i = 0; i < 20; ++i) await shop.cart.get(ada);
      };
      rest = later();
      return paid(request);
    },
  });
  shop = await stocked({ processors: [chatty] });
  await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "bank"));
  await rest;
  await shop.close();
});

test("close waits for the calls under way and refuses later ones", async () => {
  let shop;
  const slow = bank({
    async createPayment(request) {
      await sleep(50);
      await shop.cart.get(ada); // belongs to a call that is under way
      return paid(request);
    },
  });
  shop = await stocked({ processors: [slow] });
  const requests = await readyBuyers(shop, buyers.slice(0, 8));
  const placing = requests.map((request, i) => shop.checkout.placeOrder(buyers[i], request));
  await sleep(5);
  const closing = shop.close();
  assert.equal((await rejection(shop.cart.get(ada))).code, "invalid_state");
  assert.equal(shop.close(), closing);
  await closing;
  for (const placed of await Promise.all(placing)) assert.equal(placed.order.state, "Complete");
});

test("closing in a callback is refused: it would wait for itself", async () => {
  let shop;
  let error;
  const closing = bank({
    async createPayment(request) {
      error = await rejection(shop.close());
      return paid(request);
    },
  });
  shop = await stocked({ processors: [closing] });
  await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "bank"));
  assert.equal(error.code, "invalid_state");
  await shop.close();
});

test("a callback that is given up holds up nothing: its shop is closed to it", async () => {
  let shop;
  let late;
  const slow = bank({
    async createPayment(request) {
      await sleep(100);
      late = rejection(shop.cart.get(ada));
      return paid(request);
    },
  });
  shop = await stocked({ processors: [slow], replyTimeoutMs: 20 });
  const request = await readyToPlace(shop, ada, "bank");
  const placing = rejection(shop.checkout.placeOrder(ada, request));
  await shop.close();
  assert.equal((await placing).code, "outcome_unknown");
  await sleep(150);
  assert.match((await late).message, /closed/);
});

test("a callback of one shop may use and close another, not one that is closed", async () => {
  const other = await stocked();
  let late;
  const curious = bank({
    async createPayment(request) {
      await other.cart.get(ada);
      await other.close();
      late = await rejection(other.cart.get(ada));
      return paid(request);
    },
  });
  const shop = await stocked({ processors: [curious] });
  await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "bank"));
  assert.match(late.message, /closed/);
  await shop.close();
});

test("several shops live side by side", async () => {
  const shops = await Promise.all([stocked(), stocked(), stocked()]);
  const carts = await Promise.all(shops.map((shop) => shop.cart.addItem(ada, { sku: "TEA" })));
  assert(carts.every(({ itemCount }) => itemCount === 1));
  await Promise.all(shops.map((shop) => shop.close()));
});
