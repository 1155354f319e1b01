"""The HTTP transport against real servers: what is sent, what is read, what is never done."""

import contextlib
import http.server
import json
import socket
import threading

import pytest
from support.certificates import Authority
from support.net_driver import NetDriver

MIB = 1 << 20


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked; the path says how."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.paths.append(self.path)
        getattr(self, "do_" + self.path.split("/")[1], self.echo)(body)

    do_GET = do_POST = do_DELETE = do_HEAD = answer

    def echo(self, body):
        self.send(
            json.dumps(
                {
                    "method": self.command,
                    "path": self.path,
                    "headers": self.headers.items(),
                    "body": body.decode("latin-1"),
                    "connection": self.client_address[1],
                }
            ).encode()
        )

    def send(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_status(self, body):
        self.send(b"no", int(self.path.split("/")[2]))

    def do_redirect(self, body):
        self.send(b"there", 302, [("Location", "/target"), ("X-Twice", "1"), ("X-Twice", " 2 ")])

    def do_bytes(self, body):
        with contextlib.suppress(ConnectionError):
            self.send(b"x" * int(self.path.split("/")[2]))

    def do_chunked(self, body):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            for _ in range(int(self.path.split("/")[2])):
                self.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

    def do_interim(self, body):
        self.wfile.write(b"HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n")
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        self.send(b"late", headers=[("X-Late", "1")])

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, address="127.0.0.1", tls=None):
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, 0), Handler)
        self.paths = []
        self.port = self.server_address[1]
        if tls:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
        self.thread.join()

    def handle_error(self, *_):
        pass  # a client that hangs up is part of these tests

    def url(self, path="/", host="127.0.0.1", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"


@contextlib.contextmanager
def raw_server(*scripts):
    """A server whose nth connection is played by the nth function; it then listens no more."""

    def play():
        for number, script in enumerate(scripts):
            connection, _ = listener.accept()
            if number == len(scripts) - 1:
                listener.close()
            with connection:
                script(connection)

    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread = threading.Thread(target=play)
    thread.start()
    yield url
    thread.join()


def read_request(connection):
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return received
        received += piece
    return received


def answering(*pieces):
    """A connection that reads a request and writes these bytes."""

    def script(connection):
        read_request(connection)
        for piece in pieces:
            connection.sendall(piece)

    return script


@pytest.fixture(scope="module")
def server():
    with Server() as server:
        yield server


@pytest.fixture
def driver():
    with NetDriver() as driver:
        yield driver


@pytest.fixture
def get(driver):
    return lambda url, **more: driver.call(**{"method": "GET", "url": url} | more)


def error_of(answer):
    assert "status" not in answer, answer
    return answer["error"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("body", ["", "amount=100&currency=eur", "x" * 100_000, "a\r\n\r\nb"])
def test_the_server_gets_what_was_to_be_sent(driver, server, method, body):
    headers = [["Authorization", "Bearer sk_test"], ["Idempotency-Key", "k1"], ["X-Empty", ""]]
    answer = driver.call(method=method, url=server.url("/v1/a?b=c"), headers=headers, body=body)
    assert answer["status"] == 200
    heard = json.loads(answer["body"])
    assert (heard["method"], heard["path"], heard["body"]) == (method, "/v1/a?b=c", body)
    names = [name for name, _ in heard["headers"]]
    assert [header for header in heard["headers"] if header[0] in dict(headers)] == headers
    assert len(names) == len(set(names))
    assert not {"Expect", "Content-Type", "User-Agent", "Cookie"} & set(names)


def test_a_content_type_is_the_callers(driver, server):
    headers = [["content-type", "application/json"]]
    answer = driver.call(method="POST", url=server.url(), headers=headers, body="{}")
    assert ["content-type", "application/json"] in json.loads(answer["body"])["headers"]


def test_head_has_no_body(driver, server):
    answer = driver.call(method="HEAD", url=server.url("/bytes/10"))
    assert (answer["status"], answer["body"]) == (200, "")


@pytest.mark.parametrize("status", [201, 400, 402, 404, 409, 429, 500, 503])
def test_any_answer_is_a_success(get, server, status):
    answer = get(server.url(f"/status/{status}"))
    assert (answer["status"], answer["body"]) == (status, "no")


def test_a_redirect_is_an_answer_and_not_followed(get, server):
    answer = get(server.url("/redirect"))
    assert (answer["status"], answer["body"]) == (302, "there")
    assert ["Location", "/target"] in answer["headers"]
    assert [value for name, value in answer["headers"] if name == "X-Twice"] == ["1", "2"]
    assert "/target" not in server.paths


def test_headers_are_those_of_the_final_answer(get, server):
    answer = get(server.url("/interim"))
    names = [name for name, _ in answer["headers"]]
    assert (answer["status"], answer["body"]) == (200, "late")
    assert "X-Late" in names and "X-Early" not in names and "Link" not in names


@pytest.mark.parametrize("path", ["/bytes/{}", "/chunked/{}"])
def test_at_most_one_mib_is_read(get, server, path):
    unit = MIB if "bytes" in path else 16  # chunks of 64 KiB
    answer = get(server.url(path.format(unit)))
    assert len(answer["body"]) == MIB
    for more in (unit + 1, unit * 64):
        assert error_of(get(server.url(path.format(more)))) == "outcome_unknown"


def test_headers_without_end_are_not_read(get):
    def flood(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(ConnectionError):
            for number in range(100_000):
                connection.sendall(b"X-%d: " % number + b"y" * 1000 + b"\r\n")
            pytest.fail("all of it was read")

    with raw_server(flood) as url:
        assert error_of(get(url)) == "outcome_unknown"


def test_https(get, authority, tls):
    with Server(tls=tls) as server:
        for host in ("127.0.0.1", "localhost"):
            assert get(server.url("/", host, "https"), ca=str(authority.ca_file))["status"] == 200


def test_a_certificate_of_an_unknown_authority_is_refused(get, tls, tmp_path):
    with Server(tls=tls) as server:
        url = server.url("/", scheme="https")
        assert error_of(get(url)) == "processor_unavailable"
        other = Authority(tmp_path).ca_file
        assert error_of(get(url, ca=str(other))) == "processor_unavailable"
        assert error_of(get(url, ca=str(tmp_path / "none"))) == "processor_unavailable"
    assert server.paths == []


def test_a_certificate_of_another_name_is_refused(get, tmp_path):
    authority = Authority(tmp_path)
    with Server(tls=authority.server_context("DNS:other.example")) as server:
        answer = get(server.url("/", scheme="https"), ca=str(authority.ca_file))
    assert error_of(answer) == "processor_unavailable"
    assert server.paths == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST"])
def test_plain_http_to_loopback_addresses(get, host):
    with Server("0.0.0.0") as server:
        assert get(server.url("/", host))["status"] == 200


def test_plain_http_to_the_loopback_address_of_ipv6(get):
    try:
        server = Server("::1")
    except OSError:
        pytest.skip("this system has no IPv6")
    with server:
        for host in ("[::1]", "[0:0:0:0:0:0:0:1]"):
            assert get(server.url("/", host))["status"] == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/",
        "http://0.0.0.0/",
        "http://example.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://127.0.0.1@example.com/",
        "http://localhost:80@example.com/",
        "http://example.com#@127.0.0.1/",
        "http://[::2]/",
        "http://[::ffff:192.0.2.1]/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "127.0.0.1/",
        "//127.0.0.1/",
        "http://",
        "https://",
        "",
    ],
)
def test_any_other_url_is_refused_before_anything_is_sent(get, url):
    answer = get(url)
    assert error_of(answer) == "processor_unavailable"
    assert answer["message"] == "the url is neither https nor http to a loopback address"


@pytest.mark.parametrize(
    "headers",
    [
        [["X-One", "1\r\nX-Two: 2"]],
        [["X-One", "1\nX-Two: 2"]],
        [["X-One\r\nX-Two", "1"]],
        [["X-One: 1", ""]],
        [["", "1"]],
        [["X-One", "1\x00"]],
    ],
)
def test_what_would_become_another_header_is_refused(get, server, headers):
    before = len(server.paths)
    assert error_of(get(server.url(), headers=headers)) == "processor_unavailable"
    assert len(server.paths) == before


@pytest.mark.parametrize("method", ["", "get", "GET / HTTP/1.1\r\nX:", "PO ST"])
def test_a_method_is_one_word(driver, server, method):
    answer = driver.call(method=method, url=server.url())
    assert error_of(answer) == "processor_unavailable"


def test_the_environment_names_no_proxy(server):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        with NetDriver(**dict.fromkeys(names, address), no_proxy="") as driver:
            assert driver.call(method="GET", url=server.url())["status"] == 200


def test_nothing_can_have_reached_a_server_that_is_not_there(get):
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for scheme in ("http", "https"):
            answer = get(f"{scheme}://127.0.0.1:{port}/")
            assert error_of(answer) == "processor_unavailable"
    assert error_of(get("https://nowhere.invalid/")) == "processor_unavailable"


def test_nothing_can_have_reached_a_server_before_the_handshake(get):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        assert error_of(get(url, timeoutMs=500)) == "processor_unavailable"
    with raw_server(lambda connection: connection.sendall(b"220 no TLS here\r\n")) as url:
        assert error_of(get(url.replace("http:", "https:"))) == "processor_unavailable"


def test_no_answer_in_time_is_an_unknown_outcome(get):
    enough = threading.Event()

    def wait(connection):
        read_request(connection)
        enough.wait()

    with raw_server(wait) as url:
        assert error_of(get(url, timeoutMs=500)) == "outcome_unknown"
        enough.set()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 O",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf",
        b"220 mail.example.com ESMTP\r\n",
        b"\x15\x03\x01\x00\x02\x02\x16",
    ],
)
def test_an_answer_that_breaks_off_or_is_none_is_an_unknown_outcome(driver, answer):
    with raw_server(answering(answer)) as url:
        got = driver.call(method="POST", url=url, body="a=b")
        assert error_of(got) == "outcome_unknown"


