"""The shop for asyncio: the loop never waits, ports may be coroutines, nothing deadlocks."""

import asyncio
import contextvars
import time

import pytest
import resys
from resys import Caller, OrderState, TaxSource
from support.python_shop import (
    ADA,
    ADDRESS,
    BUILTIN,
    STAFF,
    Bank,
    euro,
    fill,
    method,
    open_shop,
    stock,
)

MANY = 64


class SlowBank(Bank):
    """Asks the shop back, from the event loop."""

    shop = None
    seconds = 0.0

    async def payment(self, request):
        await asyncio.sleep(self.seconds)
        await self.shop.cart.get(ADA)
        return super().payment(request)

    create_payment = capture = cancel = fetch = payment


def run(body, kind=SlowBank, **options):
    """Runs body(shop, bank) with an AsyncShop whose bank is a coroutine."""

    async def main():
        bank = kind()
        options.setdefault("database", "sqlite::memory:")
        opening = resys.AsyncShop.open(processors=[*BUILTIN, bank], **options)
        async with opening as shop:
            bank.shop = shop
            await asyncio.to_thread(stock, shop.sync, ["bank"], 10_000)
            await body(shop, bank)

    asyncio.run(main())


async def filled(shop, count):
    """Shoppers who are ready to place an order, and the bank's method."""
    callers = [Caller(f"shopper-{number}") for number in range(count)]
    for caller in callers:
        await asyncio.to_thread(fill, shop.sync, caller)
    return callers, await asyncio.to_thread(method, shop.sync, "bank")


def test_a_purchase(tmp_path):
    async def body(shop, bank):
        (ada,), bank_method = await filled(shop, 1)
        placed = await shop.checkout.place_order(ada, payment_method_id=bank_method)
        assert placed.order.state is OrderState.COMPLETE
        assert (await shop.orders.list(ada)).items[0] == placed.order
        with pytest.raises(resys.NotFound):
            await shop.products.get(ada, slug="none")
        assert (await shop.call("cart.get", ada))["itemCount"] == 0
        assert (await shop.handle(ada, "GET", "/api/storefront/cart")).status == 200
        async with shop.worker(interval=0.01):
            await asyncio.sleep(0.05)

    run(body, database=f"sqlite:{tmp_path / 'shop.db'}")


def test_many_calls_whose_ports_call_back():
    async def body(shop, bank):
        bank.seconds = 0.02
        callers, bank_method = await filled(shop, 2 * MANY)
        async with asyncio_timeout(20):
            placed = await asyncio.gather(
                *(shop.checkout.place_order(c, payment_method_id=bank_method) for c in callers)
            )
        assert {one.order.state for one in placed} == {OrderState.COMPLETE}

    run(body)


def test_the_loop_does_not_wait():
    async def body(shop, bank):
        bank.seconds = 0.3
        callers, bank_method = await filled(shop, 3)
        longest = 0.0
        placing = asyncio.gather(
            *(shop.checkout.place_order(c, payment_method_id=bank_method) for c in callers)
        )
        while not placing.done():
            before = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - before)
        await placing
        assert longest < 0.25

    run(body)


def test_a_coroutine_s_exception_is_raised_as_itself():
    async def body(shop, bank):
        bank.error = LookupError("no line")
        (ada,), bank_method = await filled(shop, 1)
        with pytest.raises(LookupError) as raised:
            await shop.checkout.place_order(ada, payment_method_id=bank_method)
        assert raised.value is bank.error

    run(body)


def test_a_canceled_task_harms_nothing():
    async def body(shop, bank):
        bank.seconds = 0.1
        (ada, bob), bank_method = await filled(shop, 2)
        place = shop.checkout.place_order
        task = asyncio.create_task(place(ada.with_key("k"), payment_method_id=bank_method))
        await asyncio.sleep(0.03)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await place(bob, payment_method_id=bank_method)).order
        again = await place(ada.with_key("k"), payment_method_id=bank_method)
        assert again.order.number and len(await shop.orders.list(ada)) == 1

    run(body)


