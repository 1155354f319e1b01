"""One Stripe account: its payment intents, charges, refunds, disputes and events, and the machine
that moves them. What the API, the shopper's form and the tests' control do ends here.

    requires_payment_method --payment method--> requires_confirmation --confirm--> one of
        succeeded | requires_capture | requires_action | processing | requires_payment_method
    requires_action --authenticated--> as after a confirmation; --failed--> requires_payment_method
    processing --settled--> succeeded | requires_payment_method
    requires_capture --capture--> succeeded; --cancel, expiry--> canceled
"""

import contextlib
import copy
import threading

from . import objects
from .cards import CARDS, PAYMENT_METHODS
from .errors import StripeError, invalid, missing, refused
from .parameters import check_amount, shown

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = CONFIRMABLE + ("requires_capture",)
FINAL_REFUNDS = ("failed", "canceled")
FINAL_DISPUTES = ("won", "warning_closed", "prevented")
APPEALS = ("appeal_needs_response", "appeal_under_review")  # of a dispute that was lost
TABLES = {"pi": "payment_intent", "ch": "charge", "re": "refund", "du": "dispute", "evt": "event"}


class Account:
    def __init__(self, publish, base, livemode):
        self.lock = threading.RLock()
        self.tables = {kind: {} for kind in TABLES.values()}  # in the order they were made
        self.methods = {}  # payment method id -> the card it stands for
        self.expired_authorizations = set()
        self.next_refunds = []
        self.publish = publish  # called with each event
        self.base = base  # where the 3-D Secure page is
        self.livemode = livemode
        self.request = threading.local()

    @contextlib.contextmanager
    def answering(self, request_id=None, key=None):
        """One call at a time. Its events name it, and its answer waits for webhooks that are to
        come first."""
        request = self.request
        request.id, request.key, request.first = request_id, key, []
        try:
            with self.lock:
                yield
        finally:
            for delivery in request.first:
                delivery.attempted.wait()

    def wait_for(self, deliveries):
        self.request.first += deliveries

    # ---- looking up

    def find(self, kind, object_id, param="id"):
        found = self.tables[kind].get(object_id)
        if found is None:
            raise missing(kind, object_id, param)
        return found

    def intent(self, intent_id, param="intent"):
        return self.find("payment_intent", intent_id, param)

    def intent_of_secret(self, client_secret):
        for intent in self.tables["payment_intent"].values():
            if intent["client_secret"] == client_secret:
                return intent
        raise missing("payment_intent", client_secret.split("_secret_")[0], "intent")

    def all(self, kind, **wanted):
        return [
            entry
            for entry in self.tables[kind].values()
            if all(entry[name] == value for name, value in wanted.items() if value is not None)
        ]

    def keep(self, entry):
        if "livemode" in entry:
            entry["livemode"] = self.livemode
        self.tables[entry["object"]][entry["id"]] = entry
        return entry

    def tell(self, kind, about):
        event = objects.event(kind, copy.deepcopy(about), self.request.id, self.request.key)
        self.keep(event)
        self.publish(event)

    # ---- the payment intent's machine

    def create(self, given):
        check_amount(given["amount"], given["currency"])
        if given.get("automatic_payment_methods", {}).get("enabled"):
            given["automatic_payment_methods"].setdefault("allow_redirects", "always")
        confirm, return_url = given.pop("confirm", False), given.pop("return_url", None)
        if return_url and not confirm:
            raise invalid(
                "The parameter `return_url` cannot be passed when creating a PaymentIntent unless "
                "`confirm` is set to true.",
                param="return_url",
            )
        method = given.pop("payment_method", None)
        intent = objects.payment_intent(**given)
        if method:
            self.choose(intent, self.card_of(method), method)
        self.keep(intent)
        self.tell("payment_intent.created", intent)
        if confirm:
            self.confirm(intent, return_url=return_url)
        return intent

    def update(self, intent, given):
        if intent["status"] not in CONFIRMABLE:
            raise self.unexpected(intent, "updated", CONFIRMABLE)
        if "amount" in given:
            check_amount(given["amount"], intent["currency"])
        method = given.pop("payment_method", None)
        if method:
            self.choose(intent, self.card_of(method), method)
        self.merge_metadata(intent, given)
        intent.update(given)
        return intent

    def card_of(self, method_id):
        number = PAYMENT_METHODS.get(method_id) or self.methods.get(method_id)
        if number is None:
            raise missing("PaymentMethod", method_id, "payment_method")
        return CARDS[number]

    def choose(self, intent, card, method_id=None):
        method = objects.payment_method(card)
        if method_id in self.methods:
            method["id"] = method_id
        self.methods[method["id"]] = card.number
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
        return method

    def confirm(self, intent, method_id=None, card=None, return_url=None, by_shopper=False):
        if intent["status"] not in CONFIRMABLE:
            raise self.unexpected(intent, "confirmed", CONFIRMABLE[1:])
        card = card or (method_id and self.card_of(method_id))
        if card:
            self.choose(intent, card, method_id)
        if not intent["payment_method"]:
            raise refused(
                "You cannot confirm this PaymentIntent because it's missing a payment method. "
                "You can either update the PaymentIntent with a payment method and then confirm "
                "it again, or confirm it again directly with a payment method or "
                "ConfirmationToken.",
                code="payment_intent_unexpected_state",
                payment_intent=intent,
            )
        redirects = (intent["automatic_payment_methods"] or {}).get("allow_redirects")
        if redirects == "always" and not return_url and not by_shopper:
            raise invalid(
                "This PaymentIntent is configured to accept payment methods enabled in your "
                "Dashboard. Because some of these payment methods might redirect your customer "
                "off of your page, you must provide a `return_url`.",
                param="return_url",
            )
        intent["last_payment_error"] = None
        card = CARDS[self.methods[intent["payment_method"]]]
        if card.asks:
            return self.ask(intent, return_url)
        return self.attempt(intent, card)

    def ask(self, intent, return_url):
        url = f"{self.base}/_shopper/authenticate?client_secret={intent['client_secret']}"
        intent["status"] = "requires_action"
        if return_url:
            intent["next_action"] = {
                "redirect_to_url": {"return_url": return_url, "url": url},
                "type": "redirect_to_url",
            }
        else:
            intent["next_action"] = {
                "type": "use_stripe_sdk",
                "use_stripe_sdk": {"stripe_js": url, "type": "three_d_secure_redirect"},
            }
        self.tell("payment_intent.requires_action", intent)
        return intent

    def authenticate(self, intent, approve):
        """The shopper's answer to 3-D Secure."""
        if intent["status"] != "requires_action":
            raise self.unexpected(intent, "authenticated", ("requires_action",))
        intent["next_action"] = None
        if approve:
            return self.attempt(intent, CARDS[self.methods[intent["payment_method"]]])
        error = refused(
            "The provided PaymentMethod has failed authentication. You can provide "
            "payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent "
            "again.",
            code="payment_intent_authentication_failure",
        )
        return self.fail(intent, error, None)

    def attempt(self, intent, card):
        """The money is asked for: it comes, it is refused, or it is on its way."""
        if card.slow:
            intent["status"] = "processing"
            self.tell("payment_intent.processing", intent)
            return intent
        return self.settle(intent, card)

    def settle(self, intent, card=None):
        """What an attempt ends with; of a slow one when the test says so."""
        card = card or CARDS[self.methods[intent["payment_method"]]]
        status = "failed" if card.decline else "succeeded"
        charge = self.keep(objects.charge(intent, card, intent["payment_method"], status))
        intent["latest_charge"] = charge["id"]
        if card.decline:
            self.tell("charge.failed", charge)
            code, decline_code, message = card.decline
            error = StripeError(402, "card_error", message, code=code, decline_code=decline_code)
            return self.fail(intent, error, charge)
        if intent["capture_method"] == "manual":
            intent["status"] = "requires_capture"
            intent["amount_capturable"] = intent["amount"]
            self.tell("charge.succeeded", charge)
            self.tell("payment_intent.amount_capturable_updated", intent)
        else:
            self.take_money(intent, charge, intent["amount"])
            self.tell("charge.succeeded", charge)
            self.tell("payment_intent.succeeded", intent)
        if card.dispute:
            self.dispute(charge)
        return intent

    def fail(self, intent, error, charge):
        """One attempt failed, not the intent."""
        method_id, intent["payment_method"] = intent["payment_method"], None
        method = objects.payment_method(CARDS[self.methods[method_id]])
        method["id"] = method_id
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = dict(error.error, payment_method=method)
        if charge:
            error.error["charge"] = charge["id"]
            intent["last_payment_error"]["charge"] = charge["id"]
        self.tell("payment_intent.payment_failed", intent)
        error.error["payment_method"] = method
        error.error["payment_intent"] = copy.deepcopy(intent)
        raise error

    def take_money(self, intent, charge, amount):
        charge["captured"] = True
        charge["amount_captured"] = amount
        charge["balance_transaction"] = objects.new_id("txn")
        intent["status"] = "succeeded"
        intent["amount_received"] = amount
        intent["amount_capturable"] = 0

    def capture(self, intent, given):
        if intent["status"] != "requires_capture":
            raise self.unexpected(intent, "captured", ("requires_capture",))
        if intent["id"] in self.expired_authorizations:
            raise refused(
                "The charge cannot be captured because its authorization has expired.",
                code="charge_expired_for_capture",
                charge=intent["latest_charge"],
                payment_intent=intent,
            )
        amount = given.pop("amount_to_capture", intent["amount_capturable"])
        if amount > intent["amount_capturable"]:
            raise invalid(
                f"The amount to capture ({shown(amount, intent['currency'])}) is greater than "
                f"the capturable amount "
                f"({shown(intent['amount_capturable'], intent['currency'])}).",
                code="amount_too_large",
                param="amount_to_capture",
            )
        charge = self.find("charge", intent["latest_charge"])
        self.take_money(intent, charge, amount)
        self.merge_metadata(intent, given)
        self.tell("charge.captured", charge)
        self.tell("payment_intent.succeeded", intent)
        return intent

    def cancel(self, intent, reason=None):
        if intent["status"] not in CANCELABLE:
            raise self.unexpected(intent, "canceled", CANCELABLE)
        if reason == "expired":
            self.tell("charge.expired", self.find("charge", intent["latest_charge"]))
        intent["status"] = "canceled"
        intent["canceled_at"] = objects.now()
        intent["cancellation_reason"] = reason
        intent["amount_capturable"] = 0
        intent["next_action"] = None
        self.tell("payment_intent.canceled", intent)
        return intent

    def unexpected(self, intent, done, allowed):
        return refused(
            f"This PaymentIntent could not be {done} because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be "
            f"{done}: {', '.join(allowed)}.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )

    def merge_metadata(self, entry, given):
        changes = given.pop("metadata", {})
        merged = {**entry["metadata"], **changes} if changes is not None else {}
        entry["metadata"] = {name: value for name, value in merged.items() if value != ""}

    # ---- refunds

    def refund(self, given):
        charge = self.refundable_charge(
            given.pop("payment_intent", None), given.pop("charge", None)
        )
        left = charge["amount_captured"] - charge["amount_refunded"]
        if left == 0:
            raise refused(
                f"Charge {charge['id']} has already been refunded.",
                code="charge_already_refunded",
                charge=charge["id"],
            )
        if charge["disputed"]:
            raise refused(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                code="charge_disputed",
                charge=charge["id"],
            )
        amount = given.pop("amount", left)
        if amount > left:  # Stripe gives this one no code
            currency = charge["currency"]
            raise refused(
                f"Refund amount ({shown(amount, currency)}) is greater than unrefunded amount on "
                f"charge ({shown(left, currency)})",
                param="amount",
            )
        card = CARDS[self.methods[charge["payment_method"]]]
        outcome = self.next_refunds.pop(0) if self.next_refunds else card.refund
        status = "succeeded" if outcome == "failing" else outcome
        given = {name: value for name, value in given.items() if value is not None}
        refund = self.keep(objects.refund(charge, amount, status, **given))
        if status == "pending":
            refund["pending_reason"] = "insufficient_funds"
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        self.tell("refund.created", refund)
        self.tell("charge.refunded", charge)
        if outcome == "failing":
            self.move_refund(refund, "failed")
        return refund

    def refundable_charge(self, intent_id, charge_id):
        if not intent_id and not charge_id:
            raise invalid("One of the following params should be provided for this request: "
                          "payment_intent or charge.")  # fmt: skip
        if charge_id:
            charge = self.find("charge", charge_id, "charge")
            intent_id = charge["payment_intent"]
        intent = self.intent(intent_id, "payment_intent")
        if intent["status"] != "succeeded":
            raise refused(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        return self.find("charge", intent["latest_charge"])

    def move_refund(self, refund, status):
        """A pending refund ends, or one that seemed to have succeeded fails."""
        if refund["status"] in FINAL_REFUNDS:
            raise refused(f"This refund is already {refund['status']}.", param="refund")
        refund.pop("pending_reason", None)
        refund["status"] = status
        charge = self.find("charge", refund["charge"])
        if status in FINAL_REFUNDS:
            refund["failure_balance_transaction"] = objects.new_id("txn")
            refund["failure_reason"] = "expired_or_canceled_card"
            charge["amount_refunded"] -= refund["amount"]
            charge["refunded"] = False
        self.tell("refund.updated", refund)
        self.tell("charge.refund.updated", refund)
        if status == "failed":
            self.tell("refund.failed", refund)
        return refund

    # ---- disputes

    def dispute(self, charge, amount=None, reason="fraudulent", status="needs_response"):
        dispute = objects.dispute(charge, amount or charge["amount"], reason, status)
        self.keep(dispute)
        charge["disputed"] = True
        self.tell("charge.dispute.created", dispute)
        if not status.startswith("warning"):
            self.tell("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def move_dispute(self, dispute, status):
        before = dispute["status"]
        is_appeal = before in ("lost", *APPEALS)
        if before in FINAL_DISPUTES or (status in APPEALS and not is_appeal):
            raise refused(f"This dispute is {before} and cannot become {status}.", param="dispute")
        dispute["status"] = status
        self.tell("charge.dispute.updated", dispute)
        if status in (*FINAL_DISPUTES, "lost"):
            self.tell("charge.dispute.closed", dispute)
        if status == "won":
            self.tell("charge.dispute.funds_reinstated", dispute)
        return dispute
