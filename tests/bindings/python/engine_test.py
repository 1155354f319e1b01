"""The database engine that a shop runs on."""

import asyncio
import re

import pytest
import resys
from support.python_shop import open_shop


def check(engine):
    assert engine.name == "SQLite"
    assert re.fullmatch(r"3\.\d+\.\d+", engine.version)
    assert isinstance(engine.has_wal_reset_bug, bool)
    assert set(engine.to_json()) == {"name", "version", "hasWalResetBug"}


def test_a_shop_says_which_engine_it_runs_on():
    with open_shop() as shop:
        check(shop.engine())
    with pytest.raises(resys.ShopClosed):
        shop.engine()


def test_so_does_one_of_asyncio():
    async def body():
        async with resys.AsyncShop.open("sqlite::memory:") as shop:
            check(await shop.engine())

    asyncio.run(body())
