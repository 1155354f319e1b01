"""The part of Stripe's API that the look-alike knows: paths, their parameters, what they do."""

import copy
import re

from . import parameters as p
from .errors import StripeError, invalid

CAPTURE_METHODS = p.one_of("automatic", "automatic_async", "manual")
EXPAND = {"expand": p.list_of_text}
PAGE = {**EXPAND, "limit": p.page_size, "starting_after": p.text, "ending_before": p.text}

CREATE_INTENT = {
    "amount!": p.positive,
    "currency!": p.currency,
    "automatic_payment_methods": {
        "enabled!": p.boolean,
        "allow_redirects": p.one_of("always", "never"),
    },
    "capture_method": CAPTURE_METHODS,
    "confirm": p.boolean,
    "description": p.clearable,
    "metadata": p.metadata,
    "payment_method": p.text,
    "receipt_email": p.clearable,
    "return_url": p.text,
    "statement_descriptor_suffix": p.clearable,
    **EXPAND,
}
UPDATE_INTENT = {
    "amount": p.positive,
    "description": p.clearable,
    "metadata": p.metadata,
    "payment_method": p.text,
    "receipt_email": p.clearable,
    **EXPAND,
}
CONFIRM_INTENT = {"payment_method": p.text, "return_url": p.text, **EXPAND}
CAPTURE_INTENT = {"amount_to_capture": p.positive, "metadata": p.metadata, **EXPAND}
CANCEL_INTENT = {
    "cancellation_reason": p.one_of(
        "duplicate", "fraudulent", "requested_by_customer", "abandoned"
    ),
    **EXPAND,
}
CREATE_REFUND = {
    "amount": p.positive,
    "charge": p.text,
    "metadata": p.metadata,
    "payment_intent": p.text,
    "reason": p.one_of("duplicate", "fraudulent", "requested_by_customer"),
    **EXPAND,
}
BY_PAYMENT = {"payment_intent": p.text, "charge": p.text, **PAGE}


def create_intent(account, given):
    given = {name: value for name, value in given.items() if value is not None}
    return account.create(given)


def confirm_intent(account, given, intent_id):
    return account.confirm(
        account.intent(intent_id), given.get("payment_method"), return_url=given.get("return_url")
    )


def lister(kind, *filters):
    def handler(account, given):
        entries = account.all(kind, **{name: given.get(name) for name in filters})
        return page(f"/v1/{kind}s", entries[::-1], given)  # newest first

    return handler


def list_intents(account, given):
    since = given.get("created", {}).get("gte", 0)
    intents = [intent for intent in account.all("payment_intent") if intent["created"] >= since]
    return page("/v1/payment_intents", intents[::-1], given)


def list_events(account, given):
    wanted = set(given.get("types", [])) | ({given["type"]} if "type" in given else set())
    events = [event for event in account.all("event") if not wanted or event["type"] in wanted]
    return page("/v1/events", events[::-1], given)


def page(url, entries, given):
    ids = [entry["id"] for entry in entries]
    after, before = given.get("starting_after"), given.get("ending_before")
    for cursor in (after, before):
        if cursor and cursor not in ids:
            raise invalid(f"No such object: '{cursor}'", code="resource_missing")
    limit = given.get("limit", 10)
    if before:
        rest = entries[: ids.index(before)]
        chosen = rest[-limit:]
    else:
        rest = entries[ids.index(after) + 1 :] if after else entries
        chosen = rest[:limit]
    return {"object": "list", "data": chosen, "has_more": len(rest) > len(chosen), "url": url}


def getter(kind):
    return lambda account, given, object_id: account.find(kind, object_id)


def update_refund(account, given, refund_id):
    refund = account.find("refund", refund_id)
    account.merge_metadata(refund, given)
    return refund


ENDPOINTS = [
    (method, re.compile(path.replace("{id}", r"([^/]+)")), table, handler)
    for method, path, table, handler in (
        ("POST", "/v1/payment_intents", CREATE_INTENT, create_intent),
        ("GET", "/v1/payment_intents", {"created": {"gte": p.integer}, **PAGE}, list_intents),
        ("GET", "/v1/payment_intents/{id}", EXPAND,
         lambda account, given, intent_id: account.intent(intent_id)),
        ("POST", "/v1/payment_intents/{id}", UPDATE_INTENT,
         lambda account, given, intent_id: account.update(account.intent(intent_id), given)),
        ("POST", "/v1/payment_intents/{id}/confirm", CONFIRM_INTENT, confirm_intent),
        ("POST", "/v1/payment_intents/{id}/capture", CAPTURE_INTENT,
         lambda account, given, intent_id: account.capture(account.intent(intent_id), given)),
        ("POST", "/v1/payment_intents/{id}/cancel", CANCEL_INTENT,
         lambda account, given, intent_id: account.cancel(
             account.intent(intent_id), given.get("cancellation_reason"))),
        ("GET", "/v1/charges", {"payment_intent": p.text, **PAGE},
         lister("charge", "payment_intent")),
        ("GET", "/v1/charges/{id}", EXPAND, getter("charge")),
        ("POST", "/v1/refunds", CREATE_REFUND, lambda account, given: account.refund(given)),
        ("GET", "/v1/refunds", BY_PAYMENT, lister("refund", "payment_intent", "charge")),
        ("GET", "/v1/refunds/{id}", EXPAND, getter("refund")),
        ("POST", "/v1/refunds/{id}", {"metadata": p.metadata, **EXPAND}, update_refund),
        ("GET", "/v1/disputes", BY_PAYMENT, lister("dispute", "payment_intent", "charge")),
        ("GET", "/v1/disputes/{id}", EXPAND, getter("dispute")),
        ("POST", "/v1/disputes/{id}/close", EXPAND,
         lambda account, given, dispute_id: account.move_dispute(
             account.find("dispute", dispute_id), "lost")),
        ("GET", "/v1/events", {"type": p.text, "types": p.list_of_text, **PAGE}, list_events),
        ("GET", "/v1/events/{id}", EXPAND, getter("event")),
    )
]  # fmt: skip


def find_endpoint(method, path):
    for known, pattern, table, handler in ENDPOINTS:
        match = pattern.fullmatch(path)
        if match and method == known:
            return table, handler, match.groups()
    raise StripeError(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove "
        "the trailing slash. If you are trying to retrieve an object, make sure you passed a "
        "valid (non-empty) identifier in your code.",
        saved=False,
    )


# Which properties hold an id that `expand` replaces by the object.
EXPANDABLE = {
    "payment_intent": {"latest_charge": "charge"},
    "charge": {"payment_intent": "payment_intent", "refunds": None},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
}


def expanded(account, answer, paths):
    """A copy of the answer in which the ids at those paths are replaced by their objects."""
    answer = copy.deepcopy(answer)
    for path in paths:
        expand(account, answer, path.split("."), path)
    return answer


def expand(account, entry, names, path):
    if entry.get("object") == "list" and names[0] == "data":
        for each in entry["data"]:
            expand(account, each, names[1:], path)
        return
    name = names[0]
    if name not in EXPANDABLE.get(entry.get("object"), {}):
        raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    if name == "refunds":
        refunds = account.all("refund", charge=entry["id"])[::-1]
        entry[name] = copy.deepcopy(page(f"/v1/charges/{entry['id']}/refunds", refunds, {}))
    elif isinstance(entry[name], str):
        entry[name] = copy.deepcopy(account.find(EXPANDABLE[entry["object"]][name], entry[name]))
    if len(names) > 1 and entry[name] is not None:
        expand(account, entry[name], names[1:], path)
