"""The demo shop's connections: how many at once, how they are kept, and how it stops."""

import ctypes
import os
import pathlib
import re
import signal
import socket
import time

import pytest
from support.demo_shop import PATIENCE_SECONDS, DemoShop


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """One for the tests that leave nothing behind that others could see."""
    with DemoShop(tmp_path_factory.mktemp("shop")) as running:
        yield running


def ask(connection):
    connection.sendall(b"GET /api/storefront/products/earl-grey HTTP/1.1\r\nHost: x\r\n\r\n")


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
    request = b"GET /demo/session HTTP/1.1\r\nHost: x\r\n\r\n"
    connection.sendall(request * 5 + request.replace(b"Host", b"Connection: close\r\nHost"))
    received = b""
    while piece := connection.recv(65536):
        received += piece
    assert received.count(b"HTTP/1.1 200 OK") == 6
    connection.close()


def test_a_write_without_a_body_is_answered_at_once(shop):
    connection = connect(shop)
    connection.sendall(b"POST /demo/sign-out HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    connection.settimeout(10)
    assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    connection.close()


# ---- the end


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_while_connections_are_open(tmp_path, by):
    with DemoShop(tmp_path) as shop:
        clients = [shop.client() for _ in range(20)]
        for client in clients:
            assert client.get("/").status == 200
        half_sent = connect(shop)
        half_sent.sendall(b"POST /demo/pay HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        assert shop.stop(by) == 0
    assert not (tmp_path / "shop.db-wal").exists(), "the database was not closed"


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
                b"POST /api/storefront/checkout/place-order HTTP/1.1\r\nHost: x\r\n"
                b"Content-Type: application/json\r\n"
                + f"Cookie: {cookies}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            called, _ = hanging.accept()
            assert called.recv(1)
            assert shop.stop() == 0
            called.close()
            buyer.close()
