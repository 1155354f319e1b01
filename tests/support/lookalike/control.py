"""What stands beside Stripe's API: the shopper's form (what Stripe.js would do), and the control by
which a test arranges what happens. JSON in, JSON out.

    POST /_shopper/confirm       {publishable_key, client_secret, card, return_url?} -> intent
    POST /_shopper/authenticate  {publishable_key, client_secret, approve} -> intent
    GET  /_shopper/authenticate?client_secret=       the bank's page, with two links

    POST /_control/accounts                       {secret_key, publishable_key}
    POST /_control/webhook_endpoints              {secret_key, url, secrets, mode?, copies?,
                                                   before_answer?, enabled_events?,
                                                   api_version?, payload?} -> {id}
    POST /_control/webhook_endpoints/{id}         the same, to change it
    POST /_control/webhook_endpoints/{id}/release {order?, seed?, types?, together?}
    POST /_control/wait_for_webhooks              {timeout} -> {idle}
    GET  /_control/deliveries                     each attempt and its answer
    POST /_control/events/{id}/send               {copies?}: once more, all at once
    POST /_control/faults                         see faults.py -> {id}
    POST /_control/faults/{id}/wait               {times?, timeout} -> {struck}
    POST /_control/faults/release, /clear         {id?}
    POST /_control/payment_intents/{id}/settle    a bank debit arrives or fails
    POST /_control/payment_intents/{id}/expire    {silently?}: the authorization runs out
    POST /_control/refunds/next                   {outcomes: [pending | failing | succeeded]}
    POST /_control/refunds/{id}                   {status}
    POST /_control/disputes                       {payment_intent, amount?, reason?, status?}
    POST /_control/disputes/{id}                  {status}
    POST /_control/idempotency_keys/forget        what Stripe may do after 24 hours
    GET  /_control/requests                       each request to the API and its answer
"""

import html
import re
import urllib.parse

from .cards import CARDS
from .errors import StripeError, invalid, unauthorized


