"""The whole market for the tests of this folder: a running demo shop, Stripe's look-alike, and a
mail server. Each test has its own."""

import shutil

import pytest
from support.demo_shop import DemoShop, wait_until
from support.mail_server import MailServer
from support.stripe_lookalike import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET, Lookalike
from support.stripe_mock import assert_honest


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """The files of a shop that has been started once, and so has its sample catalogue."""
    folder = tmp_path_factory.mktemp("seeded")
    with DemoShop(folder) as shop:
        assert shop.stop() == 0
    return folder


SKU, QUANTITY = "PAN-HONEY", 2  # what everybody buys


class Market:
    def __init__(self, folder, stripe, mail):
        self.folder = folder
        self.stripe = stripe
        self.mail = mail
        self.shop = None

    def open_shop(self, port=0):
        smtp = f"smtp://127.0.0.1:{self.mail.port}"
        options = ("--stripe-api-base", self.stripe.url, "--smtp", smtp)
        self.shop = DemoShop(self.folder, *options, port=port)

    def reach_delivery(self):
        """A shopper who may place an order."""
        shopper = self.shop.shopper()
        shopper.reach_delivery(SKU, QUANTITY)
        return shopper

    def place(self):
        """The placement of an order that waits for its money."""
        return self.reach_delivery().place("stripe")

    def stock(self, sku=SKU):
        return self.shop.staff().get(f"/api/admin/stock/{sku}").data

    def order(self, number):
        return self.shop.staff().get(f"/api/admin/orders/{number}").data

    def wait_for_order(self, number, state):
        """The order, once due work or a webhook has brought it there."""
        wait_until(lambda: self.order(number)["state"] == state, f"{number} to be {state}")
        return self.order(number)

    def wait_for_mails(self, count):
        wait_until(lambda: len(self.mail.mails) >= count, f"{count} mails")
        return self.mail.mails

    def intents(self):
        """Stripe's payment intents, oldest first."""
        account = self.stripe.server.accounts[SECRET_KEY]
        return list(account.tables["payment_intent"].values())

    def events(self, number):
        timeline = self.shop.staff().get(f"/api/admin/orders/{number}/timeline").data
        return [event["type"] for event in timeline["items"]]

    def assert_sold(self, number, before):
        """Complete, paid once, the stock gone, and one mail that says so."""
        order = self.wait_for_order(number, "Complete")
        assert order["paymentStatus"] == "paid"
        assert sum(each["capturedCents"] for each in order["payments"]) == order["totalCents"]
        after = self.stock()
        assert after["onHand"] == before["onHand"]  # until the parcel leaves
        assert after["reserved"] == before["reserved"] + QUANTITY
        paid = [intent for intent in self.intents() if intent["amount_received"]]
        assert [intent["amount_received"] for intent in paid] == [order["totalCents"]]
        events = self.events(number)
        assert events.count("OrderCompleted") == 1, events
        assert events.count("ExternalPaymentCaptured") == 1, events
        self.wait_for_mails(1)
        self.stripe.wait_for_webhooks()
        assert len(self.mail.mails) == 1
        assert number in self.mail.mails[0].message["Subject"]
        return order


@pytest.fixture
def market(seeded, stripe_mock, tmp_path):
    """Afterwards: Stripe would have taken whatever the shop sent to the look-alike."""
    for file in seeded.glob("shop.db*"):
        shutil.copy(file, tmp_path)
    with Lookalike() as stripe, MailServer() as mail:
        market = Market(tmp_path, stripe, mail)
        market.open_shop()
        try:
            market.shop.configure(
                "stripe",
                secretKey=SECRET_KEY,
                publishableKey=PUBLISHABLE_KEY,
                webhookSecret=WEBHOOK_SECRET,
            )
            stripe.webhook_endpoint(market.shop.url + "/api/webhooks/stripe")
            yield market
            stripe.control("faults/clear")
            assert market.shop.stop() == 0, market.shop.stderr
        finally:
            market.shop.__exit__()
        if stripe_mock:
            assert_honest(stripe, stripe_mock)
