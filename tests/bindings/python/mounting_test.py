"""The WSGI and ASGI helpers: paths, headers, bodies as they came, limits."""

import asyncio
import io
import json

import pytest
import resys
from resys import Caller
from support.python_shop import ADA, open_shop

PRODUCTS = "/api/storefront/products"
ITEMS = "/api/storefront/cart/items"


@pytest.fixture(name="shop")
def a_shop():
    with open_shop() as shop:
        yield shop


def wsgi(shop, method, path, body=b"", mount="", query="", **headers):
    """What the WSGI application answers: status, headers, JSON."""
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": mount,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.input": io.BytesIO(body),
        "HTTP_X_USER": "ada",
        **headers,
    }
    started = []
    application = resys.wsgi.application(shop, lambda environ: Caller(environ["HTTP_X_USER"]))
    answer = application(environ, lambda *arguments: started.append(arguments))
    ((status, answered),) = started
    return status, dict(answered), json.loads(b"".join(answer))


def asgi(shop, method, path, chunks=(b"",), mount="", query=b"", **more):
    """What the ASGI application answers: status, headers, JSON."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": mount,
        "query_string": query,
        "headers": [(b"content-type", b"application/json"), (b"x-user", b"ada")],
        **more,
    }
    left, sent = list(chunks), []

    async def receive():
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message):
        sent.append(message)

    async def caller(scope):
        return Caller(dict(scope["headers"])[b"x-user"].decode())

    asyncio.run(resys.asgi.application(shop, caller)(scope, receive, send))
    start, body = sent
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, json.loads(body["body"])


@pytest.mark.parametrize(
    "mount, path",
    [("", PRODUCTS), ("/api", PRODUCTS[len("/api") :]), ("/my%20shop", PRODUCTS)],
)
def test_it_may_be_mounted_anywhere(shop, mount, path):
    status, headers, answer = wsgi(shop, "GET", path, mount=mount, query="limit=1")
    assert status == "200 OK" and headers["Content-Type"].startswith("application/json")
    assert answer["data"]["items"][0]["slug"] == "tea"
    for whole in (mount + path, path):
        if whole.startswith(("/api", mount)):
            assert asgi(shop, "GET", whole, mount=mount, query=b"limit=1")[0] == 200


def test_bodies_and_callers_arrive(shop):
    body = b'{"sku":"TEA","quantity":2}'
    assert wsgi(shop, "POST", ITEMS, body)[2]["data"]["itemCount"] == 2
    status, _, answer = asgi(shop, "POST", ITEMS, [body[:5], body[5:]])
    assert status == 200 and answer["data"]["itemCount"] == 4
    assert shop.cart.get(ADA).item_count == 4


def test_refusals_are_answers(shop):
    status, _, answer = wsgi(shop, "POST", ITEMS, b'{"sku":"NONE"}')
    assert status == "404 Not Found" and answer["error"]["code"] == "not_found"
    assert asgi(shop, "GET", "/api/no/such")[0] == 404
    assert wsgi(shop, "GET", "/elsewhere")[0] == "404 Not Found"


def test_a_key_in_a_header_makes_a_write_one(shop):
    for _ in range(2):
        wsgi(shop, "POST", ITEMS, b'{"sku":"TEA"}', HTTP_IDEMPOTENCY_KEY="once")
    assert shop.cart.get(ADA).item_count == 1


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 5 * 1024 * 1024])
def test_a_body_that_is_too_large_is_not_kept(shop, size):
    assert wsgi(shop, "POST", ITEMS, b" " * size)[0].startswith("413")
    received = [b" " * 65536] * (size // 65536 + 1)
    status, _, answer = asgi(shop, "POST", ITEMS, received)
    assert status == 413 and answer["error"]["code"] == "too_large"


def test_a_body_without_a_length(shop):
    body = {"wsgi.input": io.BytesIO(b'{"sku":"TEA"}'), "wsgi.input_terminated": True}
    assert wsgi(shop, "POST", ITEMS, CONTENT_LENGTH="", **body)[0] == "200 OK"
    assert wsgi(shop, "POST", ITEMS, b"x", CONTENT_LENGTH="")[0].startswith("400")


def test_a_length_that_is_none_reads_nothing(shop):
    for length in ("-1", "x", "1e3"):
        status = wsgi(shop, "POST", ITEMS, b'{"sku":"TEA"}', CONTENT_LENGTH=length)[0]
        assert status.startswith("400")


def test_half_a_request_does_nothing(shop):
    async def receive():
        return messages.pop(0)

    async def send(message):
        raise AssertionError(message)

    body = {"type": "http.request", "body": b'{"sku":"TEA"}', "more_body": True}
    messages = [body, {"type": "http.disconnect"}]
    scope = {"type": "http", "method": "POST", "path": ITEMS, "query_string": b"", "headers": []}
    asyncio.run(resys.asgi.application(shop, lambda _: ADA)(scope, receive, send))
    assert messages == [] and shop.cart.get(ADA).item_count == 0


def test_escapes_reach_the_shop_as_they_were_sent(shop):
    for slug in ("t\u00c3\u00a9a", "a?b", "a%62"):  # an undone escape is no separator
        status, _, answer = wsgi(shop, "GET", f"{PRODUCTS}/{slug}")
        assert (status, answer["error"]["field"]) == ("400 Bad Request", "slug")
    raw = f"{PRODUCTS}/te%61".encode()
    assert asgi(shop, "GET", f"{PRODUCTS}/tea", raw_path=raw)[0] == 200


def test_other_protocols_are_refused(shop):
    with pytest.raises(ValueError):
        asgi(shop, "GET", "/", type="websocket")
