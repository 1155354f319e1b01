"""The demo shop as a running program, and small clients for it: a shopper's browser, staff.

with DemoShop(folder, stripe_api_base=stripe.url) as shop:
    ada = shop.visitor()
    ada.post("/api/storefront/cart/items", {"sku": "PAN-HONEY", "quantity": 1})
"""

import http.client
import http.cookies
import json
import re
import signal
import sqlite3
import subprocess
import time

from support.project import BUILD

PROGRAM = BUILD / "examples" / "demo_shop" / "resys_demo_shop"
PATIENCE_SECONDS = 60


def wait_until(condition, what):
    """Until `condition()` is true; its value. No test depends on how long it takes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        is_json = headers.get("Content-Type", "").startswith("application/json")
        self.json = json.loads(body) if body and is_json else None

    def __repr__(self):
        return f"{self.status} {self.body[:2000]!r}"

    @property
    def data(self):
        """What a successful answer carries; anything else fails the test."""
        assert self.status < 300 and self.json["success"], self
        return self.json["data"]

    @property
    def error(self):
        assert self.status >= 300 and not self.json["success"], self
        return self.json["error"]


class Client:
    """One connection that is kept alive, and a cookie jar."""

    def __init__(self, shop, headers=None):
        self.shop = shop
        self.headers = headers or {}
        self.cookies = {}
        self.connection = None

    def request(self, method, path, body=None, headers=None):
        sent = {**self.headers, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        payload = body
        if body is not None and not isinstance(body, bytes):
            payload = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        answer = self.send(method, path, payload, sent)
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def send(self, method, path, payload, headers):
        if self.connection is None or self.connection.port != self.shop.port:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.shop.port, timeout=90)
        try:
            self.connection.request(method, path, payload, headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()  # the next request opens it again
            raise

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, {} if body is None else body, **options)

    def put(self, path, body, **options):
        return self.request("PUT", path, body, **options)

    def sign_in(self, email, password):
        return self.post("/demo/sign-in", {"email": email, "password": password}).data


class DemoShop:
    """The program of examples/demo_shop on a database in `folder`, from start() to stop()."""

    def __init__(self, folder, stripe_api_base=None, smtp=None, options=()):
        self.database = folder / "shop.db"
        self.log_path = folder / "shop.log"
        self.command = [str(PROGRAM), "--database", str(self.database), *options]
        if stripe_api_base:
            self.command += ["--stripe-api-base", stripe_api_base]
        if smtp:
            self.command += ["--smtp", smtp]
        self.process = None
        self.port = 0
        self.lines = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()

    def start(self):
        """Until it says that it is ready. Started again it keeps its port."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("resys demo shop ready on "):
                break
        else:
            raise AssertionError(f"the demo shop did not start: {self.log()}")
        self.url = re.search(r"ready on (http://127\.0\.0\.1:(\d+))$", self.lines[-1])[1]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.accounts = [
            tuple(found.groups())
            for line in self.lines
            if (found := re.fullmatch(r"demo account (\S+) password (\S+)", line))
        ]
        self.staff_token = next(
            line.rsplit(" ", 1)[1] for line in self.lines if line.startswith("staff token ")
        )

    def log(self):
        return self.log_path.read_text(errors="replace")

    def stop(self):
        """Ctrl-C. It has to end by itself, and well."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()
        assert status == 0, self.log()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def visitor(self):
        return Client(self)

    def signed_in(self, account=0):
        client = self.visitor()
        client.sign_in(*self.accounts[account])
        return client

    def staff(self):
        return Client(self, {"Authorization": f"Bearer {self.staff_token}"})

    def payment_method(self, processor):
        methods = self.staff().get("/api/admin/settings/payment-methods").data["items"]
        return next(each for each in methods if each["processor"] == processor)

    def configure(self, processor, **settings):
        method = self.payment_method(processor)["id"]
        path = f"/api/admin/settings/payment-methods/{method}/config"
        return self.staff().put(path, settings).data

    def let_time_pass(self, seconds):
        """As if the clock had moved on: every time that the database holds moves into the past.

        The running shop notices at its next look at what is due. What it has been told by others
        (Stripe) does not grow older.
        """
        database = sqlite3.connect(self.database, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
            columns = database.execute(
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                " WHERE m.type = 'table' AND c.name LIKE '%\\_at' ESCAPE '\\'"
            ).fetchall()
            for table, column in columns:
                database.execute(
                    f"UPDATE {table} SET {column} = {column} - ? WHERE {column} IS NOT NULL",
                    (seconds * 1_000_000,),
                )
            database.execute("COMMIT")
        finally:
            database.close()
