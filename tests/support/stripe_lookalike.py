"""A small stateful look-alike of Stripe for tests; `stripe_lookalike.py --port 0` runs it.

It does to a client what Stripe would: the payment intent's machine, refunds, disputes, idempotency,
test cards, 3-D Secure, signed webhooks; and on demand what networks and Stripe do on bad days.
lookalike/endpoints.py lists the API, lookalike/control.py the shopper's form and the control;
payment/lookalike_test.py keeps it honest. From Python:

    with Lookalike() as stripe:
        stripe.webhook_endpoint("http://127.0.0.1:8080/api/webhooks/stripe")
        ...  # a client with stripe.url and stripe.secret_key makes a payment intent
        stripe.pay(client_secret, "4242424242424242")
"""

import argparse
import http.client
import json
import pathlib
import signal
import sys
import threading

if not __package__:  # run as a script
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.lookalike.errors import StripeError
from support.lookalike.server import Server

SECRET_KEY = "sk_test_lookalike"
PUBLISHABLE_KEY = "pk_test_lookalike"
WEBHOOK_SECRET = "whsec_lookalike"
WAIT_SECONDS = 60


class Lookalike:
    """A running look-alike with one account, and calls for what a test arranges."""

    def __init__(self, port=0):
        self.server = Server(port)
        self.server.add_account(SECRET_KEY, PUBLISHABLE_KEY)
        self.url = self.server.url
        self.secret_key = SECRET_KEY
        self.publishable_key = PUBLISHABLE_KEY
        self.webhook_secret = WEBHOOK_SECRET
        self.endpoint = None

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.stop()

    def call(self, method, path, /, **given):
        """A call of control.py. Raises StripeError for a refusal."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request(method, path, json.dumps(given))
        answer = connection.getresponse()
        body = json.loads(answer.read())
        connection.close()
        if answer.status >= 400:
            error = body["error"]
            raise StripeError(answer.status, error.pop("type"), error.pop("message"), **error)
        return body

    def control(self, path, /, **given):
        return self.call("POST", f"/_control/{path}", **given)

    def webhook_endpoint(self, url, **settings):
        """The first one of an account is the one the calls below are about."""
        given = {"secret_key": SECRET_KEY, "secrets": [WEBHOOK_SECRET], **settings}
        endpoint = self.control("webhook_endpoints", url=url, **given)["id"]
        self.endpoint = self.endpoint or endpoint
        return endpoint

    def webhooks(self, **settings):
        self.control(f"webhook_endpoints/{self.endpoint}", **settings)

    def release_webhooks(self, **how):
        return self.control(f"webhook_endpoints/{self.endpoint}/release", **how)["released"]

    def wait_for_webhooks(self):
        assert self.control("wait_for_webhooks", timeout=WAIT_SECONDS)["idle"], self.deliveries()

    def deliveries(self):
        return self.call("GET", "/_control/deliveries")["data"]

    def requests(self, method=None, path=None):
        return [
            request
            for request in self.call("GET", "/_control/requests")["data"]
            if method in (None, request["method"]) and path in (None, request["path"])
        ]

    def fault(self, kind, /, **settings):
        return self.control("faults", kind=kind, **settings)["id"]

    def wait_for_fault(self, fault, times=1):
        waited = self.control(f"faults/{fault}/wait", times=times, timeout=WAIT_SECONDS)
        assert waited["struck"], f"fault {fault} has not struck {times} times"

    def release(self, fault=None):
        self.control("faults/release", id=fault)

    def pay(self, client_secret, card, return_url=None):
        return self.call(
            "POST",
            "/_shopper/confirm",
            publishable_key=PUBLISHABLE_KEY,
            client_secret=client_secret,
            card=card,
            return_url=return_url,
        )

    def authenticate(self, client_secret, approve):
        return self.call(
            "POST",
            "/_shopper/authenticate",
            publishable_key=PUBLISHABLE_KEY,
            client_secret=client_secret,
            approve=approve,
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="0, the default, picks one")
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with Lookalike(options.port) as stripe:
        print(stripe.url, flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
