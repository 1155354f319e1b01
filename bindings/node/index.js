// resys for Node: a Shop is opened and called; documents are plain objects, every call a promise.
import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

import { ERRORS, MOMENTS, OPERATIONS } from "./api.js";
import { ResysError } from "./errors.js";
import { readOptions } from "./options.js";

export { CURRENCIES as currencies } from "./api.js";
export { ResysError } from "./errors.js";
export { formatMoney, parseMoney } from "./money.js";

const addon = loadAddon();
const AUDIENCES = { shopper: 0, staff: 1 };
const CALLER_FIELDS = new Set(
  ["userId", "sessionId", "store", "audience", "idempotencyKey", "groups"]);
const LOG_LEVELS = ["debug", "info", "warning", "error"];
const NOTHING = Object.freeze({});
const KNOWN = new Map(
  OPERATIONS.map(([name, , answer, readsOneThing]) => [name, { answer, readsOneThing }]));

/** The version of the library. */
export const version = addon.version;

/** The OpenAPI 3.1 document of all endpoints, as an object. */
export function openapi() {
  return JSON.parse(addon.openapi());
}

/** Whether a path is one of the library's ("/api/..."). */
export function handles(target) {
  return typeof target === "string" && addon.handles(target);
}

// Those that a worker repeats beside each other: what hangs in one holds up no other.
const WORKER_PARTS = ["deadlines", "payments", "events", "mail"];

// Node exports the OpenSSL and zlib that it is linked with. libcurl must get its own instead.
function loadAddon() {
  const module = { exports: {} };
  const file = fileURLToPath(new URL("./build/Release/resys.node", import.meta.url));
  if (!existsSync(file)) {
    const script = fileURLToPath(new URL("./scripts/build.js", import.meta.url));
    throw new Error(`resys has not been built: npm ran no install script; run: node ${script}`);
  }
  const { RTLD_NOW, RTLD_DEEPBIND = 0 } = constants.dlopen;
  process.dlopen(module, file, RTLD_NOW | RTLD_DEEPBIND);
  return module.exports;
}

// ---- nesting: which call waits for the port's callback that this code runs in

const callbacks = new AsyncLocalStorage();

/** The callback that is held up by what is called here; its call waits for it. */
function callbackHere() {
  return stillWaitedFor(callbacks.getStore());
}

/** It, or the one around it: a callback that has answered, or too late, is over. */
function stillWaitedFor(callback) {
  while (callback !== undefined && (callback.answered || callback.call.ended)) {
    callback = callback.outer;
  }
  return callback;
}

// ---- documents

function invalid(message, field) {
  return new ResysError("invalid_request", message, { field });
}

/** JSON drops or alters these without a word: refused instead. */
function refuseOddities(key, value) {
  const raw = this[key];
  if (typeof raw === "number" && !Number.isFinite(raw)) throw invalid("not a finite number", key);
  if (raw instanceof Date && value === null) throw invalid("the date is invalid", key);
  if (typeof raw === "function" || typeof raw === "symbol" || typeof raw === "bigint") {
    throw invalid(`a ${typeof raw} is not JSON`, key);
  }
  return value;
}

function requestJson(request) {
  if (request === undefined) return "";
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw invalid("the request is not an object", "request");
  }
  try {
    return JSON.stringify(request, refuseOddities);
  } catch (error) {
    if (error instanceof ResysError) throw error;
    throw invalid(`the request is not JSON: ${error.message}`, "request");
  }
}

/** Texts become Dates, in place; only structs that hold moments are looked at. */
function readMoments(document, struct) {
  const fields = MOMENTS[struct];
  if (fields === undefined) return document;
  for (const [name, inner] of fields) {
    const value = document[name];
    if (value === null || value === undefined) continue;
    if (inner === null) document[name] = new Date(value);
    else if (Array.isArray(value)) for (const item of value) readMoments(item, inner);
    else readMoments(value, inner);
  }
  return document;
}

function callerText(caller, name, otherwise = "") {
  const value = caller[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== "string" || !value.isWellFormed()) {
    throw invalid("the value is not a string", `caller.${name}`);
  }
  return value;
}

function callerGroups(caller) {
  const groups = caller.groups ?? [];
  const isTexts = Array.isArray(groups) &&
    groups.every((group) => typeof group === "string" && group.isWellFormed());
  if (!isTexts) throw invalid("the value is not an array of strings", "caller.groups");
  return groups;
}

