// What a refused call rejects with.
import { ERRORS } from "./api.js";

/**
 * An error of the library: `code` ("insufficient_stock") says what, `field` where in the request,
 * `details` the facts, `retry` whether to give up ("never"), to repeat ("same") or to look again
 * ("reload"), `httpStatus` how HTTP says it. Ports throw it too, to say what has happened.
 */
export class ResysError extends Error {
  constructor(code, message, { field = "", details = {} } = {}) {
    const known = Object.hasOwn(ERRORS, code) ? ERRORS[code] : undefined;
    if (!known) throw new TypeError(`${String(code)} is not an error code`);
    super(message);
    this.code = code;
    this.field = field;
    this.details = details;
    this.retry = known.retry;
    this.httpStatus = known.httpStatus;
  }
}
Object.defineProperty(ResysError.prototype, "name", { value: "ResysError" });
