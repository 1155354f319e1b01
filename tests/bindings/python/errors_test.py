"""Errors are exceptions with their facts; misuse is one too, never a crash."""

import json
import pathlib
import pickle

import pytest
import resys
from resys import Caller
from support.project import ROOT
from support.python_shop import ADA, STAFF, euro, fill, open_shop, place

DESCRIPTION = json.loads((ROOT / "bindings/api.json").read_text(encoding="utf-8"))


@pytest.fixture(name="shop")
def a_shop():
    with open_shop() as shop:
        yield shop


def test_each_code_has_a_class():
    for row in DESCRIPTION["errors"]:
        kind = getattr(resys, "".join(word.capitalize() for word in row["name"].split("_")))
        assert issubclass(kind, resys.Error)
        assert (kind.code, kind.http_status, str(kind.retry), kind.status) == (
            row["name"],
            row["httpStatus"],
            row["retry"],
            row["code"],
        )


def test_an_error_has_all_facts(shop):
    fill(shop, ADA, quantity=12)
    fill(shop, Caller("bob"), quantity=5)
    place(shop, ADA)
    with pytest.raises(resys.InsufficientStock) as raised:
        place(shop, Caller("bob"))
    error = raised.value
    assert error.message and str(error) == error.message
    assert error.retry is resys.Retry.RELOAD and error.http_status == 409
    assert error.details["lines"][0]["sku"] == "TEA"
    assert error.details["lines"][0]["requested"] == 5
    with pytest.raises(resys.InvalidRequest) as raised:
        shop.cart.add_item(ADA, sku="TEA", quantity=0)
    assert raised.value.field == "quantity"
    copied = pickle.loads(pickle.dumps(raised.value))
    assert (type(copied), copied.field) == (resys.InvalidRequest, "quantity")


def test_an_empty_store_is_not_the_default_one(shop):
    for caller in (Caller("ada", store=""), Caller.staff("grace", store="")):
        with pytest.raises(resys.InvalidRequest) as raised:
            shop.cart.get(caller)
        assert raised.value.field == "store"


def test_what_others_may_not_see_or_do(shop):
    with pytest.raises(resys.Forbidden):
        shop.admin.stock.list(ADA)
    with pytest.raises(resys.Unauthenticated):
        shop.orders.list(Caller())
    with pytest.raises(resys.NotFound):
        shop.call("no.such", ADA)


def test_a_shop_that_cannot_be_opened(tmp_path):
    for database in ("oracle:x", "", f"sqlite:{tmp_path}/no/such/folder/shop.db"):
        with pytest.raises(resys.Error):
            resys.Shop.open(database)
    with pytest.raises(ValueError):
        resys.Shop.open("sqlite::memory:", processors=["gold"])
    with pytest.raises(resys.InvalidRequest):
        resys.Shop.open("sqlite::memory:", secret_keys={"k1": b"short"})
    for wrong in (None, b"sqlite::memory:", pathlib.Path("shop.db")):
        with pytest.raises(TypeError):
            resys.Shop.open(wrong)


def test_texts_of_every_kind(shop):
    odd = "\0 \N{SNOWMAN} \N{PILE OF POO} ' \" \\ \n"
    made = shop.admin.locations.create(STAFF, name="A \N{SNOWMAN} \N{PILE OF POO} ' \" \\")
    assert made.name == "A \N{SNOWMAN} \N{PILE OF POO} ' \" \\"
    for wrong in (odd, "\ud800", "x" * 100_000, "x" * 3_000_000):
        with pytest.raises(resys.Error):
            shop.admin.locations.create(STAFF, name=wrong)
    with pytest.raises(UnicodeEncodeError):
        Caller("\ud800")
    with pytest.raises(resys.Error):
        shop.cart.get(Caller("x" * 201))
    with pytest.raises(resys.Error):
        shop.cart.get(Caller("a\0b"))


