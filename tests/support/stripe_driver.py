"""Calls the Stripe processor, in a process of its own (payment/stripe_driver.cpp)."""

import json
import subprocess

from support.project import BUILD

CONFIG = {"secretKey": "sk_test_123", "webhookSecret": "whsec_test_secret"}


class StripeDriver:
    def __init__(self, url, **config):
        self.config = list({**CONFIG, **config}.items())
        self.process = subprocess.Popen(
            [BUILD / "tests" / "resys_stripe_driver", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait() == 0

    def call(self, what, /, **given):
        call = {"call": what, "config": self.config, **given}
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())
