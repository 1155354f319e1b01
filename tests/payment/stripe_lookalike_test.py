"""The Stripe processor against the stateful look-alike: payments from beginning to end, and what it
makes of bad days. The fixture holds every request against stripe-mock, too."""

import concurrent.futures
import json
import time

import pytest
from support.receiver import Receiver
from support.stripe_driver import StripeDriver

APPROVED = "4242424242424242"
DECLINED = "4000000000009995"
ASKS = "4000002500003155"
DISPUTES = "4000000000000259"
DEBIT = "AT611904300234573201"
REFUND_PENDING = "4000000000007726"

REFUNDS = {
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
}
HANGS_MS = 500


def driver_of(lookalike, **config):
    keys = {"secretKey": lookalike.secret_key, "webhookSecret": lookalike.webhook_secret}
    return StripeDriver(lookalike.url, **{**keys, **config})


@pytest.fixture
def stripe(lookalike):
    with driver_of(lookalike) as driver:
        yield driver


@pytest.fixture
def manual(lookalike):
    """Captures by hand."""
    with driver_of(lookalike, captureMethod="manual") as driver:
        yield driver


def create(stripe, **given):
    return expect(stripe.call("create", **{"key": "create", **given}), "created")


def expect(answer, state):
    assert answer.get("state") == state, answer
    return answer


def refused(answer, code):
    assert answer.get("error") == code, answer
    return answer


def decline(pay, *given):
    with pytest.raises(Exception) as error:
        pay(*given)
    assert error.value.status in (400, 402)


def paid(stripe, lookalike, card=APPROVED, **given):
    payment = create(stripe, **given)
    lookalike.pay(payment["clientSecret"], card)
    return payment["externalId"]


def amounts(snapshot):
    return snapshot["amount"], snapshot["authorized"], snapshot["captured"]


# ---- payments from beginning to end


def test_a_payment_is_captured(stripe, lookalike):
    payment = create(stripe, payment=7)
    assert payment["clientSecret"].startswith(payment["externalId"] + "_secret_")
    assert create(stripe, payment=7)["externalId"] == payment["externalId"]
    assert amounts(stripe.call("fetch", externalId=payment["externalId"])) == (1580, 0, 0)
    lookalike.pay(payment["clientSecret"], APPROVED)
    fetched = expect(stripe.call("fetch", externalId=payment["externalId"]), "captured")
    assert amounts(fetched) == (1580, 0, 1580)
    assert fetched["refunds"] == []
    assert fetched["paymentId"] == payment["paymentId"]
    assert fetched["disputeStatus"] == ""
    # Stripe replays its first answer: it does not know better.
    assert create(stripe, payment=7)["state"] == "created"


@pytest.mark.parametrize(
    "currency, amount, number",
    [("JPY", 500, 500), ("ISK", 500, 50_000), ("KWD", 5120, 5120), ("MGA", 50_000, 500)],
)
def test_amounts_are_those_of_both_sides(stripe, lookalike, currency, amount, number):
    payment = paid(stripe, lookalike, currency=currency, amount=amount)
    [request] = lookalike.requests("POST", "/v1/payment_intents")
    assert json.loads(request["answer"])["amount"] == number
    fetched = stripe.call("fetch", externalId=payment)
    assert (fetched["currency"], *amounts(fetched)) == (currency, amount, 0, amount)


def test_declined_and_then_another_card(stripe, lookalike):
    payment = create(stripe)
    decline(lookalike.pay, payment["clientSecret"], DECLINED)
    fetched = expect(stripe.call("fetch", externalId=payment["externalId"]), "created")
    assert fetched["declineCode"] == "insufficient_funds"
    assert fetched["declineMessage"] == "Your card has insufficient funds"
    lookalike.pay(payment["clientSecret"], APPROVED)
    fetched = expect(stripe.call("fetch", externalId=payment["externalId"]), "captured")
    assert fetched["declineCode"] == ""


