"""A small web shop on the standard library: a page of products, a cart per browser, the API.

usage: python shop.py [DATABASE [PORT]]
"""

import html
import sys
import uuid
from http.cookies import SimpleCookie
from typing import Any, Callable, Iterable
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

import resys
from resys import Caller, Money

STAFF = Caller.staff("setup")


def stock(shop: resys.Shop) -> None:
    """What is for sale; nothing happens if it is there already."""
    mugs = [
        resys.NewVariant(sku=f"MUG-{color}", name=color, price=Money("12.50", "EUR"))
        for color in ("BLUE", "RED")
    ]
    try:
        shop.admin.products.create(STAFF, slug="mug", name="Mug", variants=mugs)
    except resys.Conflict:
        return
    shop.admin.locations.create(STAFF, name="Shelf")
    for mug in mugs:
        shop.admin.stock.set(STAFF, sku=mug.sku, on_hand=5, reason="counted")


def caller(environ: dict[str, Any]) -> Caller:
    cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("session")
    return Caller.guest(cookie.value if cookie else uuid.uuid4().hex)


def page(shop: resys.Shop, who: Caller) -> str:
    products = "".join(
        f"<form method=post><h2>{html.escape(product.name)}, {html.escape(variant.name)}</h2>"
        f"{variant.price}, {variant.available_quantity} left "
        f"<button name=sku value='{html.escape(variant.sku)}'>Add to cart</button></form>"
        for product in shop.products.list(who)
        for variant in product.variants
    )
    cart = shop.cart.get(who)
    return f"<!doctype html><h1>Shop</h1>{products}<p>Cart: {cart.item_count}, {cart.total}</p>"


def web(shop: resys.Shop) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    api = resys.wsgi.application(shop, caller)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/api/"):
            return api(environ, start)
        who, status = caller(environ), "200 OK"
        if environ["REQUEST_METHOD"] == "POST":
            form = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            try:
                shop.cart.add_item(who, sku=parse_qs(form.decode()).get("sku", [""])[0])
                status = "303 See Other"
            except resys.Error as error:
                status = f"{error.http_status} {error.code}"
        session = ("Set-Cookie", f"session={who.session_id}; HttpOnly; SameSite=Lax")
        start(status, [("Content-Type", "text/html; charset=utf-8"), ("Location", "/"), session])
        return [page(shop, who).encode()]

    return answer


if __name__ == "__main__":
    database, port = (*sys.argv[1:], *["sqlite:shop.db", "8000"][len(sys.argv) - 1 :])
    with resys.Shop.open(database) as open_shop, open_shop.worker():
        stock(open_shop)
        with make_server("127.0.0.1", int(port), web(open_shop)) as server:
            print(f"http://127.0.0.1:{server.server_port}", flush=True)
            server.serve_forever()
