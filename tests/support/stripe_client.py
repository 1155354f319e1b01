"""Stripe's official Python client, pointed at the look-alike."""

import stripe


def client_of(lookalike, key=None, **options):
    return stripe.StripeClient(
        key or lookalike.secret_key,
        base_addresses={"api": lookalike.url},
        **{"max_network_retries": 2, **options},
    ).v1
