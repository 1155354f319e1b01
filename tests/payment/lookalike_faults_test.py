"""The look-alike's bad days: each fault does what it says, and webhooks go as a test wants them.

The official Python client is the one that suffers: what it does about a fault (repeat, raise) shows
that the fault looks like Stripe's.
"""

import concurrent.futures
import json
import subprocess
import time

import pytest
import stripe
from support.lookalike.webhooks import signature
from support.project import ROOT
from support.receiver import Receiver
from support.stripe_client import client_of

APPROVED = "4242424242424242"
INTENT = {"amount": 1999, "currency": "eur", "automatic_payment_methods": {"enabled": True}}
CREATE = {"method": "POST", "path": "^/v1/payment_intents$"}


def create(client, **options):
    return client.payment_intents.create(INTENT, options)


def made(client):
    return len(client.payment_intents.list({"limit": 100}).data)


def creations(lookalike):
    return lookalike.requests("POST", "/v1/payment_intents")


# ---- faults


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_closed_connection_is_repeated_with_the_same_key(client, lookalike, when):
    lookalike.fault("close", when=when, **CREATE)
    intent = create(client)
    assert made(client) == 1
    keys = [request["idempotency_key"] for request in creations(lookalike)]
    assert len(keys) == 2 and keys[0] == keys[1]
    replayed = intent.last_response.headers.get("Idempotent-Replayed")
    assert replayed == ("true" if when == "after" else None)


@pytest.mark.parametrize("when, effects", [("before", 0), ("after", 1)])
def test_a_500_is_kept_under_its_key(client, lookalike, when, effects):
    lookalike.fault("error", when=when, **CREATE)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as refusal:
            create(client, idempotency_key="k")
        assert refusal.value.http_status == 500
    assert len(creations(lookalike)) == 2  # Stripe says that repeating it is of no use
    assert made(client) == effects
    create(client, idempotency_key="k2")
    assert made(client) == effects + 1


def test_a_503_is_not_kept(client, lookalike):
    lookalike.fault("error", status=503, times=2, **CREATE)
    create(client, idempotency_key="k")
    assert (len(creations(lookalike)), made(client)) == (3, 1)


def test_429(client, lookalike):
    lookalike.fault("rate_limit", **CREATE)
    with pytest.raises(stripe.RateLimitError):
        create(client)
    lookalike.fault("lock_timeout", **CREATE)  # has the header that asks to repeat it
    create(client)
    assert (len(creations(lookalike)), made(client)) == (3, 1)


@pytest.mark.parametrize("kind", ["garbage", "oversize", "truncate", "redirect"])
@pytest.mark.parametrize("when, effects", [("before", 0), ("after", 1)])
def test_a_broken_answer(lookalike, kind, when, effects):
    once = client_of(lookalike, max_network_retries=0)
    lookalike.fault(kind, when=when, **CREATE)
    try:
        answer = create(once, idempotency_key="k")
        assert kind == "oversize" and "client_secret" not in answer
    except (stripe.StripeError, UnicodeDecodeError):
        assert kind != "oversize"
    assert made(once) == effects
    create(once, idempotency_key="k")
    assert made(once) == 1


@pytest.mark.parametrize("when, effects", [("before", 0), ("after", 1)])
def test_it_hangs(lookalike, when, effects):
    hasty = client_of(
        lookalike, max_network_retries=0, http_client=stripe.RequestsClient(timeout=0.2)
    )
    lookalike.fault("hang", when=when, **CREATE)
    with pytest.raises(stripe.APIConnectionError):
        create(hasty)
    assert made(hasty) == effects


def test_a_delay(client, lookalike):
    lookalike.fault("delay", when="after", seconds=0.2, **CREATE)
    started = time.monotonic()
    create(client)
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize("when, effects", [("before", 0), ("after", 1)])
def test_a_request_is_held_until_released(client, lookalike, when, effects):
    held = lookalike.fault("hold", when=when, **CREATE)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(create, client)
        lookalike.wait_for_fault(held)
        while made(client) < effects:
            time.sleep(0.01)  # the effect follows the fault's being taken
        assert not answer.done() and made(client) == effects
        lookalike.release(held)
        assert answer.result().status == "requires_payment_method"
    assert made(client) == 1


