"""Backups and checks: while others buy, with progress, stopped, and as a command."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest
import resys
from support.python_shop import ADA, STAFF, buy, open_shop


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("shop.db"))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "shop.db"


@pytest.fixture
def shop(file):
    with open_shop(f"sqlite:{file}", units=1000) as opened:
        yield opened


def test_a_backup_has_what_was_bought_before(shop, tmp_path):
    stop = threading.Event()

    def go_on_buying():
        number = 0
        while not stop.is_set():
            number += 1
            buy(shop, resys.Caller(f"user-{number}"))

    order = buy(shop)
    buyer = threading.Thread(target=go_on_buying)
    buyer.start()
    try:
        copy = tmp_path / "copy.db"
        backup = shop.backup(copy)
    finally:
        stop.set()
        buyer.join()
    assert backup.path == str(copy)
    assert backup.bytes == copy.stat().st_size
    assert copy.stat().st_mode & 0o777 == 0o600
    with resys.Shop.open(f"sqlite:{copy}", processors=["test"]) as opened:
        assert opened.orders.get(ADA, number=order.number).state == "Complete"
        assert not opened.check().differences


def test_a_backup_overwrites_nothing(shop, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(resys.Conflict) as caught:
        shop.backup(tmp_path / "copy.db")
    assert caught.value.field == "path"
    assert (tmp_path / "copy.db").read_text() == "mine"
    with pytest.raises(TypeError):
        shop.backup(7)


def test_progress_is_told_and_what_it_raises_stops(shop, tmp_path):
    told = []
    backup = shop.backup(tmp_path / "copy.db", progress=told.append)
    assert [each.step for each in told][0] == "copy"
    assert told[-1] == resys.Progress("check", backup.pages, backup.pages)
    (tmp_path / "copy.db").unlink()

    def enough(_):
        raise ZeroDivisionError

    for call in (lambda: shop.backup(tmp_path / "copy.db", enough), lambda: shop.check(enough)):
        with pytest.raises(ZeroDivisionError):
            call()
        outcome = []

        def elsewhere(call=call, outcome=outcome):
            with pytest.raises(ZeroDivisionError):
                call()
            outcome.append("raised")

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert outcome == ["raised"]
    assert names(tmp_path) == []


def test_ctrl_c_stops_a_backup(shop, tmp_path):
    def interrupt(_):
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(0.2)

    with pytest.raises(KeyboardInterrupt):
        shop.backup(tmp_path / "copy.db", interrupt)
    assert names(tmp_path) == []
    assert not shop.check().differences


def test_a_check_names_what_is_wrong(shop, file):
    buy(shop)
    other = sqlite3.connect(file)
    with other:
        other.execute("UPDATE orders SET item_count = 7")
    other.close()
    report = shop.check()
    (difference,) = report.differences
    assert difference.what == "an order has as many items as its lines"
    assert (difference.store, difference.expected, difference.found) == ("default", "2", "7")
    assert report.checked.orders == 1


def test_asyncio_backs_up_and_cancels(file, tmp_path):
    async def work():
        async with resys.AsyncShop.open(f"sqlite:{file}", processors=["test"]) as shop:
            await shop.admin.locations.create(STAFF, name="Shelf")
            threads, told = set(), []

            def progress(now):
                threads.add(threading.current_thread())
                told.append(now)

            backup = await shop.backup(tmp_path / "copy.db", progress)
            assert told and threads == {threading.main_thread()}
            (tmp_path / "copy.db").unlink()
            assert (await shop.check(told.append)).checked.stores == 1

            def cancel(_):
                task.cancel()

            task = asyncio.ensure_future(shop.check(cancel))
            with pytest.raises(asyncio.CancelledError):
                await task
            return backup

    assert asyncio.run(work()).pages > 40
    assert names(tmp_path) == []


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "resys", *map(str, arguments)], capture_output=True, text=True
    )


def test_the_command_backs_up_and_checks_beside_a_shop_that_runs(shop, file, tmp_path):
    buy(shop)
    copy = tmp_path / "copy.db"
    made = command("backup", file, copy)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["bytes"] == copy.stat().st_size
    again = command("backup", file, copy)
    assert again.returncode == 1 and "overwritten" in again.stderr
    sound = command("check", f"sqlite:{copy}")
    assert sound.returncode == 0 and json.loads(sound.stdout)["checked"]["orders"] == 1
    other = sqlite3.connect(copy)
    with other:
        other.execute("UPDATE orders SET item_count = 7")
    other.close()
    unsound = command("check", copy)
    assert unsound.returncode == 1 and len(json.loads(unsound.stdout)["differences"]) == 1
    assert buy(shop, resys.Caller("bob")).state == "Complete"


def test_the_command_makes_no_shop(tmp_path):
    missing = command("check", tmp_path / "missing.db")
    assert missing.returncode == 1 and "no file" in missing.stderr
    assert names(tmp_path) == []
    for wrong in ([], ["check"], ["backup", "a.db"], ["mend", "a.db"], ["check", "a", "b"]):
        assert command(*wrong).returncode == 2
    assert "usage" in command("--help").stdout
