"""The demo shop's own contract: options, what it prints, visitors, staff, its database and its end.

What the shop's endpoints do is tested in tests/api; here they are only a means."""

import json
import sqlite3
import stat
import subprocess
import time

import pytest
from support.demo_shop import ADDRESS, PATIENCE_SECONDS, PROGRAM, Client, DemoShop
from support.project import ROOT, text

USAGE = text("examples/demo_shop/usage.txt")
STRIPE_KEYS = {
    "secretKey": "sk_test_1",
    "webhookSecret": "whsec_1",
    "publishableKey": "pk_test_1",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """One for the tests that leave nothing behind that others could see."""
    with DemoShop(tmp_path_factory.mktemp("shop")) as running:
        yield running


def run(program, *arguments):
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )


# ---- the command line


@pytest.mark.parametrize("program", [PROGRAM, ROOT / "examples" / "run"])
def test_help_is_the_usage_text(program):
    helped = run(program, "--help")
    assert (helped.returncode, helped.stdout, helped.stderr) == (0, USAGE, "")


@pytest.mark.parametrize("program", [PROGRAM, ROOT / "examples" / "run"])
def test_unknown_options_are_named_and_nothing_is_started(program, tmp_path):
    refused = run(program, "--database", str(tmp_path / "shop.db"), "--bogus=1")
    assert refused.returncode == 2 and refused.stdout == ""
    assert "--bogus" in refused.stderr and USAGE in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "65536"),
        ("--port", "-1"),
        ("--port", "http"),
        ("--port",),
        ("--staff-token", ""),
        ("--staff-token", "two words"),
        ("--stripe-api-base", "ftp://127.0.0.1"),
        ("--stripe-api-base", "http://example.com"),
        ("stray",),
    ],
)
def test_bad_values_are_refused_by_the_option_s_name(arguments):
    refused = run(PROGRAM, *arguments)
    assert refused.returncode == 2 and arguments[0] in refused.stderr


def test_a_bad_smtp_address_is_refused(tmp_path):
    database = str(tmp_path / "shop.db")
    refused = run(PROGRAM, "--database", database, "--port", "0", "--smtp", "nowhere")
    assert refused.returncode == 2 and refused.stdout == "" and refused.stderr != ""


def test_a_port_that_is_taken_is_named(shop, tmp_path):
    refused = run(PROGRAM, "--database", str(tmp_path / "shop.db"), "--port", str(shop.port))
    assert refused.returncode == 1 and str(shop.port) in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_says_accounts_token_addresses_and_last_that_it_is_ready(shop):
    assert len(shop.accounts) == 2
    assert shop.lines[0].startswith("demo account ") and shop.lines[1].startswith("demo account ")
    assert f"staff token {shop.staff_token}" in shop.lines
    assert f"staff page {shop.url}/staff" in shop.lines
    assert shop.lines[-1] == f"resys demo shop ready on {shop.url}"


def test_options_may_be_written_with_an_equals_sign_and_the_last_counts(tmp_path):
    with DemoShop(tmp_path, "--staff-token=first", "--staff-token", "second") as shop:
        assert shop.staff_token == "second"
        assert shop.staff().get("/api/admin/orders").status == 200


# ---- visitors