@pytest.mark.parametrize("approve", [True, False])
def test_3d_secure(stripe, lookalike, approve):
    payment = create(stripe)
    lookalike.pay(payment["clientSecret"], ASKS)
    fetch = {"externalId": payment["externalId"]}
    expect(stripe.call("fetch", **fetch), "requires_action")
    if approve:
        lookalike.authenticate(payment["clientSecret"], True)
        expect(stripe.call("fetch", **fetch), "captured")
        return
    decline(lookalike.authenticate, payment["clientSecret"], False)
    fetched = expect(stripe.call("fetch", **fetch), "created")
    assert fetched["declineCode"] == "payment_intent_authentication_failure"
    assert fetched["declineMessage"] == "The payment did not succeed"


def test_slow_money_cannot_be_canceled(stripe, lookalike):
    payment = paid(stripe, lookalike, DEBIT)
    expect(stripe.call("fetch", externalId=payment), "processing")
    expect(stripe.call("cancel", externalId=payment, key="cancel"), "processing")
    lookalike.control(f"payment_intents/{payment}/settle")
    expect(stripe.call("fetch", externalId=payment), "captured")


@pytest.mark.parametrize("amount", [1580, 1000])
def test_an_authorization_is_captured(manual, lookalike, amount):
    payment = paid(manual, lookalike)
    authorized = expect(manual.call("fetch", externalId=payment), "authorized")
    assert amounts(authorized) == (1580, 1580, 0)
    assert authorized["captureBefore"] > 0
    capture = {"externalId": payment, "amount": amount}
    captured = expect(manual.call("capture", **capture, key="capture"), "captured")
    assert amounts(captured) == (1580, 0, amount)
    # With another key, for the first may be forgotten.
    assert amounts(manual.call("capture", **capture, key="again")) == (1580, 0, amount)
    fetched = manual.call("fetch", externalId=payment)
    assert (amounts(fetched), fetched["refunds"]) == ((1580, 0, amount), [])


def test_no_more_than_authorized_is_captured(manual, lookalike):
    payment = paid(manual, lookalike)
    capture = manual.call("capture", externalId=payment, amount=1581, key="capture")
    refused(capture, "invalid_request")
    expect(manual.call("fetch", externalId=payment), "authorized")


@pytest.mark.parametrize("silently", [True, False])
def test_an_authorization_that_ran_out_cannot_be_captured(manual, lookalike, silently):
    payment = paid(manual, lookalike)
    lookalike.control(f"payment_intents/{payment}/expire", silently=silently)
    answer = manual.call("capture", externalId=payment, key="capture")
    assert answer["state"] == ("authorized" if silently else "voided")
    assert answer["captured"] == 0


def test_canceling(stripe, lookalike):
    payment = create(stripe)
    cancel = {"externalId": payment["externalId"]}
    expect(stripe.call("cancel", **cancel, key="cancel"), "voided")
    expect(stripe.call("cancel", **cancel, key="again"), "voided")
    expect(stripe.call("capture", **cancel, key="capture"), "voided")
    decline(lookalike.pay, payment["clientSecret"], APPROVED)


def test_canceling_an_authorization_refunds_nothing(manual, lookalike):
    payment = paid(manual, lookalike)
    expect(manual.call("cancel", externalId=payment, key="cancel"), "voided")
    fetched = expect(manual.call("fetch", externalId=payment), "voided")
    assert (amounts(fetched), fetched["refunds"]) == ((1580, 0, 0), [])


def test_the_money_is_faster_than_the_cancellation(stripe, lookalike):
    payment = paid(stripe, lookalike)
    canceled = expect(stripe.call("cancel", externalId=payment, key="cancel"), "captured")
    assert (amounts(canceled), canceled["refunds"]) == ((1580, 0, 1580), [])


# ---- refunds


