#!/usr/bin/env bash
# Stripe's Python client retries or not depending on how it is called, and does not wait as long as
# it is told.
#
# Seen with PyPI stripe 16.1.0.
#
# One would guess that StripeClient, the newer way, retries like stripe.PaymentIntent.create, and
# that an answer 429 with Retry-After is tried again after that time.
#
# The module-level call sends a request up to three times; StripeClient sends it once, unless
# max_network_retries is given. A 429 is repeated by neither, and Retry-After is not read. The header
# Stripe-Should-Retry is: with it the module-level call sends even a declined card (402) three times.
#
# A shop that moves to StripeClient loses its retries without an error: a payment that met a short
# failure is now reported as failed.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'stripe==16.1.0'

"$folder/venv/bin/python" - > "$folder/seen" 2> "$folder/warnings" <<'PYTHON'
import http.server
import threading

import stripe


class Stripe(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    status, headers_sent, requests = 500, {}, 0

    def do_POST(self):
        Stripe.requests += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{"error": {"type": "api_error", "message": "later"}}'
        self.send_response(Stripe.status)
        for name, value in Stripe.headers_sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stripe)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
stripe.api_key = "sk_test_123"
stripe.api_base = address
client = stripe.StripeClient("sk_test_123", base_addresses={"api": address})
payment = {"amount": 100, "currency": "eur"}


def requests_of(call, status, headers):
    Stripe.status, Stripe.headers_sent, Stripe.requests = status, headers, 0
    try:
        call()
    except stripe.StripeError:
        pass
    return Stripe.requests


for status, headers in [(500, {}), (429, {"Retry-After": "1"}),
                        (402, {"Stripe-Should-Retry": "true"})]:
    print(status, headers,
          "module:", requests_of(lambda: stripe.PaymentIntent.create(**payment), status, headers),
          "StripeClient:",
          requests_of(lambda: client.v1.payment_intents.create(params=payment), status, headers))
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
500 {} module: 3 StripeClient: 1
429 {'Retry-After': '1'} module: 1 StripeClient: 1
402 {'Stripe-Should-Retry': 'true'} module: 3 StripeClient: 1
EXPECTED
