"""A whole purchase through the Python package, and what its records look like."""

import copy
import functools
import pickle
from datetime import datetime, timedelta, timezone

import pytest
import resys
from resys import Caller, FulfillmentStatus, Money, OrderState, PaymentStatus
from support.python_shop import ADA, ADDRESS, STAFF, buy, euro, fill, open_shop, place


def test_a_purchase_on_a_file(tmp_path):
    database = f"sqlite:{tmp_path / 'shop.db'}"
    with open_shop(database) as shop:
        order = buy(shop)
        assert order.state is OrderState.COMPLETE
        assert order.payment_status is PaymentStatus.PAID
        assert order.total == euro("20.70") and order.shipment_total == euro("4.90")
        (line,) = order.line_items
        assert (line.sku, line.quantity, line.unit_price) == ("TEA", 2, euro("7.90"))
        (payment,) = order.payments
        assert payment.captured == order.total and payment.refunded == euro(0)
        assert order.shipping_address.postal_code == "N1 9GU"
        assert order.shipment.shipped_at is None
        assert order.placed_at.tzinfo is timezone.utc
        assert abs(datetime.now(timezone.utc) - order.placed_at) < timedelta(minutes=5)
    with resys.Shop.open(database) as again:
        assert again.orders.get(ADA, number=order.number) == order
        assert [one.number for one in again.orders.list(ADA)] == [order.number]
        stock = again.admin.stock.get(STAFF, sku="TEA")
        assert (stock.on_hand, stock.reserved, stock.available) == (12, 2, 10)


def test_staff_ship_and_refund():
    with open_shop() as shop:
        number = buy(shop).number
        shipped = shop.admin.orders.ship(STAFF, number=number, tracking_number="1Z")
        assert shipped.fulfillment_status is FulfillmentStatus.SHIPPED
        assert shipped.shipment.shipped_at is not None
        refunded = shop.admin.orders.refund(STAFF, number=number, amount=euro("10.00"))
        assert refunded.payments[0].refunded == euro("10.00")
        types = [str(event.type) for event in shop.admin.orders.get_timeline(STAFF, number=number)]
        assert types[0] == "OrderPlaced" and "PaymentRefunded" in types
        assert shop.admin.orders.list(STAFF, state=OrderState.CART).items == ()


def refused(call):
    with pytest.raises(resys.UnsupportedCurrency) as raised:
        call()
    assert (raised.value.field, raised.value.details["currency"]) == ("currency", "USD")


def test_amounts_are_money_in_requests_as_in_answers():
    """In the currency of what they are about; of another one they do nothing."""
    usd = resys.Money("1.00", "USD")
    with open_shop() as shop:
        post = shop.admin.shipping_methods.list(STAFF).items[0]
        fill(shop, ADA)
        shop.admin.variants.update(STAFF, sku="TEA", price=euro("8.00"))
        with pytest.raises(resys.PriceChanged):
            place(shop, ADA)
        new_total = shop.cart.get(ADA).new_total
        methods = shop.admin.payment_methods.list(STAFF)
        bank = next(method for method in methods if method.processor == "manual")
        placing = functools.partial(shop.checkout.place_order, ADA, payment_method_id=bank.id)
        refused(functools.partial(placing, accept_total=usd))
        order = placing(accept_total=new_total).order
        number = order.number
        assert order.total == new_total
        changes = [
            functools.partial(shop.admin.variants.update, STAFF, sku="TEA", price=usd),
            functools.partial(
                shop.admin.shipping_methods.update, STAFF, shipping_method_id=post.id, price=usd
            ),
            functools.partial(shop.admin.orders.mark_paid, STAFF, number=number, amount=usd),
        ]
        for change in changes:
            refused(change)
        assert shop.products.get(ADA, slug="tea").variants[0].price == euro("8.00")
        paid = shop.admin.orders.mark_paid(STAFF, number=number, amount=order.total)
        assert paid.paid == order.total
        refused(functools.partial(shop.admin.orders.refund, STAFF, number=number, amount=usd))
        part = shop.admin.orders.refund(STAFF, number=number, amount=euro("1.00"))
        assert part.payments[0].refunded == euro("1.00")


TENTH = resys.PromotionAction(
    kind=resys.PromotionActionKind.PERCENT_OFF_ORDER, basis_points=1000
)