def test_refunds(stripe, lookalike):
    payment = paid(stripe, lookalike)
    first = {"externalId": payment, "refund": 1, "amount": 600, "key": "first"}
    made = expect(stripe.call("refund", **first), "succeeded")
    assert made["amount"] == 600
    # Repeated, also when Stripe has forgotten the key.
    assert stripe.call("refund", **first) == made
    lookalike.control("idempotency_keys/forget")
    assert stripe.call("refund", **first) == made
    too_much = stripe.call("refund", externalId=payment, refund=2, amount=981, key="second")
    refused(too_much, "invalid_request")
    rest = stripe.call("refund", externalId=payment, refund=3, amount=980, key="third")
    expect(rest, "succeeded")
    refused(
        stripe.call("refund", externalId=payment, refund=4, amount=1, key="fourth"),
        "invalid_request",
    )
    fetched = expect(stripe.call("fetch", externalId=payment), "captured")
    assert fetched["refunds"] == [rest, made]
    assert len({made["refundId"], rest["refundId"]}) == 2


def test_a_refund_that_is_pending_and_fails(stripe, lookalike):
    payment = paid(stripe, lookalike, REFUND_PENDING)
    made = stripe.call("refund", externalId=payment, amount=500, key="refund")
    expect(made, "pending")
    lookalike.control(f"refunds/{made['externalId']}", status="failed")
    [fetched] = stripe.call("fetch", externalId=payment)["refunds"]
    assert fetched == {**made, "state": "failed"}


def test_nothing_captured_nothing_refunded(stripe):
    payment = create(stripe)["externalId"]
    refund = stripe.call("refund", externalId=payment, amount=1, key="refund")
    refused(refund, "invalid_request")


def test_many_refunds_are_all_read(stripe, lookalike):
    payment = paid(stripe, lookalike)
    made = [
        stripe.call("refund", externalId=payment, refund=n, amount=1, key=f"{n}")
        for n in range(1, 103)
    ]
    fetched = stripe.call("fetch", externalId=payment)["refunds"]
    assert fetched == made[::-1]


# ---- refusals


def test_a_wrong_key(lookalike):
    with driver_of(lookalike, secretKey="sk_test_wrong_key") as stripe:
        answer = refused(stripe.call("create", key="a"), "processor_unavailable")
    assert "sk_test" not in json.dumps(answer)


def test_what_is_not_there(stripe):
    for call in ("fetch", "capture", "cancel", "refund"):
        refused(stripe.call(call, externalId="pi_none", key=call), "invalid_request")


def intents(lookalike):
    made = lookalike.server.accounts[lookalike.secret_key].tables["payment_intent"]
    return list(made.values())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_500_that_stripe_keeps_under_its_key(stripe, lookalike, when):
    """What it came to is found, and what it has not brought about another key does."""
    lookalike.fault("error", when=when, method="POST")
    payment = create(stripe, payment=7)
    assert [intent["id"] for intent in intents(lookalike)] == [payment["externalId"]]
    keys = [each["idempotency_key"] for each in lookalike.requests("POST")]
    assert keys == (["create", "create-2"] if when == "before" else ["create"])
    assert create(stripe, payment=7) == payment


@pytest.mark.parametrize("made", [True, False])
def test_a_create_whose_parameters_have_changed(stripe, lookalike, made):
    """A setting was changed between a call that was not answered and its repetition."""
    lookalike.fault("error", when="after" if made else "before", method="POST")
    lookalike.fault("rate_limit", method="GET", path="^/v1/payment_intents$")
    refused(stripe.call("create", key="create", payment=7), "outcome_unknown")
    with driver_of(lookalike, receiptEmail="true", captureMethod="automatic_async") as changed:
        payment = create(changed, payment=7)
    assert [intent["id"] for intent in intents(lookalike)] == [payment["externalId"]]
    wanted = None if made else "ada@example.com"
    assert intents(lookalike)[0]["receipt_email"] == wanted


def test_an_outage_does_not_use_up_the_keys(stripe, lookalike):
    fault = {"method": "POST", "path": "^/v1/payment_intents$"}
    lookalike.fault("error", when="before", times=10, **fault)
    for _ in range(5):
        refused(stripe.call("create", key="create"), "outcome_unknown")
    create(stripe)
    assert len(intents(lookalike)) == 1


def test_a_key_that_was_used_for_something_else(stripe, lookalike):
    first = create(stripe)
    other = create(stripe, amount=999)
    assert (other["amount"], len(intents(lookalike))) == (999, 2)
    assert other["externalId"] != first["externalId"]


