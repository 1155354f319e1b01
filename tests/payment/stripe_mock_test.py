"""What the Stripe processor sends is what Stripe takes: each kind of request, to stripe-mock.

stripe-mock refuses unknown, missing and mistyped parameters and other versions of the API. It keeps
no state: what comes of the requests is tested with the look-alike.
"""

import json

import pytest
from stripe import WebhookSignature
from support.project import left_out
from support.stripe_driver import CONFIG, StripeDriver

pytestmark = pytest.mark.skipif(left_out("stripe-mock"), reason="RESYS_WITHOUT=stripe-mock")

INTENT = {"externalId": "pi_123"}


@pytest.fixture(scope="module")
def stripe(stripe_mock):
    with StripeDriver(stripe_mock.url) as driver:
        yield driver


def accepted(answer):
    assert "error" not in answer, answer
    return answer


@pytest.mark.parametrize("capture_method", ["automatic", "automatic_async", "manual", ""])
@pytest.mark.parametrize("receipt", ["true", "false", ""])
def test_create(stripe_mock, capture_method, receipt):
    settings = {"captureMethod": capture_method, "receiptEmail": receipt}
    with StripeDriver(stripe_mock.url, **settings) as stripe:
        made = accepted(stripe.call("create", amount=1580, key="a"))
    assert made["state"] == "created"
    assert (made["amount"], made["currency"]) == (1580, "EUR")
    assert made["clientSecret"]


def test_capture(stripe):
    captured = accepted(stripe.call("capture", **INTENT, amount=1000, key="b"))
    assert captured["externalId"] == "pi_123"


def test_cancel(stripe):
    accepted(stripe.call("cancel", **INTENT, key="c"))


def test_refund(stripe):
    refunded = accepted(stripe.call("refund", **INTENT, amount=500, key="d"))
    assert refunded["amount"] == 500
    assert refunded["externalId"]


def test_fetch(stripe):
    fetched = accepted(stripe.call("fetch", **INTENT))
    assert fetched["externalId"] == "pi_123"
    assert fetched["refunds"] == []


@pytest.mark.parametrize(
    "event, about",
    [
        ("payment_intent.succeeded", "payment_intent"),
        ("charge.refunded", "charge"),
        ("refund.failed", "refund"),
        ("charge.dispute.created", "dispute"),
    ],
)
def test_objects_of_thin_events(stripe, event, about):
    thin = {
        "id": "evt_1",
        "object": "v2.core.event",
        "type": f"v1.{event}",
        "livemode": False,
        "related_object": {"id": "x_123", "type": about, "url": "/v1/unused"},
    }
    payload = json.dumps(thin)
    header = WebhookSignature.generate_signature_header(payload, CONFIG["webhookSecret"])
    headers = [["Stripe-Signature", header]]
    read = accepted(stripe.call("webhook", payload=payload, headers=headers))
    # stripe-mock's charges, refunds and disputes name no payment intent.
    assert bool(read["externalPaymentId"]) == (about == "payment_intent")


@pytest.mark.parametrize(
    "path, query",
    [
        ("/v1/payment_intents", "created[gte]=1800000000&limit=100&starting_after=pi_1"),
        ("/v1/disputes", "payment_intent=pi_1&limit=1"),
    ],
)
def test_lists(stripe_mock, path, query):
    """These are sent after bad news only, which stripe-mock has none of."""
    request = {"method": "GET", "path": path, "query": query, "body": "", "secret_key": "sk_test_1"}
    status, answer = stripe_mock.send(request)
    assert (status, answer["object"]) == (200, "list")


def test_the_mock_refuses_what_stripe_would(stripe_mock, stripe):
    """Otherwise the tests above say nothing."""
    with StripeDriver(stripe_mock.url, secretKey="wrong") as other:
        assert other.call("fetch", **INTENT)["error"] == "processor_unavailable"
    refused = stripe.call("fetch", externalId="pi_123/no_such_call")
    assert refused["error"] == "invalid_request"
