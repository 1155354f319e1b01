"""The demo shop's connections: how many at once, how they are kept, and how it stops."""

import ctypes
import os
import pathlib
import re
import signal
import socket
import time

import pytest
from support.demo_shop import PATIENCE_SECONDS, DemoShop, wait_until


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """One for the tests that leave nothing behind that others could see."""
    with DemoShop(tmp_path_factory.mktemp("shop")) as running:
        yield running


def ask(connection):
    connection.sendall(b"GET /api/storefront/products/earl-grey HTTP/1.1\r\n" + host(connection))
    connection.sendall(b"\r\n")


def host(connection):
    return b"Host: localhost:%d\r\n" % connection.getpeername()[1]


def read_answer(connection):
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        assert piece, received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                  if line.startswith(b"content-length"))
    while len(body) < length:
        piece = connection.recv(65536)
        assert piece, received
        body += piece
    return int(head.split()[1])


def connect(shop):
    return socket.create_connection(("127.0.0.1", shop.port), timeout=PATIENCE_SECONDS)


def test_500_connections_at_once_and_each_is_kept_alive(tmp_path):
    with DemoShop(tmp_path) as shop:
        connections = [connect(shop) for _ in range(500)]
        for _ in range(8):  # more requests a connection than the library's default allows
            for connection in connections:
                ask(connection)
            assert [read_answer(connection) for connection in connections] == [200] * 500
        # One more client is not kept waiting by 500 that are idle.
        assert shop.client().get("/").status == 200
        assert shop.stop() == 0
        for connection in connections:
            assert connection.recv(1) == b""
            connection.close()


def switches_of(process):
    """How often the threads of a process have gone to sleep so far."""
    count = 0
    for task in pathlib.Path(f"/proc/{process.pid}/task").iterdir():
        status = (task / "status").read_text()
        count += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.MULTILINE)[1])
    return count


def test_idle_connections_cost_nothing(tmp_path):
    with DemoShop(tmp_path) as shop:
        connections = [connect(shop) for _ in range(200)]
        for connection in connections:
            ask(connection)
            assert read_answer(connection) == 200
        before = switches_of(shop.process)
        time.sleep(1)
        assert switches_of(shop.process) - before < len(connections)
        for connection in connections:
            connection.close()


def sockets_of(process):
    """The TCP sockets of a child process, as sockets of this one."""
    pidfd_getfd = 438
    pidfd = os.pidfd_open(process.pid)
    for entry in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
        if os.readlink(entry).startswith("socket:"):
            copy = ctypes.CDLL(None).syscall(pidfd_getfd, pidfd, int(entry.name), 0)
            assert copy >= 0, "a parent may look into its child"
            with socket.socket(fileno=copy) as found:
                if found.family == socket.AF_INET:
                    yield found
    os.close(pidfd)