def test_a_guest_is_the_cookie_it_was_given(shop):
    ada, grace = shop.client(), shop.client()
    answer = ada.get("/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    ada.add("PAN-HONEY", 2)
    assert ada.get("/api/storefront/cart").data["itemCount"] == 2
    assert ada.get("/").headers["Set-Cookie"] is None
    assert grace.get("/api/storefront/cart").data["itemCount"] == 0


def test_a_made_up_cookie_is_nobody(shop):
    client = shop.client()
    client.cookies = {"resys_guest": "admin", "resys_account": "user-ada.9999999999.00"}
    assert client.get("/demo/session").data["user"] is None
    assert len(client.cookies["resys_guest"]) == 32


def user_of(shop, cookie):
    client = shop.client()
    client.cookies = {"resys_account": cookie}
    return client.get("/demo/session").data["user"]


def test_each_sign_in_is_a_new_session_and_signing_out_ends_it_on_the_server(shop):
    client = shop.shopper()
    first = client.cookies["resys_account"]
    assert len(first) == 32 and user_of(shop, first)["email"] == shop.accounts[0][0]
    client.sign_in(shop.accounts[0])
    second = client.cookies["resys_account"]
    assert second != first and user_of(shop, first) is None
    other = shop.shopper()
    client.post("/demo/sign-out").data
    assert user_of(shop, second) is None
    assert user_of(shop, other.cookies["resys_account"])["email"] == shop.accounts[0][0]


def test_the_file_of_the_sessions_holds_no_cookie(tmp_path):
    with DemoShop(tmp_path) as shop:
        cookie = shop.shopper().cookies["resys_account"]
        sessions = tmp_path / "shop.db.sessions"
        assert stat.S_IMODE(sessions.stat().st_mode) == 0o600
        assert cookie.encode() not in sessions.read_bytes()


def test_passwords_and_codes_cannot_be_tried_for_ever(tmp_path):
    with DemoShop(tmp_path) as shop:
        client = shop.client()
        email, password = shop.accounts[0]
        for _ in range(10):
            assert client.post("/demo/sign-in", {"email": email, "password": "no"}).status == 401
        refused = client.post("/demo/sign-in", {"email": email, "password": password})
        assert refused.status == 429 and 0 < int(refused.headers["Retry-After"]) <= 601
        client.add("PAN-HONEY")
        codes = "/api/storefront/cart/coupons"
        for number in range(30):
            assert client.post(codes, {"code": f"GUESS{number}"}).status == 422
        assert client.post(codes, {"code": "WELCOME10"}).status == 429
        assert client.get("/api/storefront/cart").status == 200


@pytest.mark.parametrize(
    "credentials, status, field",
    [
        ({"email": "ada@example.com", "password": "wrong"}, 401, None),
        ({"email": "nobody@example.com", "password": "ada-likes-tea"}, 401, None),
        ({"email": "ada@example.com"}, 400, "password"),
        ({"email": 1, "password": "x"}, 400, "email"),
        ([], 400, "email"),
    ],
)
def test_who_cannot_sign_in(shop, credentials, status, field):
    client = shop.client()
    refused = client.post("/demo/sign-in", credentials)
    assert refused.status == status and refused.error["field"] == field
    assert "resys_account" not in client.cookies


def test_signing_in_keeps_the_guest_s_session_until_the_carts_are_merged(shop):
    client = shop.client()
    client.add("CER-BOWL-BLUE")
    guest = client.cookies["resys_guest"]
    client.sign_in(shop.accounts[1])
    assert client.cookies["resys_guest"] == guest
    assert client.get("/api/storefront/cart").data["itemCount"] == 0
    merged = client.post("/api/storefront/cart/merge").data
    assert [line["result"] for line in merged["lines"]] == ["moved"]
    assert client.get("/api/storefront/cart").data["itemCount"] == 1
    assert client.cookies["resys_guest"] != guest
    client.post("/demo/sign-out")
    assert "resys_account" not in client.cookies
    assert client.get("/api/storefront/cart").data["itemCount"] == 0


def test_a_guest_s_order_that_waits_for_its_payment_keeps_its_session(tmp_path):
    with DemoShop(tmp_path) as shop:
        shop.staff().put("/api/admin/settings/checkout", {"guestCheckout": True}).data
        client = shop.client()
        client.add("PAN-COOKIES")
        where = {"email": "guest@example.com", "shippingAddress": ADDRESS}
        client.post("/api/storefront/checkout/addresses", where).data
        methods = client.get("/api/storefront/checkout/shipping-methods").data["items"]
        chosen = {"shippingMethodId": methods[0]["id"]}
        client.post("/api/storefront/checkout/shipping-method", chosen).data
        placement = client.place()
        client.sign_in(shop.accounts[0])
        client.post("/api/storefront/cart/merge").data
        client.post("/demo/sign-out")
        assert client.pay(placement).status == 200
        assert client.order(placement["order"]["number"])["state"] == "Complete"


def test_mail_goes_to_the_account_unless_another_address_is_given(shop):
    client = shop.shopper()
    assert client.reach_delivery()["email"] == shop.accounts[0][0]
    other = {"shippingAddress": ADDRESS, "email": "else@example.com"}
    answer = client.post("/api/storefront/checkout/addresses", other)
    assert answer.data["email"] == "else@example.com"


def test_visitors_are_known_after_a_restart(tmp_path):
    with DemoShop(tmp_path) as shop:
        guest, member = shop.client(), shop.shopper()
        guest.add("PAN-HONEY", 3)
        assert shop.stop() == 0
    with DemoShop(tmp_path) as shop:
        for client in (guest, member):
            again = Client(shop.port)
            again.cookies = client.cookies
            client.again = again
        assert guest.again.get("/api/storefront/cart").data["itemCount"] == 3
        assert member.again.get("/demo/session").data["user"]["email"] == shop.accounts[0][0]


# ---- other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "method, path",
    [
        ("POST", "/api/storefront/cart/items"),
        ("POST", "/api/storefront/cart/merge"),
        ("DELETE", "/api/storefront/cart/coupons/X"),
        ("PUT", "/api/admin/settings/checkout"),
        ("POST", "/demo/sign-in"),
        ("POST", "/demo/sign-out"),
        ("POST", "/demo/pay"),
    ],
)
def test_writes_from_other_sites_are_refused(shop, method, path, headers):
    refused = shop.client().send(method, path, {}, headers=headers)
    assert refused.status == 403 and refused.error["code"] == "forbidden"


