// The shop as middleware for Express, Connect and plain node:http.
import { handles } from "../index.js";
import { MOST_BYTES } from "./limits.js";

/** `caller(request)` says who is calling; what is not the shop's goes to the next middleware. */
export function expressMount(shop, { caller }) {
  if (typeof caller !== "function") throw new TypeError("caller is not a function");
  return function resysMount(request, response, next) {
    // Express takes the path of a router off `url`.
    const target = [request.url, request.originalUrl].find(handles);
    if (target === undefined) next();
    else serve(shop, caller, target, request, response).catch(next);
  };
}

async function serve(shop, caller, target, request, response) {
  const body = await rawBody(request);
  const { method, headers } = request;
  const answer = await shop.handle(await caller(request), { method, target, headers, body });
  response.setHeader("Content-Length", Buffer.byteLength(answer.body));
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** The bytes as they came: webhooks are signed over them, JSON written anew has others. */
async function rawBody(request) {
  for (const kept of [request.rawBody, request.body]) {
    if (typeof kept === "string" || kept instanceof Uint8Array) return kept;
  }
  if (request.readableDidRead) {
    throw new Error(
      "a body parser has read the request before the shop could: mount the shop before it, or " +
        "let it keep the raw bytes in request.rawBody",
    );
  }
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size - chunk.length <= MOST_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES);
}