def test_faults_choose_their_requests(client, lookalike):
    lookalike.fault("rate_limit", skip=1, times=2, **CREATE)
    lookalike.fault("rate_limit", path="/cancel$", times=None)
    lookalike.fault("rate_limit", secret_key="sk_test_other", times=None)
    intent = create(client)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            create(client)
    create(client)
    for _ in range(3):
        with pytest.raises(stripe.RateLimitError):
            client.payment_intents.cancel(intent.id)
    lookalike.control("faults/clear")
    assert client.payment_intents.cancel(intent.id).status == "canceled"


# ---- webhooks


@pytest.fixture
def receiver(lookalike):
    with Receiver() as receiver:
        lookalike.webhook_endpoint(receiver.url)
        yield receiver


def types(received):
    return [json.loads(body)["type"] for _, body in received]


def test_webhooks_verify_with_both_official_clients(client, lookalike, receiver):
    intent = create(client)
    lookalike.pay(intent.client_secret, APPROVED)
    lookalike.wait_for_webhooks()
    received = receiver.wait_for(3)
    secret = lookalike.webhook_secret
    events = [
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
        for headers, body in received
    ]
    assert {event.type for event in events} == {
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    }
    created = next(event for event in events if event.type == "payment_intent.created")
    assert created.data.object.id == intent.id
    assert created.request.idempotency_key == creations(lookalike)[0]["idempotency_key"]
    assert client.events.retrieve(created.id).type == created.type

    given = [
        {"payload": body.decode(), "header": headers["Stripe-Signature"], "secret": secret}
        for headers, body in received
    ]
    script = ROOT / "tests" / "payment" / "construct_event.mjs"
    ran = subprocess.run(
        ["node", script], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == [event.type for event in events]


def test_thin_webhooks_are_read_by_both_official_clients(client, lookalike, receiver):
    lookalike.webhooks(payload="thin")
    intent = create(client)
    lookalike.pay(intent.client_secret, APPROVED)
    lookalike.wait_for_webhooks()
    received = receiver.wait_for(3)
    secret = lookalike.webhook_secret
    reader = stripe.StripeClient(lookalike.secret_key, base_addresses={"api": lookalike.url})
    seen = {}
    for headers, body in received:
        given = (body, headers["Stripe-Signature"], secret)
        with pytest.raises(ValueError, match="thin event"):
            stripe.Webhook.construct_event(*given)
        event = reader.parse_event_notification(*given)
        assert not event.livemode
        seen[event.type] = event
    assert set(seen) == {
        "v1.payment_intent.created",
        "v1.charge.succeeded",
        "v1.payment_intent.succeeded",
    }
    succeeded = seen["v1.payment_intent.succeeded"]
    assert type(succeeded).__name__ == "V1PaymentIntentSucceededEventNotification"
    assert succeeded.related_object.id == intent.id
    assert succeeded.fetch_related_object().status == "succeeded"
    assert seen["v1.charge.succeeded"].related_object.type == "charge"
    given = [
        {"payload": body.decode(), "header": headers["Stripe-Signature"], "secret": secret}
        for headers, body in received
    ]
    script = ROOT / "tests" / "payment" / "construct_event.mjs"
    ran = subprocess.run(
        ["node", script, "thin"], input=json.dumps(given), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [json.loads(body)["type"] for _, body in received]


def test_an_endpoint_of_an_older_version_hears_of_refunds_otherwise(client, lookalike, receiver):
    lookalike.webhooks(api_version="2024-09-30.acacia")
    intent = create(client)
    lookalike.pay(intent.client_secret, APPROVED)
    lookalike.control("refunds/next", outcomes=["pending"])
    refund = client.refunds.create({"payment_intent": intent.id})
    lookalike.control(f"refunds/{refund.id}", status="failed")
    lookalike.wait_for_webhooks()
    events = [json.loads(body) for _, body in receiver.received]
    assert {event["api_version"] for event in events} == {"2024-09-30.acacia"}
    about = [event["type"] for event in events if "refund" in event["type"]]
    assert sorted(about) == ["charge.refund.updated", "charge.refunded"]


def test_a_known_signature():
    """The vector on which the official clients and openssl agree."""
    payload = (
        b'{"id":"evt_1","object":"event","type":"payment_intent.succeeded",'
        b'"data":{"object":{"id":"pi_1","object":"payment_intent"}}}'
    )
    mark = "ad449e7ce1554730d147003402b7abd98e37b986a9e657b6868110fd854cf5d3"
    assert f"v1={mark}," in signature(payload, ["whsec_test_secret"], 1700000000)


def test_a_rotated_secret_signs_too(client, lookalike, receiver):
    lookalike.webhooks(secrets=["whsec_old", "whsec_new"])
    create(client)
    headers, body = receiver.wait_for(1)[0]
    for secret in ("whsec_old", "whsec_new"):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_other")


def test_webhooks_are_repeated_until_they_are_accepted(client, lookalike):
    with Receiver(lambda number, headers, body: [500, 302, 404, 204][number]) as receiver:
        lookalike.webhook_endpoint(receiver.url)
        create(client)
        lookalike.wait_for_webhooks()
        bodies = [body for _, body in receiver.wait_for(4)]
    assert len(set(bodies)) == 1
    attempts = [(each["attempt"], each["status"]) for each in lookalike.deliveries()]
    assert attempts == [(1, 500), (2, 302), (3, 404), (4, 204)]


def test_webhooks_many_times_at_once(client, lookalike, receiver):
    lookalike.webhooks(copies=8)
    create(client)
    lookalike.wait_for_webhooks()
    assert len({body for _, body in receiver.wait_for(8)}) == 1
    assert len(receiver.received) == 8


def test_webhooks_are_held_and_reordered(client, lookalike, receiver):
    lookalike.webhooks(mode="hold")
    intent = create(client)
    lookalike.pay(intent.client_secret, APPROVED)
    lookalike.wait_for_webhooks()
    assert receiver.received == []

    released = lookalike.release_webhooks(types=["charge.succeeded"])
    assert types(receiver.received) == ["charge.succeeded"] and len(released) == 1
    lookalike.release_webhooks(order="reversed")
    assert types(receiver.received)[1:] == ["payment_intent.succeeded", "payment_intent.created"]
    lookalike.release_webhooks()
    assert len(receiver.received) == 3


def test_held_webhooks_together(client, lookalike, receiver):
    lookalike.webhooks(mode="hold")
    for _ in range(5):
        create(client)
    lookalike.release_webhooks(order="shuffled", together=True)
    lookalike.wait_for_webhooks()
    assert len(receiver.received) == 5


def test_webhooks_are_never_sent(client, lookalike, receiver):
    lookalike.webhooks(mode="drop")
    create(client)
    lookalike.webhooks(mode="send")
    lookalike.release_webhooks()
    create(client)
    lookalike.wait_for_webhooks()
    assert len(receiver.wait_for(1)) == 1
    events = client.events.list().data
    assert len(events) == 2  # it happened all the same
    lookalike.control(f"events/{events[1].id}/send", copies=2)
    lookalike.wait_for_webhooks()
    assert len(receiver.received) == 3


def test_a_webhook_comes_before_the_answer(client, lookalike):
    arrived, answered = [], []

    def answer(number, headers, body):
        arrived.append(list(answered))
        return 200

    with Receiver(answer) as receiver:
        lookalike.webhook_endpoint(receiver.url, before_answer=True)
        answered.append(create(client).id)
        lookalike.pay(client.payment_intents.retrieve(answered[0]).client_secret, APPROVED)
    assert arrived[0] == []
    assert len(arrived) == 3


def test_endpoints_get_their_accounts_events_of_their_kinds(client, lookalike, receiver):
    lookalike.control("accounts", secret_key="sk_test_other", publishable_key="pk_test_other")
    with Receiver() as others, Receiver() as chosen:
        lookalike.webhook_endpoint(others.url, secret_key="sk_test_other")
        lookalike.webhook_endpoint(chosen.url, enabled_events=["payment_intent.canceled"])
        intent = create(client)
        client.payment_intents.cancel(intent.id)
        lookalike.wait_for_webhooks()
        assert len(receiver.received) == 2
        assert others.received == []
        assert types(chosen.received) == ["payment_intent.canceled"]