ITEM = b'{"sku":"PAN-HONEY","quantity":1}'
PARTS = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + ITEM + b"\r\n--x--\r\n"


@pytest.mark.parametrize(
    "content_type, body",
    [
        ("text/plain", ITEM),
        ("application/x-www-form-urlencoded", ITEM),
        ("multipart/form-data; boundary=x", PARTS),
        ("", ITEM),
    ],
)
@pytest.mark.parametrize("path", ["/api/storefront/cart/items", "/demo/sign-in", "/demo/pay"])
def test_what_a_form_can_send_is_refused(shop, path, content_type, body):
    headers = {"Content-Type": content_type} if content_type else {}
    refused = shop.client().send("POST", path, body, headers=headers)
    assert refused.status == 415 and not refused.json["success"]


def test_the_shop_s_own_pages_may_write(shop):
    headers = {"Origin": shop.url, "Sec-Fetch-Site": "same-origin"}
    item = {"sku": "PAN-HONEY", "quantity": 1}
    shop.client().post("/api/storefront/cart/items", item, headers=headers).data


def test_webhooks_need_neither_cookie_nor_json_nor_this_site(shop):
    headers = {"Origin": "https://stripe.example", "Content-Type": "text/plain"}
    refused = shop.client().send("POST", "/api/webhooks/stripe", b"{}", headers=headers)
    assert refused.status == 400 and refused.error["code"] == "invalid_signature"
    assert refused.headers["Set-Cookie"] is None


# ---- staff


def test_staff_have_the_token(shop):
    assert shop.staff().get("/api/admin/orders").status == 200
    token = shop.staff_token
    for wrong in ("", f"Bearer {token[:-1]}", f"Bearer {token}x", f"Basic {token}", token):
        refused = Client(shop.port, {"Authorization": wrong}).get("/api/admin/orders")
        assert refused.status == 403, wrong
    assert shop.client().get("/api/admin/orders").status == 403


def test_staff_s_token_opens_nobody_s_cart(shop):
    assert shop.staff().get("/api/storefront/cart").data["itemCount"] == 0


# ---- the card form


def test_a_declined_card_then_another_one(shop):
    client = shop.shopper()
    client.reach_delivery()
    placement = client.place()
    declined = client.pay(placement, "4000000000000002")
    assert declined.status == 402 and declined.error["code"] == "payment_declined"
    paid = client.pay(placement)
    assert paid.status == 200 and paid.json["state"] == paid.data["state"] == "captured"
    assert client.order(placement["order"]["number"])["state"] == "Complete"


@pytest.mark.parametrize(
    "approve, status, state", [(True, 200, "Complete"), (False, 402, "Payment")]
)
def test_a_card_whose_bank_asks(shop, approve, status, state):
    client = shop.shopper(account=1)
    cart = client.get("/api/storefront/cart").data
    if cart["state"] == "Payment":
        client.post("/api/storefront/checkout/reopen").data
    client.reach_delivery("TEA-EARLGREY-100")
    placement = client.place()
    assert client.pay(placement, "4000002500003155").json["state"] == "requires_action"
    answer = {"clientSecret": placement["payment"]["clientSecret"], "approve": approve}
    assert client.post("/demo/pay", answer).status == status
    assert client.order(placement["order"]["number"])["state"] == state


