// Replays a scenario's steps in Node: `node node_runner.mjs DATABASE`; cpp_runner.cpp says how.
import { createInterface } from "node:readline";
import { ResysError, Shop } from "../../bindings/node/index.js";

const shop = await Shop.open(`sqlite:${process.argv[2]}`, {
  processors: ["test", "manual"],
  secretKeys: { k1: Buffer.from("0".repeat(32)) },
  secretKeyId: "k1",
});

async function run(line) {
  const [store, audience, userId, sessionId, idempotencyKey, operation, request] = line.split("\t");
  if (operation === "dueWork") {
    while ((await shop.runDueWork()).more);
    return {};
  }
  const path = operation.split(".");
  const service = path.slice(0, -1).reduce((outer, name) => outer[name], shop);
  const caller = { store, audience, userId, sessionId, idempotencyKey };
  return await service[path.at(-1)](caller, JSON.parse(request));
}

async function answerOf(line) {
  try {
    return { answer: await run(line) };
  } catch (error) {
    if (!(error instanceof ResysError)) throw error;
    const { code, message, field, details, retry } = error;
    return { error: { code, message, field, details, retry } };
  }
}

/** Moments as the library writes them, with microseconds. */
function libraryTimes(key, value) {
  return this[key] instanceof Date ? value.replace("Z", "000Z") : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answerOf(line), libraryTimes)}\n`);
}
await shop.close();
