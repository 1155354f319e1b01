"""Each example of examples/python is started and used over HTTP, as its README says."""

import contextlib
import http.client
import json
import signal
import subprocess
import sys
from urllib.parse import urlencode, urlsplit

import pytest
import resys
from support.project import ROOT
from support.python_shop import STAFF, euro

FOLDER = ROOT / "examples" / "python"
ITEMS = "/api/storefront/cart/items"


@contextlib.contextmanager
def running(example, tmp_path):
    """An address to talk to; the program must live until then and say nothing on stderr."""
    errors = (tmp_path / "stderr.txt").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-X", "dev", FOLDER / example, f"sqlite:{tmp_path / 'shop.db'}", "0"],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        address = process.stdout.readline().strip()
        errors.seek(0)
        assert address.startswith("http://"), errors.read()
        yield urlsplit(address).netloc
        assert process.poll() is None
    finally:
        while process.poll() is None:  # some servers swallow one that comes during a request
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
        process.stdout.close()
        errors.seek(0)
        said = errors.read()
        errors.close()
    assert "Warning" not in said and "Fatal" not in said, said


class Browser:
    """Talks HTTP and keeps one cookie."""

    def __init__(self, address):
        self.address = address
        self.cookie = ""

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.address, timeout=20)
        if self.cookie:
            headers["Cookie"] = self.cookie
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        self.cookie = (response.headers.get("Set-Cookie") or self.cookie).split(";")[0]
        text = response.read().decode()
        connection.close()
        return response.status, text

    def add(self, sku, **headers):
        body = json.dumps({"sku": sku})
        headers = {"Content-Type": "application/json", **headers}
        status, text = self.ask("POST", ITEMS, body, **headers)
        return status, json.loads(text)


def stock(tmp_path):
    with resys.Shop.open(f"sqlite:{tmp_path / 'shop.db'}") as shop:
        tea = resys.NewVariant(sku="TEA", price=euro("7.90"))
        shop.admin.products.create(STAFF, slug="tea", name="Tea", variants=[tea])


def test_the_demo_shop(tmp_path):
    with running("shop.py", tmp_path) as address:
        browser = Browser(address)
        status, page = browser.ask("GET", "/")
        assert status == 200 and "Mug, BLUE" in page and "5 left" in page
        form = urlencode({"sku": "MUG-RED"})
        status, _ = browser.ask("POST", "/", form)
        assert status == 303
        assert "Cart: 1, 12.50 EUR" in browser.ask("GET", "/")[1]
        assert "Cart: 0" in Browser(address).ask("GET", "/")[1]
        assert browser.ask("POST", "/", urlencode({"sku": "NONE"}))[0] == 404
        assert browser.add("MUG-BLUE")[1]["data"]["itemCount"] == 2


@pytest.mark.parametrize("example", ["flask_app.py", "django_app.py"])
def test_wsgi_frameworks(tmp_path, example):
    stock(tmp_path)
    with running(example, tmp_path) as address:
        browser = Browser(address)
        assert browser.add("TEA")[0] == 401
        method = "POST" if example == "flask_app.py" else "GET"
        assert browser.ask(method, "/login/ada") == (200, "Hello ada")
        status, answer = browser.add("TEA")
        assert (status, answer["data"]["itemCount"]) == (200, 1)
        assert browser.ask("GET", "/api/storefront/products?limit=1")[0] == 200
        assert browser.add("NONE")[1]["error"]["code"] == "not_found"
    with resys.Shop.open(f"sqlite:{tmp_path / 'shop.db'}") as shop:
        assert shop.cart.get(resys.Caller("ada")).item_count == 1


def test_fastapi(tmp_path):
    stock(tmp_path)
    with running("fastapi_app.py", tmp_path) as address:
        browser = Browser(address)
        assert browser.add("TEA")[0] == 401
        assert browser.add("TEA", **{"X-User": "ada"})[1]["data"]["itemCount"] == 1
        status, total = browser.ask("GET", "/cart-total", **{"X-User": "ada"})
        assert (status, json.loads(total)) == (200, "7.90 EUR")
