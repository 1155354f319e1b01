// The shop mounted in Express, plain node:http and Fastify: raw bodies, other routes, prefixes.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import express from "express";
import Fastify from "fastify";
import { ResysError } from "resys";
import { expressMount } from "resys/express";
import { fastifyPlugin } from "resys/fastify";
import { bank, staff, stocked } from "./stocked.mjs";

const caller = (request) => ({ userId: request.headers["x-user"] });
const SIGNED = '{ "raw":   "tëa" }';

/** A shop with a processor whose webhooks must have come as they were signed. */
async function hookedShop() {
  const parseWebhook = ({ payload }) => {
    if (payload !== SIGNED) throw new ResysError("invalid_signature", "altered");
    return { eventId: "1", type: "ping" };
  };
  const shop = await stocked({ processors: [bank({ hasWebhooks: true, parseWebhook })] });
  const method = await shop.admin.paymentMethods.create(staff, { name: "B", processor: "bank" });
  return { shop, hook: `/api/webhooks/${method.id}` };
}

const post = (url, body, type = "application/json") =>
  fetch(url, { method: "POST", body, headers: { "Content-Type": type, "X-User": "ada" } });

/** Serves while `use` runs with the address. */
async function served(listener, use) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function checkShop(url, hook) {
  const added = await post(`${url}/api/storefront/cart/items`, '{"sku":"TEA"}');
  assert.equal(added.status, 200);
  assert.equal((await added.json()).data.itemCount, 1);
  const got = await fetch(`${url}/api/storefront/cart`, { headers: { "X-User": "ada" } });
  assert.equal((await got.json()).data.itemCount, 1);
  const { id } = (await (await fetch(got.url, { headers: { "X-User": "ada" } })).json())
    .data.lineItems[0];
  const removed = await fetch(`${url}/api/storefront/cart/items/${id}`, {
    method: "DELETE", headers: { "X-User": "ada" },
  });
  assert.equal(removed.status, 200);
  assert.equal((await post(url + hook, SIGNED)).status, 200);
  assert.equal((await post(url + hook, `${SIGNED} `)).status, 400);
  const large = await post(`${url}/api/storefront/cart/items`, "x".repeat(1_500_000));
  assert.equal(large.status, 413);
  const absurd = await post(`${url}/api/storefront/cart/items`, "x".repeat(5_000_000));
  assert.equal(absurd.status, 413);
}

test("Express: before the parsers, in a router, beside other routes", async () => {
  const { shop, hook } = await hookedShop();
  const app = express();
  app.use(expressMount(shop, { caller }));
  app.use("/shop", expressMount(shop, { caller: async (request) => caller(request) }));
  app.use(express.json());
  app.post("/echo", (request, response) => response.json(request.body));
  await served(app, async (url) => {
    await checkShop(url, hook);
    await checkShop(`${url}/shop`, hook);
    assert.deepEqual(await (await post(`${url}/echo`, '{"a":1}')).json(), { a: 1 });
  });
  await shop.close();
});

test("Express: after parsers it takes the raw bytes they kept, and refuses to guess", async () => {
  const { shop, hook } = await hookedShop();
  const keep = (request, _, body) => { request.rawBody = body; };
  const apps = {
    kept: express().use(express.json({ verify: keep })).use(expressMount(shop, { caller })),
    raw: express().use(express.raw({ type: "*/*" })).use(expressMount(shop, { caller })),
    parsed: express().use(express.json()).use(expressMount(shop, { caller })),
  };
  let told;
  apps.parsed.use((error, _request, response, _next) => {
    told = error.message;
    response.status(500).end();
  });
  for (const [name, app] of Object.entries(apps)) {
    await served(app, async (url) => {
      const { status } = await post(url + hook, SIGNED);
      assert.equal(status, name === "parsed" ? 500 : 200, name);
      const listed = await fetch(`${url}/api/storefront/products`);
      assert.equal(listed.status, 200, name);
    });
  }
  assert.match(told, /body parser has read the request/);
  await shop.close();
});

test("node:http: what is not the shop's goes on; a caller that throws is an error", async () => {
  const { shop, hook } = await hookedShop();
  const mount = expressMount(shop, {
    caller(request) {
      if (request.headers["x-user"] === "broken") throw new Error("no session store");
      return caller(request);
    },
  });
  const listener = (request, response) => mount(request, response, (error) => {
    response.writeHead(error ? 500 : 404).end(error?.message);
  });
  await served(listener, async (url) => {
    await checkShop(url, hook);
    assert.equal((await fetch(url)).status, 404);
    const broken = await fetch(`${url}/api/storefront/cart`, { headers: { "X-User": "broken" } });
    assert.equal(await broken.text(), "no session store");
  });
  assert.throws(() => expressMount(shop, {}), TypeError);
  await shop.close();
});

test("Fastify: a plugin with raw bodies, beside routes with parsed ones", async () => {
  const { shop, hook } = await hookedShop();
  const app = Fastify();
  await app.register(fastifyPlugin, { shop, caller });
  await app.register(fastifyPlugin, { shop, caller, prefix: "/shop" });
  app.post("/echo", async (request) => request.body);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  await checkShop(url, hook);
  await checkShop(`${url}/shop`, hook);
  assert.deepEqual(await (await post(`${url}/echo`, '{"a":1}')).json(), { a: 1 });
  assert.equal((await fetch(`${url}/nowhere`)).status, 404);
  await app.close();
  await shop.close();
});
