"""The Stripe look-alike is what tests believe Stripe to be; this keeps it honest.

The official Python client drives it. The fixture holds all that was said against Stripe's own
description (support/stripe_mock.py). Faults and webhooks are in lookalike_faults_test.py.
"""

import concurrent.futures
import pathlib
import re
import signal
import subprocess
import sys
import typing
import urllib.request

import pytest
import stripe
from support.lookalike.errors import StripeError
from support.lookalike.objects import VERSION
from support.lookalike.server import VERSIONS
from support.project import ROOT, left_out
from support.stripe_client import client_of
from support.stripe_mock import NEWER, schemas

APPROVED = "4242424242424242"
DECLINED = "4000000000000002"
NEEDS_3D_SECURE = "4000002500003155"
BANK_DEBIT = "AT611904300234573201"


INTENT = {
    "amount": 1999,
    "currency": "eur",
    "automatic_payment_methods": {"enabled": True},
    "metadata": {"order_id": "order_1", "payment_id": "pay_1"},
}


def create(client, options=None, **given):
    return client.payment_intents.create({**INTENT, **given}, options or {})


def paid(client, lookalike, **given):
    intent = create(client, **given)
    lookalike.pay(intent.client_secret, APPROVED)
    return intent.id


def event_types(client):
    return [event.type for event in client.events.list({"limit": 100}).data][::-1]


# ---- the machine


def test_a_card_is_approved(client, lookalike):
    intent = create(client, receipt_email="ada@example.com", description="Order 1")
    assert intent.status == "requires_payment_method"
    assert intent.client_secret.startswith(intent.id + "_secret_")

    lookalike.pay(intent.client_secret, APPROVED)

    intent = client.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (intent.status, intent.amount_received) == ("succeeded", 1999)
    assert intent.latest_charge.paid and intent.latest_charge.captured
    assert intent.metadata["order_id"] == "order_1"
    assert event_types(client) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_a_card_is_declined_and_another_approved(client, lookalike):
    intent = create(client)

    with pytest.raises(StripeError) as refusal:
        lookalike.pay(intent.client_secret, DECLINED)

    assert (refusal.value.status, refusal.value.error["code"]) == (402, "card_declined")
    assert refusal.value.error["payment_intent"]["id"] == intent.id
    declined = client.payment_intents.retrieve(intent.id)
    assert declined.status == "requires_payment_method"
    assert declined.last_payment_error.decline_code == "generic_decline"
    assert client.charges.retrieve(declined.latest_charge).status == "failed"

    lookalike.pay(intent.client_secret, APPROVED)
    succeeded = client.payment_intents.retrieve(intent.id)
    assert (succeeded.status, succeeded.last_payment_error) == ("succeeded", None)


@pytest.mark.parametrize(
    "card, code, decline_code",
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000009987", "card_declined", "lost_card"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4000000000000119", "processing_error", None),
        ("4000008400001629", None, None),
        ("4242424242424241", "incorrect_number", None),
    ],
)
def test_each_card_does_what_stripe_says(client, lookalike, card, code, decline_code):
    intent = create(client)
    if code is None:  # refused only after 3-D Secure
        assert lookalike.pay(intent.client_secret, card)["status"] == "requires_action"
        code, decline_code = "card_declined", "generic_decline"
        with pytest.raises(StripeError) as refusal:
            lookalike.authenticate(intent.client_secret, True)
    else:
        with pytest.raises(StripeError) as refusal:
            lookalike.pay(intent.client_secret, card)
    assert refusal.value.error["code"] == code
    assert refusal.value.error.get("decline_code") == decline_code


