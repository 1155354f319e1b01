"""The keys that encrypt: a missing one is told when a shop is opened; a rotation; a lost one."""

import asyncio

import pytest
import resys
from support.python_shop import STAFF

OLD, NEW = {"k1": b"0" * 32}, {"k2": b"1" * 32}
BOTH = {**OLD, **NEW}


@pytest.fixture
def database(tmp_path):
    """Of a shop with one secret, encrypted with k1."""
    name = f"sqlite:{tmp_path / 'shop.db'}"
    with resys.Shop.open(name, secret_keys=OLD) as shop:
        card = shop.admin.payment_methods.create(STAFF, name="Card", processor="stripe")
        values = {"secretKey": "sk_test_x"}
        shop.admin.payment_methods.configure(STAFF, payment_method_id=card.id, values=values)
    return name


@pytest.mark.parametrize("keys", [{}, NEW, {"k1": b"2" * 32}], ids=["none", "another", "wrong"])
def test_a_shop_without_its_key_is_not_opened(database, keys):
    with pytest.raises(resys.InvalidRequest) as caught:
        resys.Shop.open(database, secret_keys=keys)
    assert caught.value.field == "secretKeys"
    assert caught.value.details == {"keyId": "k1", "paymentMethods": 1, "clientSecrets": 0}


def test_keys_are_rotated(database):
    told = []
    with resys.Shop.open(database, secret_keys=BOTH, secret_key_id="k2") as shop:
        rotation = shop.rotate_keys(told.append)
    assert (rotation.current_key_id, rotation.resealed, rotation.dropped) == ("k2", 1, 0)
    assert [(use.id, use.is_known, use.payment_methods) for use in rotation.keys] == [
        ("k1", True, 0),
        ("k2", True, 1),
    ]
    assert told[-1] == resys.Progress("seal", 1, 1)
    with resys.Shop.open(database, secret_keys=NEW) as shop:
        assert shop.rotate_keys().resealed == 0


def test_keys_are_rotated_on_a_loop(database):
    async def rotate():
        async with resys.AsyncShop.open(database, secret_keys=BOTH, secret_key_id="k2") as shop:
            return await shop.rotate_keys()

    assert asyncio.run(rotate()).resealed == 1


def test_a_lost_key_is_done_without(database):
    with resys.Shop.open(database, secret_keys=NEW, allow_missing_keys=True) as shop:
        (lost, current) = shop.rotate_keys().keys
        assert (lost.id, lost.is_known, lost.unreadable) == ("k1", False, 1)
        assert current.payment_methods == 0
