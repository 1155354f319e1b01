"""Webhook endpoints: signed deliveries with retries until a 2xx answer, in any order, any number.

Stripe-Signature: t=<unix time>,v1=<hex>[,v1=<hex>...],v0=<hex>: one v1 for each secret of the
endpoint (two while one is rotated), HMAC-SHA256 over "<t>.<body>"; v0 has to be ignored.
An endpoint's `mode`: send; hold (until released); drop (never sent, not later either).
Its `payload` is snapshot (the object, of its api_version) or thin (the object's id alone, under the
type's twin name). Versions before 2024-10-28.acacia know refund.* only of refunds without a charge.
"""

import datetime
import hashlib
import hmac
import http.client
import json
import random
import threading
import time
import urllib.parse

from .objects import VERSION

TIMEOUT_SECONDS = 30
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 2
SETTINGS = "url secrets mode copies before_answer enabled_events api_version payload".split()


def signature(payload, secrets, timestamp=None):
    """The header's value. The whole secret, `whsec_` included, is the key."""
    timestamp = int(time.time()) if timestamp is None else timestamp
    signed = str(timestamp).encode() + b"." + payload
    marks = [hmac.new(each.encode(), signed, hashlib.sha256).hexdigest() for each in secrets]
    return ",".join([f"t={timestamp}"] + [f"v1={mark}" for mark in marks] + [f"v0={'0' * 64}"])


def thin(event):
    about = event["data"]["object"]
    created = datetime.datetime.fromtimestamp(event["created"], datetime.timezone.utc)
    return {
        "id": event["id"],
        "object": "v2.core.event",
        "created": created.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "livemode": event["livemode"],
        "reason": {"type": "request", "request": event["request"]}
        if event["request"]["id"]
        else None,
        "related_object": {
            "id": about["id"],
            "type": about["object"],
            "url": f"/v1/{about['object']}s/{about['id']}",
        },
        "type": "v1." + event["type"],
    }


class Delivery:
    """One copy of one event on its way to one endpoint."""

    def __init__(self, endpoint, event):
        self.endpoint = endpoint
        self.event_id = event["id"]
        self.type = event["type"]
        if endpoint.payload == "thin":
            shown = thin(event)
        else:
            shown = {**event, "api_version": endpoint.api_version}
        self.payload = json.dumps(shown, indent=2).encode()
        self.attempts = 0
        self.attempted = threading.Event()


class Endpoint:
    def __init__(self, number, secret_key, settings):
        self.id = f"we_{number}"
        self.secret_key = secret_key
        self.url = None
        self.secrets = []
        self.mode = "send"
        self.copies = 1
        self.before_answer = False
        self.enabled_events = ["*"]
        self.api_version = VERSION
        self.payload = "snapshot"
        self.held = []
        self.change(settings)

    def change(self, settings):
        for name, value in settings.items():
            if name not in SETTINGS:
                raise ValueError(f"a webhook endpoint has no {name}")
            setattr(self, name, value)
        if self.mode not in ("send", "hold", "drop"):
            raise ValueError(f"no such mode: {self.mode}")
        if self.payload not in ("snapshot", "thin"):
            raise ValueError(f"no such payload: {self.payload}")

    def wants(self, event):
        if event["type"].startswith("refund.") and self.api_version < "2024-10-28":
            return False
        return "*" in self.enabled_events or event["type"] in self.enabled_events


