"""A shop with tea to buy, for the tests of the Python package."""

import resys
from resys import AddressInput, Caller, Money, PaymentSnapshot, PaymentState, RefundSnapshot

STAFF = Caller.staff("grace")
ADA = Caller("ada")
ADDRESS = AddressInput(
    first_name="Ada",
    last_name="Lovelace",
    line1="1 Main Street",
    city="London",
    postal_code="N1 9GU",
    country="GB",
)
BUILTIN = [resys.BuiltInProcessor.TEST, resys.BuiltInProcessor.MANUAL]


def euro(amount):
    return Money(amount, "EUR")


def open_shop(database="sqlite::memory:", *, processors=(), units=12, **options):
    """A shop with `units` of TEA at 7.90 EUR, Post for 4.90 EUR, and a method per processor."""
    shop = resys.Shop.open(database, processors=[*BUILTIN, *processors], **options)
    stock(shop, [processor.name for processor in processors], units)
    return shop


def stock(shop, processors=(), units=12):
    tea = resys.NewVariant(sku="TEA", name="100 g", price=euro("7.90"))
    shop.admin.products.create(STAFF, slug="tea", name="Tea", variants=[tea])
    shop.admin.locations.create(STAFF, name="Shelf")
    shop.admin.stock.set(STAFF, sku="TEA", on_hand=units, reason="counted")
    shop.admin.shipping_methods.create(STAFF, name="Post", price=euro("4.90"))
    for processor in ("test", "manual", *processors):
        shop.admin.payment_methods.create(STAFF, name=processor, processor=processor)


def fill(shop, caller, quantity=2):
    """Everything up to placing the order."""
    shop.cart.add_item(caller, sku="TEA", quantity=quantity)
    shop.checkout.set_addresses(caller, shipping_address=ADDRESS, email="ada@example.com")
    (post,) = shop.checkout.list_shipping_methods(caller)
    shop.checkout.select_shipping_method(caller, shipping_method_id=post.id)


def method(shop, processor):
    """The id of the payment method of that processor."""
    return next(
        found.id
        for found in shop.admin.payment_methods.list(STAFF)
        if found.processor == processor
    )


def place(shop, caller, processor="test"):
    return shop.checkout.place_order(caller, payment_method_id=method(shop, processor))


def buy(shop, caller=ADA):
    """Buys two teas with a card of the test processor; answers the order."""
    fill(shop, caller)
    placed = place(shop, caller)
    shop.test_payments.pay(
        caller, client_secret=placed.payment.client_secret, card="4242424242424242"
    )
    return shop.orders.get(caller, number=placed.order.number)


class Bank(resys.PaymentProcessor):
    """Takes all money at once, or raises `error`."""

    name = "bank"
    currencies = ("EUR",)

    def __init__(self, error=None):
        self.error = error
        self.requests = []

    def payment(self, request):
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        return PaymentSnapshot(
            external_id=request.external_id or f"bank-{request.payment_id}",
            state=PaymentState.CAPTURED,
            amount=request.amount,
            captured=request.amount,
        )

    create_payment = capture = cancel = fetch = payment

    def refund(self, request):
        self.requests.append(request)
        return RefundSnapshot(
            external_id=f"refund-{request.refund_id}",
            refund_id=request.refund_id,
            state=resys.RefundState.SUCCEEDED,
            amount=request.amount,
        )
