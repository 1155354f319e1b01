"""Whole purchases: the demo shop over HTTP, Stripe's look-alike as Stripe, mails by SMTP.

Stripe's good days and bad ones: whatever it answers or sends, in whichever order, the end is the
same: paid means ordered, once; not paid means the stock is free again.
"""

import base64
import concurrent.futures

import pytest
from support.demo_shop import ADDRESS, wait_until
from support.lookalike.errors import StripeError
from support.stripe_lookalike import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET

APPROVED = "4242424242424242"
DECLINED = "4000000000000002"
NEEDS_3D_SECURE = "4000002500003155"
BANK_DEBIT = "AT611904300234573201"
FAILING_BANK_DEBIT = "AT861904300235473202"
CREATE = {"method": "POST", "path": "^/v1/payment_intents$"}
CANCEL = {"method": "POST", "path": "/cancel$"}
LONGER_THAN_A_RESERVATION = 16 * 60


def test_a_guest_becomes_ada_and_buys(market):
    before = market.stock()
    browser = market.shop.client()
    browser.add("PAN-HONEY", 2)
    guest = browser.add("CER-JUG")
    assert (guest["state"], guest["itemCount"]) == ("Cart", 3)
    browser.sign_in(market.shop.accounts[0])
    merged = browser.post("/api/storefront/cart/merge").data
    assert {line["sku"]: line["result"] for line in merged["lines"]} == {
        "PAN-HONEY": "moved",
        "CER-JUG": "moved",
    }
    saved = browser.post("/api/storefront/addresses", ADDRESS).data
    chosen = {"shippingAddressId": saved["id"]}
    assert browser.post("/api/storefront/checkout/addresses", chosen).data["state"] == "Address"
    shipping = browser.get("/api/storefront/checkout/shipping-methods").data["items"][0]
    chosen = {"shippingMethodId": shipping["id"]}
    order = browser.post("/api/storefront/checkout/shipping-method", chosen).data
    assert order["state"] == "Delivery"
    assert order["totalCents"] == order["itemTotalCents"] + order["shipmentTotalCents"]
    offered = browser.get("/api/storefront/checkout/payment-methods").data["items"]
    assert {"publishableKey": PUBLISHABLE_KEY} in [method["public"] for method in offered]

    placed = browser.place("stripe")

    assert placed["order"]["state"] == "Payment"
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]
    assert market.stock()["reserved"] == before["reserved"] + 2
    (intent,) = market.intents()
    assert (intent["amount"], intent["currency"]) == (order["totalCents"], "eur")
    assert intent["metadata"]["payment_id"] == placed["payment"]["id"]

    market.stripe.pay(secret, APPROVED)

    order = market.assert_sold(number, before)
    assert browser.order(number)["state"] == "Complete"
    assert browser.get("/api/storefront/orders").data["items"][0]["number"] == number
    assert browser.get("/api/storefront/cart").data["itemCount"] == 0
    mail = market.mail.mails[0]
    assert mail.recipients == ["ada@example.com"]
    for kind in ("plain", "html"):
        body = mail.message.get_body((kind,)).get_content()
        for word in (number, "Forest Honey", "Milk Jug", "Lovelace", "SW1Y 4JH"):
            assert word in body, (kind, word, body)
        assert f"{order['totalCents'] / 100:.2f}" in body


def test_declined_then_another_card(market):
    before = market.stock()
    ada = market.reach_delivery()
    placed = ada.place("stripe")
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]
    with pytest.raises(StripeError, match="declined"):
        market.stripe.pay(secret, DECLINED)
    market.stripe.wait_for_webhooks()
    assert "PaymentDeclined" in market.events(number)
    assert ada.order(number)["state"] == "Payment"
    assert market.stock()["reserved"] == before["reserved"] + 2
    again = ada.place("stripe")  # asks for the same payment, not for another one
    assert again["payment"]["clientSecret"] == secret
    market.stripe.pay(secret, APPROVED)
    market.assert_sold(number, before)
    assert len(market.intents()) == 1


@pytest.mark.parametrize("approve", [True, False])
def test_3d_secure(market, approve):
    before = market.stock()
    ada = market.reach_delivery()
    placed = ada.place("stripe")
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]
    market.stripe.pay(secret, NEEDS_3D_SECURE)
    market.stripe.wait_for_webhooks()
    order = ada.order(number)
    assert (order["state"], order["payments"][0]["state"]) == ("Payment", "requires_action")
    if approve:
        market.stripe.authenticate(secret, True)
    else:
        with pytest.raises(StripeError, match="authentication"):
            market.stripe.authenticate(secret, False)
        market.stripe.wait_for_webhooks()
        assert ada.order(number)["state"] == "Payment"
        market.stripe.pay(secret, APPROVED)
    market.assert_sold(number, before)


