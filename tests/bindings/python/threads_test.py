"""Many threads on one shop, and a shop that is closed while they call."""

import signal
import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import resys
from resys import Caller
from support.python_shop import ADA, Bank, buy, fill, open_shop, place


def test_threads_never_sell_more_than_there_is(tmp_path):
    def try_to_buy(number):
        caller = Caller(f"shopper-{number}")
        fill(shop, caller, quantity=1)
        try:
            return place(shop, caller, "manual").order.number
        except resys.InsufficientStock:
            return None

    with open_shop(f"sqlite:{tmp_path / 'shop.db'}", units=10) as shop:
        with ThreadPoolExecutor(16) as pool:
            numbers = list(pool.map(try_to_buy, range(24)))
    sold = [number for number in numbers if number]
    assert len(sold) == len(set(sold)) == 10


def test_the_gil_is_free_during_a_call(tmp_path):
    """A call waits for the database's lock until another Python thread gives it back."""
    with open_shop(f"sqlite:{tmp_path / 'shop.db'}") as shop:
        other = sqlite3.connect(
            tmp_path / "shop.db", isolation_level=None, check_same_thread=False
        )
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.2, other.execute, ["ROLLBACK"])
        timer.start()
        assert shop.cart.add_item(ADA, sku="TEA").item_count == 1
        timer.join()
        other.close()


def test_others_call_while_a_port_waits():
    entered, proceed = threading.Event(), threading.Event()

    class Patient(Bank):
        def payment(self, request):
            entered.set()
            assert proceed.wait(20)
            return super().payment(request)

        create_payment = payment

    with open_shop(processors=[Patient()]) as shop, ThreadPoolExecutor(1) as pool:
        fill(shop, ADA)
        placing = pool.submit(place, shop, ADA, "bank")
        assert entered.wait(20)
        assert shop.cart.get(Caller("bob")).item_count == 0
        proceed.set()
        assert placing.result(20).order


def test_closing_waits_for_the_calls_under_way():
    entered, proceed = threading.Event(), threading.Event()

    class Patient(Bank):
        def payment(self, request):
            entered.set()
            assert proceed.wait(20)
            return super().payment(request)

        create_payment = payment

    shop = open_shop(processors=[Patient()])
    fill(shop, ADA)
    with ThreadPoolExecutor(3) as pool:
        placing = pool.submit(place, shop, ADA, "bank")
        assert entered.wait(20)
        closing = [pool.submit(shop.close) for _ in range(2)]
        while not shop._shop._closed:
            time.sleep(0.001)
        with pytest.raises(resys.ShopClosed):
            shop.cart.get(ADA)
        assert not any(one.done() for one in closing)
        proceed.set()
        assert placing.result(20).order
        for one in closing:
            one.result(20)


def test_a_closed_shop_with_ports_says_so():
    shop = open_shop(processors=[Bank()])
    shop.close()
    for call in (lambda: shop.cart.get(ADA), shop.run_due_work):
        with pytest.raises(resys.ShopClosed):
            call()


def test_closing_while_the_main_thread_calls_a_shop_with_ports():
    # A call that came behind the end would wait for ever: the alarm ends that, and the test.
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    signal.alarm(60)
    try:
        for _ in range(150):
            shop = open_shop(processors=[Bank()])
            closing = threading.Timer(0.002, shop.close)
            closing.start()
            with pytest.raises(resys.ShopClosed):
                while True:
                    shop.cart.get(ADA)
            closing.join()
    finally:
        signal.alarm(0)
        sys.setswitchinterval(switching)
        signal.signal(signal.SIGALRM, before)


def test_closing_under_fire():
    for _ in range(20):
        shop = open_shop()
        started = threading.Barrier(5)

        def call(shop=shop, started=started):
            started.wait()
            with pytest.raises(resys.ShopClosed):
                while True:
                    shop.cart.get(ADA)

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        started.wait()
        shop.close()
        for thread in threads:
            thread.join()


def test_a_worker_is_not_stopped_by_its_own_port():
    refused = threading.Event()

    def handle(_store, _event):
        with pytest.raises(RuntimeError):
            worker.stop()
        refused.set()

    with open_shop(event_handlers=[resys.EventHandler("h", handle)]) as shop:
        buy(shop)
        with shop.worker(interval=0.01) as worker:
            assert refused.wait(20)


def test_workers_stop_while_the_shop_is_closed():
    for _ in range(20):
        shop = open_shop()
        workers = [shop.worker(interval=0.001) for _ in range(3)]
        with ThreadPoolExecutor(4) as pool:
            stopping = [pool.submit(worker.stop) for worker in workers]
            shop.close()
            for one in stopping:
                one.result(20)


def test_workers_stop_with_the_shop():
    shop = open_shop()
    worker = shop.worker(interval=0.01)
    shop.worker(interval=0.01)
    worker.stop()
    worker.stop()
    shop.close()
    worker.stop()
