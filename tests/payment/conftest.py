"""The Stripe look-alike for the tests of this folder."""

import pytest
import stripe
from support.stripe_client import client_of
from support.stripe_lookalike import Lookalike
from support.stripe_mock import assert_honest


@pytest.fixture
def lookalike(stripe_mock):
    """A running look-alike; afterwards it is held against stripe-mock."""
    with Lookalike() as stripe:
        yield stripe
        if stripe_mock:
            assert_honest(stripe, stripe_mock)


@pytest.fixture
def client(lookalike):
    """Stripe's official client of the look-alike."""
    return client_of(lookalike)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """The client's retries need not wait half a second each."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.01)
