// Verifies webhooks with the official Node client. Stdin: a JSON list of {payload, header, secret};
// an argument says that their payloads are thin.
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';

const stripe = new Stripe('sk_test_unused');
const types = JSON.parse(await text(process.stdin)).map(
  ({ payload, header, secret }) =>
    (process.argv[2] === 'thin'
      ? stripe.parseEventNotification(payload, header, secret)
      : stripe.webhooks.constructEvent(payload, header, secret)
    ).type,
);
console.log(JSON.stringify(types));
