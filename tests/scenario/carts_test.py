"""The carts of pricing/carts.json have the cents written there, in every language.

Each is made in a store of its own, as carts_test.cpp makes it.
"""

import json
import pathlib

import pytest
from scenario.replay import RUNNERS, Replay

PATH = pathlib.Path(__file__).parents[1] / "pricing" / "carts.json"
CARTS = json.loads(PATH.read_text(encoding="utf-8"))["carts"]
# What they have; the translation knows nothing else.
FIELDS = {
    "id", "note", "currency", "pricesIncludeTax", "rates", "rounding", "roundingLevel", "lines",
    "discount", "expect",
}  # fmt: skip


def steps_of(number, cart):
    staff, shopper = f"staff {number}", f"shopper {number}"
    taxes = {name: cart[name] for name in ("pricesIncludeTax", "rounding", "roundingLevel")}
    yield [staff, "admin.settings.updateTaxes", {**taxes, "homeCountry": "DE"}, {}]
    for category, rate in cart["rates"].items():
        request = {"name": "VAT", "rate": rate, "country": "DE", "category": category}
        yield [staff, "admin.taxRates.create", request, {}]
    for index, line in enumerate(cart["lines"]):
        variant = {
            "sku": f"P{index}",
            "priceCents": line["unitPriceCents"],
            "currency": cart["currency"],
            "taxCategory": line["taxCategory"],
        }
        request = {"slug": f"p{index}", "name": f"P{index}", "variants": [variant]}
        yield [staff, "admin.products.create", request, {}]
        request = {"sku": f"P{index}", "quantity": line["quantity"]}
        yield [shopper, "cart.addItem", request, {}]
    if "discount" in cart:
        request = {
            "name": "OFF",
            "codes": ["OFF"],
            "currency": cart["currency"],
            "actions": [action_of(**cart["discount"])],
        }
        yield [staff, "admin.promotions.create", request, {}]
        yield [shopper, "cart.applyCoupon", {"code": "OFF"}, {}]
    yield [shopper, "cart.get", {}, {}]


def action_of(fixedOffOrder=None, percentOffOrder=None):
    if fixedOffOrder is not None:
        return {"kind": "fixedOffOrder", "amountCents": fixedOffOrder}
    return {"kind": "percentOffOrder", "basisPoints": 100 * int(percentOffOrder)}


def scenario():
    callers = {}
    steps = []
    for number, cart in enumerate(CARTS):
        store = {"store": f"store-{number}"}
        callers[f"staff {number}"] = {"audience": "staff", "userId": "grace", **store}
        callers[f"shopper {number}"] = {"sessionId": "guest", **store}
        steps += steps_of(number, cart)
    return {"callers": callers, "steps": steps}


def cents_of(cart):
    """All that a cart may be expected to have."""
    tax = cart["taxTotalCents"] + cart["includedTaxTotalCents"]
    return {
        "netCents": cart["totalCents"] - tax,
        "taxCents": tax,
        "totalCents": cart["totalCents"],
        "discountCents": [line["discountCents"] for line in cart["lineItems"]],
    }


def test_each_cart_is_translated_as_a_whole():
    assert len(CARTS) == 17
    for cart in CARTS:
        assert FIELDS >= cart.keys() >= FIELDS - {"note", "discount"}, cart["id"]


@pytest.mark.parametrize("language", RUNNERS)
def test_the_agreed_carts_have_the_agreed_cents_in(language, tmp_path):
    steps = scenario()
    replay = Replay(language, tmp_path / "shop.db", steps)
    shown = [
        answer["answer"]
        for step, answer in zip(steps["steps"], replay.answers)
        if step[1] == "cart.get"
    ]
    assert len(shown) == len(CARTS)
    for cart, answer in zip(CARTS, shown):
        cents = cents_of(answer)
        assert {name: cents[name] for name in cart["expect"]} == cart["expect"], cart["id"]
