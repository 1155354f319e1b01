// The types of resys for Node; those of operations and documents are in api.d.ts.
/// <reference lib="esnext.disposable" />

import type {
  Backup,
  BuiltInProcessor,
  CalculatedTaxes,
  CalculateTaxes,
  CheckReport,
  EngineInfo,
  KeyRotation,
  ErrorCode,
  HandledEvent,
  HandlerDescription,
  IncomingResponse,
  Mail,
  Operations,
  OutgoingRequest,
  PaymentSnapshot,
  ProcessorDescription,
  ProcessorRequest,
  RefundSnapshot,
  Services,
  WebhookEvent,
} from "./api.js";

export type * from "./api.js";

/** Who is calling: you authenticate, the shop authorizes by it. */
export interface Caller {
  /** Of a signed-in user: your own id, at most 200 bytes. */
  userId?: string;
  /** Of a guest's session: your own id, at most 200 bytes. */
  sessionId?: string;
  /** The tenant. Default: "default"; an empty text is refused. */
  store?: string;
  /** Default: "shopper". */
  audience?: "shopper" | "staff";
  /** A call with the same key is done once, and answered as the first time. */
  idempotencyKey?: string;
  /** The customer groups that a shopper is in, at most 20, each of a-z 0-9 - _. */
  groups?: readonly string[];
}

/** What a refused call rejects with. Ports throw it too, to say what has happened. */
export class ResysError extends Error {
  constructor(
    code: ErrorCode,
    message: string,
    facts?: { field?: string; details?: Record<string, unknown> },
  );
  readonly name: "ResysError";
  readonly code: ErrorCode;
  /** The field of the request at fault ("lineItems[2].sku"), or empty. */
  readonly field: string;
  /** The facts: { requested: 3, available: 1 }. */
  readonly details: Record<string, unknown>;
  /** Give up, repeat the same request, or look again and decide anew. */
  readonly retry: "never" | "same" | "reload";
  readonly httpStatus: number;
}

type Awaitable<T> = T | Promise<T>;

/**
 * A payment processor of your own. What a call throws: a ResysError with payment_declined,
 * invalid_request, invalid_state or unsupported_currency (not done, do not repeat) or
 * processor_unavailable (not done, may be repeated); all else counts as outcome_unknown and is
 * repeated with the same idempotencyKey until it is known.
 */
export interface PaymentProcessor extends ProcessorDescription {
  createPayment(request: ProcessorRequest): Awaitable<PaymentSnapshot>;
  capture(request: ProcessorRequest): Awaitable<PaymentSnapshot>;
  cancel(request: ProcessorRequest): Awaitable<PaymentSnapshot>;
  fetch(request: ProcessorRequest): Awaitable<PaymentSnapshot>;
  refund(request: ProcessorRequest): Awaitable<RefundSnapshot>;
  /** Needed with `hasWebhooks`. Throws invalid_signature for what the processor did not send. */
  parseWebhook?(request: ProcessorRequest): Awaitable<WebhookEvent>;
}

/** Is told at least once, in sequence per order; what it throws is repeated with back-off. */
export interface EventHandler extends HandlerDescription {
  handle(told: HandledEvent): unknown;
}

/** What it throws is sent again later; a ResysError with invalid_request is given up. */
export interface Mailer {
  sendMail(mail: Mail): unknown;
}

/** Sends the library's requests, Stripe's for example. The built-in one is libcurl's. */
export interface HttpTransport {
  send(request: OutgoingRequest): Awaitable<IncomingResponse>;
}

export type LogLevel = "debug" | "info" | "warning" | "error";

export interface ShopOptions {
  /** Default: "stripe" and "manual". */
  processors?: readonly (BuiltInProcessor | PaymentProcessor)[];
  eventHandlers?: readonly EventHandler[];
  /** Without it, and without `smtpUrl`, no mail is sent. */
  mailer?: Mailer | ((mail: Mail) => unknown);
  http?: HttpTransport;
  /** Calculates the taxes of orders, in stores whose tax settings have the source "calculator". */
  taxCalculator?: (request: CalculateTaxes) => Awaitable<CalculatedTaxes>;
  /**
   * Says whether a tax id is registered; asked when staff record one of a user, and when one is
   * given at checkout.
   */
  taxIdRegistry?: (taxId: string) => Awaitable<boolean>;
  /** Default: lines on stderr. */
  log?: (level: LogLevel, message: string) => void;
  /** What encrypts payment settings: 32 bytes each. */
  secretKeys?: Readonly<Record<string, Uint8Array>>;
  /** The key for new secrets; needed if there are several. */
  secretKeyId?: string;
  /**
   * Opens also where a key that encrypts something is missing or wrong: to copy or check, or to set
   * anew what a lost key has encrypted.
   */
  allowMissingKeys?: boolean;
  stripeApiBase?: string;
  /** smtp://[user:password@]host:port */
  smtpUrl?: string;
  /** "Shop <shop@example.com>" */
  smtpFrom?: string;
  /**
   * How long a port's answer is awaited; no longer than the `timeoutMs` of its request, if it has
   * one. Default: 30,000.
   */
  replyTimeoutMs?: number;
}