function callerAudience(caller) {
  const { audience } = caller;
  if (audience === undefined || audience === "shopper") return AUDIENCES.shopper;
  if (audience === "staff") return AUDIENCES.staff;
  throw invalid('the audience is neither "shopper" nor "staff"', "caller.audience");
}

/** name, value, name, value ... of an object, as in Node, or of what iterates over pairs. */
function flatHeaders(headers = NOTHING) {
  const isIterable = typeof headers?.[Symbol.iterator] === "function";
  const pairs = isIterable ? headers : Object.entries(headers);
  const flat = [];
  for (const [name, value] of pairs) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) flat.push(String(name), String(each));
    }
  }
  return flat;
}

// ---- the shop

const openShops = new Set();
// Threads must not run while the process takes its libraries down.
process.on("exit", () => {
  for (const end of openShops) end();
});

export class Shop {
  #handle;
  #calls = new Map(); // number -> who waits for it
  #lastCall = 0;
  #ports;
  #log;
  #end = () => addon.end(this.#handle);
  #closed = null; // the promise of close()
  #workers = new Set();
  #idle = null; // what close() waits for: no call is under way

  static async open(database, options = {}) {
    const { given, ports } = readOptions(database, options);
    const shop = new Shop(ports, options.log);
    await shop.#open(given);
    return shop;
  }

  /** Use Shop.open(). */
  constructor(ports, log) {
    if (!Array.isArray(ports)) throw new TypeError("a Shop is not made with new: use Shop.open()");
    this.#ports = ports;
    this.#log = log ?? logToStderr;
    for (const [name, path] of OPERATIONS) {
      let service = this;
      for (const part of path.slice(0, -1)) service = service[part] ??= {};
      service[path.at(-1)] = (caller, request) => this.call(caller, name, request);
    }
  }

