"""Stripe's error objects: type, code, decline_code, message, param and what belongs to them."""

import copy


class StripeError(Exception):
    """A refusal. `saved`: the request began to execute, so that its key repeats this answer."""

    def __init__(self, status, kind, message, *, saved=True, should_retry=None, **facts):
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.should_retry = should_retry
        self.error = {"message": message, "type": kind}
        self.error.update(
            {name: copy.deepcopy(fact) for name, fact in facts.items() if fact is not None}
        )
        if "code" in self.error:
            page = self.error["code"].replace("_", "-")
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{page}"

    def body(self):
        return {"error": self.error}


def invalid(message, *, param=None, code=None):
    """The parameters are wrong: nothing was begun, so the idempotency key stays free."""
    return StripeError(400, "invalid_request_error", message, saved=False, code=code, param=param)


def refused(message, *, code=None, param=None, **facts):
    """The parameters are fine, but the object's state does not allow it."""
    return StripeError(400, "invalid_request_error", message, code=code, param=param, **facts)


def missing(kind, object_id, param="id"):
    return StripeError(
        404 if param in ("id", "intent") else 400,
        "invalid_request_error",
        f"No such {kind}: '{object_id}'",
        code="resource_missing",
        param=param,
    )


def unauthorized(message, code=None):
    return StripeError(401, "invalid_request_error", message, saved=False, code=code)
