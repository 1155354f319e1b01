"""The mailer against real SMTP servers: plain, STARTTLS, implicit TLS, refusals, odd texts."""

import asyncio
import datetime
import email.utils
import socket

import pytest
from support.certificates import Authority
from support.mail_server import MailServer
from support.net_driver import NetDriver

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

PASSWORD = "pa:ss/w@rd?%ü"
ENCODED_PASSWORD = "pa%3Ass%2Fw%40rd%3F%25%C3%BC"
MAIL = {
    "to": "ada@example.com",
    "subject": "Order Confirmation R123",
    "text": "Thank you.\n",
    "html": "<p>Thank you.</p>\n",
    "messageId": "evt_01h4@shop.example.com",
}


@pytest.fixture
def driver():
    with NetDriver() as driver:
        yield driver


@pytest.fixture
def send(driver, authority):
    """Sends MAIL with changes; {} is success."""

    def send(url, ca=authority.ca_file, sender="Shop <shop@example.com>", timeout=20_000, **mail):
        return driver.call(
            **{"url": url, "from": sender, "ca": str(ca), "timeoutMs": timeout},
            mail=MAIL | mail,
        )

    return send


def plain(server):
    return f"smtp://127.0.0.1:{server.port}"


def with_password(server, scheme="smtp", query="?starttls=required"):
    return f"{scheme}://shop%40example.com:{ENCODED_PASSWORD}@localhost:{server.port}{query}"


def texts(mail):
    """Type and text of each part, with the line ends of this system."""
    return [
        (part.get_content_type(), part.get_payload(decode=True).decode().replace("\r\n", "\n"))
        for part in mail.message.walk()
        if not part.is_multipart()
    ]


def test_a_mail_arrives_as_it_was_written(send):
    with MailServer() as server:
        assert send(plain(server)) == {}
    (mail,) = server.mails
    assert mail.sender == "shop@example.com"
    assert mail.recipients == ["ada@example.com"]
    assert mail.message.get_content_type() == "multipart/alternative"
    assert not mail.message.defects
    assert texts(mail) == [("text/plain", MAIL["text"]), ("text/html", MAIL["html"])]
    headers = mail.message
    assert headers["From"] == "Shop <shop@example.com>"
    assert headers["To"] == "ada@example.com"
    assert headers["Subject"] == MAIL["subject"]
    assert headers["Message-ID"] == "<evt_01h4@shop.example.com>"
    assert headers["MIME-Version"] == "1.0"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert email.utils.parsedate_to_datetime(headers["Date"]).tzinfo == datetime.timezone.utc


def test_the_date_is_now(send):
    with MailServer() as server:
        before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        assert send(plain(server)) == {}
        after = datetime.datetime.now(datetime.timezone.utc)
    assert before <= email.utils.parsedate_to_datetime(server.mails[0].message["Date"]) <= after


def test_a_mail_without_html_is_text_only(send):
    with MailServer() as server:
        assert send(plain(server), html="") == {}
    (mail,) = server.mails
    assert texts(mail) == [("text/plain", MAIL["text"])]
    assert not mail.message.is_multipart()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no line end",
        "Grüße aus Köln, 日本語, 🛒\n",
        ".\n..\n.a dot first\nand last.\n",
        "blank at the end \nand a tab\t\n \n\t\n",
        "a=b=20 =\n=\n",
        "\n\n\nFrom me\n",
        "--=_resys\n--=_resys--\n",
        "x" * 5000 + "\n",
        "." * 5000 + "\n",
        "ü" * 5000 + "\n",
        "".join("." * n + "x" * (150 - n) + "\n" for n in range(150)),
        "".join("x" * n + ".\n" for n in range(70, 160)),
        "a lone \r carriage return, a \x00 and a \x7f\n",
        "line\n" * 40_000,
    ],
    ids=lambda text: repr(text[:16]),
)
def test_any_text_survives(send, text):
    with MailServer() as server:
        assert send(plain(server), text=text, html=text + "<p>") == {}
    (mail,) = server.mails
    assert texts(mail) == [("text/plain", text), ("text/html", text + "<p>")]


def test_what_is_on_the_wire_is_short_ascii_lines(send):
    odd = {"text": "Grüße. " * 500 + "\n.\n", "subject": "Bestellbestätigung " * 12}
    with MailServer() as server:
        assert send(plain(server), sender="Größenwahn & Söhne " * 4 + "<a@b.example>", **odd) == {}
    content = server.mails[0].content
    assert content.isascii()
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not [line for line in lines if line.startswith(b".")]


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Order Confirmation",
        "Bestellbestätigung für 3 × Tee",
        "注文確認" * 20,
        "🛒" * 40,
        "=?UTF-8?B?Zm9v?= is no encoded word here",
        "a long subject " * 20 + "ends here",
    ],
)
def test_any_subject_survives(send, subject):
    with MailServer() as server:
        assert send(plain(server), subject=subject) == {}
    assert server.mails[0].message["Subject"] == subject