  async #open(given) {
    const opened = this.#begin(null, (call) => {
      this.#handle = addon.open(
        call,
        given,
        (...outcome) => this.#done(...outcome),
        (...outcome) => this.#failed(...outcome),
        (...question) => this.#ask(...question),
        (level, message) => this.#log(LOG_LEVELS[level], message),
        (...step) => this.#step(...step),
      );
      return this.#handle !== undefined;
    });
    if (this.#handle !== undefined) openShops.add(this.#end);
    try {
      await opened;
    } catch (error) {
      if (this.#handle !== undefined) this.#takeDown();
      throw error;
    }
  }

  /** Calls an operation by its name: `shop.call(caller, "cart.get", {})`. */
  call(caller, name, request) {
    const { answer, readsOneThing } = KNOWN.get(name) ?? NOTHING;
    return this.#begin(answer, (call, depth) => {
      if (typeof name !== "string") throw invalid("the value is not a string", "operation");
      const { store, user, session, key, audience, groups } = readCaller(caller);
      const json = requestJson(request);
      // That takes less time than waking a thread and being woken by it.
      const run = readsOneThing ? addon.callHere : addon.call;
      return run(this.#handle, call, depth, name, json, store, user, session, key, audience,
        groups);
    });
  }

  /** Answers an HTTP request: `{method, target, headers, body}` -> `{status, headers, body}`. */
  handle(caller, request) {
    return this.#begin(null, (call, depth) => {
      const { store, user, session, key, audience, groups } = readCaller(caller);
      const { method, target, headers, body = "" } = request ?? NOTHING;
      if (typeof method !== "string") throw invalid("the value is not a string", "request.method");
      if (typeof target !== "string") throw invalid("the value is not a string", "request.target");
      if (typeof body !== "string" && !(body instanceof Uint8Array)) {
        throw invalid("the body is neither a string nor raw bytes", "request.body");
      }
      return addon.handle(this.#handle, call, depth, method, target, store, user, session, key,
        audience, groups, flatHeaders(headers), body);
    });
  }

  /** Does what the clock has made due, at most `limit` pieces of one part: `{done, more}`. */
  runDueWork(limit = 1000, part = "all") {
    return this.#begin(null, (call, depth) => {
      if (!Number.isSafeInteger(limit)) throw invalid("the limit is not an integer", "limit");
      if (typeof part !== "string") throw invalid("the value is not a string", "part");
      return addon.runDueWork(this.#handle, call, depth, limit, part);
    });
  }

  /** Copies the database to a new file, while the shop sells. */
  backup(path, options) {
    return this.#watched("Backup", options, (call, depth) => {
      if (typeof path !== "string" || !path.isWellFormed()) {
        throw invalid("the value is not a string", "path");
      }
      return addon.backup(this.#handle, call, depth, path);
    });
  }

  /** Whether the database is sound. */
  check(options) {
    return this.#watched("CheckReport", options, (call, depth) =>
      addon.check(this.#handle, call, depth));
  }

  /** The database engine that the shop runs on. */
  engine() {
    return this.#begin("EngineInfo", (call) => addon.engine(this.#handle, call));
  }

  /** Encrypts anew, with the current key, what other keys encrypt. */
  rotateKeys(options) {
    return this.#watched("KeyRotation", options, (call, depth) =>
      addon.rotateKeys(this.#handle, call, depth));
  }

  /** Runs due work again and again, until `stop()`. */
  startWorker({ intervalMs = 250, keepAlive = false, ...others } = {}) {
    for (const name of Object.keys(others)) throw new TypeError(`there is no option ${name}`);
    if (!(intervalMs >= 1)) throw new TypeError("intervalMs: the time is less than 1");
    if (this.#closed) throw closedError();
    const repeats = WORKER_PARTS.map((part) => this.#repeatDueWork(part, intervalMs, keepAlive));
    const worker = {
      stop: async () => {
        this.#workers.delete(worker);
        await Promise.all(repeats.map((stop) => stop()));
      },
    };
    this.#workers.add(worker);
    return worker;
  }

  /** -> what stops it, and waits for the call under way */
  #repeatDueWork(part, intervalMs, keepAlive) {
    let timer;
    let stopped = false;
    const run = async () => {
      try {
        while (!stopped && (await this.runDueWork(1000, part)).more);
      } catch (error) {
        if (!stopped) this.#log("error", `due work failed: ${error?.message}`);
      }
      if (!stopped) schedule();
    };
    const schedule = () => {
      timer = setTimeout(() => {
        running = run();
      }, intervalMs);
      if (!keepAlive) timer.unref();
    };
    let running = run();
    return () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    };
  }

  /** Waits for the calls under way, then closes the database. Later calls are refused. */
  close() {
    if (this.#isHeldUpBy(callbackHere())) {
      const why = "close() in a port's callback would wait for the call that waits for it";
      return Promise.reject(new ResysError("invalid_state", why));
    }
    return (this.#closed ??= this.#close());
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }

  async #close() {
    for (const worker of [...this.#workers]) worker.stop();
    if (this.#calls.size > 0) {
      await new Promise((resolve) => {
        this.#idle = resolve;
      });
    }
    await new Promise((resolve, reject) => {
      addon.close(this.#handle, this.#add({ resolve, reject, answer: null, thrown: null }));
    });
    this.#takeDown();
  }

  #takeDown() {
    openShops.delete(this.#end);
    this.#end();
  }

  // ---- calls

  #begin(answer, start) {
    return new Promise((resolve, reject) => {
      const callback = callbackHere();
      // What a call that is under way has led to belongs to it.
      if (this.#closed && !this.#isHeldUpBy(callback)) throw closedError();
      const depth = callback === undefined ? 0 : callback.depth;
      if (depth >= addon.depths) {
        const why = `ports call the shop in each other's callbacks, ${depth} deep`;
        throw new ResysError("invalid_state", why);
      }
      const call = this.#add({ resolve, reject, answer, callback, thrown: null, ended: false });
      let begun = false;
      try {
        begun = start(call, depth);
        if (!begun) throw new ResysError("busy", "no thread can be made");
      } finally {
        if (!begun) this.#calls.delete(call);
      }
    });
  }

  /** A long call: it tells how far it is, and can be stopped. */
  async #watched(answer, { onProgress, signal, ...others } = {}, start) {
    for (const name of Object.keys(others)) throw new TypeError(`there is no option ${name}`);
    if (onProgress !== undefined && typeof onProgress !== "function") {
      throw new TypeError("onProgress is not a function");
    }
    signal?.throwIfAborted();
    let call;
    const stop = () => this.#stop(call, signal.reason);
    try {
      return await this.#begin(answer, (number, depth) => {
        call = number;
        this.#calls.get(call).onProgress = onProgress;
        signal?.addEventListener("abort", stop);
        return start(call, depth);
      });
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  #step(number, step, done, total) {
    const call = this.#calls.get(number);
    if (call.stopped !== undefined) return;
    try {
      call.onProgress?.({ step, done, total });
    } catch (error) {
      this.#stop(number, error);
    }
  }

  /** It rejects with that, unless it is through before it hears of it. */
  #stop(number, reason) {
    const call = this.#calls.get(number);
    if (call === undefined) return;
    call.stopped ??= { reason };
    addon.stop(this.#handle, number);
  }

  #done(number, text, status, headers) {
    const call = this.#take(number);
    if (headers !== undefined) {
      const named = {};
      for (let i = 0; i < headers.length; i += 2) named[headers[i]] = headers[i + 1];
      call.resolve({ status, headers: named, body: text });
    } else {
      call.resolve(text === "" ? undefined : readMoments(JSON.parse(text), call.answer));
    }
    this.#logThrown(call.thrown);
  }

  #failed(number, code, message, field, details, token) {
    const call = this.#take(number);
    if (call.stopped !== undefined) {
      call.reject(call.stopped.reason);
    } else if (token > 0 && call.thrown !== null && token in call.thrown) {
      call.reject(call.thrown[token].value);
      delete call.thrown[token];
    } else {
      call.reject(new ResysError(code, message, { field, details: JSON.parse(details) }));
    }
    this.#logThrown(call.thrown);
  }

  /** Whether a call of this shop is: callbacks of several shops may be around each other. */
  #isHeldUpBy(callback) {
    while (callback !== undefined && callback.shop !== this) {
      callback = stillWaitedFor(callback.outer);
    }
    return callback !== undefined;
  }

  #add(call) {
    this.#calls.set(++this.#lastCall, call);
    return this.#lastCall;
  }

  #take(number) {
    const call = this.#calls.get(number);
    this.#calls.delete(number);
    call.ended = true;
    if (this.#calls.size === 0) this.#idle?.();
    return call;
  }

  // ---- ports

  async #ask(number, name, text, reply, callNumber, depth) {
    const port = this.#ports[number];
    const call = this.#calls.get(callNumber) ?? { ended: true };
    const callback = { shop: this, call, depth: depth + 1, answered: false, outer: call.callback };
    let answer;
    try {
      const request = readMoments(JSON.parse(text), port.request);
      answer = await callbacks.run(callback, () => port.call(name, request));
      if (typeof answer !== "object" || answer === null) {
        throw new TypeError(`${name}() did not return an object`);
      }
      answer = JSON.stringify(answer);
    } catch (error) {
      callback.answered = true;
      this.#failReply(reply, call, error);
      return;
    }
    callback.answered = true;
    addon.complete(this.#handle, reply, answer);
  }

  /** The thrown value waits at the call that has led to it; its token is its place there. */
  #failReply(reply, call, value) {
    const isOurs = value instanceof ResysError;
    const message = messageOf(value);
    if (call.ended) {
      this.#logThrown([{ value }]);
      return;
    }
    call.thrown ??= [undefined]; // token 0 is none
    const token = call.thrown.push({ value }) - 1;
    const code = ERRORS[isOurs ? value.code : "outcome_unknown"].number;
    addon.fail(this.#handle, reply, code, message, token);
  }

  /** What ports have thrown and no caller has got. A ResysError is an answer, no mishap. */
  #logThrown(thrown) {
    for (const mishap of thrown ?? []) {
      if (mishap === undefined || mishap.value instanceof ResysError) continue;
      this.#log("warning", `a port has thrown: ${stackOf(mishap.value)}`);
    }
  }
}

function readCaller(caller) {
  if (typeof caller !== "object" || caller === null) {
    throw invalid("the caller is not an object", "caller");
  }
  for (const name of Object.keys(caller)) {
    if (!CALLER_FIELDS.has(name)) throw invalid("there is no such field", `caller.${name}`);
  }
  return {
    store: callerText(caller, "store", "default"),
    user: callerText(caller, "userId"),
    session: callerText(caller, "sessionId"),
    key: callerText(caller, "idempotencyKey"),
    audience: callerAudience(caller),
    groups: callerGroups(caller),
  };
}

function closedError() {
  return new ResysError("invalid_state", "the shop is closed");
}

/** Whatever it is that was thrown. */
function messageOf(value) {
  try {
    return typeof value?.message === "string" ? value.message : String(value);
  } catch {
    return "something without a text";
  }
}

function stackOf(value) {
  try {
    return value?.stack ?? messageOf(value);
  } catch {
    return messageOf(value);
  }
}

function logToStderr(level, message) {
  process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
}
