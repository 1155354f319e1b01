"""Payment processors, mailers, event handlers, transports, clocks and logs written in Python."""

import gc
import logging
import re
import threading
import weakref
from datetime import datetime, timezone

import pytest
import resys
from resys import EventHandler, EventType, OrderState, PaymentStatus
from support.project import text
from support.python_shop import ADA, BUILTIN, STAFF, Bank, buy, euro, fill, open_shop, place, stock

SMTP = "sqlite::memory:"


class Boom(Exception):
    """A failure that resys knows nothing of."""


def test_a_processor_takes_and_returns_money():
    bank = Bank()
    with open_shop(processors=[bank]) as shop:
        fill(shop, ADA)
        order = place(shop, ADA, "bank").order
        assert order.state is OrderState.COMPLETE
        (request,) = bank.requests
        assert (request.amount, request.order_number) == (euro("20.70"), order.number)
        assert request.store == "default" and request.idempotency_key
        shop.admin.orders.refund(STAFF, number=order.number, amount=euro("0.70"))
        assert bank.requests[-1].amount == euro("0.70")


def test_the_readme_s_processor_takes_and_returns_money():
    moved = []
    names = {
        "debit": lambda _, amount, key: moved.append((amount, key)),
        "credit": lambda _, amount, key: moved.append((amount, key)),
    }
    example = re.search(
        r"```python\n(from resys import PaymentProcessor.*?)```",
        text("bindings/python/README.md"),
        re.DOTALL,
    )
    exec(example[1], names)  # the project's own text
    with open_shop(processors=[names["Account"]()]) as shop:
        fill(shop, ADA)
        order = place(shop, ADA, "account").order
        assert order.state is OrderState.COMPLETE
        shop.admin.orders.refund(STAFF, number=order.number)
        assert [amount for amount, _ in moved] == [euro("20.70")] * 2
        assert len({key for _, key in moved}) == 2
        assert shop.orders.get(ADA, number=order.number).payment_status is PaymentStatus.REFUNDED


@pytest.mark.parametrize("error", [Boom("no line"), KeyboardInterrupt(), SystemExit(3)])
def test_a_processor_s_exception_is_raised_as_itself(error):
    bank = Bank(error)
    with open_shop(processors=[bank]) as shop:
        fill(shop, ADA)
        with pytest.raises(type(error)) as raised:
            place(shop, ADA, "bank")
        assert raised.value is error
        assert any(frame.name == "payment" for frame in raised.traceback)
        # Nobody knows what became of the money: the stock is held until it is known.
        assert shop.admin.stock.get(STAFF, sku="TEA").reserved == 2
        bank.error = None
        order = place(shop, ADA, "bank").order
        assert order.state is OrderState.COMPLETE
        assert len({request.idempotency_key for request in bank.requests if request.email}) == 1


def test_an_exception_without_a_text_is_raised_as_itself():
    class Odd(Exception):
        def __str__(self):
            raise ValueError

    with open_shop(processors=[Bank(Odd())]) as shop:
        fill(shop, ADA)
        with pytest.raises(Odd):
            place(shop, ADA, "bank")


def test_a_declined_payment_gives_the_stock_back():
    declined = resys.PaymentDeclined("no money left", details={"limit": 10})
    with open_shop(processors=[Bank(declined)]) as shop:
        fill(shop, ADA)
        with pytest.raises(resys.PaymentDeclined) as raised:
            place(shop, ADA, "bank")
        assert raised.value is declined
        assert shop.admin.stock.get(STAFF, sku="TEA").reserved == 0


def test_a_processor_may_call_the_shop_and_pass_its_errors_on():
    class Curious(Bank):
        def payment(self, request):
            assert self.shop.cart.get(ADA).id
            with pytest.raises(resys.NotFound):
                self.shop.products.get(ADA, slug="none")
            return super().payment(request)

        create_payment = payment

    bank = Curious()
    with open_shop(processors=[bank]) as shop:
        bank.shop = shop
        fill(shop, ADA)
        assert place(shop, ADA, "bank").order.state is OrderState.COMPLETE
        with pytest.raises(RuntimeError, match="own ports"):
            bank.payment = lambda request: shop.close()
            bank.create_payment = bank.payment
            open_and_place(shop, bank)


def open_and_place(shop, bank):
    with open_shop(processors=[bank]) as other:
        bank.shop = shop
        fill(other, ADA)
        place(other, ADA, "bank")


def test_an_answer_of_a_wrong_type_is_an_error():
    bank = Bank()
    bank.create_payment = lambda request: {"externalId": "x"}
    with open_shop(processors=[bank]) as shop:
        fill(shop, ADA)
        with pytest.raises(TypeError, match="PaymentSnapshot"):
            place(shop, ADA, "bank")


def test_a_processor_says_which_amounts_it_takes():
    bank = Bank()
    bank.most_cents = 100
    with open_shop(processors=[bank]) as shop:
        fill(shop, ADA)
        with pytest.raises(resys.UnsupportedCurrency):
            place(shop, ADA, "bank")
        assert bank.requests == []