def test_webhooks_before_the_answers(market):
    """The payment is captured, and the webhook says so, while the shop still waits for Stripe's
    answer to its creation."""
    before = market.stock()
    market.stripe.webhooks(before_answer=True)
    ada = market.reach_delivery()
    held = market.stripe.fault("hold", when="after", **CREATE)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        placing = pool.submit(ada.place, "stripe")
        (intent,) = wait_until(market.intents, "a payment intent")
        market.stripe.wait_for_fault(held)
        market.stripe.pay(intent["client_secret"], APPROVED)
        market.stripe.wait_for_webhooks()
        market.stripe.release(held)
        placed = placing.result()
    market.assert_sold(placed["order"]["number"], before)


def test_each_webhook_eight_times_at_once(market):
    before = market.stock()
    market.stripe.webhooks(copies=8)
    placed = market.place()
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(placed["order"]["number"], before)
    statuses = {each["status"] for each in market.stripe.deliveries()}
    assert statuses == {200}, market.stripe.deliveries()


@pytest.mark.parametrize("how", [{"order": "reversed"}, {"order": "shuffled", "seed": 7},
                                 {"order": "shuffled", "together": True}])  # fmt: skip
def test_webhooks_out_of_order(market, how):
    before = market.stock()
    market.stripe.webhooks(mode="hold", copies=2)
    placed = market.place()
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]
    with pytest.raises(StripeError):
        market.stripe.pay(secret, DECLINED)
    market.stripe.pay(secret, NEEDS_3D_SECURE)
    market.stripe.authenticate(secret, True)
    market.stripe.release_webhooks(**how)
    market.assert_sold(number, before)


@pytest.mark.parametrize("how", [{"order": "as_made"}, {"order": "reversed"}, {"together": True}])
def test_thin_webhooks(market, how):
    """They name the object alone; the shop fetches it."""
    before = market.stock()
    market.stripe.webhooks(mode="hold", payload="thin", copies=2)
    placed = market.place()
    number = placed["order"]["number"]
    market.stripe.pay(placed["payment"]["clientSecret"], NEEDS_3D_SECURE)
    market.stripe.authenticate(placed["payment"]["clientSecret"], True)
    market.stripe.release_webhooks(**how)
    market.stripe.wait_for_webhooks()
    assert {each["status"] for each in market.stripe.deliveries()} == {200}
    market.assert_sold(number, before)


def test_webhooks_that_never_come(market):
    before = market.stock()
    market.stripe.webhooks(mode="drop")
    placed = market.place()
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.shop.let_time_pass(60)  # the shop asks by itself
    market.assert_sold(placed["order"]["number"], before)


# ---- expiry while paying


def test_expiry_comes_before_the_money(market):
    before = market.stock()
    ada = market.reach_delivery()
    placed = ada.place("stripe")
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]

    market.shop.let_time_pass(LONGER_THAN_A_RESERVATION)

    market.wait_for_order(number, "Delivery")
    assert market.stock() == before
    assert market.intents()[0]["status"] == "canceled"
    with pytest.raises(StripeError) as refusal:
        market.stripe.pay(secret, APPROVED)  # too late: Stripe takes no money for it any more
    assert refusal.value.error["code"] == "payment_intent_unexpected_state"

    placed = ada.place("stripe")
    assert placed["payment"]["clientSecret"] != secret
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(number, before)


def test_the_money_comes_before_expiry_is_carried_out(market):
    """The shop has decided to cancel, but the shopper is faster at Stripe: the order completes."""
    before = market.stock()
    market.stripe.webhooks(mode="drop")
    placed = market.place()
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]
    held = market.stripe.fault("hold", **CANCEL)

    market.shop.let_time_pass(LONGER_THAN_A_RESERVATION)

    market.stripe.wait_for_fault(held)
    assert market.order(number)["state"] == "Payment"
    assert market.stock()["reserved"] == before["reserved"] + 2
    market.stripe.pay(secret, APPROVED)
    market.stripe.release(held)
    market.assert_sold(number, before)


def test_expiry_while_the_shopper_is_at_the_bank(market):
    before = market.stock()
    placed = market.place()
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]
    market.stripe.pay(secret, NEEDS_3D_SECURE)
    market.stripe.wait_for_webhooks()
    market.shop.let_time_pass(LONGER_THAN_A_RESERVATION)
    market.wait_for_order(number, "Delivery")
    with pytest.raises(StripeError):
        market.stripe.authenticate(secret, True)
    assert market.stock() == before


@pytest.mark.parametrize("account, state", [(BANK_DEBIT, "Complete"),
                                            (FAILING_BANK_DEBIT, "Delivery")])  # fmt: skip
def test_expiry_while_money_is_on_its_way(market, account, state):
    """Stripe cancels nothing that is processing: the stock is kept until it is known."""
    before = market.stock()
    placed = market.place()
    number, secret = placed["order"]["number"], placed["payment"]["clientSecret"]
    refused = market.stripe.fault("delay", path="/cancel$", times=None)  # to see it being asked
    market.stripe.pay(secret, account)
    market.stripe.wait_for_webhooks()

    market.shop.let_time_pass(LONGER_THAN_A_RESERVATION)

    market.stripe.wait_for_fault(refused)
    assert market.order(number)["state"] == "Payment"
    assert market.stock()["reserved"] == before["reserved"] + 2
    market.stripe.control(f"payment_intents/{market.intents()[0]['id']}/settle")
    if state == "Complete":
        market.assert_sold(number, before)
    else:
        market.wait_for_order(number, state)
        assert market.stock() == before


