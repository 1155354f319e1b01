"""A shopper's way through the demo shop's endpoints, step by step."""

ADDRESS = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postalCode": "SW1Y 4JH",
    "country": "GB",
}
HONEY = {"PAN-HONEY": 2}


def fill_cart(client, lines):
    """Puts {sku: quantity} into the cart; the cart."""
    for sku, quantity in lines.items():
        item = {"sku": sku, "quantity": quantity}
        cart = client.post("/api/storefront/cart/items", item).data
    return cart


def choose_delivery(client, address=None):
    """Sets the address and takes the first shipping method; the order."""
    chosen = address or {"shippingAddress": ADDRESS}
    assert client.post("/api/storefront/checkout/addresses", chosen).data["state"] == "Address"
    method = client.get("/api/storefront/checkout/shipping-methods").data["items"][0]
    return client.post(
        "/api/storefront/checkout/shipping-method", {"shippingMethodId": method["id"]}
    ).data


def payment_method(client, processor):
    """The offered payment method of that processor."""
    offered = client.get("/api/storefront/checkout/payment-methods").data["items"]
    return next(method for method in offered if method["processor"] == processor)


def place(client, processor="stripe", **options):
    """The answer to placing the order; its `data` is the placement."""
    method = payment_method(client, processor)["id"]
    return client.post(
        "/api/storefront/checkout/place-order", {"paymentMethodId": method}, **options
    )


def buy(client, lines=HONEY, processor="stripe"):
    """From an empty cart to an order that waits for its money; the placement."""
    fill_cart(client, lines)
    choose_delivery(client)
    return place(client, processor).data


def order_of(client, number):
    return client.get(f"/api/storefront/orders/{number}").data
