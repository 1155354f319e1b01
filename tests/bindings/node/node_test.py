"""The Node binding as its users see it: the cases of each .test.mjs file here, the types checked by
TypeScript, README.md's program, the examples over HTTP. tests/run has built the addon before.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import urllib.request

import pytest
from support.project import ROOT, text

HERE = pathlib.Path(__file__).parent
EXAMPLES = ROOT / "examples" / "node"
PACKAGES = ROOT / "tests" / "node_modules"
HANGS_AFTER_SECONDS = 120


def run(*command, cwd=HERE):
    finished = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HANGS_AFTER_SECONDS,
    )
    assert finished.returncode == 0, finished.stdout[-8000:]
    return finished.stdout


@pytest.mark.parametrize("file", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_cases_of(file):
    run("node", "--test", file)


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """The examples where `resys`, Express and Fastify are installed."""
    folder = tmp_path_factory.mktemp("examples")
    for path in EXAMPLES.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    (folder / "node_modules").symlink_to(PACKAGES)
    return folder


def test_the_types_are_strict(examples):
    options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext"]
    run("node", PACKAGES / "typescript" / "bin" / "tsc", *options, "typed.ts", cwd=examples)


def test_the_program_of_the_readme_runs_in_an_empty_folder(tmp_path):
    """With only resys installed, as printed."""
    program = re.search(r"```js\n(import .*?)```", text("README.md"), re.DOTALL)[1]
    (tmp_path / "shop.mjs").write_text(program, encoding="utf-8")
    package = ROOT / "bindings" / "node"
    run("npm", "install", "--offline", "--no-audit", "--no-fund", package, cwd=tmp_path)
    assert re.fullmatch(r"order \w+ is Complete\n", run("node", "shop.mjs", cwd=tmp_path))
    assert (tmp_path / "shop.db").exists()


class Served:
    """An example that serves on a free port, with a shop in memory."""

    def __init__(self, folder, program):
        self.process = subprocess.Popen(
            ["node", program, "0", "sqlite::memory:"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line.startswith("ready on "), line
        self.url = line.split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(HANGS_AFTER_SECONDS)
        self.process.stdout.close()

    def ask(self, path, body=None, **headers):
        """The text that is answered, and the response."""
        data = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data, named)
        with urllib.request.urlopen(request, timeout=HANGS_AFTER_SECONDS) as response:
            return response.read().decode(), response


def test_the_demo_shop_sells_tea(examples):
    with Served(examples, "shop.js") as shop:
        page, response = shop.ask("/")
        assert "assam, 7.90 EUR" in page and "In your cart: nothing" in page
        cookie = response.headers["Set-Cookie"].split(";")[0]
        shop.ask("/api/storefront/cart/items", {"sku": "ASSAM", "quantity": 2}, Cookie=cookie)
        page, _ = shop.ask("/", Cookie=cookie)
        assert "In your cart: 15.80 EUR" in page


@pytest.mark.parametrize("program", ["express_app.js", "fastify_app.js"])
def test_the_shop_is_mounted_in(program, examples):
    product = {
        "slug": "tea",
        "name": "Tea",
        "variants": [{"sku": "TEA", "priceCents": 790, "currency": "EUR"}],
    }
    with Served(examples, program) as app:
        app.ask("/api/admin/products", product, X_User="grace", X_Audience="staff")
        answer, _ = app.ask("/api/storefront/products")
        assert json.loads(answer)["data"]["items"][0]["slug"] == "tea"
        answer, _ = app.ask("/echo", {"a": 1})
        assert json.loads(answer) == {"a": 1}


def test_a_package_that_was_not_built_says_so(tmp_path):
    for path in (ROOT / "bindings" / "node").glob("*.js*"):
        shutil.copy(path, tmp_path)
    started = subprocess.run(
        ["node", "index.js"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert started.returncode == 1
    assert f"run: node {tmp_path / 'scripts' / 'build.js'}" in started.stderr


def test_what_is_missing_for_the_build_is_named(tmp_path):
    """Here: everything but Node."""
    node = shutil.which("node")
    (tmp_path / "node").symlink_to(node)
    build = subprocess.run(
        [node, ROOT / "bindings" / "node" / "scripts" / "build.js"],
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert build.returncode == 1
    assert build.stderr.startswith("resys: CMake"), build.stderr
