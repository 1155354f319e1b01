"""The Stripe look-alike for the tests of this folder; what it took is held against stripe-mock."""

import json

import pytest
from support.project import left_out
from support.stripe_lookalike import Lookalike
from support.stripe_mock import StripeMock, differences


@pytest.fixture(scope="session")
def stripe_mock():
    if left_out("stripe-mock"):
        yield None
        return
    with StripeMock() as mock:
        yield mock


@pytest.fixture
def lookalike(stripe_mock):
    """A running look-alike. Afterwards: Stripe would have taken each request that it took, and its
    answers, refusals and events are in Stripe's shape."""
    with Lookalike() as stripe:
        yield stripe
        if stripe_mock:
            check_honesty(stripe, stripe_mock)


def check_honesty(stripe, stripe_mock):
    for request in stripe.requests():
        if request["answer"] is None:
            continue  # a fault was answered, or nothing
        answer = json.loads(request["answer"])
        wrong = list(differences(answer))
        assert not wrong, (request, wrong)
        if request["status"] != 200:
            continue
        status, theirs = stripe_mock.send(request)
        assert status == 200, (request, theirs)
        assert theirs["object"] == answer["object"], (request, theirs)
    for account in stripe.server.accounts.values():
        for event in account.tables["event"].values():
            wrong = list(differences(event))
            assert not wrong, (event, wrong)