@pytest.mark.parametrize(
    "sender, name, address",
    [
        ("shop@example.com", "", "shop@example.com"),
        ("<shop@example.com>", "", "shop@example.com"),
        ("Shop <shop@example.com>", "Shop", "shop@example.com"),
        ('"Tea, Cups & Co." <shop@example.com>', "Tea, Cups & Co.", "shop@example.com"),
        ("Tea, Cups <shop@example.com>", "Tea, Cups", "shop@example.com"),
        ('"A \\"good\\" shop" <shop@example.com>', 'A "good" shop', "shop@example.com"),
        ("Käthes Lädchen <shop@example.com>", "Käthes Lädchen", "shop@example.com"),
    ],
)
def test_the_sender_keeps_its_name(send, sender, name, address):
    with MailServer() as server:
        assert send(plain(server), sender=sender) == {}
    (mail,) = server.mails
    (read,) = mail.message["From"].addresses
    assert (read.display_name, read.addr_spec, mail.sender) == (name, address, address)


def test_an_id_without_a_domain_gets_the_senders(send):
    with MailServer() as server:
        assert send(plain(server), messageId="evt_1") == {}
    assert server.mails[0].message["Message-ID"] == "<evt_1@example.com>"


@pytest.mark.parametrize(
    "field, value",
    [
        ("to", "ada@example.com\r\nBcc: eve@example.com"),
        ("to", "ada@example.com\n"),
        ("to", "ada@example.com, eve@example.com"),
        ("to", "ada@example.com>, <eve@example.com"),
        ("to", "Ada <ada@example.com>"),
        ("to", "ada"),
        ("to", "@example.com"),
        ("to", "ada@"),
        ("to", ""),
        ("to", "ada@" + "e" * 300),
        ("to", "ädä@example.com"),
        ("subject", "Hello\r\nBcc: eve@example.com"),
        ("subject", "Hello\nthere"),
        ("subject", "Hello\rthere"),
        ("subject", "Hello\x00there"),
        ("messageId", "id\r\nBcc: eve@example.com"),
        ("messageId", "a> <b"),
    ],
)
def test_what_would_become_another_header_is_refused(send, field, value):
    with MailServer() as server:
        refusal = send(plain(server), **{field: value})
    assert (refusal["error"], refusal["field"]) == ("invalid_request", field)
    assert server.commands == []


def test_starttls_and_password(send, tls):
    with MailServer(tls=tls, users={"shop@example.com": PASSWORD}) as server:
        assert send(with_password(server)) == {}
    (mail,) = server.mails
    assert mail.encrypted and mail.authenticated
    assert all(encrypted for _, encrypted in server.commands)


def test_implicit_tls_and_password(send, tls):
    options = {"auth_require_tls": False}  # aiosmtpd knows only of its own STARTTLS
    users = {"shop@example.com": PASSWORD}
    with MailServer(tls=tls, implicit=True, users=users, **options) as server:
        assert send(with_password(server, "smtps", "")) == {}
        assert send(with_password(server, "smtps")) == {}
    assert len(server.mails) == 2 and all(mail.authenticated for mail in server.mails)


def test_a_password_without_tls_where_none_was_asked_for(send):
    users = {"shop@example.com": PASSWORD}
    with MailServer(users=users, auth_require_tls=False) as server:
        assert send(with_password(server, query="")) == {}
    assert server.mails[0].authenticated


def test_no_plain_text_if_the_server_offers_no_starttls(send):
    users = {"shop@example.com": PASSWORD}
    with MailServer(users=users, auth_require_tls=False) as server:
        refusal = send(with_password(server))
    assert refusal["error"] == "processor_unavailable"
    assert server.commands == [] and server.mails == []


def test_no_plain_text_if_the_server_refuses_starttls(send, tls, monkeypatch):
    async def refuse(protocol, argument):
        await protocol.push("502 not now")

    monkeypatch.setattr("aiosmtpd.smtp.SMTP.smtp_STARTTLS", refuse)
    with MailServer(tls=tls) as server:
        refusal = send(with_password(server))
    assert refusal["error"] == "processor_unavailable"
    assert server.commands == [] and server.mails == []


