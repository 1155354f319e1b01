// Signs webhooks with the official Node client. Stdin: a JSON list of {payload, secret, timestamp}.
import {text} from 'node:stream/consumers';
import Stripe from 'stripe';

const stripe = new Stripe('sk_test_unused');
const headers = JSON.parse(await text(process.stdin))
                    .map((event) => stripe.webhooks.generateTestHeaderString(event));
console.log(JSON.stringify(headers));