def test_what_a_promotion_has_not_is_none():
    with open_shop() as shop:
        tenth = shop.admin.promotions.create(STAFF, name="P", actions=[TENTH])
        assert (tenth.currency, tenth.usage_limit, tenth.ends_at) == (None, None, None)
        assert tenth.automatic and tenth.actions[0].basis_points == 1000
        assert tenth.actions[0].amount_cents is None
        assert shop.admin.shipping_methods.list(STAFF).items[0].free_over is None


def test_none_takes_a_limit_off_and_absence_keeps_it():
    with open_shop() as shop:
        promotions = shop.admin.promotions
        ends = datetime(2099, 1, 1, tzinfo=timezone.utc)
        made = promotions.create(
            STAFF, name="P", actions=[TENTH], usage_limit=3, per_customer_limit=1, ends_at=ends
        )
        changed = promotions.update(STAFF, promotion_id=made.id, usage_limit=None, active=False)
        assert (changed.usage_limit, changed.per_customer_limit) == (None, 1)
        assert (changed.ends_at, changed.active) == (ends, False)
        assert promotions.update(STAFF, promotion_id=made.id, ends_at=None).ends_at is None


def test_prices_are_those_of_the_callers_groups_and_of_the_carts_currency():
    usd = functools.partial(resys.Money, currency="USD")
    trade = resys.Caller("bob", groups=["trade"])
    assert trade.with_key("k").groups == ("trade",)
    assert pickle.loads(pickle.dumps(trade)) == trade
    with open_shop() as shop:
        lists = shop.admin.price_lists
        trade_list = lists.create(STAFF, name="Trade", currency="EUR", customer_groups=["trade"])
        price = resys.NewListedPrice(sku="TEA", min_quantity=2, price=euro("6.90"))
        lists.set_prices(STAFF, price_list_id=trade_list.id, prices=[price])
        (listed,) = lists.list_prices(STAFF, price_list_id=trade_list.id)
        assert (listed.sku, listed.min_quantity, listed.price) == ("TEA", 2, euro("6.90"))
        assert shop.cart.add_item(ADA, sku="TEA", quantity=2).total == euro("15.80")
        assert shop.cart.add_item(trade, sku="TEA", quantity=2).total == euro("13.80")
        with pytest.raises(resys.InvalidRequest) as raised:
            shop.cart.get(resys.Caller("bob", groups=["No group"]))
        assert raised.value.field == "groups[0]"

        dollars = resys.NewVariantPrice(price=usd("8.99"), compare_at=usd("9.99"))
        shop.admin.variants.update(STAFF, sku="TEA", prices=[dollars], compare_at=euro("9.90"))
        variant = shop.products.get(ADA, slug="tea").variants[0]
        assert variant.compare_at == euro("9.90")
        assert (variant.prices[0].price, variant.prices[0].compare_at) == (usd("8.99"), usd("9.99"))
        shop.admin.variants.update(STAFF, sku="TEA", price=euro("8.00"))
        assert shop.products.get(ADA, slug="tea").variants[0].compare_at == euro("9.90")
        shop.admin.variants.update(STAFF, sku="TEA", compare_at=None)
        assert shop.products.get(ADA, slug="tea").variants[0].compare_at is None
        eve = resys.Caller("eve")
        assert shop.cart.add_item(eve, sku="TEA", currency="USD").total == usd("8.99")
        method = shop.admin.shipping_methods.create(
            STAFF,
            name="Parcel",
            kind=resys.ShippingKind.BY_WEIGHT,
            price=euro("4.90"),
            tiers=[resys.NewShippingTier(min_weight_grams=1000, price=euro("6.90"))],
        )
        assert method.tiers[0].price == euro("6.90")


def test_an_empty_cart_has_no_currency():
    with open_shop() as shop:
        total = shop.cart.get(ADA).total
        assert (total.minor, total.currency, str(total)) == (0, "", "0")


def test_pages_go_on_where_they_ended():
    with open_shop() as shop:
        for number in range(5):
            shop.admin.promotions.create(STAFF, name=f"P{number}", actions=[TENTH])
        page = shop.admin.promotions.list(STAFF, limit=3)
        rest = shop.admin.promotions.list(STAFF, limit=3, after=page.next_after)
        assert [each.name for each in [*page, *rest]] == [f"P{number}" for number in range(5)]
        assert len(page) == 3 and rest.next_after is None


