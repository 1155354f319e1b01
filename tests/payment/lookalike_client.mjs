// Drives the Stripe look-alike with the official Node client. Arguments: its address, a secret key,
// the publishable key.
import assert from 'node:assert/strict';
import Stripe from 'stripe';

const [url, secretKey, publishableKey] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const options = { protocol: 'http', host: hostname, port: Number(port), maxNetworkRetries: 2 };
const stripe = new Stripe(secretKey, options);

async function post(path, given) {
  const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(given) });
  return { status: answer.status, body: await answer.json() };
}

function pay(intent, card) {
  return post('/_shopper/confirm', {
    publishable_key: publishableKey,
    client_secret: intent.client_secret,
    card,
  });
}

const wanted = {
  amount: 1999,
  currency: 'eur',
  automatic_payment_methods: { enabled: true },
  metadata: { order_id: 'order_1' },
};

// A lost answer: the client repeats with the same key, and there is one intent.
await post('/_control/faults', { kind: 'close', when: 'after', method: 'POST' });
const intent = await stripe.paymentIntents.create(wanted);
assert.equal(intent.status, 'requires_payment_method');
assert.equal((await stripe.paymentIntents.list()).data.length, 1);

// Declined, then approved, then refunded.
assert.equal((await pay(intent, '4000000000000002')).status, 402);
assert.equal((await pay(intent, '4242424242424242')).body.status, 'succeeded');
const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
assert.equal(refund.status, 'succeeded');

// Each kind of refusal is the class that the client has for it.
await assert.rejects(
  stripe.refunds.create({ payment_intent: intent.id, amount: 1500 }),
  (error) => error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'amount',
);
await assert.rejects(
  stripe.paymentIntents.cancel(intent.id),
  (error) => error.code === 'payment_intent_unexpected_state',
);
await assert.rejects(
  new Stripe('sk_test_wrong', options).balance.retrieve(),
  Stripe.errors.StripeAuthenticationError,
);
const declined = {
  ...wanted,
  confirm: true,
  payment_method: 'pm_card_chargeDeclined',
  return_url: 'https://shop.example/',
};
await assert.rejects(
  stripe.paymentIntents.create(declined),
  (error) =>
    error instanceof Stripe.errors.StripeCardError && error.decline_code === 'generic_decline',
);
await stripe.paymentIntents.create(wanted, { idempotencyKey: 'k' });
await assert.rejects(
  stripe.paymentIntents.create({ ...wanted, amount: 2000 }, { idempotencyKey: 'k' }),
  Stripe.errors.StripeIdempotencyError,
);