def test_server_side_confirmation_raises_card_error(client):
    with pytest.raises(stripe.CardError) as refusal:
        create(
            client,
            confirm=True,
            payment_method="pm_card_visa_chargeDeclinedInsufficientFunds",
            return_url="https://shop.example/back",
        )
    assert refusal.value.http_status == 402
    assert refusal.value.code == "card_declined"
    assert refusal.value.error.decline_code == "insufficient_funds"
    assert refusal.value.error.payment_intent.status == "requires_payment_method"

    intent = create(client, payment_method="pm_card_visa")
    assert intent.status == "requires_confirmation"
    with pytest.raises(stripe.InvalidRequestError, match="return_url"):
        client.payment_intents.confirm(intent.id)
    intent = client.payment_intents.confirm(intent.id, {"return_url": "https://shop.example/"})
    assert intent.status == "succeeded"


@pytest.mark.parametrize("approve", [True, False])
def test_3d_secure(client, lookalike, approve):
    intent = create(client)
    asked = lookalike.pay(intent.client_secret, NEEDS_3D_SECURE)
    assert asked["status"] == "requires_action"
    assert asked["next_action"]["type"] == "use_stripe_sdk"
    if approve:
        assert lookalike.authenticate(intent.client_secret, True)["status"] == "succeeded"
        return
    with pytest.raises(StripeError) as refusal:
        lookalike.authenticate(intent.client_secret, False)
    assert refusal.value.error["code"] == "payment_intent_authentication_failure"
    assert client.payment_intents.retrieve(intent.id).status == "requires_payment_method"
    assert event_types(client)[-2:] == [
        "payment_intent.requires_action",
        "payment_intent.payment_failed",
    ]
    assert lookalike.pay(intent.client_secret, APPROVED)["status"] == "succeeded"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def test_3d_secure_in_the_browser(client, lookalike):
    intent = create(client)
    asked = lookalike.pay(intent.client_secret, NEEDS_3D_SECURE, "https://shop.example/back?o=1")
    url = asked["next_action"]["redirect_to_url"]["url"]
    page = urllib.request.urlopen(url).read().decode()
    link = re.search(r'id="approve" href="([^"]*)"', page)[1].replace("&amp;", "&")
    with pytest.raises(urllib.error.HTTPError) as went_on:
        urllib.request.build_opener(Stay).open(lookalike.url + link)
    location = went_on.value.headers["Location"]
    assert location.startswith("https://shop.example/back?o=1&payment_intent=" + intent.id)
    assert location.endswith("redirect_status=succeeded")
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"


