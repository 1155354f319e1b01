"""Replays a scenario's steps through the Python package: `python_runner.py DATABASE`.

cpp_runner.cpp says how. Each step goes through the typed method of its operation, and each property
of its answer is read.
"""

import inspect
import json
import re
import sys
import typing
from datetime import datetime

import resys
from resys import Audience, Caller, Money, Record


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def method_of(shop, operation):
    *path, verb = [snake(word) for word in operation.split(".")]
    service = shop
    for word in path:
        service = getattr(service, word)
    return getattr(service, verb)


def arguments_of(function, values):
    """The keywords of a method or a record, of what JSON has."""
    hints = typing.get_type_hints(function)
    names = inspect.signature(function).parameters
    arguments = {}
    for name, value in values.items():
        keyword = snake(name)
        if keyword.endswith("_cents") and keyword not in names:
            keyword = keyword[: -len("_cents")]
            value = Money.of_minor(value, values["currency"])
        if keyword in names:  # the currency is Money's
            arguments[keyword] = converted(hints[keyword], value)
    return arguments


def converted(hint, value):
    for inner in typing.get_args(hint) or [hint]:
        if inner is datetime:
            return datetime.fromisoformat(value.replace("Z", "+00:00"))
        if isinstance(inner, type) and issubclass(inner, Record):
            if isinstance(value, list):
                return [converted(inner, item) for item in value]
            return inner(**arguments_of(inner.__init__, value))
        if isinstance(value, list) and typing.get_args(inner):
            return converted(inner, value)
    return value


def read_all(value):
    """Reads every property; what cannot be read raises."""
    if isinstance(value, Record):
        for name in value._names:
            read_all(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            read_all(item)
    elif isinstance(value, Money):
        assert value.amount is not None and str(value)


def run(shop, line):
    store, audience, user, session, key, operation, request = line.rstrip("\n").split("\t")
    if operation == "dueWork":
        while shop.run_due_work().more:
            pass
        return {"answer": {}}
    audience = Audience[audience.upper()]
    caller = Caller(user, session, store=store, audience=audience, idempotency_key=key)
    method = method_of(shop, operation)
    try:
        answer = method(caller, **arguments_of(method, json.loads(request)))
    except resys.Error as error:
        return {
            "error": {
                "code": error.code,
                "message": error.message,
                "field": error.field,
                "details": error.details,
                "retry": str(error.retry),
            }
        }
    read_all(answer)
    assert repr(answer)
    return {"answer": answer.to_json()}


def main():
    with resys.Shop.open(
        f"sqlite:{sys.argv[1]}",
        processors=["test", "manual"],
        secret_keys={"k1": b"0" * 32},
        secret_key_id="k1",
    ) as shop:
        for line in sys.stdin:
            print(json.dumps(run(shop, line)), flush=True)


if __name__ == "__main__":
    main()