def test_promotions_carry_moments_and_a_currency_and_what_they_take_off_is_money():
    starts = datetime(2020, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    with open_shop() as shop:
        five = shop.admin.promotions.create(
            STAFF,
            name="Five off",
            codes=["five"],
            currency="EUR",
            conditions=[
                resys.PromotionCondition(
                    kind=resys.PromotionConditionKind.MINIMUM_AMOUNT, amount_cents=1000
                )
            ],
            actions=[
                resys.PromotionAction(
                    kind=resys.PromotionActionKind.TIERED,
                    tiers=[resys.PromotionTier(from_quantity=2, amount_cents=500)],
                )
            ],
            starts_at=starts,
        )
        assert five.starts_at == starts and five.ends_at is None
        assert five.conditions[0].amount_cents == 1000
        assert five.actions[0].tiers[0].from_quantity == 2
        (code,) = shop.admin.promotions.list_codes(STAFF, promotion_id=five.id)
        assert (code.code, code.used) == ("FIVE", 0)
        shop.cart.add_item(ADA, sku="TEA")
        (rejected,) = shop.cart.apply_coupon(ADA, code=" five ").rejected_codes
        assert rejected.missing == euro("2.10")
        (applied,) = shop.cart.add_item(ADA, sku="TEA").promotions
        assert applied.discount == euro("5.00")
        made = shop.admin.promotions.create_codes(
            STAFF, promotion_id=five.id, count=2, prefix="MORE-"
        )
        assert [code[:5] for code in made.codes] == ["MORE-", "MORE-"]
        with pytest.raises(ValueError):
            shop.admin.promotions.update(
                STAFF, promotion_id=five.id, ends_at=datetime(2030, 1, 1)
            )


def test_settings_of_a_payment_method_are_written_and_not_read():
    with resys.Shop.open("sqlite::memory:", secret_keys={"k1": b"0" * 32}) as shop:
        made = shop.admin.payment_methods.create(STAFF, name="Card", processor="stripe")
        values = {"secretKey": "sk_test_1", "webhookSecret": "whsec_1"}
        config = shop.admin.payment_methods.configure(
            STAFF, payment_method_id=made.id, values=values
        )
        assert config.payment_method_id == made.id
        assert set(config.configured) == {"secretKey", "webhookSecret"}
        assert "sk_test_1" not in repr(shop.admin.payment_methods.list(STAFF))


def test_an_idempotency_key_makes_a_repeated_write_one():
    with open_shop() as shop:
        for _ in range(3):
            shop.cart.add_item(ADA.with_key("once"), sku="TEA")
        assert shop.cart.get(ADA).item_count == 1
        with pytest.raises(resys.IdempotencyMismatch):
            shop.cart.add_item(ADA.with_key("once"), sku="TEA", quantity=2)


def test_a_guest_s_cart_is_merged():
    with open_shop() as shop:
        shop.cart.add_item(Caller.guest("session"), sku="TEA")
        merged = shop.cart.merge(Caller("ada", "session"))
        assert merged.cart.item_count == 1
        assert [line.result for line in merged.lines] == [resys.MergeResult.MOVED]


def test_records_are_read_compared_and_printed():
    with open_shop() as shop:
        cart = shop.cart.add_item(ADA, sku="TEA")
        assert cart == shop.cart.get(ADA) and cart != shop.cart.get(Caller("bob"))
        assert cart.to_json() == shop.call("cart.get", ADA)
        assert resys.Cart.from_json(cart.to_json()) == cart == copy.deepcopy(cart)
        cart.to_json()["lineItems"].clear()
        assert len(cart.line_items) == 1
        assert "sku='TEA'" in repr(cart) and "total=Money('7.90', 'EUR')" in repr(cart)
        with pytest.raises(AttributeError):
            cart.total = euro(0)
        fill(shop, ADA)
        placed = place(shop, ADA)
        assert placed.payment.client_secret not in repr(placed)


def test_one_shop_serves_many_stores():
    with open_shop() as shop:
        assert len(shop.products.list(ADA)) == 1
        assert len(shop.products.list(Caller("ada", store="other"))) == 0


def test_callers_are_values():
    assert Caller("ada") == Caller(user_id="ada") != ADA.with_key("k")
    assert copy.deepcopy(STAFF) == STAFF and hash(STAFF) == hash(Caller.staff("grace"))
    assert ADDRESS.company is None
