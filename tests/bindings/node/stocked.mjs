// A shop in memory with tea in stock, and ways to fill a cart and to be paid: for the tests here.
import { Shop } from "resys";

export const staff = { userId: "grace", audience: "staff" };
export const ada = { userId: "ada" };
export const home = {
  firstName: "Ada", lastName: "L", line1: "1 Main Street", city: "London",
  postalCode: "N1 9GU", country: "GB",
};

export const quiet = () => {};

/** Opens, stocks 1,000 units of TEA at 7.90, and makes a payment method for each name. */
export async function stocked(options = {}) {
  const defaults = { processors: ["test", "manual"], log: quiet };
  const shop = await Shop.open("sqlite::memory:", { ...defaults, ...options });
  const variants = [{ sku: "TEA", name: "100 g", priceCents: 790, currency: "EUR" }];
  await shop.admin.products.create(staff, { slug: "tea", name: "Tea", variants });
  await shop.admin.locations.create(staff, { name: "Shelf" });
  await shop.admin.stock.set(staff, { sku: "TEA", onHand: 1000, reason: "counted" });
  return shop;
}

/** Everything but the placing: answers the request for that. */
export async function readyToPlace(shop, caller, processor, quantity = 2) {
  const post = await shop.admin.shippingMethods.create(staff, {
    name: "Post", priceCents: 490, currency: "EUR",
  });
  const method = await shop.admin.paymentMethods.create(staff, { name: "Pay", processor });
  await shop.cart.addItem(caller, { sku: "TEA", quantity });
  await shop.checkout.setAddresses(caller, { shippingAddress: home });
  await shop.checkout.selectShippingMethod(caller, { shippingMethodId: post.id });
  return { paymentMethodId: method.id };
}

export function paid({ paymentId, currency, amountCents }) {
  return {
    externalId: `bank-${paymentId}`, state: "captured", currency, amountCents,
    capturedCents: amountCents,
  };
}

/** A processor that takes all money at once, but for what is given here. */
export function bank(calls = {}) {
  return {
    name: "bank",
    createPayment: paid,
    capture: paid,
    cancel: paid,
    fetch: paid,
    refund: ({ externalId, amountCents, refundId }) => (
      { externalId: `${externalId}-back`, refundId, state: "succeeded", amountCents }),
    ...calls,
  };
}

/** The outcome of a promise: its rejection, or undefined. */
export async function rejection(promise) {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}
