"""After the money: captures, refunds, disputes and cancellations, at Stripe's look-alike.

What staff do in the shop and what happens at Stripe by itself end in the same books.
"""

import pytest
from support.demo_shop import wait_until
from support.lookalike.errors import StripeError
from support.stripe_lookalike import SECRET_KEY

APPROVED = "4242424242424242"
DECLINED = "4000000000000002"
LONGER_THAN_A_RESERVATION = 16 * 60


def sold(market):
    placed = market.place()
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.wait_for_order(placed["order"]["number"], "Complete")
    market.wait_for_mails(1)
    return placed["order"]["number"], placed["order"]["totalCents"]


def test_refunds_by_staff(market):
    number, total = sold(market)
    staff = market.shop.staff()
    path = f"/api/admin/orders/{number}/refund"
    order = staff.post(path, {"amountCents": 500, "reason": "a broken jar"}).data
    assert order["paymentStatus"] == "partiallyRefunded"
    error = staff.post(path, {"amountCents": total - 499}).error
    assert error["code"] == "invalid_request"
    order = staff.post(path).data
    assert order["paymentStatus"] == "refunded"
    market.stripe.wait_for_webhooks()
    assert market.order(number)["payments"][0]["refundedCents"] == total
    charge = next(iter(market.stripe.server.accounts[SECRET_KEY].tables["charge"].values()))
    assert charge["amount_refunded"] == total
    assert len(market.wait_for_mails(3)) == 3


# How an endpoint may be set up, and what of a refund it then hears.
ENDPOINTS = [{}, {"payload": "thin"}, {"api_version": "2023-10-16"}]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_refund_that_is_pending_and_fails(market, endpoint):
    market.stripe.webhooks(**endpoint)
    number, total = sold(market)
    market.stripe.control("refunds/next", outcomes=["pending"])
    order = market.shop.staff().post(f"/api/admin/orders/{number}/refund").data
    assert order["payments"][0]["refundPendingCents"] == total
    refunds = market.stripe.server.accounts[SECRET_KEY].tables["refund"]
    (refund_id,) = list(refunds)
    market.stripe.control(f"refunds/{refund_id}", status="failed")
    market.stripe.wait_for_webhooks()
    order = market.order(number)
    assert (order["paymentStatus"], order["payments"][0]["refundPendingCents"]) == ("paid", 0)
    assert "RefundFailed" in market.events(number)
    order = market.shop.staff().post(f"/api/admin/orders/{number}/refund").data
    assert order["paymentStatus"] == "refunded"


def test_a_refund_whose_answer_is_lost_is_made_once(market):
    number, total = sold(market)
    market.stripe.webhooks(mode="drop")
    market.stripe.fault("close", when="after", method="POST", path="^/v1/refunds$")
    market.shop.staff().post(f"/api/admin/orders/{number}/refund", {"amountCents": 500})
    market.shop.let_time_pass(300)
    wait_until(lambda: market.order(number)["payments"][0]["refundedCents"] == 500, "the refund")
    assert len(market.stripe.server.accounts[SECRET_KEY].tables["refund"]) == 1


def test_a_refund_made_in_stripes_dashboard(market):
    number, total = sold(market)
    account = market.stripe.server.accounts[SECRET_KEY]
    with account.answering():
        account.refund({"payment_intent": market.intents()[0]["id"], "amount": 300})
    market.stripe.wait_for_webhooks()
    order = market.order(number)
    assert order["payments"][0]["refundedCents"] == 300
    assert order["paymentStatus"] == "partiallyRefunded"


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_each_turn_of_a_dispute_is_told(market, endpoint):
    market.stripe.webhooks(**endpoint)
    number, _ = sold(market)
    turns = ["needs_response", "lost", "appeal_needs_response", "appeal_under_review", "won"]
    dispute = market.stripe.control("disputes", payment_intent=market.intents()[0]["id"])
    for turn in turns:
        if turn != turns[0]:
            market.stripe.control(f"disputes/{dispute['id']}", status=turn)
        market.stripe.wait_for_webhooks()
    timeline = market.shop.staff().get(f"/api/admin/orders/{number}/timeline").data["items"]
    told = [each["facts"]["status"] for each in timeline if each["type"] == "PaymentDisputed"]
    assert told == turns


