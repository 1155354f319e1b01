"""What the Python tests of several folders share."""

import pytest
from support.project import left_out
from support.stripe_mock import StripeMock


@pytest.fixture(scope="session")
def stripe_mock():
    """A running stripe-mock; None where it is left out."""
    if left_out("stripe-mock"):
        yield None
        return
    with StripeMock() as mock:
        yield mock
