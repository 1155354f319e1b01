// Amounts as people write them. They are integers everywhere else, in minor units of a currency.
import { CURRENCIES } from "./api.js";

function decimalsOf(currency) {
  if (typeof currency === "string" && Object.hasOwn(CURRENCIES, currency)) {
    return CURRENCIES[currency];
  }
  throw new RangeError(`${String(currency)} is not a currency of ISO 4217`);
}

/** "1234.50 EUR" of 123450 and "EUR", "500 JPY" of 500 and "JPY". */
export function formatMoney(cents, currency) {
  const decimals = decimalsOf(currency);
  if (!Number.isSafeInteger(cents)) throw new TypeError("the minor units are not an integer");
  const digits = String(Math.abs(cents)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const part = decimals > 0 ? `.${digits.slice(-decimals)}` : "";
  return `${cents < 0 ? "-" : ""}${whole}${part} ${currency}`;
}

/** 1250 of "12.50" (or "12.5") and "EUR": more decimals than the currency has are refused. */
export function parseMoney(text, currency) {
  const decimals = decimalsOf(currency);
  const parts = typeof text === "string" ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim()) : null;
  const [, sign, whole, part = ""] = parts ?? [];
  if (!parts || part.length > decimals) {
    throw new RangeError(`${String(text)} is not an amount of ${currency}`);
  }
  const cents = Number(whole + part.padEnd(decimals, "0"));
  if (!Number.isSafeInteger(cents)) throw new RangeError("the amount is too large");
  return sign && cents !== 0 ? -cents : cents;
}
