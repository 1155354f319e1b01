// What a variant costs, as shoppers see it.
import { make, money } from "/scripts/dom.js";

// The parts of a price: with the higher one that it is compared with, as the law wants that
// explained.
export function priceText({ priceCents, compareAtCents, lowestPriceCents, currency }) {
  if (compareAtCents === null) return [money(priceCents, currency)];
  return [money(priceCents, currency), " ", make("s", {}, money(compareAtCents, currency)),
    lowestPriceCents === null ? ""
      : make("small", {},
             `Lowest price of the 30 days before: ${money(lowestPriceCents, currency)}`)];
}
