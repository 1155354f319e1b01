"""Measures the Python package: `python_bench.py FOLDER [--memory]`, a line of JSON per result.

FOLDER is where database files are made; the disk decides what placing an order costs.
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

STAFF = Caller.staff("staff")
CALLS = 3000
PLACEMENTS = 1500
THREADS = 16


def open_shop(database):
    """A shop with teas that never run out; answers the shop and its ways to ship and pay."""
    logging.getLogger("resys").setLevel(logging.ERROR)
    shop = resys.Shop.open(database, processors=[resys.Builtin.MANUAL])
    variants = [
        resys.NewVariant(sku=sku, name=sku, price=Money("7.90", "EUR")) for sku in ("A", "B")
    ]
    shop.admin.products.create(STAFF, slug="tea", name="Tea", variants=variants)
    shop.admin.locations.create(STAFF, name="Shelf")
    for sku in ("A", "B"):
        shop.admin.stock.set(STAFF, sku=sku, on_hand=1_000_000, reason="counted")
    post = shop.admin.shipping_methods.create(STAFF, name="Post", price=Money("4.90", "EUR"))
    bank = shop.admin.payment_methods.create(STAFF, name="Bank", processor="manual")
    return shop, post.id, bank.id


def say(name, **values):
    print(json.dumps({"name": name, **values}), flush=True)


def median_us(call):
    for _ in range(200):
        call()
    taken = []
    for _ in range(CALLS):
        start = time.perf_counter_ns()
        call()
        taken.append(time.perf_counter_ns() - start)
    return round(statistics.median(taken) / 1000, 1)


def calls(folder):
    shop, _, _ = open_shop(f"sqlite:{folder / 'calls.db'}")
    ada = Caller("ada")
    with shop:
        for sku in ("A", "B"):
            shop.carts.add_item(ada, sku=sku, quantity=1)
        say("cart.get", p50Us=median_us(lambda: shop.carts.get(ada)))
        say("cart.addItem", p50Us=median_us(lambda: shop.carts.add_item(ada, sku="A")))
    shop, _, _ = open_shop("sqlite::memory:")
    with shop:
        for sku in ("A", "B"):
            shop.carts.add_item(ada, sku=sku, quantity=1)
        get = median_us(lambda: shop.carts.get(ada))
        say("cart.get in memory", p50Us=get)
        add = median_us(lambda: shop.carts.add_item(ada, sku="A"))
        say("cart.addItem in memory", p50Us=add)


def placements(folder):
    shop, post, bank = open_shop(f"sqlite:{folder / 'placements.db'}")
    address = resys.AddressInput(
        first_name="Ada",
        last_name="L",
        line1="1 Main Street",
        city="London",
        postal_code="N1 9GU",
        country="GB",
    )
    buyers = [Caller(f"buyer-{number}") for number in range(PLACEMENTS)]

    def prepare(buyer):
        shop.carts.add_item(buyer, sku="A", quantity=1)
        shop.checkout.set_addresses(buyer, shipping_address=address)
        shop.checkout.select_shipping_method(buyer, shipping_method_id=post)

    def place(buyer):
        shop.checkout.place_order(buyer, payment_method_id=bank)

    with shop:
        on_threads(prepare, buyers)
        seconds = on_threads(place, buyers)
    say("place_order", threads=THREADS, perSecond=round(PLACEMENTS / seconds))


def on_threads(act, buyers):
    left = iter(buyers)
    lock = threading.Lock()

    def run():
        while True:
            with lock:
                buyer = next(left, None)
            if buyer is None:
                return
            act(buyer)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def resident_bytes():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def memory():
    shop, _, _ = open_shop("sqlite::memory:")
    ada = Caller("ada")
    with shop:
        shop.carts.add_item(ada, sku="A", quantity=1)
        for _ in itertools.repeat(None, 20_000):
            shop.carts.get(ada)
        before = resident_bytes()
        for _ in itertools.repeat(None, 1_000_000):
            shop.carts.get(ada)
        say("memory", calls=1_000_000, grownBytes=resident_bytes() - before)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    calls(folder)
    placements(folder)
    if "--memory" in sys.argv:
        memory()