def test_answers_are_not_held_back_to_be_sent_together(tmp_path):
    with DemoShop(tmp_path) as shop:
        client = shop.client()
        assert client.get("/").status == 200
        listening = (socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        delays = [
            each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for each in sockets_of(shop.process)
            if not each.getsockopt(*listening)
        ]
        assert delays == [1]


def test_requests_may_be_sent_without_waiting_for_answers(shop):
    connection = connect(shop)
    request = b"GET /demo/session HTTP/1.1\r\n" + host(connection) + b"\r\n"
    connection.sendall(request * 5 + request.replace(b"Host", b"Connection: close\r\nHost"))
    received = b""
    while piece := connection.recv(65536):
        received += piece
    assert received.count(b"HTTP/1.1 200 OK") == 6
    connection.close()


def test_a_write_without_a_body_is_answered_at_once(shop):
    connection = connect(shop)
    connection.sendall(b"POST /demo/sign-out HTTP/1.1\r\nConnection: close\r\n")
    connection.sendall(host(connection) + b"\r\n")
    connection.settimeout(10)
    assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    connection.close()


# ---- requests that two servers would read in two ways


@pytest.mark.parametrize(
    "lines, body",
    [
        (b"GET / HTTP/1.1\r\nContent-Length: 5\r\n", b"GET /"),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
        (b"HEAD / HTTP/1.1\r\nContent-Length: 5\r\n", b"GET /"),
        (
            b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            b"0\r\n\r\n",
        ),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 5\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: +5\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: %35\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length:\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: 5, 5\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length : 5\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\n Content-Length: 5\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: 5\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: 5\rX: 1\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length: 5\0\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\nContent-Length 5\r\n", b"GET /"),
        (b"POST /demo/sign-out HTTP/1.1\r\n: 5\r\n", b"GET /"),
        (
            b"POST /demo/sign-out HTTP/1.1\r\n"
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            b"0\r\n\r\n",
        ),
        (b"POST /demo/sign-out HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
        (b"POST /demo/sign-out HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"),
        (b"POST /demo/sign-out HTTP/1.1\r\nTransfer-Encoding: chunke%64\r\n", b"0\r\n\r\n"),
        (b"POST /demo/sign-out HTTP/1.1\r\nTransfer-Encoding:\r\n", b"0\r\n\r\n"),
        (b"POST /demo/sign-out HTTP/1.1\r\nTransfer-Encoding : chunked\r\n", b"0\r\n\r\n"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n", b""),
    ],
)
def test_a_request_without_a_clear_end_is_refused_and_is_the_last(shop, lines, body):
    connection = connect(shop)
    second = b"GET /demo/session HTTP/1.1\r\n" + host(connection) + b"\r\n"
    connection.sendall(lines + host(connection) + b"Connection: keep-alive\r\n\r\n" + body + second)
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:  # the server has closed it with the rest unread
        pass
    connection.close()
    assert received.startswith(b"HTTP/1.1 400") and received.count(b"HTTP/1.1") == 1
    assert b"Connection: close" in received


@pytest.mark.parametrize(
    "request_lines, body, status",
    [
        # The HTTP library refuses these by itself, or has no use for their body.
        (b"NONSENSE\r\n", b"", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 10_000 + b"\r\n", b"", 400),
        (b"OPTIONS / HTTP/1.1\r\nContent-Length: 20\r\n", b"GET /a HTTP/1.1\r\n\r\n\r\n", 404),
        (b"POST /demo/sign-out HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", b"zz\r\n\r\n", 400),
    ],
)
def test_what_is_left_of_a_request_is_not_taken_for_another(shop, request_lines, body, status):
    connection = connect(shop)
    second = b"GET /demo/session HTTP/1.1\r\n" + host(connection) + b"\r\n"
    connection.sendall(request_lines + host(connection) + b"\r\n" + body + second)
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    connection.close()
    assert received.count(b"HTTP/1.1") == 1
    assert received.startswith(b"HTTP/1.1 %d" % status)


def test_a_body_in_chunks_is_read_and_ends_the_connection(shop):
    connection = connect(shop)
    body = b'{"email":"ada@example.com","password":"no"}'
    connection.sendall(
        b"POST /demo/sign-in HTTP/1.1\r\n" + host(connection)
        + b"Content-Type: application/json\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
        + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))  # fmt: skip
    received = b""
    while piece := connection.recv(65536):
        received += piece
    connection.close()
    assert received.startswith(b"HTTP/1.1 401") and b"Connection: close" in received


def test_a_length_of_nothing_is_no_body(shop):
    assert shop.client().get("/demo/session", headers={"Content-Length": "0"}).status == 200


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1", "localhost:1", ""])
def test_a_request_for_another_server_is_refused(shop, name):
    for path in ("/", "/api/storefront/cart", "/demo/session"):
        refused = shop.client().get(path, headers={"Host": name})
        assert refused.status == 421 and "Set-Cookie" not in refused.headers


def test_a_host_s_name_has_no_case(shop):
    name = f"LocalHost:{shop.port}"
    assert shop.client().get("/demo/session", headers={"Host": name}).status == 200


def test_a_name_of_the_host_s_own_is_accepted(tmp_path):
    with DemoShop(tmp_path, "--host", "Shop.test") as shop:
        assert shop.client().get("/", headers={"Host": "shop.test"}).status == 200
        assert shop.client().get("/", headers={"Host": "SHOP.TEST"}).status == 200
        assert shop.client().get("/", headers={"Host": "shop.test:1"}).status == 421


def test_one_address_cannot_take_all_connections(tmp_path):
    with DemoShop(tmp_path) as shop:
        kept = [connect(shop) for _ in range(800)]
        for connection in kept:
            ask(connection)
            assert read_answer(connection) == 200
        one_more = connect(shop)
        with pytest.raises((ConnectionError, AssertionError)):
            ask(one_more)
            read_answer(one_more)
        kept.pop().close()
        wait_until(lambda: answers(shop), "a place that became free")


def answers(shop):
    connection = connect(shop)
    try:
        ask(connection)
        return read_answer(connection) == 200
    except (ConnectionError, AssertionError):
        return False
    finally:
        connection.close()


# ---- the end


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_while_connections_are_open(tmp_path, by):
    with DemoShop(tmp_path) as shop:
        clients = [shop.client() for _ in range(20)]
        for client in clients:
            assert client.get("/").status == 200
        half_sent = connect(shop)
        head = b"POST /demo/pay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"
        half_sent.sendall(head + b"{")
        assert shop.stop(by) == 0
    assert (tmp_path / "shop.db-wal").stat().st_size < 10_000, "the database was not closed"


def test_ctrl_c_works_where_a_shell_has_told_it_to_ignore_that(tmp_path):
    ignoring = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]
    with DemoShop(tmp_path, wrapper=ignoring) as shop:
        assert shop.stop() == 0


def test_it_stops_although_a_payment_processor_hangs(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        stripe = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        with DemoShop(tmp_path, "--stripe-api-base", stripe) as shop:
            shop.configure("stripe", secretKey="sk_test_1", webhookSecret="whsec_1")
            client = shop.shopper()
            client.reach_delivery()
            chosen = {"paymentMethodId": client.payment_method("stripe")}
            body = str(chosen).replace("'", '"').encode()
            cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            buyer = connect(shop)
            buyer.sendall(
                b"POST /api/storefront/checkout/place-order HTTP/1.1\r\n" + host(buyer)
                + b"Content-Type: application/json\r\n"
                + f"Cookie: {cookies}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            called, _ = hanging.accept()
            assert called.recv(1)
            assert shop.stop() == 0
            called.close()
            buyer.close()
