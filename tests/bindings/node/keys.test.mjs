// The keys that encrypt: one that is missing is told when a shop is opened; a rotation; a lost one.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Shop } from "resys";
import { quiet, rejection, staff } from "./stocked.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "resys-keys-"));
test.after(() => rmSync(folder, { recursive: true }));

const older = { k1: Buffer.alloc(32, "0") };
const newer = { k2: Buffer.alloc(32, "1") };
let made = 0;

/** The database of a shop with one secret, encrypted with k1. */
async function database() {
  const name = `sqlite:${path.join(folder, `shop-${++made}.db`)}`;
  const shop = await Shop.open(name, { secretKeys: older, secretKeyId: "k1", log: quiet });
  const { id } = await shop.admin.paymentMethods.create(staff, {
    name: "Card", processor: "stripe",
  });
  await shop.admin.paymentMethods.configure(staff, { paymentMethodId: id, secretKey: "sk_test_x" });
  await shop.close();
  return name;
}

test("a shop without its key is not opened", async () => {
  const name = await database();
  const wrong = { k1: Buffer.alloc(32, "2") };
  for (const keys of [{}, { secretKeys: newer, secretKeyId: "k2" },
    { secretKeys: wrong, secretKeyId: "k1" }]) {
    const error = await rejection(Shop.open(name, { ...keys, log: quiet }));
    assert.equal(error.code, "invalid_request");
    assert.equal(error.field, "secretKeys");
    assert.deepEqual(error.details, { keyId: "k1", paymentMethods: 1, clientSecrets: 0 });
  }
});

test("keys are rotated", async () => {
  const name = await database();
  const both = { secretKeys: { ...older, ...newer }, secretKeyId: "k2", log: quiet };
  const shop = await Shop.open(name, both);
  const told = [];
  const rotation = await shop.rotateKeys({ onProgress: (progress) => told.push(progress) });
  assert.equal(rotation.currentKeyId, "k2");
  assert.equal(rotation.resealed, 1);
  assert.deepEqual(rotation.keys.map(({ id, paymentMethods }) => [id, paymentMethods]),
    [["k1", 0], ["k2", 1]]);
  assert.deepEqual(told.at(-1), { step: "seal", done: 1, total: 1 });
  await shop.close();
  const later = await Shop.open(name, { secretKeys: newer, secretKeyId: "k2", log: quiet });
  assert.equal((await later.rotateKeys()).resealed, 0);
  await later.close();
});

test("a lost key is done without", async () => {
  const options = { secretKeys: newer, secretKeyId: "k2", allowMissingKeys: true, log: quiet };
  const shop = await Shop.open(await database(), options);
  const { keys } = await shop.rotateKeys();
  assert.deepEqual(keys[0], {
    id: "k1", isKnown: false, paymentMethods: 1, clientSecrets: 0, unreadable: 1,
  });
  await shop.close();
});
