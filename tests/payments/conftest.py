"""The Stripe look-alike for the tests of this folder."""

import pytest
from support.stripe_lookalike import Lookalike
from support.stripe_mock import assert_honest


@pytest.fixture
def lookalike(stripe_mock):
    """A running look-alike; afterwards it is held against stripe-mock."""
    with Lookalike() as stripe:
        yield stripe
        if stripe_mock:
            assert_honest(stripe, stripe_mock)
