// The options of Shop.open(): checked, and put the way addon.cpp reads them.

const PROCESSOR_CALLS = ["createPayment", "capture", "cancel", "fetch", "refund"];
const KNOWN = new Set(["processors", "eventHandlers", "mailer", "http", "taxCalculator",
  "taxIdRegistry", "log", "secretKeys", "secretKeyId", "allowMissingKeys", "stripeApiBase",
  "smtpUrl", "smtpFrom", "replyTimeoutMs"]);

/** `given` for the addon; `ports` in the sequence in which it numbers them. */
export function readOptions(database, options) {
  if (typeof options !== "object" || options === null) {
    throw new TypeError("options is not an object");
  }
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name)) throw new TypeError(`there is no option ${name}`);
  }
  const { processors = [], eventHandlers = [], mailer, http, log, secretKeys = {} } = options;
  const hosts = list(processors, "processors").filter((each) => typeof each !== "string");
  const ports = [
    ...hosts.map(processorPort),
    ...list(eventHandlers, "eventHandlers").map(handlerPort),
  ];
  if (mailer !== undefined) ports.push(mailerPort(mailer));
  if (http !== undefined) ports.push(httpPort(http));
  const { taxCalculator, taxIdRegistry } = options;
  if (taxCalculator !== undefined) ports.push(taxCalculatorPort(taxCalculator));
  if (taxIdRegistry !== undefined) ports.push(taxIdRegistryPort(taxIdRegistry));
  if (log !== undefined && typeof log !== "function") throw new TypeError("log is not a function");
  const keys = Object.entries(secretKeys);
  for (const [id, key] of keys) {
    if (!(key instanceof Uint8Array)) throw new TypeError(`secretKeys.${id} is not a Uint8Array`);
  }
  const timeout = options.replyTimeoutMs ?? 0;
  if (!Number.isSafeInteger(timeout)) throw new TypeError("replyTimeoutMs is not an integer");
  const given = {
    database: text(database, "database"),
    processors: processors.filter((each) => typeof each === "string").join(" "),
    processorDescriptions: hosts.map(processorDescription),
    handlerDescriptions: eventHandlers.map(({ name, types }) => JSON.stringify({ name, types })),
    hasMailer: mailer !== undefined,
    hasTransport: http !== undefined,
    hasTaxCalculator: taxCalculator !== undefined,
    hasTaxIdRegistry: taxIdRegistry !== undefined,
    hasLog: log !== undefined,
    keyIds: keys.map(([id]) => id),
    keys: keys.map(([, key]) => key),
    secretKeyId: text(options.secretKeyId ?? "", "secretKeyId"),
    allowMissingKeys: options.allowMissingKeys === true,
    stripeApiBase: text(options.stripeApiBase ?? "", "stripeApiBase"),
    smtpUrl: text(options.smtpUrl ?? "", "smtpUrl"),
    smtpFrom: text(options.smtpFrom ?? "", "smtpFrom"),
    replyTimeoutMs: timeout,
  };
  return { given, ports };
}

function text(value, name) {
  if (typeof value === "string" && value.isWellFormed()) return value;
  throw new TypeError(`${name} is not a string`);
}

function list(value, name) {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name} is not an array`);
}

function processorDescription(processor) {
  const { name, configFields, currencies, leastCents, mostCents, offline, hasWebhooks } = processor;
  return JSON.stringify(
    { name, configFields, currencies, leastCents, mostCents, offline, hasWebhooks });
}

// ---- ports: `call(name, request)` answers a document or a promise of one

function processorPort(processor) {
  const calls = processor?.hasWebhooks ? [...PROCESSOR_CALLS, "parseWebhook"] : PROCESSOR_CALLS;
  for (const name of calls) requireFunction(processor, name, "a processor");
  return { request: "ProcessorRequest", call: (name, request) => processor[name](request) };
}

function handlerPort(handler) {
  requireFunction(handler, "handle", "an event handler");
  return { request: "HandledEvent", call: succeeds((event) => handler.handle(event)) };
}

function mailerPort(mailer) {
  const isFunction = typeof mailer === "function";
  if (!isFunction) requireFunction(mailer, "sendMail", "a mailer");
  const send = isFunction ? mailer : (mail) => mailer.sendMail(mail);
  return { request: "Mail", call: succeeds(send) };
}

function httpPort(http) {
  requireFunction(http, "send", "an HTTP transport");
  return { request: "OutgoingRequest", call: (_, request) => http.send(request) };
}

function taxCalculatorPort(calculate) {
  if (typeof calculate !== "function") throw new TypeError("taxCalculator is not a function");
  return { request: "CalculateTaxes", call: (_, request) => calculate(request) };
}

function taxIdRegistryPort(check) {
  if (typeof check !== "function") throw new TypeError("taxIdRegistry is not a function");
  const call = async (_, { taxId }) => ({ registered: await check(taxId) });
  return { request: "TaxIdQuestion", call };
}

/** What it answers has no meaning; only that it does not throw. */
function succeeds(tell) {
  return async (_, request) => {
    await tell(request);
    return {};
  };
}

function requireFunction(port, name, what) {
  if (typeof port?.[name] !== "function") throw new TypeError(`${what} has no function ${name}()`);
}