export interface HttpRequest {
  method: string;
  /** Path and query as sent. */
  target: string;
  /** As in Node, or pairs. */
  headers?:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | Iterable<readonly [string, string]>;
  /** The raw bytes. */
  body?: string | Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LongCallOptions {
  /** How far it is, several times a second. What it throws stops the call and is its rejection. */
  onProgress?: (progress: {
    /** "copy" and "check" of a backup, in pages; "file" and "stores" of a check; "seal". */
    readonly step: string;
    readonly done: number;
    readonly total: number;
  }) => void;
  /** Stops the call, which then rejects with the signal's reason and leaves nothing behind. */
  signal?: AbortSignal;
}

/**
 * "deadlines": ends reservations, deletes what is kept no longer, and calls nothing outside;
 * "payments": ends expired ones, asks processors; "events": tells handlers; "mail".
 */
export type DueWorkPart = "all" | "deadlines" | "payments" | "events" | "mail";

export interface Worker {
  /** Waits for the calls of `runDueWork` under way. */
  stop(): Promise<void>;
}

export interface Shop extends Services {}

export class Shop {
  private constructor();

  /**
   * Opens "sqlite:shop.db" or "sqlite::memory:"; the file is made if it is missing. Options stand
   * behind a ? and are joined by &: writer=thread, logPages=N, lostLog=accept, vfs=NAME.
   */
  static open(database: string, options?: ShopOptions): Promise<Shop>;

  /** Calls an operation by its name: `shop.call(caller, "cart.get", {})`. */
  call<Name extends keyof Operations>(
    caller: Caller,
    name: Name,
    request?: Operations[Name]["request"],
  ): Promise<Operations[Name]["answer"]>;

  /** Every endpoint, ready-made. The shop's own errors are answers. */
  handle(caller: Caller, request: HttpRequest): Promise<HttpResponse>;

  /**
   * Does what the clock has made due, at most `limit` pieces (default: 1000): all, or one part.
   * Parts that run beside each other do not wait for what the others call.
   */
  runDueWork(
    limit?: number,
    part?: DueWorkPart,
  ): Promise<{ readonly done: number; readonly more: boolean }>;

  /**
   * Copies the database to a new file while the shop sells: what was confirmed before the call is
   * in it. The file gets its name when it is whole, on the disk and checked; none is overwritten.
   */
  backup(path: string, options?: LongCallOptions): Promise<Backup>;

  /**
   * Whether the database is sound: the file, its references, and the rules that stock, orders and
   * money obey. No `differences`: all is well. It only reads, while the shop sells.
   */
  check(options?: LongCallOptions): Promise<CheckReport>;

  /**
   * The database engine that the shop runs on. An SQLite with the WAL-reset bug (3.7.0 to 3.51.2)
   * can lose committed pages when a checkpoint runs while another process commits. Shops never let
   * one run then; other programs must not checkpoint, or write to, a file that a shop has open.
   */
  engine(): Promise<EngineInfo>;

  /**
   * Encrypts whatever is encrypted with another key anew with the current one (`secretKeyId`),
   * while the shop sells. A key that nothing uses any more, by the report, can be left out.
   */
  rotateKeys(options?: LongCallOptions): Promise<KeyRotation>;

  /**
   * Runs due work, its parts beside each other, every `intervalMs` (default: 250) until it is
   * stopped or the shop is closed. It keeps the process alive only with `keepAlive`.
   */
  startWorker(options?: { intervalMs?: number; keepAlive?: boolean }): Worker;

  /** Waits for the calls under way. Later calls are refused; closing twice is fine. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The version of the library. */
export const version: string;
/** The OpenAPI 3.1 document of all endpoints. */
export function openapi(): Record<string, unknown>;
/** Whether a path is one of the shop's ("/api/..."). */
export function handles(target: string): boolean;
/** How many digits stand after the decimal point, by ISO 4217 code. */
export const currencies: Readonly<Record<string, number>>;
/** "1234.50 EUR" of 123450 and "EUR". */
export function formatMoney(cents: number, currency: string): string;
/** 1250 of "12.50" and "EUR"; RangeError for what is no amount of it. */
export function parseMoney(text: string, currency: string): number;
