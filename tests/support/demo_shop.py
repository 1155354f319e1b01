"""The demo shop as a process, and clients that talk HTTP with it as a browser or program would."""

import dataclasses
import http.client
import json
import re
import signal
import sqlite3
import subprocess
import time

from support.project import BUILD

PROGRAM = BUILD / "examples" / "demo_shop" / "resys_demo_shop"
# A bound for what hangs; no test depends on it.
PATIENCE_SECONDS = 60

ADDRESS = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postalCode": "SW1Y 4JH",
    "country": "GB",
}


def wait_until(condition, what):
    """Until `condition()` is true; its value."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)
    return value


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        """What a successful call answers."""
        assert self.status == 200 and self.json["success"], (self.status, self.body)
        return self.json["data"]

    @property
    def error(self):
        assert self.status >= 400 and not self.json["success"], (self.status, self.body)
        return self.json["error"]


class Client:
    """One connection that is kept alive, with cookies. `headers` go with every request."""

    def __init__(self, port, headers=None):
        self.port = port
        self.headers = headers or {}
        self.cookies = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)

    def send(self, method, path, body=None, headers=None):
        """`body` is sent as JSON, unless it is bytes."""
        sent = dict(self.headers)
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        self.connection.request(method, path, body, sent | (headers or {}))
        response = self.connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return answer

    def get(self, path, **more):
        return self.send("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.send("POST", path, {} if body is None else body, **more)

    def put(self, path, body, **more):
        return self.send("PUT", path, body, **more)

    # What shoppers do, one call each; each must succeed.
    def add(self, sku, quantity=1):
        return self.post("/api/storefront/cart/items", {"sku": sku, "quantity": quantity}).data

    def sign_in(self, account):
        return self.post("/demo/sign-in", {"email": account[0], "password": account[1]}).data

    def reach_delivery(self, sku="TEA-ASSAM-100", quantity=1):
        """A cart with an address and a shipping method."""
        self.add(sku, quantity)
        self.post("/api/storefront/checkout/addresses", {"shippingAddress": ADDRESS}).data
        methods = self.get("/api/storefront/checkout/shipping-methods").data["items"]
        chosen = {"shippingMethodId": methods[0]["id"]}
        return self.post("/api/storefront/checkout/shipping-method", chosen).data

    def payment_method(self, processor):
        for method in self.get("/api/storefront/checkout/payment-methods").data["items"]:
            if method["processor"] == processor:
                return method["id"]
        raise AssertionError(f"{processor} is not offered")

    def ask_to_place(self, processor="test"):
        chosen = {"paymentMethodId": self.payment_method(processor)}
        return self.post("/api/storefront/checkout/place-order", chosen)

    def place(self, processor="test"):
        return self.ask_to_place(processor).data

    def pay(self, placement, card="4242424242424242"):
        secret = placement["payment"]["clientSecret"]
        return self.post("/demo/pay", {"clientSecret": secret, "card": card})

    def order(self, number):
        return self.get(f"/api/storefront/orders/{number}").data


class DemoShop:
    """`with DemoShop(folder) as shop:` serves shop.db of that folder until the block ends."""

    def __init__(self, folder, *options, database=None, wrapper=(), port=0):
        database = database or str(folder / "shop.db")
        self.database = database
        self.stderr_file = folder / "stderr.txt"
        with self.stderr_file.open("wb") as stderr:
            self.process = subprocess.Popen(
                [*wrapper, PROGRAM, "--database", database, "--port", str(port), *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self.lines = []
        self.port = None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            ready = re.fullmatch(r"resys demo shop ready on http://127\.0\.0\.1:(\d+)\n", line)
            if ready:
                self.port = int(ready[1])
                break
        assert self.port, f"not ready: {self.lines} {self.stderr}"
        self.url = f"http://127.0.0.1:{self.port}"
        said = "\n".join(self.lines)
        self.accounts = re.findall(r"^demo account (\S+) password (\S+)$", said, re.MULTILINE)
        self.staff_token = re.search(r"^staff token (\S+)$", said, re.MULTILINE)[1]

    @property
    def stderr(self):
        return self.stderr_file.read_text()

    def client(self):
        return Client(self.port)

    def shopper(self, account=0):
        client = self.client()
        client.sign_in(self.accounts[account])
        return client

    def staff(self):
        return Client(self.port, {"Authorization": f"Bearer {self.staff_token}"})

    def configure(self, processor, **settings):
        """What staff set of the first payment method of that processor."""
        methods = self.staff().get("/api/admin/settings/payment-methods").data["items"]
        method = next(each for each in methods if each["processor"] == processor)
        path = f"/api/admin/settings/payment-methods/{method['id']}/config"
        return self.staff().put(path, settings).data

    def let_time_pass(self, seconds):
        """As if the clock had moved on: every time that the database holds moves into the past.

        The running shop notices at its next look at what is due. What others have been told does
        not grow older.
        """
        database = sqlite3.connect(self.database, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
            columns = database.execute(
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                " WHERE m.type = 'table' AND c.name GLOB '*_at'"
            ).fetchall()
            for table, column in columns:
                database.execute(
                    f"UPDATE {table} SET {column} = {column} - ? WHERE {column} IS NOT NULL",
                    (seconds * 1_000_000,),
                )
            database.execute("COMMIT")
        finally:
            database.close()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, by=signal.SIGINT):
        """Answers the exit status."""
        self.process.send_signal(by)
        return self.process.wait(PATIENCE_SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
        self.process.stdout.close()
