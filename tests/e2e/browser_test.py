"""The demo shop's pages in a real browser: browser/scenarios.mjs says what each scenario does."""

import json
import re
import subprocess

import pytest
from support.demo_shop import DemoShop
from support.project import ROOT, left_out, text
from support.stripe_lookalike import Lookalike

FOLDER = ROOT / "tests" / "e2e" / "browser"
SCENARIOS = re.findall(
    r"^export async function (\w+)\(", text("tests/e2e/browser/scenarios.mjs"), re.MULTILINE
)
HANGS_AFTER_SECONDS = 300


@pytest.fixture
def shop(tmp_path):
    if left_out("browser"):
        pytest.skip("left out: browser")
    with Lookalike() as stripe, DemoShop(tmp_path, "--stripe-api-base", stripe.url) as running:
        stripe.webhook_endpoint(f"{running.url}/api/webhooks/stripe")
        running.stripe = stripe
        yield running


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_in_the_browser(shop, scenario, tmp_path):
    given = {
        "url": shop.url,
        "staffToken": shop.staff_token,
        "accounts": shop.accounts,
        "folder": str(tmp_path),
        "stripe": {
            "url": shop.stripe.url,
            "secretKey": shop.stripe.secret_key,
            "publishableKey": shop.stripe.publishable_key,
            "webhookSecret": shop.stripe.webhook_secret,
        },
    }
    if scenario == "stripe":
        given["hosts"] = ["https://js.stripe.com", "https://api.stripe.com"]
    ran = subprocess.run(
        ["node", "browser.mjs", scenario, json.dumps(given)],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HANGS_AFTER_SECONDS,
    )
    assert ran.returncode == 0, ran.stdout
