// Backups and checks: with progress, stopped by a signal or by what the progress throws.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Shop } from "resys";
import { rejection, staff, stocked } from "./stocked.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "resys-backup-"));
test.after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "copy.db");

test("a backup is a whole shop, and overwrites nothing", async () => {
  const shop = await stocked();
  const told = [];
  const backup = await shop.backup(file, { onProgress: (progress) => told.push(progress) });
  assert.equal(backup.path, file);
  assert.equal(backup.bytes, statSync(file).size);
  assert(backup.createdAt instanceof Date);
  assert.deepEqual(told.at(-1), { step: "check", done: backup.pages, total: backup.pages });
  const error = await rejection(shop.backup(file));
  assert.equal(error.code, "conflict");
  assert.equal(error.field, "path");
  await shop.close();
  const copy = await Shop.open(`sqlite:${file}`, { log: () => {} });
  assert.equal((await copy.admin.stock.get(staff, { sku: "TEA" })).onHand, 1000);
  const report = await copy.check();
  assert.deepEqual(report.differences, []);
  assert.equal(report.checked.variants, 1);
  await copy.close();
});

test("a signal stops it, and so does what the progress throws", async () => {
  const shop = await stocked();
  const other = path.join(folder, "other.db");
  assert.equal((await rejection(shop.backup(other, { signal: AbortSignal.abort("no") }))), "no");
  const aborting = new AbortController();
  const outcome = await rejection(shop.check({
    signal: aborting.signal, onProgress: () => aborting.abort(),
  }));
  // It may have been through before it heard of it.
  assert(outcome === undefined || outcome.name === "AbortError");
  const thrown = new Error("enough");
  const stopped = await rejection(shop.check({ onProgress: () => { throw thrown; } }));
  assert(stopped === undefined || stopped === thrown);
  assert.equal((await rejection(shop.backup(7))).code, "invalid_request");
  assert.equal((await rejection(shop.check({ progress: 1 }))).name, "TypeError");
  assert(!existsSync(other));
  assert.equal(readdirSync(folder).filter((name) => name.includes(".part")).length, 0);
  await shop.close();
});