def test_arguments_of_a_wrong_type(shop):
    wrong_calls = [
        lambda: shop.cart.get("ada"),
        lambda: shop.cart.get(None),
        lambda: shop.cart.add_item(ADA, sku=b"TEA"),
        lambda: shop.cart.add_item(ADA, sku=object()),
        lambda: shop.cart.add_item(ADA),
        lambda: shop.cart.add_item(ADA, "TEA"),
        lambda: shop.call(5, ADA),
        lambda: shop.call("cart.get", ADA, {"x": {1, 2}}),
        lambda: shop.checkout.set_addresses(ADA, shipping_address={"line1": "x"}),
        lambda: shop.admin.shipping_methods.create(STAFF, name="x", price=490),
        lambda: shop.admin.shipping_methods.create(
            STAFF, name="x", price=euro(1), countries="GB"
        ),
        lambda: shop.admin.promotions.update(STAFF, promotion_id="x", ends_at="2030-01-01"),
        lambda: Caller(5),
        lambda: Caller(b"ada"),
        lambda: Caller("ada", groups="vip"),
        lambda: Caller("ada", groups=[5]),
        lambda: shop.handle(ADA, "GET", "/api/x", {"a": 5}),
    ]
    for wrong in wrong_calls:
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ValueError):
        Caller("ada", audience=7)
    with pytest.raises(ValueError):
        shop.call("cart.get", ADA, {"x": float("nan")})
    for quantity in (1.5, "1", 2**70, True, []):
        with pytest.raises(resys.InvalidRequest):
            shop.cart.add_item(ADA, sku="TEA", quantity=quantity)
    deep = {}
    for _ in range(100_000):
        deep = {"x": deep}
    with pytest.raises((RecursionError, resys.Error)):
        shop.call("cart.get", ADA, deep)
    with pytest.raises(resys.InvalidRequest):
        shop.run_due_work(0)
    assert shop.cart.get(ADA).item_count == 0


def test_unknown_operations_cost_no_memory(shop):
    from resys import _open_shop

    for number in range(3000):
        with pytest.raises(resys.NotFound):
            shop.call(f"no.{number}", ADA)
    assert len(_open_shop._OPERATIONS) <= 1000


def test_a_closed_shop_says_so():
    shop = open_shop()
    carts = shop.cart
    shop.close()
    shop.close()
    for call in (
        lambda: carts.get(ADA),
        lambda: shop.run_due_work(),
        lambda: shop.worker(),
        lambda: shop.handle(ADA, "GET", "/api/storefront/cart"),
    ):
        with pytest.raises(resys.ShopClosed):
            call()


@pytest.mark.parametrize(
    "options, said",
    [
        ({"processors": "test"}, "processors: a str"),
        ({"processors": ["tset"]}, "'stripe', 'manual', 'test'"),
        ({"secret_keys": {"k1": "0" * 32}}, "secret_keys: 'k1'"),
        ({"reply_timeout": 0}, "reply_timeout"),
    ],
)
def test_wrong_options_are_named(options, said):
    with pytest.raises((TypeError, ValueError), match=said):
        resys.Shop.open("sqlite::memory:", **options)


def test_a_wrong_value_is_named():
    with resys.Shop.open("sqlite::memory:") as shop:
        with pytest.raises(TypeError, match="amount: int is given instead of Money"):
            shop.admin.orders.refund(resys.Caller.staff("grace"), number="A", amount=1)
        with pytest.raises(TypeError, match="amountCents: .*Money"):
            money = resys.Money(1, "EUR")
            shop.call("admin.orders.refund", STAFF, {"number": "A", "amountCents": money})
        with pytest.raises(ValueError, match="interval"):
            shop.worker(-1)


def test_a_zero_byte_does_not_cut_the_name_of_the_database(tmp_path):
    with pytest.raises(resys.InvalidRequest):
        resys.Shop.open(f"sqlite:{tmp_path}/shop\0.db")
    assert not list(tmp_path.iterdir())
