// Calls the shop's endpoints. Every write has an idempotency key, so that it can be repeated safely
// when an answer is lost.

export class ShopError extends Error {
  constructor(error, status) {
    super(error.message);
    this.code = error.code;
    this.field = error.field;
    this.details = error.details ?? {};
    this.retry = error.retry;
    this.status = status;
  }
}

const PAUSES_MS = [300, 1000, 3000];
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function send(method, path, body, headers) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ShopError({ code: "unreachable", message: "the shop cannot be reached",
                          retry: "same" }, 0);
  }
  const answer = await response.json();
  if (!answer.success) throw new ShopError(answer.error, response.status);
  return answer.data;
}

// Answers the `data` of the envelope or throws a ShopError.
async function call(method, path, body, { headers = {}, repeat = true } = {}) {
  const all = { ...headers };
  if (body !== undefined) all["Content-Type"] = "application/json";
  if (method !== "GET") all["Idempotency-Key"] = crypto.randomUUID();
  for (let attempt = 0; ; ++attempt) {
    try {
      return await send(method, path, body, all);
    } catch (error) {
      const again = error.retry === "same" && repeat && attempt < PAUSES_MS.length;
      if (!again) throw error;
      await pause(PAUSES_MS[attempt]);
    }
  }
}

export const get = (path, options) => call("GET", path, undefined, options);
export const post = (path, body = {}, options = {}) => call("POST", path, body, options);
export const put = (path, body, options) => call("PUT", path, body, options);
export const patch = (path, body, options) => call("PATCH", path, body, options);
export const remove = (path, options) => call("DELETE", path, undefined, options);

// All items of a list, page by page.
export async function getAll(path, options) {
  const items = [];
  let after = null;
  do {
    const query = new URLSearchParams({ limit: 200, ...(after === null ? {} : { after }) });
    const page = await get(`${path}${path.includes("?") ? "&" : "?"}${query}`, options);
    items.push(...page.items);
    after = page.nextAfter;
  } while (after !== null);
  return items;
}
