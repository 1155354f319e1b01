"""The look-alike's HTTP server: keys, versions, idempotency, faults, and the way of a request."""

import base64
import http.server
import json
import select
import socket
import threading
import urllib.parse

from . import objects, parameters
from .account import Account
from .control import Control
from .endpoints import expanded, find_endpoint
from .errors import StripeError, invalid, unauthorized
from .faults import Faults
from .idempotency import Answer, IdempotencyKeys
from .webhooks import Webhooks

# The look-alike does what these have in common: the one that stripe-mock describes and resys asks
# for, and the newest one, which the official clients ask for.
VERSIONS = (objects.VERSION, "2026-10-28.endive")
GARBAGE = b"<html>upstream connect error\x00\xff</html>"
OVERSIZE_BYTES = 2 * 1024 * 1024


class Dropped(Exception):
    """The connection is to be closed without a further word."""


class Server:
    def __init__(self, port=0):
        self.accounts = {}  # by secret key
        self.by_publishable_key = {}
        self.keys = IdempotencyKeys()
        self.faults = Faults()
        self.webhooks = Webhooks()
        self.control = Control(self)
        self.log = []
        self.stopping = threading.Event()
        self.http = Http(("127.0.0.1", port), Handler)
        self.http.stripe = self
        self.port = self.http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)

    def add_account(self, secret_key, publishable_key):
        def publish(event):
            first = self.webhooks.publish(secret_key, event)
            account.wait_for(first)

        account = Account(publish, self.url, livemode="_live_" in secret_key)
        self.accounts[secret_key] = account
        self.by_publishable_key[publishable_key] = account

    def start(self):
        self.thread.start()

    def stop(self):
        self.stopping.set()
        self.faults.release()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()
        self.webhooks.stop()


