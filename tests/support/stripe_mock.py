"""stripe-mock, the oracle for shapes: does Stripe take this request, is this answer Stripe's?

The program answers the first question, the description of the API that its module carries the
second. It keeps no state. RESYS_WITHOUT=stripe-mock leaves it out.
"""

import functools
import http.client
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

from support.project import BUILD, ROOT

PROGRAM = os.environ.get("RESYS_STRIPE_MOCK", BUILD / "stripe-mock")
MODULE = "github.com/stripe/stripe-mock"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class StripeMock:
    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="resys-mock-")
        self.socket = os.path.join(self.folder.name, "socket")
        self.process = subprocess.Popen(
            [PROGRAM, "-http-unix", self.socket], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        while not os.path.exists(self.socket):
            assert self.process.poll() is None, self.process.stdout.read().decode()
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def send(self, request):
        """Status and answer to a request as the look-alike logs it."""
        connection = UnixConnection(self.socket)
        target = request["path"] + ("?" + request["query"] if request["query"] else "")
        headers = {"Authorization": f"Bearer {request['secret_key']}"}
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
    elif "enum" in schema and value not in schema["enum"]:
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