def test_manual_capture(client, lookalike):
    intent = create(client, capture_method="manual")
    assert lookalike.pay(intent.client_secret, APPROVED)["status"] == "requires_capture"
    held = client.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (held.amount_capturable, held.amount_received) == (1999, 0)
    assert held.latest_charge.payment_method_details.card.capture_before > held.created

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.capture(intent.id, {"amount_to_capture": 2000})
    assert refusal.value.code == "amount_too_large"

    captured = client.payment_intents.capture(intent.id, {"amount_to_capture": 1500})
    assert (captured.status, captured.amount_received) == ("succeeded", 1500)
    charge = client.charges.retrieve(captured.latest_charge)
    # What was authorized and not captured is no refund, since 2025-03-31.basil.
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (1500, 0, False)
    assert refunds_of(client, intent.id) == []
    assert event_types(client)[-3:] == [
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.refunds.create({"payment_intent": intent.id, "amount": 1501})
    client.refunds.create({"payment_intent": intent.id})
    charge = client.charges.retrieve(captured.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (1500, True)


def refunds_of(client, intent_id):
    return client.refunds.list({"payment_intent": intent_id, "limit": 100}).data


def test_an_authorization_is_canceled_or_expires(client, lookalike):
    canceled, expired, late = (create(client, capture_method="manual") for _ in range(3))
    for intent in (canceled, expired, late):
        lookalike.pay(intent.client_secret, APPROVED)

    answer = client.payment_intents.cancel(
        canceled.id, {"cancellation_reason": "requested_by_customer"}
    )
    assert (answer.status, answer.cancellation_reason) == ("canceled", "requested_by_customer")
    assert not client.charges.retrieve(answer.latest_charge).refunded
    assert event_types(client)[-1] == "payment_intent.canceled"

    lookalike.control(f"payment_intents/{expired.id}/expire")
    answer = client.payment_intents.retrieve(expired.id)
    assert (answer.status, answer.cancellation_reason) == ("canceled", "expired")
    assert event_types(client)[-2:] == ["charge.expired", "payment_intent.canceled"]
    assert refunds_of(client, canceled.id) == refunds_of(client, expired.id) == []

    lookalike.control(f"payment_intents/{late.id}/expire", silently=True)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.capture(late.id)
    assert refusal.value.code == "charge_expired_for_capture"


@pytest.mark.parametrize(
    "number, state",
    [(BANK_DEBIT, "succeeded"), ("AT861904300235473202", "requires_payment_method")],
)
def test_slow_money(client, lookalike, number, state):
    intent = create(client)
    assert lookalike.pay(intent.client_secret, number)["status"] == "processing"
    lookalike.control(f"payment_intents/{intent.id}/settle")
    assert client.payment_intents.retrieve(intent.id).status == state


ALLOWED = {
    "requires_payment_method": {"cancel", "pay", "update"},
    "requires_confirmation": {"cancel", "confirm", "pay", "update"},
    "requires_action": {"authenticate", "cancel", "confirm", "pay", "update"},
    "processing": {"settle"},
    "requires_capture": {"cancel", "capture", "expire"},
    "canceled": set(),
    "succeeded": set(),
}
ACTIONS = sorted(set().union(*ALLOWED.values()))


def reach(client, lookalike, state):
    given = {"payment_method": "pm_card_visa"} if state == "requires_confirmation" else {}
    intent = create(
        client, capture_method="manual" if state == "requires_capture" else "automatic", **given
    )
    card = {"requires_action": NEEDS_3D_SECURE, "processing": BANK_DEBIT}.get(state, APPROVED)
    if state in ("requires_action", "processing", "requires_capture", "succeeded"):
        lookalike.pay(intent.client_secret, card)
    if state == "canceled":
        client.payment_intents.cancel(intent.id)
    assert client.payment_intents.retrieve(intent.id).status == state
    return intent


def act(client, lookalike, action, intent):
    back = {"return_url": "https://shop.example/"}
    if action == "pay":
        return lookalike.pay(intent.client_secret, APPROVED)
    if action == "authenticate":
        return lookalike.authenticate(intent.client_secret, True)
    if action in ("settle", "expire"):
        return lookalike.control(f"payment_intents/{intent.id}/{action}")
    given = back if action == "confirm" else {"amount": 2000} if action == "update" else {}
    return getattr(client.payment_intents, action)(intent.id, given)


@pytest.mark.parametrize("state", ALLOWED)
def test_each_action_in_each_state(client, lookalike, state):
    for action in ACTIONS:
        intent = reach(client, lookalike, state)
        if action in ALLOWED[state]:
            act(client, lookalike, action, intent)
            continue
        with pytest.raises((stripe.InvalidRequestError, StripeError)) as refusal:
            act(client, lookalike, action, intent)
        error = refusal.value.error
        code = error["code"]
        assert code == "payment_intent_unexpected_state", (action, error)
        assert error["payment_intent"]["status"] == state
        assert client.payment_intents.retrieve(intent.id).status == state


# ---- refunds and disputes


def test_refunds_up_to_what_was_paid(client, lookalike):
    intent_id = paid(client, lookalike)
    first = client.refunds.create(
        {"payment_intent": intent_id, "amount": 500, "metadata": {"refund_id": "r1"}}
    )
    assert (first.status, first.amount, first.metadata["refund_id"]) == ("succeeded", 500, "r1")

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as refusal:
        client.refunds.create({"payment_intent": intent_id, "amount": 1500})
    assert (refusal.value.http_status, refusal.value.param) == (400, "amount")

    rest = client.refunds.create({"payment_intent": intent_id})
    assert rest.amount == 1499
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.refunds.create({"payment_intent": intent_id, "amount": 1})
    assert refusal.value.code == "charge_already_refunded"
    assert [refund.id for refund in refunds_of(client, intent_id)] == [rest.id, first.id]
    intent = client.payment_intents.retrieve(intent_id, {"expand": ["latest_charge.refunds"]})
    assert intent.latest_charge.refunded and len(intent.latest_charge.refunds.data) == 2


def test_nothing_paid_nothing_refunded(client):
    intent = create(client)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.refunds.create({"payment_intent": intent.id})


def test_concurrent_refunds_do_not_exceed_the_charge(client, lookalike):
    intent_id = paid(client, lookalike)

    def refund(_):
        try:
            return client.refunds.create({"payment_intent": intent_id, "amount": 700}).amount
        except stripe.InvalidRequestError:
            return 0

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(refund, range(8))) == 1400


@pytest.mark.parametrize("status, left", [("succeeded", 0), ("failed", 1999), ("canceled", 1999)])
def test_a_pending_refund_ends(client, lookalike, status, left):
    intent_id = paid(client, lookalike)
    lookalike.control("refunds/next", outcomes=["pending"])
    refund = client.refunds.create({"payment_intent": intent_id})
    assert refund.status == "pending"
    charge = client.charges.retrieve(refund.charge)
    assert charge.amount_refunded == 1999

    lookalike.control(f"refunds/{refund.id}", status=status)

    assert client.refunds.retrieve(refund.id).status == status
    charge = client.charges.retrieve(refund.charge)
    assert charge.amount - charge.amount_refunded == left
    assert "refund.updated" in event_types(client)
    assert ("refund.failed" in event_types(client)) == (status == "failed")


def test_cards_that_refund_slowly_or_not_at_all(client, lookalike):
    for card, first, later in (
        ("4000000000007726", "pending", "pending"),
        ("4000000000005126", "succeeded", "failed"),
    ):
        intent = create(client)
        lookalike.pay(intent.client_secret, card)
        refund = client.refunds.create({"payment_intent": intent.id})
        assert refund.status in (first, later)
        assert client.refunds.retrieve(refund.id).status == later


@pytest.mark.parametrize("outcome", ["won", "lost", "prevented"])
def test_a_dispute(client, lookalike, outcome):
    intent_id = paid(client, lookalike)
    made = lookalike.control("disputes", payment_intent=intent_id, reason="product_not_received")
    dispute = client.disputes.list({"payment_intent": intent_id}).data[0]
    assert (dispute.id, dispute.status) == (made["id"], "needs_response")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.refunds.create({"payment_intent": intent_id})
    assert refusal.value.code == "charge_disputed"
    lookalike.control(f"disputes/{dispute.id}", status=outcome)
    assert client.disputes.retrieve(dispute.id).status == outcome
    told = [name for name in event_types(client) if name.startswith("charge.dispute")]
    assert told[:3] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
    ]
    assert ("charge.dispute.funds_reinstated" in told) == (outcome == "won")
    assert (told[-1] == "charge.dispute.closed") == (outcome != "won")


