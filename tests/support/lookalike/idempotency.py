"""Idempotency keys as Stripe documents them: https://docs.stripe.com/api/idempotent_requests.

The first answer of an account's key is kept and replayed, 500s too; other parameters under the key
are an error; a key in use answers 409. Nothing is kept of a request that did not begin to execute.
"""

import threading

from .errors import StripeError, invalid

MAXIMUM_LENGTH = 255


class Answer:
    """`broken`: it is a fault's, not the API's."""

    def __init__(self, status, body, headers=None, broken=False):
        self.status = status
        self.body = body
        self.headers = headers or {}
        self.broken = broken


class IdempotencyKeys:
    def __init__(self):
        self.lock = threading.Lock()
        self.used = {}  # (account, key) -> [path, parameters, Answer or None while it runs]

    def begin(self, account, key, path, parameters):
        """The answer to replay, or None: then finish() or abandon() has to follow."""
        if len(key) > MAXIMUM_LENGTH:
            raise invalid(f"Idempotency keys cannot be longer than {MAXIMUM_LENGTH} characters.")
        with self.lock:
            used = self.used.get((account, key))
            if used is None:
                self.used[account, key] = [path, parameters, None]
                return None
            if used[0] != path:
                raise mismatch(
                    "Keys for idempotent requests can only be used for the same endpoint they were "
                    f"first used for ('{path}' vs '{used[0]}').",
                    key,
                )
            if used[1] != parameters:
                raise mismatch(
                    "Keys for idempotent requests can only be used with the same parameters they "
                    "were first used with.",
                    key,
                )
            if used[2] is None:
                raise StripeError(
                    409,
                    "idempotency_error",
                    "There is currently another in-progress request using this idempotent key "
                    "(that probably means you submitted twice, and the other request is still "
                    f"going through): {key}. Please try again later.",
                    code="idempotency_key_in_use",
                    should_retry=True,
                )
            return used[2]

    def finish(self, account, key, answer):
        with self.lock:
            self.used[account, key][2] = answer

    def abandon(self, account, key):
        with self.lock:
            self.used.pop((account, key), None)

    def forget(self):
        """What Stripe may do after 24 hours."""
        with self.lock:
            self.used = {key: used for key, used in self.used.items() if used[2] is None}


def mismatch(message, key):
    return StripeError(
        400,
        "idempotency_error",
        f"{message} Try using a key other than '{key}' if you meant to execute a different "
        "request.",
    )
