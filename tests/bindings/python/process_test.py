"""What a process does to an open shop: it forks, and it is interrupted."""

import os
import signal
import subprocess
import sys
import time

import pytest
import resys
from support.project import ROOT
from support.python_shop import ADA, STAFF, Bank, fill, open_shop, place

# While the worker rests: what a thread has locked in SQLite when a process forks stays locked.
FORKS = """
import os, sys, time
import resys
from support.python_shop import ADA, open_shop

url = f"sqlite:{sys.argv[1]}"
shop = open_shop(url)
worker = shop.worker(interval=600)
time.sleep(0.5)
child = os.fork()
if child == 0:
    try:
        shop.cart.get(ADA)
        os._exit(1)
    except resys.ShopClosed as error:
        assert "fork" in str(error)
    shop.close()
    try:
        resys.Shop.open(url)
        os._exit(2)
    except resys.InvalidState as error:
        assert "spawn" in str(error)
    sys.exit(7)  # with all that the interpreter does at its end
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
worker.stop()
shop.close()
print("done")
"""

# The ways that the README names: close, fork, open; and a process that begins anew.
WAYS = """
import multiprocessing, os, sys
import resys
from support.python_shop import ADA, fill, open_shop, place

def sell(url, shopper):
    with resys.Shop.open(url, processors=["test", "manual"]) as own:
        caller = resys.Caller(shopper)
        fill(own, caller)
        place(own, caller)

if __name__ == "__main__":
    url = f"sqlite:{sys.argv[1]}"
    open_shop(url).close()
    child = os.fork()
    if child == 0:
        sell(url, "forked")
        sys.exit(7)
    with resys.Shop.open(url, processors=["test", "manual"]) as shop:
        spawned = multiprocessing.get_context("spawn").Process(target=sell, args=(url, "spawned"))
        spawned.start()
        idle = os.fork()
        if idle == 0:
            os.read(os.pipe()[0], 1)
        sell(url, "here")
        spawned.join()
        assert spawned.exitcode == 0
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    # The idle child has the parent's descriptors no more: nothing is locked.
    with resys.Shop.open(url, processors=["test", "manual"]) as shop:
        users = {order.user_id for order in shop.admin.orders.list(resys.Caller.staff("grace"))}
        assert users == {"forked", "spawned", "here"}, users
    os.kill(idle, 9)
    os.waitpid(idle, 0)
    print("done")
"""


@pytest.mark.parametrize("program", [FORKS, WAYS], ids=["child is refused", "ways that work"])
def test_a_shop_and_forks(tmp_path, program):
    (tmp_path / "program.py").write_text(program)
    ran = subprocess.run(
        [sys.executable, tmp_path / "program.py", tmp_path / "shop.db"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout == "done\n", ran.stderr


def test_an_interrupt_ends_the_wait_at_once():
    """Wherever it comes: in the library, at a port's first line, or within the port."""

    class Slow(Bank):
        def create_payment(self, request):
            time.sleep(0.3)
            return super().payment(request)

    with open_shop(processors=[Slow()]) as shop:
        fill(shop, ADA)
        before = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            start = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                place(shop, ADA, "bank")
            assert time.monotonic() - start < 0.3
        finally:
            signal.signal(signal.SIGALRM, before)
    # close() has waited for the call that went on.


def test_no_interrupt_is_lost(tmp_path):
    with open_shop(f"sqlite:{tmp_path / 'shop.db'}", processors=[Bank()], units=1000) as shop:
        before = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            for number in range(40):
                caller = resys.Caller(f"shopper-{number}")
                with pytest.raises(KeyboardInterrupt):
                    signal.setitimer(signal.ITIMER_REAL, 0.002 + 0.0003 * number)
                    fill(shop, caller, quantity=1)
                    place(shop, caller, "bank")
                    time.sleep(1)
        finally:
            signal.signal(signal.SIGALRM, before)
        assert shop.admin.stock.get(STAFF, sku="TEA").on_hand <= 1000