def test_a_processor_with_settings_and_webhooks():
    class WithWebhooks(Bank):
        config_fields = (resys.ConfigField(name="apiKey", secret=True, required=True),)

        def parse_webhook(self, request):
            assert request.config == {"apiKey": "s3cret"}
            assert "s3cret" not in repr(request)
            if request.headers["X-Signature"] != "good":
                raise resys.InvalidSignature("not signed by the bank")
            return resys.WebhookEvent(event_id=request.payload, type="paid")

    keys = {"k1": b"0" * 32}
    with open_shop(processors=[WithWebhooks()], secret_keys=keys) as shop:
        method = next(m for m in shop.admin.payment_methods.list(STAFF) if m.processor == "bank")
        values = {"apiKey": "s3cret"}
        shop.admin.payment_methods.configure(STAFF, payment_method_id=method.id, values=values)
        answer = {}
        for signature in ("good", "wrong"):
            headers = {"X-Signature": signature}
            answer[signature] = shop.handle(
                resys.Caller(), "POST", f"/api/webhooks/{method.id}", headers, b"event-1"
            ).status
        assert answer == {"good": 200, "wrong": 400}


def test_a_mailer_and_a_handler_are_told_and_may_fail():
    mails, events, failing = [], [], [True]

    def send(mail):
        if failing[0]:
            raise Boom("no mail today")
        mails.append(mail)

    def handle(store, event):
        if failing[0]:
            raise Boom("no warehouse today")
        events.append((store, event.type))

    handler = EventHandler("warehouse", handle, [EventType.ORDER_COMPLETED])
    now = [datetime(2030, 1, 1, tzinfo=timezone.utc)]
    with open_shop(mailer=send, event_handlers=[handler], clock=lambda: now[0]) as shop:
        order = buy(shop)
        assert order.placed_at == now[0]
        with pytest.raises(Boom):
            shop.run_due_work()
        waiting = shop.admin.events.list(STAFF)
        assert {delivery.handler for delivery in waiting} >= {"warehouse"}
        failing[0] = False
        now[0] = now[0].replace(hour=12)
        assert shop.run_due_work().done >= 2
        assert events == [("default", EventType.ORDER_COMPLETED)]
        (mail,) = mails
        assert mail.to == "ada@example.com" and order.number in mail.text


def test_a_mailer_is_an_object_too():
    class Outbox(resys.Mailer):
        def __init__(self):
            self.mails = []

        def send(self, mail):
            self.mails.append(mail)

    outbox = Outbox()
    with open_shop(mailer=outbox) as shop:
        buy(shop)
        shop.run_due_work()
    assert len(outbox.mails) == 1


def test_a_worker_logs_what_ports_raise(caplog):
    told = threading.Event()

    def handle(_store, _event):
        told.set()
        raise Boom("in the worker")

    handler = EventHandler("warehouse", handle)
    with open_shop(event_handlers=[handler]) as shop:
        with shop.worker(interval=0.01):
            buy(shop)
            assert told.wait(20)
    assert any(record.exc_info and record.exc_info[0] is Boom for record in caplog.records)


def test_a_forgotten_shop_may_be_collected_by_its_own_worker():
    forgotten, collected = threading.Event(), threading.Event()
    holder = []

    def handle(_store, _event):
        assert forgotten.wait(20)
        holder.clear()
        gc.collect()
        collected.set()

    def forget():
        shop = open_shop(event_handlers=[EventHandler("warehouse", handle)])
        buy(shop)
        holder.append((shop, shop.worker(interval=0.01)))
        return weakref.ref(shop._shop)

    gone = forget()
    forgotten.set()
    assert collected.wait(20)
    assert gone() is None
    for thread in threading.enumerate():  # the one that closes it
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(20)


def test_an_interrupt_within_a_transport_is_not_lost():
    def send(_request):
        raise KeyboardInterrupt

    with open_stripe(send) as shop:
        fill(shop, ADA)
        with pytest.raises(KeyboardInterrupt):
            place(shop, ADA, "stripe")


def test_what_a_request_over_http_cannot_raise_is_logged(caplog):
    bank = Bank(Boom("no line"))
    with open_shop(processors=[bank]) as shop:
        fill(shop, ADA)
        (method,) = (m for m in shop.admin.payment_methods.list(STAFF) if m.processor == "bank")
        answer = shop.handle(
            ADA,
            "POST",
            "/api/storefront/checkout/place-order",
            {"Content-Type": "application/json"},
            b'{"paymentMethodId":"%s"}' % method.id.encode(),
        )
        assert answer.status == 503
    assert any(record.exc_info and record.exc_info[0] is Boom for record in caplog.records)