class Control:
    def __init__(self, stripe):
        self.stripe = stripe
        self.routes = [
            ("POST", r"/_shopper/confirm", self.confirm),
            ("POST", r"/_shopper/authenticate", self.authenticate),
            ("POST", r"/_control/accounts", self.add_account),
            ("POST", r"/_control/webhook_endpoints", self.add_endpoint),
            ("POST", r"/_control/webhook_endpoints/(\w+)", self.change_endpoint),
            ("POST", r"/_control/webhook_endpoints/(\w+)/release", self.release_webhooks),
            ("POST", r"/_control/wait_for_webhooks", self.wait_for_webhooks),
            ("GET", r"/_control/deliveries", self.deliveries),
            ("POST", r"/_control/events/(\w+)/send", self.send_event),
            ("POST", r"/_control/faults", self.add_fault),
            ("POST", r"/_control/faults/(\d+)/wait", self.wait_for_fault),
            ("POST", r"/_control/faults/release", self.release_faults),
            ("POST", r"/_control/faults/clear", self.clear_faults),
            ("POST", r"/_control/payment_intents/(\w+)/settle", self.settle),
            ("POST", r"/_control/payment_intents/(\w+)/expire", self.expire),
            ("POST", r"/_control/refunds/next", self.next_refunds),
            ("POST", r"/_control/refunds/(\w+)", self.move_refund),
            ("POST", r"/_control/disputes", self.add_dispute),
            ("POST", r"/_control/disputes/(\w+)", self.move_dispute),
            ("POST", r"/_control/idempotency_keys/forget", self.forget_keys),
            ("GET", r"/_control/requests", self.requests),
        ]

    def handle(self, method, path, given):
        for known, pattern, handler in self.routes:
            match = re.fullmatch(pattern, path)
            if match and method == known:
                return handler(given, *match.groups())
        raise StripeError(404, "invalid_request_error", f"no such control: {method} {path}")

    # ---- the shopper

    def shopper(self, given):
        account = self.stripe.by_publishable_key.get(given.get("publishable_key"))
        if account is None:
            raise unauthorized("Invalid API Key provided.")
        return account, account.intent_of_secret(given["client_secret"])

    def confirm(self, given):
        number = given["card"].replace(" ", "")
        if number not in CARDS:
            raise StripeError(
                402,
                "card_error",
                "Your card number is incorrect.",
                code="incorrect_number",
                param="number",
            )
        account, intent = self.shopper(given)
        with account.answering():
            account.confirm(
                intent, card=CARDS[number], return_url=given.get("return_url"), by_shopper=True
            )
            return dict(intent)

    def authenticate(self, given):
        account, intent = self.shopper(given)
        with account.answering():
            return dict(account.authenticate(intent, given["approve"]))

    def bank_page(self, query):
        """HTML, or the address to go on to."""
        secret = query["client_secret"]
        for account in self.stripe.accounts.values():
            with account.answering():
                try:
                    intent = account.intent_of_secret(secret)
                except StripeError:
                    continue
                if "approve" not in query:
                    return page_of(secret), None
                return None, self.answer_bank(account, intent, query["approve"] == "true")
        raise invalid("No such payment.")

    def answer_bank(self, account, intent, approve):
        action = intent["next_action"] or {}
        return_url = action.get("redirect_to_url", {}).get("return_url", "about:blank")
        try:
            account.authenticate(intent, approve)
            status = "succeeded"
        except StripeError:
            status = "failed"
        separator = "&" if "?" in return_url else "?"
        return (
            return_url
            + separator
            + urllib.parse.urlencode(
                {
                    "payment_intent": intent["id"],
                    "payment_intent_client_secret": intent["client_secret"],
                    "redirect_status": status,
                }
            )
        )

    # ---- accounts and webhooks

    def add_account(self, given):
        self.stripe.add_account(given["secret_key"], given["publishable_key"])
        return {}

    def add_endpoint(self, given):
        secret_key = given.pop("secret_key")
        self.account_of(secret_key)
        return {"id": self.stripe.webhooks.add(secret_key, given).id}

    def account_of(self, secret_key):
        if secret_key not in self.stripe.accounts:
            raise invalid(f"no account has the key {secret_key}", param="secret_key")
        return self.stripe.accounts[secret_key]

    def change_endpoint(self, given, endpoint_id):
        self.stripe.webhooks.endpoints[endpoint_id].change(given)
        return {"id": endpoint_id}

    def release_webhooks(self, given, endpoint_id):
        return {"released": self.stripe.webhooks.release(endpoint_id, **given)}

    def wait_for_webhooks(self, given):
        return {"idle": self.stripe.webhooks.wait_until_idle(given["timeout"])}

    def deliveries(self, _):
        return {"data": list(self.stripe.webhooks.log)}

    def send_event(self, given, event_id):
        secret_key, account = self.owner("event", event_id)
        event = account.find("event", event_id)
        self.stripe.webhooks.resend(event, secret_key, given.get("copies", 1))
        return {}

    def owner(self, kind, object_id):
        for secret_key, account in self.stripe.accounts.items():
            if object_id in account.tables[kind]:
                return secret_key, account
        raise invalid(f"No such {kind}: '{object_id}'", code="resource_missing")

    # ---- faults

    def add_fault(self, given):
        return {"id": self.stripe.faults.add(given)}

    def wait_for_fault(self, given, number):
        times, timeout = given.get("times", 1), given["timeout"]
        return {"struck": self.stripe.faults.wait_until_struck(int(number), times, timeout)}

    def release_faults(self, given):
        self.stripe.faults.release(given.get("id"))
        return {}

    def clear_faults(self, _):
        self.stripe.faults.clear()
        return {}

    # ---- what banks and buyers do

    def settle(self, _, intent_id):
        _, account = self.owner("payment_intent", intent_id)
        with account.answering():
            intent = account.intent(intent_id)
            if intent["status"] != "processing":
                raise account.unexpected(intent, "settled", ("processing",))
            try:
                account.settle(intent)
            except StripeError:
                pass  # the payment failed, as it should: the intent says so
            return dict(intent)

    def expire(self, given, intent_id):
        _, account = self.owner("payment_intent", intent_id)
        with account.answering():
            intent = account.intent(intent_id)
            if intent["status"] != "requires_capture":
                raise account.unexpected(intent, "expired", ("requires_capture",))
            if given.get("silently"):
                account.expired_authorizations.add(intent_id)
                return dict(intent)
            return dict(account.cancel(intent, "expired"))

    def next_refunds(self, given):
        for account in self.stripe.accounts.values():
            account.next_refunds = list(given["outcomes"])
        return {}

    def move_refund(self, given, refund_id):
        _, account = self.owner("refund", refund_id)
        with account.answering():
            return dict(account.move_refund(account.find("refund", refund_id), given["status"]))

    def add_dispute(self, given):
        intent_id = given.pop("payment_intent")
        _, account = self.owner("payment_intent", intent_id)
        with account.answering():
            charge = account.find("charge", account.intent(intent_id)["latest_charge"])
            return dict(account.dispute(charge, **given))

    def move_dispute(self, given, dispute_id):
        _, account = self.owner("dispute", dispute_id)
        with account.answering():
            return dict(account.move_dispute(account.find("dispute", dispute_id), given["status"]))

    def forget_keys(self, _):
        self.stripe.keys.forget()
        return {}

    def requests(self, _):
        return {"data": list(self.stripe.log)}


def page_of(client_secret):
    link = "/_shopper/authenticate?" + urllib.parse.urlencode({"client_secret": client_secret})
    return f"""<!doctype html><title>Your bank</title><h1>Is this you?</h1>
<p><a id="approve" href="{html.escape(link)}&amp;approve=true">Approve</a>
<p><a id="refuse" href="{html.escape(link)}&amp;approve=false">Refuse</a>"""
