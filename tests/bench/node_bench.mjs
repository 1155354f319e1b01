// What a call costs in Node: `node --expose-gc node_bench.mjs FOLDER [--memory]`. Prints a figure a
// line as JSON, as calls_bench.cpp does.
import { randomFill } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { Shop } from "../../bindings/node/index.js";

const [folder, ...flags] = process.argv.slice(2);
const CALLS = 2_000;
const PLACEMENTS = 2_048;
const MEMORY_CALLS = 1_000_000;
const staff = { userId: "staff", audience: "staff" };
const ada = { userId: "ada" };

async function open(database) {
  const shop = await Shop.open(database, { processors: ["manual"] });
  const prices = { S: 790, L: 1690 };
  const variants = Object.entries(prices).map(
    ([sku, priceCents]) => ({ sku, priceCents, currency: "EUR" }));
  await shop.admin.products.create(staff, { slug: "tea", name: "Tea", variants });
  await shop.admin.locations.create(staff, { name: "Shelf" });
  for (const sku of ["S", "L"]) {
    await shop.admin.stock.set(staff, { sku, onHand: 1_000_000, reason: "counted" });
    await shop.cart.addItem(ada, { sku, quantity: 1 });
  }
  return shop;
}

async function printMedian(name, call) {
  const micros = [];
  for (let i = 0; i < CALLS; ++i) {
    const start = performance.now();
    await call();
    micros.push((performance.now() - start) * 1000);
  }
  micros.sort((a, b) => a - b);
  print({ name, p50Us: Number(micros[CALLS / 2].toFixed(1)) });
}

function print(figure) {
  console.log(JSON.stringify(figure));
}

/** Runs `call(0) ... call(count - 1)`, so many at once. */
async function inFlight(count, width, call) {
  let next = 0;
  const lane = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

async function placementsPerSecond(shop, width) {
  const post = await shop.admin.shippingMethods.create(staff, {
    name: "Post", priceCents: 490, currency: "EUR",
  });
  const invoice = await shop.admin.paymentMethods.create(staff, {
    name: "Invoice", processor: "manual",
  });
  const shippingAddress = {
    firstName: "Ada", lastName: "L", line1: "1 Main Street", city: "London",
    postalCode: "N1 9GU", country: "GB",
  };
  const buyer = (i) => ({ userId: `buyer-${i}` });
  await inFlight(PLACEMENTS, width, async (i) => {
    for (const sku of ["S", "L"]) await shop.cart.addItem(buyer(i), { sku, quantity: 1 });
    await shop.checkout.setAddresses(buyer(i), { shippingAddress });
    await shop.checkout.selectShippingMethod(buyer(i), { shippingMethodId: post.id });
  });
  const start = performance.now();
  await inFlight(PLACEMENTS, width, (i) =>
    shop.checkout.placeOrder(buyer(i), { paymentMethodId: invoice.id }));
  return Math.round(PLACEMENTS / ((performance.now() - start) / 1000));
}

async function printMemory(shop) {
  const resident = () => {
    globalThis.gc?.();
    return process.memoryUsage.rss();
  };
  // One after the other: with many in flight, V8 grows its young generation to 40 MB and keeps it.
  const get = async (count) => {
    for (let i = 0; i < count; ++i) await shop.cart.get(ada);
  };
  await get(MEMORY_CALLS / 20);
  const before = resident();
  await get(MEMORY_CALLS);
  print({ name: "memory", calls: MEMORY_CALLS, grownBytes: resident() - before });
}

const file = (name) => `sqlite:${path.join(folder, name)}`;
const onFile = await open(file("node.db"));
await printMedian("cart.get", () => onFile.cart.get(ada));
await printMedian("cart.addItem", () => onFile.cart.addItem(ada, { sku: "S", quantity: 1 }));
await onFile.close();
const inMemory = await open("sqlite::memory:");
await printMedian("cart.addItem in memory", () =>
  inMemory.cart.addItem(ada, { sku: "S", quantity: 1 }));
// The least that a call on another thread takes, whoever makes it.
const fill = promisify(randomFill);
const byte = new Uint8Array(1);
await printMedian("turn of a thread", () => fill(byte));
for (const width of [16, 64]) {
  const shop = await open(file(`node${width}.db`));
  const perSecond = await placementsPerSecond(shop, width);
  print({ name: "place_order", threads: width, perSecond });
  await shop.close();
}
if (flags.includes("--memory")) await printMemory(inMemory);
await inMemory.close();
