// Fastify's own types are not named: this package may stand where they are not installed.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

import type { Caller, Shop } from "../index.js";

/** What the plugin needs of Fastify's request; a FastifyRequest is one. */
export interface MountedRequest {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: IncomingMessage;
}

export interface FastifyPluginOptions {
  shop: Shop;
  /** Who is calling: you authenticate, the shop authorizes. */
  caller(request: MountedRequest): Caller | Promise<Caller>;
}

/**
 * Serves the shop's endpoints, `/api/*`: `app.register(fastifyPlugin, { shop, caller })`. It keeps
 * the raw bytes of bodies, over which webhooks are signed; other routes keep their parsers.
 */
export function fastifyPlugin(
  fastify: { readonly prefix: string },
  options: FastifyPluginOptions,
): Promise<void>;
