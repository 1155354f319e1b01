"""Measures the Python package: `python_bench.py FOLDER [--memory]`, a line of JSON per result.

It does what calls_bench.cpp does, and tests/bench/bindings runs both.
"""

import itertools
import json
import logging
import os
import pathlib
import statistics
import sys
import threading
import time

import resys
from resys import Caller, Money

STAFF, ADA = Caller.staff("staff"), Caller("ada")
SKUS = ("S", "L")
HOME = resys.AddressInput(
    first_name="Ada",
    last_name="L",
    line1="1 Main Street",
    city="London",
    postal_code="N1 9GU",
    country="GB",
)
CALLS = 2000
PLACEMENTS = 2048
MEMORY_CALLS = 1_000_000


def open_shop(database):
    """A shop with tea that never runs out and a cart of Ada's; also its ways to ship and to pay."""
    shop = resys.Shop.open(database, processors=[resys.BuiltInProcessor.MANUAL])
    variants = [resys.NewVariant(sku=sku, price=Money("7.90", "EUR")) for sku in SKUS]
    shop.admin.products.create(STAFF, slug="tea", name="Tea", variants=variants)
    shop.admin.locations.create(STAFF, name="Shelf")
    for sku in SKUS:
        shop.admin.stock.set(STAFF, sku=sku, on_hand=1_000_000, reason="counted")
        shop.cart.add_item(ADA, sku=sku, quantity=1)
    post = shop.admin.shipping_methods.create(STAFF, name="Post", price=Money("4.90", "EUR"))
    bank = shop.admin.payment_methods.create(STAFF, name="Invoice", processor="manual")
    return shop, post.id, bank.id


def say(name, **values):
    print(json.dumps({"name": name, **values}), flush=True)


def say_median(name, call):
    taken = []
    for _ in range(CALLS):
        start = time.perf_counter_ns()
        call()
        taken.append(time.perf_counter_ns() - start)
    say(name, p50Us=round(statistics.median(taken) / 1000, 1))


def calls(folder):
    with open_shop(f"sqlite:{folder / 'calls.db'}")[0] as shop:
        say_median("cart.get", lambda: shop.cart.get(ADA))
        say_median("cart.addItem", lambda: shop.cart.add_item(ADA, sku="S"))
    with open_shop("sqlite::memory:")[0] as shop:
        say_median("cart.addItem in memory", lambda: shop.cart.add_item(ADA, sku="S"))


def placements(folder, threads):
    """Each thread places orders of its own, whose carts were filled before."""
    shop, post, bank = open_shop(f"sqlite:{folder / f'placements{threads}.db'}")
    each = PLACEMENTS // threads

    def fill(buyer):
        for sku in SKUS:
            shop.cart.add_item(buyer, sku=sku, quantity=1)
        shop.checkout.set_addresses(buyer, shipping_address=HOME)
        shop.checkout.select_shipping_method(buyer, shipping_method_id=post)

    def place(buyer):
        shop.checkout.place_order(buyer, payment_method_id=bank)

    def on_threads(act):
        def run(thread):
            for number in range(each):
                act(Caller(f"{thread}-{number}"))

        running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
        start = time.perf_counter()
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        return time.perf_counter() - start

    with shop:
        on_threads(fill)
        seconds = on_threads(place)
    say("place_order", threads=threads, perSecond=round(each * threads / seconds))


def resident_bytes():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def memory():
    with open_shop("sqlite::memory:")[0] as shop:
        for _ in itertools.repeat(None, MEMORY_CALLS // 20):
            shop.cart.get(ADA)
        before = resident_bytes()
        for _ in itertools.repeat(None, MEMORY_CALLS):
            shop.cart.get(ADA)
        say("memory", calls=MEMORY_CALLS, grownBytes=resident_bytes() - before)


def main():
    logging.getLogger("resys").setLevel(logging.ERROR)
    folder = pathlib.Path(sys.argv[1])
    calls(folder)
    for threads in (16, 64):
        placements(folder, threads)
    if "--memory" in sys.argv:
        memory()


if __name__ == "__main__":
    main()
