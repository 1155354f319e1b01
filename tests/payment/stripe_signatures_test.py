"""Webhooks that Stripe's own clients have signed are taken, and only as they were signed."""

import json
import re
import subprocess
import time

import pytest
import stripe
from stripe.params import WebhookEndpointCreateParams
from support.project import ROOT, text
from support.stripe_driver import StripeDriver

SECRET = "whsec_test_secret"
PAYLOADS = [
    json.dumps({"id": "evt_1", "object": "event", "type": "payout.paid"}),
    json.dumps({"id": "evt_2", "object": "event", "type": "a"}, indent=2) + "\n",
    json.dumps({"id": "evt_3", "object": "event", "type": "ü€😀"}, ensure_ascii=False),
    json.dumps({"id": "evt_4", "object": "event", "type": "long", "more": "x" * 500_000}),
    # The vector on which Python, Node and openssl agree.
    '{"id":"evt_1","object":"event","type":"payment_intent.succeeded",'
    '"data":{"object":{"id":"pi_1","object":"payment_intent"}}}',
]
THIN = json.dumps(
    {
        "id": "evt_5",
        "object": "v2.core.event",
        "type": "v1.payout.paid",
        "created": "2026-11-29",
        "related_object": {"id": "po_1", "type": "payout", "url": "/v1/payouts/po_1"},
    }
)
VECTOR_SIGNED_AT = 1_700_000_000
VECTOR_V1 = "ad449e7ce1554730d147003402b7abd98e37b986a9e657b6868110fd854cf5d3"


def python_signatures(payloads, secret, timestamp):
    return [
        stripe.WebhookSignature.generate_signature_header(payload, secret, timestamp=timestamp)
        for payload in payloads
    ]


def node_signatures(payloads, secret, timestamp):
    events = [{"payload": each, "secret": secret, "timestamp": timestamp} for each in payloads]
    output = subprocess.run(
        ["node", "payment/generate_signature.mjs"],
        cwd=ROOT / "tests",
        input=json.dumps(events),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return json.loads(output)


@pytest.fixture(scope="module")
def driver():
    with StripeDriver("http://127.0.0.1:1") as driver:  # a webhook needs no call to Stripe
        yield driver


def receive(driver, payload, header, **given):
    headers = [["Host", "shop.example"], ["stripe-signature", header]]
    return driver.call("webhook", payload=payload, headers=headers, **given)


@pytest.mark.parametrize("sign", [python_signatures, node_signatures])
def test_what_a_client_has_signed_is_taken(driver, sign):
    now = int(time.time())
    for payload, header in zip(PAYLOADS, sign(PAYLOADS, SECRET, now), strict=True):
        taken = receive(driver, payload, header)
        assert taken.get("type") == json.loads(payload)["type"], (payload[:100], header, taken)
        stripe.Webhook.construct_event(payload, header, SECRET)  # they agree


@pytest.mark.parametrize("sign", [python_signatures, node_signatures])
def test_a_thin_event_that_a_client_has_signed_is_taken(driver, sign):
    [header] = sign([THIN], SECRET, int(time.time()))
    assert receive(driver, THIN, header).get("type") == "v1.payout.paid"
    read = stripe.StripeClient("sk_test_1").parse_event_notification(THIN, header, SECRET)
    assert read.type == "v1.payout.paid"


@pytest.mark.parametrize("sign", [python_signatures, node_signatures])
def test_what_a_client_has_signed_otherwise_is_refused(driver, sign):
    now = int(time.time())
    wrong = [
        (PAYLOADS[0] + " ", sign(PAYLOADS[:1], SECRET, now)[0]),
        (PAYLOADS[0], sign(PAYLOADS[:1], "whsec_another", now)[0]),
        (PAYLOADS[0], sign(PAYLOADS[:1], SECRET, now - 900)[0]),
        (PAYLOADS[0], sign(PAYLOADS[:1], SECRET, now + 900)[0]),
        (PAYLOADS[0], sign(PAYLOADS[:1], SECRET, now)[0].replace("v1=", "v0=")),
    ]
    for payload, header in wrong:
        assert receive(driver, payload, header).get("error") == "invalid_signature", header


@pytest.mark.parametrize("sign", [python_signatures, node_signatures])
def test_the_vector(driver, sign):
    [header] = sign([PAYLOADS[-1]], SECRET, VECTOR_SIGNED_AT)
    assert header == f"t={VECTOR_SIGNED_AT},v1={VECTOR_V1}"
    taken = receive(driver, PAYLOADS[-1], header, now=VECTOR_SIGNED_AT)
    assert taken["externalPaymentId"] == "pi_1"


def test_the_readme_names_the_events_that_are_heard(driver):
    """Of all that an endpoint can be set up for, as the official client knows them."""
    named = re.search(r"Its events:(.*?); of a thin endpoint", text("README.md"), re.DOTALL)[1]
    hint = WebhookEndpointCreateParams.__annotations__["enabled_events"]
    known = re.findall(r"['\"]([a-z_0-9]+(?:\.[a-z_0-9]+)+)['\"]", str(hint))
    assert len(known) > 200
    heard = []
    for kind in known:
        about = {"id": "pi_9", "payment_intent": "pi_9"}
        event = {"id": "evt_1", "object": "event", "type": kind, "data": {"object": about}}
        payload = json.dumps(event)
        [header] = python_signatures([payload], SECRET, int(time.time()))
        if receive(driver, payload, header)["externalPaymentId"]:
            heard.append(kind)
    assert sorted(re.findall(r"`([a-z_.]+)`", named)) == sorted(heard)