# ---- Stripe's bad days


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "close", "when": "before"},
        {"kind": "close", "when": "after"},
        {"kind": "truncate", "when": "after"},
        {"kind": "garbage", "when": "after"},
        {"kind": "redirect", "when": "before"},
        {"kind": "oversize", "when": "after"},
        {"kind": "rate_limit"},
        {"kind": "lock_timeout"},
        {"kind": "error", "status": 503},
    ],
    ids=lambda fault: f"{fault['kind']}-{fault.get('when', '')}",
)
def test_a_creation_that_is_not_answered_is_repeated(market, fault):
    before = market.stock()
    ada = market.reach_delivery()
    market.stripe.control("faults", **fault, **CREATE)

    error = ada.ask_to_place("stripe").error

    assert error["code"] in ("processor_unavailable", "outcome_unknown"), error
    assert error["retry"] == "same"
    assert market.stock()["reserved"] == before["reserved"] + 2
    placed = ada.place("stripe")
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(placed["order"]["number"], before)
    assert len(market.intents()) == 1
    sent = market.stripe.requests("POST", "/v1/payment_intents")
    assert len({request["idempotency_key"] for request in sent}) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_creation_that_fails_at_stripe(market, when):
    """Stripe keeps a 500 under its key: the shop looks for what it came to, and takes another key
    only where there is nothing."""
    before = market.stock()
    market.stripe.fault("error", when=when, **CREATE)
    placed = market.place()
    assert len(market.intents()) == 1
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(placed["order"]["number"], before)


def test_a_setting_is_changed_while_a_creation_is_not_answered(market):
    """Its repetition is another request, which Stripe refuses under the old key."""
    before = market.stock()
    ada = market.reach_delivery()
    market.stripe.fault("close", when="after", **CREATE)
    assert ada.ask_to_place("stripe").error["code"] == "outcome_unknown"
    market.shop.configure("stripe", receiptEmail="true")
    placed = ada.place("stripe")
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(placed["order"]["number"], before)
    assert len(market.intents()) == 1


def test_killed_while_stripe_answers(market):
    before = market.stock()
    ada = market.reach_delivery()
    held = market.stripe.fault("hold", when="after", **CREATE)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        placing = pool.submit(ada.place, "stripe")
        market.stripe.wait_for_fault(held)
        wait_until(market.intents, "a payment intent")
        market.shop.kill()
        with pytest.raises(OSError):
            placing.result()
    market.stripe.release(held)
    market.open_shop(market.shop.port)

    placed = ada.place("stripe")
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(placed["order"]["number"], before)
    assert len(market.intents()) == 1


def test_stripe_does_not_take_the_key(market):
    """A wrong key is the shop's trouble, not a reason to lose the order: the right one ends it."""
    before = market.stock()
    ada = market.reach_delivery()
    market.shop.configure("stripe", secretKey="sk_test_wrong")
    assert ada.ask_to_place("stripe").error["code"] == "processor_unavailable"
    market.shop.configure("stripe", secretKey=SECRET_KEY)  # used by the next call
    placed = ada.place("stripe")
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(placed["order"]["number"], before)


def test_keys_can_be_read_nowhere(market):
    market.place()
    staff = market.shop.staff()
    answers = [
        staff.get(f"/api/admin/{path}").body
        for path in ("settings/payment-methods", "orders", "events", "settings/checkout")
    ]
    assert market.shop.stop() == 0
    files = [file.read_bytes() for file in market.folder.iterdir()]
    for secret in (SECRET_KEY.encode(), WEBHOOK_SECRET.encode()):
        encoded = base64.b64encode(secret).rstrip(b"=")[:-1]  # without what depends on the end
        for form in (secret, encoded, secret.hex().encode(), secret.hex().upper().encode()):
            assert not any(form in text for text in answers + files), form


def test_a_webhook_secret_is_rotated(market):
    before = market.stock()
    market.shop.configure("stripe", webhookSecret=f"whsec_new {WEBHOOK_SECRET}")
    placed = market.place()
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.stripe.wait_for_webhooks()
    market.stripe.webhooks(secrets=["whsec_new"])
    order = market.assert_sold(placed["order"]["number"], before)
    market.shop.staff().post(f"/api/admin/orders/{order['number']}/refund")
    market.stripe.wait_for_webhooks()
    assert {each["status"] for each in market.stripe.deliveries()} == {200}


# ---- webhooks that are not about this shop


def test_the_account_is_shared_with_other_software(market):
    account = market.stripe.server.accounts[SECRET_KEY]
    with account.answering():
        intent = account.create({"amount": 500, "currency": "eur", "metadata": {"order_id": "7"}})
    market.stripe.pay(intent["client_secret"], APPROVED)
    market.stripe.wait_for_webhooks()
    assert {each["status"] for each in market.stripe.deliveries()} == {200}
    assert market.shop.staff().get("/api/admin/orders").data["items"] == []