class Webhooks:
    def __init__(self):
        self.changed = threading.Condition()
        self.endpoints = {}
        self.log = []  # each attempt
        self.due = []  # [time, deliveries to send at once]
        self.in_flight = 0
        self.stopped = False
        self.thread = threading.Thread(target=self.dispatch, daemon=True)
        self.thread.start()

    def add(self, secret_key, settings):
        with self.changed:
            endpoint = Endpoint(len(self.endpoints) + 1, secret_key, settings)
            self.endpoints[endpoint.id] = endpoint
            return endpoint

    def publish(self, secret_key, event):
        """Queues the event for the account's endpoints; answers the deliveries an API answer has
        to wait for."""
        with self.changed:
            wanted = [
                endpoint
                for endpoint in self.endpoints.values()
                if endpoint.secret_key == secret_key and endpoint.wants(event)
            ]
            event["pending_webhooks"] = len(wanted)
            first = []
            for endpoint in wanted:
                deliveries = [Delivery(endpoint, event) for _ in range(endpoint.copies)]
                if endpoint.mode == "hold":
                    endpoint.held.append(deliveries)
                elif endpoint.mode == "send":
                    self.queue(deliveries)
                    first += deliveries if endpoint.before_answer else []
            return first

    def queue(self, deliveries, delay=0):
        with self.changed:
            self.due.append([time.monotonic() + delay, deliveries])
            self.changed.notify_all()

    def release(self, endpoint_id, order="as_made", seed=0, types=None, together=False):
        """Sends what was held. One after the other in that order, or all at once."""
        with self.changed:
            endpoint = self.endpoints[endpoint_id]
            chosen = [each for each in endpoint.held if not types or each[0].type in types]
            endpoint.held = [each for each in endpoint.held if each not in chosen]
        if order == "reversed":
            chosen.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(chosen)
        elif order != "as_made":
            raise ValueError(f"no such order: {order}")
        if together:
            self.queue([delivery for deliveries in chosen for delivery in deliveries])
        else:
            for deliveries in chosen:
                self.queue(deliveries)
                for delivery in deliveries:
                    delivery.attempted.wait(TIMEOUT_SECONDS)
        return [deliveries[0].event_id for deliveries in chosen]

    def resend(self, event, secret_key, copies):
        with self.changed:
            for endpoint in self.endpoints.values():
                if endpoint.secret_key == secret_key:
                    self.queue([Delivery(endpoint, event) for _ in range(copies)])

    def wait_until_idle(self, timeout):
        """Until all that was sent has been accepted; what is held does not count."""
        with self.changed:
            return self.changed.wait_for(lambda: not self.due and not self.in_flight, timeout)

    def stop(self):
        with self.changed:
            self.stopped = True
            self.due.clear()
            self.changed.notify_all()
        self.thread.join()

    def dispatch(self):
        with self.changed:
            while not self.stopped:
                now = time.monotonic()
                ready = [entry for entry in self.due if entry[0] <= now]
                for entry in ready:
                    self.due.remove(entry)
                    self.start(entry[1])
                if not ready:
                    next_due = min((entry[0] for entry in self.due), default=None)
                    self.changed.wait(None if next_due is None else next_due - now)

    def start(self, deliveries):
        barrier = threading.Barrier(len(deliveries))
        for delivery in deliveries:
            self.in_flight += 1
            threading.Thread(target=self.deliver, args=(delivery, barrier), daemon=True).start()

    def deliver(self, delivery, barrier):
        barrier.wait()
        delivery.attempts += 1
        status, answer = post(delivery)
        with self.changed:
            self.log.append(
                {
                    "event": delivery.event_id,
                    "type": delivery.type,
                    "endpoint": delivery.endpoint.id,
                    "attempt": delivery.attempts,
                    "status": status,
                    "answer": answer,
                }
            )
            if not (status and 200 <= status < 300) and not self.stopped:
                pause = FIRST_RETRY_SECONDS * 2 ** (delivery.attempts - 1)
                self.queue([delivery], min(pause, LONGEST_RETRY_SECONDS))
            self.in_flight -= 1
            self.changed.notify_all()
        delivery.attempted.set()


def post(delivery):
    """The status and the start of the answer; no status if there was no answer."""
    url = urllib.parse.urlsplit(delivery.endpoint.url)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=TIMEOUT_SECONDS)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature(delivery.payload, delivery.endpoint.secrets),
    }
    try:
        connection.request("POST", url.path or "/", delivery.payload, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return None, repr(error)
    finally:
        connection.close()
