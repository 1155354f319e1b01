// The database engine that a shop runs on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rejection, stocked } from "./stocked.mjs";

test("a shop says which engine it runs on", async () => {
  const shop = await stocked();
  const engine = await shop.engine();
  assert.deepEqual(Object.keys(engine).sort(), ["hasWalResetBug", "name", "version"]);
  assert.equal(engine.name, "SQLite");
  assert.match(engine.version, /^3\.\d+\.\d+$/);
  assert.equal(typeof engine.hasWalResetBug, "boolean");
  await shop.close();
  assert.equal((await rejection(shop.engine())).code, "invalid_state");
});
