import type { IncomingMessage, ServerResponse } from "node:http";

import type { Caller, Shop } from "../index.js";

export interface ExpressMountOptions<Request extends IncomingMessage = IncomingMessage> {
  /** Who is calling: you authenticate, the shop authorizes. */
  caller(request: Request): Caller | Promise<Caller>;
}

/**
 * Middleware for Express, Connect and plain node:http that serves the shop's endpoints and calls
 * `next` for all else. Mount it before body parsers: it reads the raw bytes, over which webhooks are
 * signed. If a parser must come first, let it keep them in `request.rawBody`.
 */
export function expressMount<Request extends IncomingMessage = IncomingMessage>(
  shop: Shop,
  options: ExpressMountOptions<Request>,
): (request: Request, response: ServerResponse, next: (error?: unknown) => void) => void;
