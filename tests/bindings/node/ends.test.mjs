// How processes and worker threads end with a shop open: at once or cleanly, never in a crash.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const helpers = new URL("./stocked.mjs", import.meta.url).href;

/** Runs a module that has the helpers of stocked.mjs; what it has printed. */
function run(body) {
  const source = `import { ada, bank, paid, readyToPlace, stocked } from "${helpers}";\n${body}`;
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath, ["--input-type=module", "--eval", source],
    { encoding: "utf8", timeout: 20_000 });
  assert.equal(`${status} ${signal} ${stderr}`, "0 null ", stdout);
  return stdout.trim();
}

test("a process with an open shop and nothing to do ends", () => {
  assert.equal(run('const shop = await stocked(); console.log("opened");'), "opened");
});

test("a worker keeps the process alive only if it is asked to", () => {
  run("const shop = await stocked(); shop.startWorker();");
  const kept = run(`
    const shop = await stocked();
    const worker = shop.startWorker({ keepAlive: true });
    setTimeout(async () => { await worker.stop(); console.log("stopped"); }, 300).unref();
  `);
  assert.equal(kept, "stopped");
});

test("a call that is not awaited is done before the process ends", () => {
  const told = run(`
    const shop = await stocked();
    shop.cart.addItem(ada, { sku: "TEA" }).then((cart) => console.log(cart.itemCount));
  `);
  assert.equal(told, "1");
});

test("process.exit() in the midst of calls", () => {
  run(`
    const hung = bank({ createPayment: () => new Promise(() => {}) });
    const shop = await stocked({ processors: [hung] });
    const request = await readyToPlace(shop, ada, "bank");
    shop.checkout.placeOrder(ada, request);
    for (let i = 0; i < 500; ++i) shop.cart.get(ada);
    setTimeout(() => process.exit(0), 20);
  `);
});

test("process.exit() in a callback", () => {
  run(`
    const shop = await stocked({ processors: [bank({ createPayment: () => process.exit(0) })] });
    await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "bank"));
  `);
});

test("an uncaught exception of a log function is the program's", () => {
  const told = run(`
    process.on("uncaughtException", (error) => console.log(error.message));
    const shop = await stocked({
      processors: [bank()], log: () => { throw new Error("no log"); },
      eventHandlers: [{ name: "all", handle: () => { throw new Error("no"); } }],
    });
    await shop.checkout.placeOrder(ada, await readyToPlace(shop, ada, "bank"));
    await shop.runDueWork();
    await shop.close();
  `);
  assert.match(told, /no log/);
});

test("worker threads are terminated in the midst of calls", async () => {
  const source = `
    import { parentPort } from "node:worker_threads";
    import { ada, bank, paid, readyToPlace, stocked } from "${helpers}";
    const hung = bank({ createPayment: () => new Promise(() => {}) });
    const shop = await stocked({ processors: [hung] });
    const request = await readyToPlace(shop, ada, "bank");
    shop.checkout.placeOrder(ada, request);
    const busy = async () => { while (true) await shop.cart.get(ada); };
    for (let i = 0; i < 32; ++i) busy();
    parentPort.postMessage("busy");
  `;
  const one = async (delay) => {
    const file = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const worker = new Worker(file);
    await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    await new Promise((resolve) => setTimeout(resolve, delay));
    await worker.terminate();
  };
  for (const delay of [0, 1, 5, 20]) await Promise.all([one(delay), one(delay)]);
});

test("a worker thread may close its shop, and end with it open", async () => {
  for (const last of ["await shop.close();", "", "process.exit(0);"]) {
    const source = `import { ada, stocked } from "${helpers}";
      const shop = await stocked(); await shop.cart.get(ada); ${last}`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    assert.equal(await new Promise((resolve) => worker.once("exit", resolve)), 0);
  }
});