def open_stripe(send):
    """A shop that is paid through Stripe, over this transport."""
    shop = resys.Shop.open(
        "sqlite::memory:",
        processors=["stripe", *BUILTIN],
        secret_keys={"k1": b"0" * 32},
        http=send,
    )
    stock(shop)
    card = shop.admin.payment_methods.create(STAFF, name="Card", processor="stripe")
    values = {"secretKey": "sk_test_1", "webhookSecret": "whsec_1", "publishableKey": "pk_1"}
    shop.admin.payment_methods.configure(STAFF, payment_method_id=card.id, values=values)
    return shop


def test_a_transport_answers_for_stripe():
    sent = []

    def send(request):
        sent.append(request)
        raise Boom("no network")

    with open_stripe(send) as shop:
        fill(shop, ADA)
        with pytest.raises(resys.OutcomeUnknown) as raised:
            place(shop, ADA, "stripe")
        assert isinstance(raised.value.__cause__, Boom)
        assert sent[0].url.startswith("https://api.stripe.com/")


def test_the_log_is_a_logger(caplog):
    caplog.set_level(logging.DEBUG, "mine")
    with open_shop(processors=[Bank(Boom("said"))], log=logging.getLogger("mine")) as shop:
        fill(shop, ADA)
        with pytest.raises(Boom):
            place(shop, ADA, "bank")
    assert any(record.name == "mine" and "said" in record.message for record in caplog.records)


def test_a_clock_that_fails_is_the_system_s(caplog):
    def clock():
        raise Boom("stopped")

    with open_shop(clock=clock) as shop:
        fill(shop, ADA)
        assert place(shop, ADA).order.placed_at.year >= 2024
    assert any(record.exc_info for record in caplog.records)


def test_coroutines_need_the_asynchronous_shop():
    async def send(_mail):
        pass

    with pytest.raises(TypeError, match="AsyncShop"):
        resys.Shop.open(SMTP, mailer=send)

    async def hidden():
        pass

    with open_shop(mailer=lambda mail: hidden()) as shop:
        buy(shop)
        with pytest.raises(TypeError, match="AsyncShop"):
            shop.run_due_work()
    with pytest.raises(TypeError):
        resys.Shop.open(SMTP, mailer="smtp://localhost")


def test_nothing_outlives_the_call_and_the_shop():
    bank = Bank()

    def fail_once(shop):
        error = Boom("once")
        bank.error = error
        with pytest.raises(Boom):
            place(shop, ADA, "bank")
        bank.error = None
        return weakref.ref(error)

    shop = open_shop(processors=[bank])
    fill(shop, ADA)
    error = fail_once(shop)
    gone = weakref.ref(bank)
    gc.collect()
    assert error() is None
    del shop, bank
    gc.collect()
    assert gone() is None


def taxed(request):
    """10 % of everything."""
    tax = [
        resys.CalculatedTax(name="Tax", rate="10", tax_cents=item.amount.minor // 10)
        for item in request.items
    ]
    items = [
        resys.ItemTaxes(reference=item.reference, taxes=[each])
        for item, each in zip(request.items, tax)
    ]
    return resys.CalculatedTaxes(items=items, external_id="calc-1")


def test_a_tax_calculator_finds_the_taxes_and_may_fail():
    asked, failing = [], [False]

    def calculate(request):
        asked.append(request)
        if failing[0]:
            raise Boom("no taxes today")
        return taxed(request)

    with open_shop(tax_calculator=calculate) as shop:
        shop.admin.settings.update_taxes(STAFF, source="calculator", fallback="refuse")
        order = buy(shop)
        assert asked[-1].address.country == "GB" and asked[-1].items[-1].reference == "shipping"
        assert order.tax_total.minor == sum(item.amount.minor // 10 for item in asked[-1].items)
        assert [tax.name for tax in order.tax_lines] == ["Tax"]
        failing[0] = True
        with pytest.raises(resys.Busy) as refused:
            buy(shop)
        assert refused.value.details["reason"] == "taxes_unknown"


def test_a_registry_says_whether_a_tax_id_is_registered():
    known = {"DE136695976": True, "FR40303265045": False}

    def check(tax_id):
        if tax_id not in known:
            raise Boom("no registry today")
        return known[tax_id]

    with open_shop(tax_id_registry=check) as shop:
        update = shop.admin.customers.update
        assert update(STAFF, user_id="ada", tax_id="DE136695976").tax_id_checked_at is not None
        with pytest.raises(resys.InvalidRequest) as refused:
            update(STAFF, user_id="ada", tax_id="FR40303265045")
        assert refused.value.field == "taxId"
        assert update(STAFF, user_id="ada", tax_id="CHE116281710").tax_id_checked_at is None


def test_none_takes_a_value_away():
    end = datetime(2031, 1, 1, tzinfo=timezone.utc)
    with open_shop() as shop:
        rates = shop.admin.tax_rates
        rate = rates.create(STAFF, name="VAT", rate="19", country="DE", valid_until=end)
        assert rates.update(STAFF, tax_rate_id=rate.id, name="MwSt").valid_until == end
        cleared = rates.update(STAFF, tax_rate_id=rate.id, valid_until=None)
        assert cleared.valid_until is None and cleared.name == "MwSt"
