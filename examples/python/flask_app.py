"""The shop's endpoints in a Flask application: mounted at /api by the WSGI helper.

usage: python flask_app.py [DATABASE [PORT]]
"""

import sys
from typing import Any

import resys
from flask import Flask, session
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

app = Flask(__name__)
app.secret_key = "keep yours apart from the code"


@app.post("/login/<user>")
def login(user: str) -> str:
    session["user"] = user  # yours would ask for a password
    return f"Hello {user}"


def caller(environ: dict[str, Any]) -> resys.Caller:
    with app.request_context(environ):  # Flask's own session says who it is
        return resys.Caller(user_id=session.get("user", ""))


if __name__ == "__main__":
    database, port = (*sys.argv[1:], *["sqlite:shop.db", "8000"][len(sys.argv) - 1 :])
    with resys.Shop.open(database) as shop:
        api = resys.wsgi.application(shop, caller)
        both = DispatcherMiddleware(app, {"/api": api})
        server = make_server("127.0.0.1", int(port), both, threaded=True)
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
