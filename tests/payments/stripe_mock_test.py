"""What the Stripe processor sends is what Stripe takes: each kind of request, to stripe-mock.

stripe-mock refuses unknown, missing and mistyped parameters and other versions of the API. It keeps
no state: what comes of the requests is tested with the look-alike.
"""

import pytest
from support.project import left_out
from support.stripe_driver import StripeDriver

pytestmark = pytest.mark.skipif(left_out("stripe-mock"), reason="RESYS_WITHOUT=stripe-mock")

INTENT = {"externalId": "pi_123"}


@pytest.fixture(scope="module")
def stripe(stripe_mock):
    with StripeDriver(stripe_mock.url) as driver:
        yield driver


def accepted(answer):
    assert "error" not in answer, answer
    return answer


@pytest.mark.parametrize("capture_method", ["automatic", "manual", ""])
@pytest.mark.parametrize("email", ["ada@example.com", ""])
def test_create(stripe_mock, capture_method, email):
    with StripeDriver(stripe_mock.url, captureMethod=capture_method) as stripe:
        made = accepted(stripe.call("create", amount=1580, email=email, key="a"))
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


def test_the_mock_refuses_what_stripe_would(stripe_mock, stripe):
    """Otherwise the tests above say nothing."""
    with StripeDriver(stripe_mock.url, secretKey="wrong") as other:
        assert other.call("fetch", **INTENT)["error"] == "processor_unavailable"
    refused = stripe.call("fetch", externalId="pi_123/no_such_call")
    assert refused["error"] == "invalid_request"