def test_a_lost_dispute_is_appealed(client, lookalike):
    dispute = lookalike.control("disputes", payment_intent=paid(client, lookalike))
    move = f"disputes/{dispute['id']}"
    with pytest.raises(StripeError, match="cannot become"):
        lookalike.control(move, status="appeal_needs_response")
    for status in ("lost", "appeal_needs_response", "appeal_under_review", "won"):
        lookalike.control(move, status=status)
        assert client.disputes.retrieve(dispute["id"]).status == status
    with pytest.raises(StripeError, match="cannot become"):
        lookalike.control(move, status="lost")
    assert event_types(client)[-1] == "charge.dispute.funds_reinstated"


def test_what_is_newer_than_the_description_is_the_clients(stripe_mock):
    literals, _ = typing.get_args(stripe.Dispute.__annotations__["status"])
    known = typing.get_args(literals)
    assert set(NEWER["dispute.status"]) < set(known)
    described = schemas()["dispute"]["properties"]["status"]["enum"]
    assert set(described) | set(NEWER["dispute.status"]) == set(known)


# ---- what is refused


@pytest.mark.parametrize(
    "given, code, param",
    [
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -5}, "parameter_invalid_integer", "amount"),
        ({"amount": "19.99"}, "parameter_invalid_integer", "amount"),
        ({"amount": 100000000}, "amount_too_large", "amount"),
        ({"amount": 49, "currency": "jpy"}, "amount_too_small", "amount"),
        ({"amount": 1005, "currency": "kwd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 1050, "currency": "isk"}, "parameter_invalid_integer", "amount"),
        ({"currency": "xxx"}, None, "currency"),
        ({"currency": ""}, "parameter_invalid_empty", "currency"),
        ({"capture_method": "never"}, None, "capture_method"),
        ({"amonut": 1}, "parameter_unknown", "amonut"),
        ({"automatic_payment_methods": {"enabled": True, "yes": 1}}, "parameter_unknown",
         "automatic_payment_methods[yes]"),
        ({"automatic_payment_methods": {"allow_redirects": "never"}}, "parameter_missing",
         "automatic_payment_methods[enabled]"),
        ({"metadata": {"name": "x" * 501}}, None, "metadata"),
        ({"payment_method": "pm_none"}, "resource_missing", "payment_method"),
        ({"expand": ["customer_of_mine"]}, None, "expand"),
    ],
)  # fmt: skip
def test_wrong_parameters_are_refused(client, given, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        create(client, **given)
    assert (refusal.value.http_status, refusal.value.code) == (400, code)
    assert refusal.value.param == param
    assert refusal.value.request_id.startswith("req_")


def test_what_does_not_exist_is_missing(client, lookalike):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.retrieve("pi_none")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
    lookalike.control("accounts", secret_key="sk_test_other", publishable_key="pk_test_other")
    intent = create(client)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client_of(lookalike, "sk_test_other").payment_intents.retrieve(intent.id)
    assert refusal.value.code == "resource_missing"


@pytest.mark.parametrize("key", ["sk_test_wrong", "pk_test_lookalike"])
def test_wrong_keys_are_refused(lookalike, key):
    with pytest.raises(stripe.AuthenticationError) as refusal:
        create(client_of(lookalike, key))
    assert refusal.value.http_status == 401


def test_json_bodies_are_refused(lookalike):
    request = urllib.request.Request(
        lookalike.url + "/v1/payment_intents",
        b'{"amount": 100, "currency": "eur"}',
        {"Authorization": f"Bearer {lookalike.secret_key}", "Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request)
    assert refusal.value.code == 400


def test_the_pinned_version_and_the_newest_are_known(client, lookalike):
    newest = stripe.api_version
    assert newest in VERSIONS and VERSION in VERSIONS
    for version in VERSIONS:
        assert create(client, {"stripe_version": version}).status == "requires_payment_method"
    create(client)
    assert lookalike.requests("POST")[-1]["version"] == newest


def test_live_and_test_are_told_apart(lookalike):
    lookalike.control("accounts", secret_key="sk_live_other", publishable_key="pk_live_other")
    for key, livemode in ((lookalike.secret_key, False), ("sk_live_other", True)):
        client = client_of(lookalike, key)
        intent = create(client, payment_method="pm_card_visa")
        client.payment_intents.confirm(intent.id, {"return_url": "https://shop.example/"})
        paid_intent = client.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
        events = client.events.list().data
        for each in (paid_intent, paid_intent.latest_charge, *events, events[0].data.object):
            assert each.livemode == livemode


def test_intents_are_listed_from_a_moment_on(client):
    intent = create(client)
    since = {"created": {"gte": intent.created}}
    assert [each.id for each in client.payment_intents.list(since).data] == [intent.id]
    assert client.payment_intents.list({"created": {"gte": intent.created + 1}}).data == []


def test_the_version_and_the_key_are_echoed(client, lookalike):
    intent = create(client, {"stripe_version": "2026-08-26.dahlia", "idempotency_key": "key-1"})
    assert intent.last_response.headers["Stripe-Version"] == "2026-08-26.dahlia"
    assert intent.last_response.headers["Idempotency-Key"] == "key-1"
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        create(client, {"stripe_version": "tomorrow"})


def test_lists_are_paged(client):
    ids = [create(client).id for _ in range(5)][::-1]
    first = client.payment_intents.list({"limit": 2})
    assert ([intent.id for intent in first.data], first.has_more) == (ids[:2], True)
    assert [intent.id for intent in first.auto_paging_iter()] == ids


# ---- idempotency keys


def test_the_first_answer_is_replayed(client, lookalike):
    first = create(client, {"idempotency_key": "k"})
    lookalike.pay(first.client_secret, APPROVED)
    again = create(client, {"idempotency_key": "k"})
    assert (again.id, again.status) == (first.id, "requires_payment_method")
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.payment_intents.list().data) == 1


def test_other_parameters_under_the_same_key_are_an_error(client):
    intent = create(client, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError) as refusal:
        create(client, {"idempotency_key": "k"}, amount=2000)
    assert refusal.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.payment_intents.cancel(intent.id, {}, {"idempotency_key": "k"})


def test_a_key_in_use_is_a_conflict(lookalike):
    patient = client_of(lookalike)
    held = lookalike.fault("hold", method="POST")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        first = pool.submit(create, patient, {"idempotency_key": "k"})
        lookalike.wait_for_fault(held)
        with pytest.raises(stripe.APIError) as refusal:  # the client's class for any 409
            create(patient, {"idempotency_key": "k", "max_network_retries": 0})
        error = refusal.value.error
        assert (error.type, error.code) == ("idempotency_error", "idempotency_key_in_use")
        assert refusal.value.http_status == 409
        lookalike.release(held)
        assert create(patient, {"idempotency_key": "k"}).id == first.result().id


def test_refusals_of_parameters_are_not_kept_but_declines_are(client):
    options = {"idempotency_key": "k"}
    with pytest.raises(stripe.InvalidRequestError):
        create(client, options, amount=1)
    intent = create(client, options, payment_method="pm_card_chargeDeclined")
    confirm = {"return_url": "https://shop.example/"}
    declines = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as decline:
            client.payment_intents.confirm(intent.id, confirm, {"idempotency_key": "c"})
        declines.append(decline.value.error.charge)
    assert declines[0] == declines[1]


def test_keys_are_an_accounts_own_and_may_be_forgotten(client, lookalike):
    lookalike.control("accounts", secret_key="sk_test_other", publishable_key="pk_test_other")
    options = {"idempotency_key": "k"}
    ids = {create(client, options).id, create(client_of(lookalike, "sk_test_other"), options).id}
    lookalike.control("idempotency_keys/forget")
    ids.add(create(client, options).id)
    assert len(ids) == 3
    with pytest.raises(stripe.InvalidRequestError):
        create(client, {"idempotency_key": "k" * 256})


# ---- the other official client, and the program


def test_the_official_node_client_agrees(lookalike):
    script = ROOT / "tests" / "payment" / "lookalike_client.mjs"
    ran = subprocess.run(
        ["node", script, lookalike.url, lookalike.secret_key, lookalike.publishable_key],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("as_module", [False, True])
def test_it_runs_as_a_program(as_module):
    tests = ROOT / "tests"
    file = pathlib.Path("support") / "stripe_lookalike.py"
    command = ["-m", "support.stripe_lookalike"] if as_module else [tests / file]
    process = subprocess.Popen(
        [sys.executable, *command, "--port", "0"],
        cwd=tests if as_module else "/",
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(url + "/v1/payment_intents")
        assert refusal.value.code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_only_this_machine_reaches_it(lookalike):
    assert lookalike.server.http.socket.getsockname()[0] == "127.0.0.1"


def test_stripe_mock_was_asked(stripe_mock):
    """Says in the summary that the oracle was left out, where it was."""
    if left_out("stripe-mock"):
        pytest.skip("stripe-mock is left out: shapes were not compared")
    assert stripe_mock.process.poll() is None
