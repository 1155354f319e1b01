// The same from TypeScript, and a payment processor of one's own: checked with `tsc --strict`.
import { formatMoney, ResysError, Shop } from "resys";
import type { Caller, Cart, HandledEvent, Order, PaymentProcessor, PaymentSnapshot } from "resys";
import { expressMount } from "resys/express";
import { fastifyPlugin } from "resys/fastify";
import { createServer } from "node:http";
import Fastify, { type FastifyRequest } from "fastify";

function paid({ amountCents, currency, paymentId }: {
  amountCents: number | null; currency: string; paymentId: string;
}): PaymentSnapshot {
  const cents = amountCents ?? 0;
  return {
    externalId: paymentId, state: "captured", currency, amountCents: cents, capturedCents: cents,
  };
}

const bank: PaymentProcessor = {
  name: "bank",
  currencies: ["EUR"],
  createPayment: async (request) => paid(request),
  capture: async (request) => paid(request),
  cancel: async () => {
    throw new ResysError("invalid_state", "it is paid");
  },
  fetch: async (request) => paid(request),
  refund: async ({ externalId, amountCents }) => ({
    externalId, state: "succeeded", amountCents: amountCents ?? 0,
  }),
};

export async function buy(sku: string): Promise<string> {
  const shop = await Shop.open("sqlite::memory:", {
    processors: [bank, "test"],
    eventHandlers: [{
      name: "warehouse",
      types: ["OrderCompleted"],
      handle: ({ event }: HandledEvent) => console.log(event.createdAt.getTime()),
    }],
    mailer: (mail) => console.log(mail.to),
    secretKeys: { k1: Buffer.alloc(32) },
    secretKeyId: "k1",
  });
  const ada: Caller = { userId: "ada" };
  try {
    const cart: Cart = await shop.cart.addItem(ada, { sku, quantity: 2 });
    const order: Order = await shop.call(ada, "orders.get", { number: "none" });
    const until: Date | null = order.placedAt;
    return `${formatMoney(cart.totalCents, cart.currency)} ${until?.toISOString()}`;
  } catch (error) {
    if (error instanceof ResysError && error.code === "insufficient_stock") return "sold out";
    throw error;
  } finally {
    await shop.close();
  }
}

export function serve(shop: Shop): void {
  const mount = expressMount(shop, { caller: (request) => ({ userId: request.headers.from }) });
  createServer((request, response) => mount(request, response, () => response.end())).listen();
  const app = Fastify();
  app.register(fastifyPlugin, { shop, caller: async (request) => ({ sessionId: request.id }) });
  const caller = (request: FastifyRequest) => ({ userId: request.hostname });
  app.register(fastifyPlugin, { shop, caller, prefix: "/shop" });
}

// What must not pass the check.
export async function wrong(shop: Shop, ada: Caller): Promise<void> {
  // @ts-expect-error: a number is not text
  await shop.cart.addItem(ada, { sku: 5 });
  // @ts-expect-error: the sku is needed
  await shop.cart.addItem(ada, {});
  // @ts-expect-error: there is no such operation
  await shop.call(ada, "cart.steal", {});
  const cart = await shop.cart.get(ada);
  // @ts-expect-error: answers are read only
  cart.totalCents = 0;
}
