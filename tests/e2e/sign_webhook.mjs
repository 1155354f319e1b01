// Prints the signature that the official Node client makes. Stdin: {payload, secret, timestamp}.
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';

const stripe = new Stripe('sk_test_unused');
console.log(stripe.webhooks.generateTestHeaderString(JSON.parse(await text(process.stdin))));