def test_a_key_in_use(stripe, lookalike):
    held = lookalike.fault("hold", method="POST")
    with driver_of(lookalike) as other, concurrent.futures.ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, stripe)
        lookalike.wait_for_fault(held)
        refused(other.call("create", key="create"), "outcome_unknown")
        lookalike.release(held)
        made = first.result()
        assert create(other)["externalId"] == made["externalId"]


# ---- bad days

BROKEN = ["close", "hang", "garbage", "truncate", "oversize", "redirect"]


def lose(stripe, lookalike, what, kind, when, path, **given):
    """Calls while every answer is lost: libcurl repeats what a kept connection did not answer."""
    lookalike.fault(kind, when=when, method="POST", path=path, times=None)
    patience = {"timeoutMs": HANGS_MS} if kind == "hang" else {}
    refused(stripe.call(what, **given, **patience), "outcome_unknown")
    lookalike.control("faults/clear")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", BROKEN)
def test_without_an_answer_repeating_does_it_once(stripe, lookalike, kind, when):
    lose(stripe, lookalike, "create", kind, when, "^/v1/payment_intents$", key="create")
    payment = create(stripe)["externalId"]
    with driver_of(lookalike) as other:
        assert create(other)["externalId"] == payment

    lookalike.pay(stripe.call("fetch", externalId=payment)["clientSecret"], APPROVED)
    refund = {"externalId": payment, "amount": 500, "key": "refund"}
    lose(stripe, lookalike, "refund", kind, when, "^/v1/refunds$", **refund)
    made = expect(stripe.call("refund", **refund), "succeeded")
    assert stripe.call("fetch", externalId=payment)["refunds"] == [made]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("call, state", [("capture", "captured"), ("cancel", "voided")])
def test_what_became_of_it_can_be_fetched(manual, lookalike, call, state, kind, when):
    payment = paid(manual, lookalike)
    given = {"externalId": payment, "key": call}
    lose(manual, lookalike, call, kind, when, f"/{call}$", **given)
    expected = state if when == "after" else "authorized"
    # On a busy machine the caller may give up before Stripe has begun.
    while manual.call("fetch", externalId=payment)["state"] != expected:
        time.sleep(0.01)
    expect(manual.call(call, **given), state)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call, state", [("capture", "captured"), ("cancel", "voided")])
def test_a_500_of_a_capture_or_cancellation(manual, lookalike, call, state, when):
    payment = paid(manual, lookalike)
    lookalike.fault("error", when=when, method="POST", path=f"/{call}$")
    expect(manual.call(call, externalId=payment, key=call), state)
    expect(manual.call("fetch", externalId=payment), state)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_500_of_a_refund(stripe, lookalike, when):
    payment = paid(stripe, lookalike)
    lookalike.fault("error", when=when, method="POST", path="^/v1/refunds$")
    made = stripe.call("refund", externalId=payment, amount=500, key="refund")
    expect(made, "succeeded")
    assert stripe.call("fetch", externalId=payment)["refunds"] == [made]


@pytest.mark.parametrize("kind", ["rate_limit", "lock_timeout"])
def test_a_busy_stripe_has_done_nothing(stripe, lookalike, kind):
    lookalike.fault(kind, method="POST")
    refused(stripe.call("create", key="create"), "processor_unavailable")
    payment = create(stripe)["externalId"]
    lookalike.fault(kind, method="GET")
    refused(stripe.call("fetch", externalId=payment), "processor_unavailable")
    expect(stripe.call("fetch", externalId=payment), "created")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_in_front_of_stripe_fails(stripe, lookalike, status):
    lookalike.fault("error", status=status, method="POST")
    refused(stripe.call("create", key="create"), "outcome_unknown")
    create(stripe)


def test_nobody_listens():
    with StripeDriver("http://127.0.0.1:1") as stripe:
        refused(stripe.call("create", key="create"), "processor_unavailable")


def test_a_late_answer_is_an_answer(stripe, lookalike):
    lookalike.fault("delay", when="after", seconds=0.2, method="POST")
    create(stripe)