@pytest.mark.slow
def test_a_tax_calculator_that_never_replies_is_awaited_for_its_own_time():
    asked = []

    async def never(request):
        asked.append(request)
        await asyncio.sleep(3600)

    async def body(shop, bank):
        await shop.admin.settings.update_taxes(
            STAFF, source=TaxSource.CALCULATOR, home_country="GB"
        )
        await shop.admin.tax_rates.create(STAFF, name="VAT", rate="20", country="GB")
        await shop.cart.add_item(ADA, sku="TEA")
        begin = time.monotonic()
        order = await shop.checkout.set_addresses(
            ADA, shipping_address=ADDRESS, email="ada@example.com"
        )
        seconds = time.monotonic() - begin
        assert len(asked) == 1
        assert asked[0].timeout_ms / 1000 <= seconds < 20
        assert order.tax_total == euro("1.58")  # by the store's rates

    run(body, tax_calculator=never, reply_timeout=60)


def test_an_answer_after_the_shop_was_closed_is_dropped():
    async def main():
        bank = SlowBank()
        loop_errors = []
        asyncio.get_running_loop().set_exception_handler(lambda _, c: loop_errors.append(c))
        opening = resys.AsyncShop.open(
            "sqlite::memory:", processors=[*BUILTIN, bank], reply_timeout=0.05
        )
        async with opening as shop:
            bank.shop = shop
            await asyncio.to_thread(stock, shop.sync, ["bank"])
            (ada,), bank_method = await filled(shop, 1)
            bank.seconds = 0.3
            with pytest.raises(resys.OutcomeUnknown):
                await shop.checkout.place_order(ada, payment_method_id=bank_method)
        await asyncio.sleep(0.4)
        assert loop_errors == []
        with pytest.raises(resys.ShopClosed):
            await shop.cart.get(ADA)

    asyncio.run(main())


def test_a_call_that_blocks_the_loop_fails_instead_of_hanging():
    async def body(shop, bank):
        (ada,), bank_method = await filled(shop, 1)
        with pytest.raises(RuntimeError, match="event loop waits"):
            shop.sync.checkout.place_order(ada, payment_method_id=bank_method)

    run(body)


def test_ports_see_the_context_of_the_call():
    request_id = contextvars.ContextVar("request_id", default="none")
    seen = []

    class Remembering(SlowBank):
        async def payment(self, request):
            seen.append(request_id.get())
            return await super().payment(request)

        create_payment = payment

    async def body(shop, bank):
        (ada,), bank_method = await filled(shop, 1)
        request_id.set("r1")
        await shop.checkout.place_order(ada, payment_method_id=bank_method)
        assert seen == ["r1"]

    run(body, Remembering)


def test_it_must_be_opened_and_may_be_closed_twice():
    async def main():
        shop = resys.AsyncShop.open("sqlite::memory:")
        with pytest.raises(resys.ShopClosed, match="not open"):
            await shop.cart.get(ADA)
        assert await shop is shop
        await shop.close()
        await shop.close()
        with pytest.raises(resys.Error):
            await resys.AsyncShop.open("oracle:x")

    asyncio.run(main())


def test_both_shops_have_the_same_methods():
    with open_shop() as shop:
        other = resys.AsyncShop.open("sqlite::memory:")
        for name in ("cart", "checkout", "orders"):
            mine, theirs = getattr(shop, name), getattr(other, name)
            methods = {word for word in dir(mine) if not word.startswith("_")}
            assert methods == {word for word in dir(theirs) if not word.startswith("_")}
            for word in methods:
                assert getattr(mine, word).__doc__ == getattr(theirs, word).__doc__
                assert asyncio.iscoroutinefunction(getattr(theirs, word))


def asyncio_timeout(seconds):
    """asyncio.timeout() for Pythons before 3.11: cancels the task that waits too long."""

    class Timeout:
        async def __aenter__(self):
            task = asyncio.current_task()
            self.timer = asyncio.get_running_loop().call_later(seconds, task.cancel)

        async def __aexit__(self, *_):
            self.timer.cancel()

    return Timeout()
