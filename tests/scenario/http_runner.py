"""Replays a scenario's steps over HTTP: `http_runner.py DATABASE`; cpp_runner.cpp says how.

The server is the Python package's WSGI application behind the standard library's server; the
routes are those of bindings/api.json.
"""

import http.client
import json
import pathlib
import sys
import threading
import urllib.parse
import wsgiref.simple_server

import resys
import resys.wsgi

ROOT = pathlib.Path(__file__).resolve().parents[2]
DESCRIPTION = json.loads((ROOT / "bindings" / "api.json").read_text(encoding="utf-8"))
ROUTES = {each["name"]: (each["method"], each["path"]) for each in DESCRIPTION["operations"]}


class QuietHandler(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, format, *arguments):
        pass


def caller(environ):
    """A host would ask its session; here the client says who it is."""
    return resys.Caller(
        user_id=environ.get("HTTP_X_USER", ""),
        session_id=environ.get("HTTP_X_SESSION", ""),
        store=environ["HTTP_X_STORE"],
        audience=resys.Audience[environ["HTTP_X_AUDIENCE"].upper()],
    )


def run(client, line):
    store, audience, user, session, key, operation, request = line.rstrip("\n").split("\t")
    method, path = ROUTES[operation]
    values = json.loads(request)
    for name in [name for name in values if f"{{{name}}}" in path]:
        path = path.replace(f"{{{name}}}", urllib.parse.quote(values.pop(name), safe=""))
    headers = {"X-Store": store, "X-Audience": audience, "X-User": user, "X-Session": session}
    if key:
        headers["Idempotency-Key"] = key
    body = None
    if method == "GET":
        path += "?" + urllib.parse.urlencode(values)
    else:
        body = json.dumps(values)
        headers["Content-Type"] = "application/json"
    client.request(method, path, body, headers)
    answer = json.loads(client.getresponse().read())
    if answer["success"]:
        return {"answer": answer["data"]}
    return {"error": {**answer["error"], "field": answer["error"]["field"] or ""}}


def main():
    shop = resys.Shop.open(
        f"sqlite:{sys.argv[1]}", processors=["test", "manual"], secret_keys={"k1": b"0" * 32}
    )
    server = wsgiref.simple_server.make_server(
        "127.0.0.1", 0, resys.wsgi.application(shop, caller), handler_class=QuietHandler
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        if "\tdueWork\t" in line:
            while shop.run_due_work().more:
                pass
            answer = {"answer": {}}
        else:
            answer = run(http.client.HTTPConnection("127.0.0.1", server.server_port), line)
        print(json.dumps(answer), flush=True)
    server.shutdown()
    shop.close()


if __name__ == "__main__":
    main()