class Http(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        """A client that went away is what many tests are about."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        """Nothing: `GET /_control/requests` is the log."""

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def do_DELETE(self):
        self.serve()

    def do_OPTIONS(self):
        """Stripe.js calls from the shop's page, which is another origin."""
        self.send(Answer(204, b"", {"Access-Control-Allow-Headers": "content-type",
                                    "Access-Control-Allow-Methods": "GET, POST"}))  # fmt: skip

    def serve(self):
        self.stripe = self.server.stripe
        self.request_id = objects.new_id("req", 14)
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if url.path.startswith("/_"):
                self.serve_control(url, body)
            else:
                self.serve_api(url, body)
        except Dropped:
            self.close_connection = True

    # ---- beside the API

    def serve_control(self, url, body):
        try:
            if self.command == "GET" and url.path == "/_shopper/authenticate":
                return self.serve_bank_page(dict(urllib.parse.parse_qsl(url.query)))
            given = json.loads(body) if body else {}
            answer = self.stripe.control.handle(self.command, url.path, given)
            self.send(Answer(200, encode(answer)))
        except StripeError as error:
            self.send(Answer(error.status, encode(error.body())))
        except (KeyError, TypeError, ValueError) as error:
            self.send(Answer(400, encode(invalid(f"wrong control: {error!r}").body())))

    def serve_bank_page(self, query):
        page, address = self.stripe.control.bank_page(query)
        if address:
            self.send(Answer(302, b"", {"Location": address}))
        else:
            self.send(Answer(200, page.encode(), {"Content-Type": "text/html"}))

    # ---- the API

    def serve_api(self, url, body):
        started = {"method": self.command, "path": url.path, "query": url.query,
                   "body": body.decode(errors="replace"), "id": self.request_id,
                   "idempotency_key": self.headers.get("Idempotency-Key"),
                   "version": self.headers.get("Stripe-Version"),
                   "secret_key": None, "status": None, "answer": None}  # fmt: skip
        self.stripe.log.append(started)
        try:
            secret_key, account = self.authenticate()
            started["secret_key"] = secret_key
            fault = self.stripe.faults.take(self.command, url.path, secret_key)
            answer = self.answer(account, secret_key, url, body, fault)
        except StripeError as error:
            fault = None
            answer = answer_of(error)
        if not answer.broken:
            started.update(status=answer.status, answer=answer.body.decode())
        if fault and fault.when == "after":
            answer = self.strike(fault, answer)
        self.send(answer)

    def authenticate(self):
        kind, _, key = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            key = base64.b64decode(key).decode().split(":")[0]
        if not key:
            raise unauthorized(
                "You did not provide an API key. You need to provide your API key in the "
                "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
                "YOUR_SECRET_KEY')."
            )
        if key in self.stripe.by_publishable_key:
            raise unauthorized(
                "This API call cannot be made with a publishable API key. Please use a secret API "
                "key. You can find a list of your API keys at "
                "https://dashboard.stripe.com/account/apikeys.",
                "secret_key_required",
            )
        if key not in self.stripe.accounts:
            raise unauthorized(f"Invalid API Key provided: {key[:8]}****{key[-4:]}")
        return key, self.stripe.accounts[key]

    def answer(self, account, secret_key, url, body, fault):
        """The answer, with its effect if it has one; a repeated key repeats its first answer."""
        key = self.headers.get("Idempotency-Key") if self.command == "POST" else None
        form = body.decode() if self.command == "POST" else url.query
        if key:
            again = self.stripe.keys.begin(secret_key, key, url.path, parameters.decode(form))
            if again:
                headers = {**again.headers, "Idempotent-Replayed": "true"}
                broken = fault and fault.when == "before" and self.strike(fault)
                return broken or Answer(again.status, again.body, headers)
        saved = False
        try:
            broken = fault and fault.when == "before" and self.strike(fault)
            if broken:
                return broken
            answer = Answer(200, encode(self.execute(account, url.path, form, key)))
            saved = True
        except StripeError as error:
            answer = answer_of(error)
            saved = error.saved
        finally:
            if key and not saved:
                self.stripe.keys.abandon(secret_key, key)
        if fault and fault.kind == "error" and fault.when == "after":
            answer = answer_of(internal_error(fault.status))  # this is what the key keeps, too
        if key and saved:
            answer.headers["Original-Request"] = self.request_id
            self.stripe.keys.finish(secret_key, key, answer)
        return answer

    def execute(self, account, path, form, key):
        table, handler, ids = find_endpoint(self.command, path)
        version = self.headers.get("Stripe-Version", objects.VERSION)
        if version not in VERSIONS:
            raise invalid(f"Invalid Stripe API version: {version}")
        kind = self.headers.get("Content-Type", "application/x-www-form-urlencoded")
        if (
            self.command == "POST"
            and form
            and not kind.startswith("application/x-www-form-urlencoded")
        ):
            raise invalid(
                "Invalid request (check that your POST content type is "
                "application/x-www-form-urlencoded). If you have any questions, we can help at "
                "https://support.stripe.com/."
            )
        given = parameters.check(parameters.decode(form), table)
        expand = given.pop("expand", [])
        with account.answering(self.request_id, key):
            return expanded(account, handler(account, given, *ids), expand)

    # ---- faults

    def strike(self, fault, answer=None):
        """Does what the fault does. The answer to send, if it is not left as it was: None."""
        if fault.kind == "close":
            raise Dropped
        if fault.kind == "hang":
            self.wait_until_client_leaves()
            raise Dropped
        if fault.kind == "hold":
            fault.released.wait()
        elif fault.kind == "delay":
            self.stripe.stopping.wait(fault.seconds)
        elif fault.kind == "error" and fault.when == "before":
            raise internal_error(fault.status)
        elif fault.kind in ("rate_limit", "lock_timeout"):
            raise busy(fault.kind)
        elif fault.kind == "garbage":
            answer = Answer(200, GARBAGE, broken=True)
        elif fault.kind == "redirect":
            answer = Answer(302, b"", {"Location": f"{self.stripe.url}/elsewhere"}, broken=True)
        elif fault.kind == "oversize":
            answer = Answer(200, encode({"object": "a" * OVERSIZE_BYTES}), broken=True)
        elif fault.kind == "truncate":
            whole = answer or Answer(200, encode({"object": "payment_intent"}))
            self.send(whole, len(whole.body) // 2)
            raise Dropped
        return answer

    def wait_until_client_leaves(self):
        while not self.stripe.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.05)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def send(self, answer, only=None):
        headers = {
            "Content-Type": "application/json",
            "Request-Id": self.request_id if hasattr(self, "request_id") else "",
            "Access-Control-Allow-Origin": "*",
            **answer.headers,
        }
        for name in ("Stripe-Version", "Idempotency-Key"):
            if name in self.headers:
                headers[name] = self.headers[name]
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[:only])
        self.wfile.flush()


def encode(answer):
    return (json.dumps(answer, indent=2) + "\n").encode()


def answer_of(error):
    headers = {}
    if error.should_retry is not None:
        headers["Stripe-Should-Retry"] = "true" if error.should_retry else "false"
    return Answer(error.status, encode(error.body()), headers)


def internal_error(status):
    """500s are Stripe's own and kept under the key, so that a retry would only repeat them."""
    return StripeError(
        status,
        "api_error",
        "An unknown error occurred",
        saved=status == 500,
        should_retry=False if status == 500 else None,
    )


def busy(kind):
    if kind == "rate_limit":
        return StripeError(
            429,
            "invalid_request_error",
            "Too many requests hit the API too quickly. We recommend an exponential backoff of "
            "your requests.",
            saved=False,
            code="rate_limit",
        )
    return StripeError(
        429,
        "invalid_request_error",
        "This object cannot be accessed right now because another API request or Stripe process "
        "is currently accessing it. If you see this error intermittently, retry the request.",
        saved=False,
        should_retry=True,
        code="lock_timeout",
    )