def test_a_body_may_end_with_the_connection(get):
    with raw_server(answering(b"HTTP/1.1 200 OK\r\nX-One: 1\r\n\r\nall")) as url:
        answer = get(url)
    assert answer == {"status": 200, "headers": [["X-One", "1"]], "body": "all"}


def test_a_connection_is_used_again(get, server):
    first, second = (json.loads(get(server.url())["body"])["connection"] for _ in range(2))
    assert first == second


def test_an_idle_connection_that_the_server_closed_is_replaced(driver):
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with raw_server(answering(ok), answering(ok)) as url:
        for _ in range(2):
            assert driver.call(method="POST", url=url, body="a=b")["body"] == "ok"


def test_a_request_lost_on_a_used_connection_is_an_unknown_outcome(driver):
    """The server read it and died: that no new connection can be made does not unsay it."""
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def answer_once(connection):
        answering(ok)(connection)
        assert b"second" in read_request(connection)

    with raw_server(answer_once) as url:
        assert driver.call(method="POST", url=url, body="first")["body"] == "ok"
        second = driver.call(method="POST", url=url, headers=[["X-Call", "second"]], body="a=b")
        assert error_of(second) == "outcome_unknown"


def test_a_failure_leaves_the_transport_usable(get, server):
    with raw_server(answering(b"")) as url:
        assert error_of(get(url)) == "outcome_unknown"
    assert get(server.url())["status"] == 200


def test_messages_name_no_secret(driver):
    secret = "sk_live_secret"
    with raw_server(answering(b"")) as url:
        answer = driver.call(
            method="POST",
            url=f"{url}{secret}?{secret}",
            headers=[["Authorization", f"Bearer {secret}"]],
            body=secret,
        )
    assert error_of(answer) == "outcome_unknown"
    assert answer["message"] and secret not in answer["message"]
