// The shop as a plugin for Fastify.
import { MOST_BYTES } from "./limits.js";

/** `register(fastifyPlugin, { shop, caller })`; the rest of the application keeps its parsers. */
export async function fastifyPlugin(fastify, { shop, caller }) {
  if (typeof caller !== "function") throw new TypeError("caller is not a function");
  // The bytes as they came: webhooks are signed over them.
  fastify.removeAllContentTypeParsers();
  const parser = { parseAs: "buffer", bodyLimit: MOST_BYTES };
  fastify.addContentTypeParser("*", parser, async (_, body) => body);
  fastify.all("/api/*", async (request, reply) => {
    const answer = await shop.handle(await caller(request), {
      method: request.method,
      target: request.raw.url.slice(fastify.prefix.length),
      headers: request.headers,
      body: request.body ?? undefined,
    });
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
}