# ---- webhooks


def received_by(stripe, shop):
    """What the shop has received, as the processor reads it, by type."""
    events = {}
    for headers, body in shop.received:
        given = {"headers": list(headers.items()), "payload": body.decode()}
        event = stripe.call("webhook", **given)
        assert "error" not in event, event
        events.setdefault(event["type"].removeprefix("v1."), event)
        forged = {**given, "payload": body.decode() + " "}
        refused(stripe.call("webhook", **forged), "invalid_signature")
    return events


@pytest.mark.parametrize("payload", ["snapshot", "thin"])
def test_webhooks(stripe, lookalike, payload):
    with Receiver() as shop:
        lookalike.webhook_endpoint(shop.url, payload=payload)
        payment = paid(stripe, lookalike, DISPUTES, payment=7)
        lookalike.wait_for_webhooks()
        events = received_by(stripe, shop)
    fetched = stripe.call("fetch", externalId=payment)
    succeeded = events["payment_intent.succeeded"]
    assert succeeded["externalPaymentId"] == payment
    assert succeeded["paymentId"] == fetched["paymentId"]
    assert amounts(succeeded["snapshot"]) == (1580, 0, 1580)
    dispute = events["charge.dispute.created"]
    assert (dispute["externalPaymentId"], dispute["snapshot"]) == (payment, None)
    assert events["charge.succeeded"]["externalPaymentId"] == ""
    assert fetched["disputeStatus"] == "needs_response"


def test_a_thin_webhook_shows_what_the_payment_is_now(stripe, lookalike):
    with Receiver() as shop:
        lookalike.webhook_endpoint(shop.url, payload="thin", mode="hold")
        payment = create(stripe)
        lookalike.pay(payment["clientSecret"], ASKS)
        lookalike.authenticate(payment["clientSecret"], True)
        lookalike.release_webhooks(types=["payment_intent.requires_action"])
        [event] = received_by(stripe, shop).values()
    assert event["snapshot"]["state"] == "captured"


@pytest.mark.parametrize(
    "settings, expected",
    [
        ({}, REFUNDS),
        ({"payload": "thin"}, REFUNDS),
        ({"api_version": "2023-10-16"}, {"charge.refunded", "charge.refund.updated"}),
    ],
)
def test_webhooks_of_refunds_name_the_payment(stripe, lookalike, settings, expected):
    with Receiver() as shop:
        lookalike.webhook_endpoint(shop.url, enabled_events=sorted(REFUNDS), **settings)
        payment = paid(stripe, lookalike, REFUND_PENDING)
        made = stripe.call("refund", externalId=payment, amount=500, key="refund")
        lookalike.control(f"refunds/{made['externalId']}", status="failed")
        lookalike.wait_for_webhooks()
        events = received_by(stripe, shop)
    assert set(events) == expected
    for event in events.values():
        assert event["externalPaymentId"] == payment, event
        assert event["paymentId"].startswith("payment_"), event
        assert event["snapshot"] is None


def test_a_live_event_is_not_believed_by_a_test_key(lookalike):
    """Not even if it has the endpoint's secret: both modes may send to one address."""
    lookalike.control("accounts", secret_key="sk_live_lookalike", publishable_key="pk_live_x")
    with Receiver() as shop, driver_of(lookalike, secretKey="sk_live_lookalike") as live:
        for payload in ("snapshot", "thin"):
            lookalike.webhook_endpoint(
                shop.url,
                secret_key="sk_live_lookalike",
                payload=payload,
                enabled_events=["payment_intent.canceled"],
            )
        payment = create(live)
        expect(live.call("cancel", externalId=payment["externalId"], key="cancel"), "voided")
        lookalike.wait_for_webhooks()
        with driver_of(lookalike) as test:
            for headers, body in shop.wait_for(2):
                given = {"headers": list(headers.items()), "payload": body.decode()}
                expect(live.call("webhook", **given)["snapshot"], "voided")
                event = test.call("webhook", **given)
                assert event["externalPaymentId"] == payment["externalId"]
                assert event["snapshot"] is None