@pytest.mark.parametrize("implicit", [False, True])
def test_a_certificate_of_another_authority_is_refused(send, tls, tmp_path, implicit):
    other = Authority(tmp_path)
    with MailServer(tls=tls, implicit=implicit) as server:
        url = f"{'smtps' if implicit else 'smtp'}://127.0.0.1:{server.port}?starttls=required"
        assert send(url, ca=other.ca_file)["error"] == "processor_unavailable"
    assert server.commands == []


def test_a_certificate_of_another_name_is_refused(send, tmp_path):
    authority = Authority(tmp_path)
    with MailServer(tls=authority.server_context("DNS:other.example")) as server:
        refusal = send(plain(server) + "?starttls=required", ca=authority.ca_file)
    assert refusal["error"] == "processor_unavailable"
    assert server.commands == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    "answer, error",
    [
        ("550 5.1.1 no such user", "invalid_request"),
        ("554 5.7.1 spam", "invalid_request"),
        ("421 4.3.2 shutting down", "processor_unavailable"),
        ("450 4.2.1 try later", "processor_unavailable"),
        ("452 4.2.2 full", "processor_unavailable"),
        ("530 5.7.0 authentication required", "processor_unavailable"),
    ],
)
def test_the_servers_refusals(send, command, answer, error):
    with MailServer(answers={command: answer}) as server:
        refusal = send(plain(server))
        assert refusal["error"] == error
        assert refusal["smtpStatus"] == int(answer[:3])
        assert answer[:3] in refusal["message"]
        server.answers.clear()
        assert send(plain(server)) == {}
    assert len(server.mails) == 1


def test_a_wrong_password_is_no_reason_to_give_the_mail_up(send, tls):
    with MailServer(tls=tls, users={"shop@example.com": "another"}) as server:
        refusal = send(with_password(server))
    assert (refusal["error"], refusal["smtpStatus"]) == ("processor_unavailable", 535)
    for word in (PASSWORD, ENCODED_PASSWORD, "rd?%"):
        assert word not in str(refusal)
    assert server.mails == []


def test_a_connection_lost_before_the_answer_is_tried_again_later(send):
    async def lose(server, session):
        server.transport.abort()
        return "250 OK"

    for command in ("MAIL", "RCPT", "DATA"):
        with MailServer(answers={command: lose}) as server:
            assert send(plain(server))["error"] == "processor_unavailable"


def test_a_server_that_does_not_answer_is_tried_again_later(send):
    async def wait(server, session):
        await asyncio.sleep(3600)

    with MailServer(answers={"DATA": wait}) as server:
        assert send(plain(server), timeout=1500)["error"] == "processor_unavailable"


def test_a_mail_is_sent_once_taken_even_if_the_server_says_no_goodbye(send):
    async def wait(server, session):
        await asyncio.sleep(3600)

    with MailServer(answers={"QUIT": wait}) as server:
        assert send(plain(server), timeout=2000) == {}
        assert send(plain(server), timeout=2000) == {}
    assert len(server.mails) == 2


def test_no_server_at_all(send):
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"smtp://shop:{ENCODED_PASSWORD}@127.0.0.1:{taken.getsockname()[1]}"
        refusal = send(url)
    assert refusal["error"] == "processor_unavailable"
    assert ENCODED_PASSWORD not in refusal["message"]
    assert send("smtp://mail.invalid:25")["error"] == "processor_unavailable"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.com:25",
        "smtp://",
        "http://mail.example.com:25",
        "file:///etc/passwd",
        "smtp://user:secret@mail.example.com:port",
        "smtp://user:sec#ret@mail.example.com:25",
        "smtp://mail.example.com:25/path",
        "smtp://mail.example.com:25?starttls=optional",
        "smtp://mail.example.com:25?starttls=required&more=1",
        "smtp://user;AUTH=PLAIN:secret@mail.example.com:25",
        "smtp://user:sec%00ret@mail.example.com:25",
        "smtp://user:sec%0Aret@mail.example.com:25",
        "smtp://user:secret@mail.example.com:25#fragment",
    ],
)
def test_a_bad_url_is_refused_at_once_and_not_repeated(driver, url):
    refusal = driver.call(**{"url": url, "from": "shop@example.com"})
    assert (refusal["error"], refusal["field"]) == ("invalid_request", "url")
    assert "secret" not in refusal["message"]


@pytest.mark.parametrize(
    "sender",
    ["", "Shop", "Shop <>", "Shop <shop>", "Shop\r\nBcc: <eve@example.com>", "a@b, c@d", "<a@b> x"],
)
def test_a_bad_sender_is_refused_at_once(driver, sender):
    refusal = driver.call(**{"url": "smtp://127.0.0.1:25", "from": sender})
    assert (refusal["error"], refusal["field"]) == ("invalid_request", "from")