def test_the_card_form_knows_only_its_own_payments(shop):
    request = {"clientSecret": "nothing", "card": "4242424242424242"}
    assert shop.client().post("/demo/pay", request).status == 404


# ---- pages


@pytest.mark.parametrize(
    "path", ["/", "/products/earl-grey", "/cart", "/checkout", "/sign-in", "/orders", "/orders/X",
             "/staff"]
)
def test_pages_are_html_with_a_strict_policy(shop, path):
    page = shop.client().get(path)
    assert page.status == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert ("https://js.stripe.com" in policy) == (path == "/checkout")
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_not_there(shop):
    client = shop.client()
    for path in ("/nothing", "/orders/", "/pictures/", "/products/a/b", "/../main.cpp",
                 "/%2e%2e/main.cpp", "/pictures/../../main.cpp"):
        missing = client.get(path)
        assert missing.status == 404 and b"nothing here" in missing.body, path
    assert client.post("/").status == 404
    assert client.get("/demo/nothing").error["code"] == "not_found"
    assert client.get("/api/nothing").error["code"] == "not_found"


def test_a_page_that_has_not_changed_is_not_sent_again(shop):
    client = shop.client()
    first = client.get("/style.css")
    again = client.get("/style.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("size", [1_100_000, 3_000_000])
def test_a_body_that_is_too_large_is_refused_in_the_shop_s_words(shop, size):
    body = b'{"sku":"' + b"x" * size + b'"}'
    headers = {"Content-Type": "application/json"}
    client = shop.client()
    refused = client.send("POST", "/api/storefront/cart/items", body, headers=headers)
    assert refused.status == 413 and refused.error["code"] == "too_large"


@pytest.mark.parametrize("ranges", ["0-3000000", "100000000000-100000000010", "0-1,5-900000", "-9"])
def test_a_page_is_sent_whole_whatever_range_is_asked_for(shop, ranges):
    client = shop.client()
    whole = client.get("/style.css")
    answer = client.get("/style.css", headers={"Range": f"bytes={ranges}"})
    assert (answer.status, answer.body) == (200, whole.body)


def test_a_body_that_is_nested_too_deeply_is_refused(shop):
    client = shop.shopper()
    body = b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    headers = {"Content-Type": "application/json"}
    refused = client.send("POST", "/api/storefront/checkout/addresses", body, headers=headers)
    assert refused.status == 400 and refused.error["code"] == "invalid_request"


# ---- the database


def products_of(client):
    return client.get("/api/storefront/products?limit=200").data["items"]


def test_the_sample_catalogue(shop):
    client = shop.client()
    products = products_of(client)
    assert 28 <= len(products) <= 40
    for product in products[:10]:
        for variant in product["variants"]:
            assert variant["availableQuantity"] > 20 and not variant["backorderable"]
    variants = [variant for product in products for variant in product["variants"]]
    assert any(v["availableQuantity"] == 0 and not v["backorderable"] for v in variants)
    assert any(v["backorderable"] for v in variants) and any(v["options"] for v in variants)
    for url in {variant["imageUrl"] for variant in variants}:
        picture = client.get(url)
        assert picture.status == 200 and picture.headers["Content-Type"].startswith("image/svg")


def test_the_sample_store(shop):
    staff = shop.staff()
    assert len(staff.get("/api/admin/locations").data["items"]) == 1
    shipping = staff.get("/api/admin/shipping-methods").data["items"]
    assert [method["countries"] for method in shipping].count([]) == 1
    methods = staff.get("/api/admin/settings/payment-methods").data["items"]
    assert {(each["processor"], each["active"]) for each in methods} == {
        ("test", True), ("stripe", True), ("manual", True)}
    offered = shop.shopper().get("/api/storefront/checkout/payment-methods").data["items"]
    assert {each["processor"] for each in offered} == {"test", "manual"}


def test_stripe_is_offered_once_it_is_configured(tmp_path):
    with DemoShop(tmp_path) as shop:
        shop.configure("stripe", **STRIPE_KEYS)
        offered = shop.shopper().get("/api/storefront/checkout/payment-methods").data["items"]
        stripe = [each for each in offered if each["processor"] == "stripe"]
        assert stripe[0]["public"] == {"publishableKey": "pk_test_1"}


def test_only_an_empty_database_is_filled(tmp_path):
    with DemoShop(tmp_path) as shop:
        before = products_of(shop.client())
        product = {"name": "Renamed", "active": False}
        staff = shop.staff()
        staff.put(f"/api/admin/products/{before[0]['id']}", product).data
        staff.put("/api/admin/stock/PAN-HONEY", {"onHand": 1, "reason": "counted"}).data
        assert shop.stop() == 0
    with DemoShop(tmp_path) as shop:
        expected = before[1:]
        honey = next(each for each in expected if each["slug"] == "forest-honey")
        honey["variants"][0]["availableQuantity"] = 1
        assert products_of(shop.client()) == expected
        assert len(shop.staff().get("/api/admin/locations").data["items"]) == 1


def test_without_seed_it_stays_empty(tmp_path):
    with DemoShop(tmp_path, "--no-seed") as shop:
        assert products_of(shop.client()) == []
        assert shop.staff().get("/api/admin/settings/payment-methods").data["items"] == []
        shop.staff().post("/api/admin/locations", {"name": "Mine"}).data
        assert shop.stop() == 0
    with DemoShop(tmp_path) as shop:
        assert products_of(shop.client()) == []


def test_filling_that_was_killed_is_finished_by_the_next_start(tmp_path):
    database = tmp_path / "shop.db"
    for moment in range(6):
        process = subprocess.Popen(
            [PROGRAM, "--database", database, "--port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not database.exists():
            time.sleep(0.001)
        time.sleep(0.02 * moment)
        process.kill()
        process.wait()
    with DemoShop(tmp_path) as shop, DemoShop(make(tmp_path / "other")) as other:
        def content(running):
            def known(variant):
                return variant["sku"], variant["availableQuantity"], variant["backorderable"]

            return [(p["slug"], [known(v) for v in p["variants"]])
                    for p in products_of(running.client())]

        assert content(shop) == content(other)
        assert len(shop.staff().get("/api/admin/settings/payment-methods").data["items"]) == 3
        assert len(shop.staff().get("/api/admin/promotions").data["items"]) == 3


def make(folder):
    folder.mkdir()
    return folder


def test_the_key_file_is_private_and_made_once(tmp_path):
    key = tmp_path / "shop.db.key"
    with DemoShop(tmp_path) as shop:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        made = key.read_bytes()
        shop.configure("stripe", **STRIPE_KEYS)
        assert shop.stop() == 0
    with DemoShop(tmp_path) as shop:
        assert key.read_bytes() == made and stat.S_IMODE(key.stat().st_mode) == 0o600
        offered = shop.shopper().get("/api/storefront/checkout/payment-methods").data["items"]
        assert "stripe" in {each["processor"] for each in offered}
    assert sorted(each.name for each in tmp_path.glob("*.key*")) == ["shop.db.key"]


def test_a_lost_key_file_is_an_error_and_not_a_new_key(tmp_path):
    with DemoShop(tmp_path) as shop:
        assert shop.stop() == 0
    key = tmp_path / "shop.db.key"
    key.rename(tmp_path / "kept")
    refused = run(PROGRAM, "--database", str(tmp_path / "shop.db"), "--port", "0")
    assert refused.returncode == 1 and "shop.db.key is missing" in refused.stderr
    assert not key.exists()
    (tmp_path / "kept").rename(key)
    with DemoShop(tmp_path) as shop:
        assert shop.client().get("/").status == 200


def test_a_key_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "shop.db.key").write_text("secret\n")
    refused = run(PROGRAM, "--database", str(tmp_path / "shop.db"), "--port", "0")
    assert refused.returncode == 1 and "shop.db.key" in refused.stderr


def test_several_processes_may_start_on_one_new_database(tmp_path):
    folders = [make(tmp_path / str(number)) for number in range(4)]
    database = str(tmp_path / "shop.db")
    processes = [
        subprocess.Popen(
            [PROGRAM, "--database", database, "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=(folder / "stderr.txt").open("w"),
            text=True,
        )
        for folder in folders
    ]
    try:
        for process, folder in zip(processes, folders):
            said = [next(process.stdout, "") for _ in range(6)]
            assert said[-1].startswith("resys demo shop ready"), (folder / "stderr.txt").read_text()
    finally:
        for process in processes:
            process.kill()
            process.wait()
    with DemoShop(folders[0], database=database) as shop:
        assert len(shop.staff().get("/api/admin/locations").data["items"]) == 1
        assert len(shop.staff().get("/api/admin/shipping-methods").data["items"]) == 2
        assert len(shop.staff().get("/api/admin/settings/payment-methods").data["items"]) == 3
        stock = shop.staff().get("/api/admin/stock/TEA-ASSAM-100/movements").data["items"]
        assert len(stock) == 1


def test_a_database_in_memory_leaves_no_file(tmp_path):
    with DemoShop(tmp_path, database="sqlite::memory:") as shop:
        client = shop.shopper()
        client.reach_delivery()
        assert client.pay(client.place()).status == 200
    assert [each.name for each in tmp_path.iterdir()] == ["stderr.txt"]


# ---- backups and checks


def test_another_process_copies_and_checks_the_database_of_a_running_shop(tmp_path):
    copy = str(tmp_path / "copy.db")
    with DemoShop(tmp_path) as shop:
        number = buy(shop)
        made = run(PROGRAM, "--database", shop.database, "--backup", copy)
        assert made.returncode == 0, made.stderr
        assert json.loads(made.stdout)["path"] == copy
        again = run(PROGRAM, "--database", shop.database, "--backup", copy)
        assert again.returncode == 1 and again.stdout == "" and again.stderr != ""
        checked = run(PROGRAM, "--database", shop.database, "--check")
        assert checked.returncode == 0, checked.stderr
        assert json.loads(checked.stdout)["differences"] == []
    database = sqlite3.connect(copy)
    placed = database.execute("SELECT number FROM orders WHERE number IS NOT NULL").fetchall()
    assert placed == [(number,)]
    database.execute("UPDATE orders SET item_count = item_count + 1 WHERE number IS NOT NULL")
    database.commit()
    database.close()
    checked = run(PROGRAM, "--database", copy, "--check")
    assert checked.returncode == 1 and len(json.loads(checked.stdout)["differences"]) == 1


def test_what_does_not_exist_is_neither_checked_nor_made(tmp_path):
    refused = run(PROGRAM, "--database", str(tmp_path / "shop.db"), "--check")
    assert refused.returncode == 1 and "shop.db" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("chosen", [None, "elsewhere"])
def test_staff_make_backups_in_the_program_s_folder(tmp_path, chosen):
    folder = tmp_path / (chosen or "backups")
    options = [] if chosen is None else ["--backups", str(folder)]
    with DemoShop(tmp_path, *options) as shop:
        assert shop.shopper().post("/demo/backups").status == 403
        assert not folder.exists()
        made = [shop.staff().post("/demo/backups").data["path"] for _ in range(2)]
    assert sorted(made) == sorted(str(each) for each in folder.iterdir())
    assert len(set(made)) == 2 and stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_shop_in_memory_has_no_folder_for_backups(tmp_path):
    with DemoShop(tmp_path, database="sqlite::memory:") as shop:
        assert "--backups" in shop.staff().post("/demo/backups").error["message"]


# ---- mail and the log


def buy(shop):
    client = shop.shopper()
    client.reach_delivery()
    placement = client.place()
    assert client.pay(placement).status == 200
    return placement["order"]["number"]


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def test_without_an_smtp_server_a_mail_is_one_line_of_the_log(tmp_path):
    with DemoShop(tmp_path) as shop:
        number = buy(shop)
        wait_until(lambda: "mail to " in shop.stderr)
        mails = [line for line in shop.stderr.splitlines() if "mail to " in line]
        assert len(mails) == 1 and f"mail to {shop.accounts[0][0]}: " in mails[0]
        assert number in mails[0]


def test_quiet_it_logs_no_mail(tmp_path):
    with DemoShop(tmp_path, "--quiet") as shop:
        buy(shop)
        undelivered = "/api/admin/events"
        wait_until(lambda: shop.staff().get(undelivered).data["items"] == [])
        assert shop.stop() == 0
        assert shop.stderr == ""
