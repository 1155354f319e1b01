"""What the Python tests of several folders share."""

import signal

import pytest
from support.project import left_out
from support.stripe_mock import StripeMock

# A shell lets what it runs in the background ignore Ctrl-C, and so would the servers that tests
# start and end with it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def stripe_mock():
    """A running stripe-mock; None where it is left out."""
    if left_out("stripe-mock"):
        yield None
        return
    with StripeMock() as mock:
        yield mock