def test_staff_cancel_a_paid_order(market):
    before = market.stock()
    number, total = sold(market)
    order = market.shop.staff().post(f"/api/admin/orders/{number}/cancel").data
    assert (order["state"], order["paymentStatus"]) == ("Canceled", "refunded")
    assert market.stock() == before


# ---- authorized first, captured by staff


def authorized(market):
    market.shop.configure("stripe", captureMethod="manual")
    placed = market.place()
    number = placed["order"]["number"]
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    order = market.wait_for_order(number, "Confirm")
    assert (order["paymentStatus"], market.intents()[0]["amount_received"]) == ("authorized", 0)
    return number


@pytest.mark.parametrize("fault", [None, "before", "after"])
def test_staff_capture(market, fault):
    before = market.stock()
    number = authorized(market)
    market.shop.let_time_pass(LONGER_THAN_A_RESERVATION)  # authorized stock has no deadline
    if fault:
        market.stripe.webhooks(mode="drop")
        market.stripe.fault("close", when=fault, path="/capture$")
    market.shop.staff().post(f"/api/admin/orders/{number}/capture")
    market.shop.let_time_pass(300)
    market.assert_sold(number, before)


def test_staff_cancel_an_authorized_order(market):
    before = market.stock()
    number = authorized(market)
    order = market.shop.staff().post(f"/api/admin/orders/{number}/cancel").data
    assert order["state"] == "Canceled"
    assert market.intents()[0]["status"] == "canceled"
    assert market.stock() == before


def test_an_authorization_is_lost(market):
    before = market.stock()
    number = authorized(market)
    market.stripe.control(f"payment_intents/{market.intents()[0]['id']}/expire")
    market.wait_for_order(number, "Canceled")
    assert market.stock() == before


# ---- a placing ends without money


def test_the_shopper_goes_back(market):
    before = market.stock()
    ada = market.reach_delivery()
    ada.place("stripe")
    assert ada.post("/api/storefront/checkout/reopen").data["state"] == "Delivery"
    assert market.intents()[0]["status"] == "canceled"
    assert market.stock() == before


def test_the_shopper_goes_back_but_has_paid(market):
    before = market.stock()
    market.stripe.webhooks(mode="drop")
    ada = market.reach_delivery()
    placed = ada.place("stripe")
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    assert ada.post("/api/storefront/checkout/reopen").error["code"] == "invalid_state"
    market.assert_sold(placed["order"]["number"], before)


@pytest.mark.parametrize("fault", [None, "before", "after"])
def test_the_shopper_cancels(market, fault):
    before = market.stock()
    ada = market.reach_delivery()
    number = ada.place("stripe")["order"]["number"]
    if fault:
        market.stripe.webhooks(mode="drop")
        market.stripe.fault("close", when=fault, path="/cancel$")
    ada.post(f"/api/storefront/orders/{number}/cancel")
    market.shop.let_time_pass(300)
    market.wait_for_order(number, "Canceled")
    assert market.intents()[0]["status"] == "canceled"
    assert market.stock() == before


def test_a_store_may_end_a_placing_at_the_first_decline(market):
    before = market.stock()
    market.shop.staff().put("/api/admin/settings/checkout", {"releaseOnDecline": True})
    ada = market.reach_delivery()
    placed = ada.place("stripe")
    number = placed["order"]["number"]
    with pytest.raises(StripeError):
        market.stripe.pay(placed["payment"]["clientSecret"], DECLINED)
    market.wait_for_order(number, "Delivery")
    assert market.stock() == before
    placed = ada.place("stripe")
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    market.assert_sold(number, before)
    assert ada.order(number)["state"] == "Complete"
