"""stripe-mock, the oracle for shapes: does Stripe take this request, is this answer Stripe's?

The program answers the first question, the description of the API that its module carries the
second. It keeps no state. RESYS_WITHOUT=stripe-mock leaves it out.
"""

import functools
import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

from support.project import BUILD, ROOT

# What 2026-10-28.endive has added to the description that stripe-mock carries, of which the
# look-alike tells: by property. payment/lookalike_test.py holds it against the official client.
NEWER = {"dispute.status": ("appeal_needs_response", "appeal_under_review")}
PROGRAM = os.environ.get("RESYS_STRIPE_MOCK", BUILD / "stripe-mock")
MODULE = "github.com/stripe/stripe-mock"


class StripeMock:
    """`url` is where it listens. It takes requests of its own version of the API only."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="resys-mock-")
        # It would also listen for HTTPS on a fixed port.
        https = os.path.join(self.folder.name, "https")
        command = [PROGRAM, "-http-addr", "127.0.0.1:0", "-https-unix", https]
        self.log = pathlib.Path(self.folder.name, "log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "-strict-version-check"], stdout=log, stderr=subprocess.STDOUT
            )
        while not (address := re.search(r"HTTP at address: (\S+)\n", self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.01)
        self.address = address[1]
        self.url = f"http://{self.address}"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def send(self, request):
        """Status and answer to a request as the look-alike logs it."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        target = request["path"] + ("?" + request["query"] if request["query"] else "")
        key = request["secret_key"].replace("_live_", "_test_")  # it takes no other
        headers = {"Authorization": f"Bearer {key}"}
        if request["method"] == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(request["method"], target, request["body"], headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
        connection.close()
        return answer.status, body


@functools.cache
def schemas():
    """Stripe's own description of its objects, by name."""
    folder = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", MODULE],
        cwd=ROOT / "tests" / "tools",
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    description = pathlib.Path(folder) / "embedded" / "openapi" / "spec3.json"
    return json.loads(description.read_text())["components"]["schemas"]


def assert_honest(stripe, mock):
    """Stripe would have taken each request that this look-alike took, and its answers, refusals and
    events are in Stripe's shape."""
    for request in stripe.requests():
        if request["answer"] is None:
            continue  # a fault was answered, or nothing
        answer = json.loads(request["answer"])
        wrong = list(differences(answer))
        assert not wrong, (request, wrong)
        if request["status"] != 200:
            continue
        status, theirs = mock.send(request)
        assert status == 200, (request, theirs)
        assert theirs["object"] == answer["object"], (request, theirs)
    for account in stripe.server.accounts.values():
        for event in account.tables["event"].values():
            wrong = list(differences(event))
            assert not wrong, (event, wrong)


def differences(answer):
    """Where an answer of the API, an event included, is not as Stripe describes it."""
    if "error" in answer:
        yield from compare(answer, schemas()["error"], "error")
    elif answer["object"] == "list":
        for entry in answer["data"]:
            yield from differences(entry)
    else:
        yield from compare(answer, schemas()[answer["object"]], answer["object"])
        if answer["object"] == "event":
            yield from differences(answer["data"]["object"])


def compare(value, schema, path):
    if "$ref" in schema:
        schema = schemas()[schema["$ref"].rsplit("/", 1)[1]]
    if value is None and schema.get("nullable"):
        return
    if "anyOf" in schema:
        tries = [list(compare(value, choice, path)) for choice in schema["anyOf"]]
        yield from min(tries, key=len)
        return
    types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    wanted = types.get(schema.get("type"), object)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        yield f"{path} is no {schema['type']}: {value!r}"
    elif wanted is dict:
        yield from compare_object(value, schema, path)
    elif wanted is list:
        for entry in value:
            yield from compare(entry, schema["items"], f"{path}[]")
    elif "enum" in schema and value not in [*schema["enum"], *NEWER.get(path, ())]:
        yield f"{path} is none of {schema['enum']}: {value!r}"
    elif wanted is str and len(value) > schema.get("maxLength", len(value)):
        yield f"{path} is too long"


def compare_object(value, schema, path):
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, entry in value.items():
        if name in properties:
            yield from compare(entry, properties[name], f"{path}.{name}")
        elif properties and not schema.get("additionalProperties"):
            yield f"{path}.{name} is unknown to Stripe"
