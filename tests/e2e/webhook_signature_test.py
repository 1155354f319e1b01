"""Webhooks at the demo shop's door: signatures made by Stripe's official clients are verified, and
each way of forging one is refused and leaves nothing behind."""

import json
import subprocess
import time

import pytest
import stripe
from support.project import ROOT
from support.stripe_lookalike import WEBHOOK_SECRET

APPROVED = "4242424242424242"
PATH = "/api/webhooks/stripe"


@pytest.fixture
def paid(market):
    """A payment that Stripe has, of which the shop has not heard; the event that would tell."""
    market.stripe.webhooks(mode="drop")
    market.stripe.fault("error", status=503, method="GET", times=None)  # nor can it ask
    placed = market.place()
    market.stripe.pay(placed["payment"]["clientSecret"], APPROVED)
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "livemode": False,
        "data": {"object": market.intents()[0]},
    }
    return placed["order"]["number"], json.dumps(event, indent=2)


def signed_by_python(payload, secret=WEBHOOK_SECRET, timestamp=None):
    return stripe.WebhookSignature.generate_signature_header(payload, secret, timestamp)


def signed_by_node(payload, secret=WEBHOOK_SECRET, timestamp=None):
    event = {"payload": payload, "secret": secret, "timestamp": timestamp or int(time.time())}
    (header,) = json.loads(
        subprocess.run(
            ["node", ROOT / "tests" / "payment" / "generate_signature.mjs"],
            input=json.dumps([event]),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    return header


def deliver(market, payload, header):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if header is not None:
        headers["Stripe-Signature"] = header
    return market.shop.client().send("POST", PATH, payload.encode(), headers)


@pytest.mark.parametrize("sign", [signed_by_python, signed_by_node])
@pytest.mark.parametrize("seconds", [-240, 0, 240])
def test_the_official_clients_signatures_are_verified(market, paid, sign, seconds):
    number, payload = paid
    header = sign(payload, timestamp=int(time.time()) + seconds)
    assert deliver(market, payload, header).status == 200
    assert market.order(number)["state"] == "Complete"


def test_one_right_signature_among_several_is_enough(market, paid):
    number, payload = paid
    time_part, right = signed_by_python(payload).split(",")
    header = f"{time_part},v1={'0' * 64},v0={'1' * 64},{right},v2=something"
    assert deliver(market, payload, header).status == 200
    assert market.order(number)["state"] == "Complete"


def forgeries(payload):
    now = int(time.time())
    time_part, right = signed_by_python(payload, timestamp=now).split(",")
    mark = right.removeprefix("v1=")
    body_alone = stripe.WebhookSignature._compute_signature(payload, WEBHOOK_SECRET)
    flipped = ("0" if mark[0] != "0" else "1") + mark[1:]
    return {
        "no header": None,
        "empty": "",
        "no time": right,
        "no signature": time_part,
        "another secret": signed_by_python(payload, "whsec_other"),
        "no secret": signed_by_python(payload, ""),
        "the secret without its prefix": signed_by_python(payload, WEBHOOK_SECRET[6:]),
        "another body": signed_by_python(payload + " "),
        "the body alone": f"{time_part},v1={body_alone}",
        "another time": f"t={now - 1},{right}",
        "too old": signed_by_python(payload, timestamp=now - 600),
        "from the future": signed_by_python(payload, timestamp=now + 600),
        "another scheme": f"{time_part},v0={mark}",
        "one bit": f"{time_part},v1={flipped}",
        "too short": f"{time_part},v1={mark[:-1]}",
        "too long": f"{time_part},v1={mark}0",
        "upper case": f"{time_part},v1={mark.upper()}",
        "no number": f"t=soon,{right}",
        "nonsense": "\x01=,;v1,t",
    }


def test_each_forgery_is_refused_and_leaves_nothing(market, paid):
    number, payload = paid
    for kind, header in forgeries(payload).items():
        answer = deliver(market, payload, header)
        assert (answer.status, answer.error["code"]) == (400, "invalid_signature"), kind
    changed = payload.replace('"succeeded"', '"succeedeD"')
    answer = deliver(market, changed, signed_by_python(payload))
    assert answer.error["code"] == "invalid_signature"
    assert market.order(number)["state"] == "Payment"
    # Nothing was stored: the true event, with the same id, still counts.
    assert deliver(market, payload, signed_by_python(payload)).status == 200
    assert market.order(number)["state"] == "Complete"


def test_a_webhook_that_cannot_be_read(market, paid):
    for payload in ("", "[]", "{", '{"id":1}', '{"id":"evt_2"}', "\x00" * 100):
        answer = deliver(market, payload, signed_by_python(payload))
        assert (answer.status, answer.error["code"]) == (400, "invalid_request"), payload
