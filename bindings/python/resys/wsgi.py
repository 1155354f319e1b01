"""Mounts a shop in a WSGI server or framework (Flask, Django, gunicorn, wsgiref)."""

from __future__ import annotations

from http.client import responses
from typing import Any, Callable, Dict, Iterable, List, Tuple
from urllib.parse import quote

from ._library import Text, handles
from ._shop import Shop
from ._values import Caller

Environ = Dict[str, Any]

# The library refuses bodies of more than 1 MiB with 413; no more than this is read of one.
MAX_BODY_BYTES = 2 * 1024 * 1024


def application(
    shop: Shop, caller: Callable[[Environ], Caller]
) -> Callable[[Environ, Callable[..., Any]], Iterable[bytes]]:
    """A WSGI application that answers every endpoint of the shop ("/api/...").

    `caller(environ)` says who is calling: your authentication. It may be mounted at "/api", or
    at a prefix in front of it.
    """

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        response = shop.handle(
            caller(environ),
            environ["REQUEST_METHOD"],
            _target(environ),
            _headers(environ),
            _body(environ),
        )
        status = f"{response.status} {responses.get(response.status, 'Unknown')}"
        start_response(status, list(response.headers))
        return [response.body]

    return answer


def target_of(mount: str, path: str, query: str) -> str:
    """The path that the shop knows: what follows a prefix, or all of it."""
    own = path if handles(Text.of(path)) else mount + path
    return f"{own}?{query}" if query else own


def _target(environ: Environ) -> str:
    # WSGI gives bytes as Latin-1, with the escapes undone.
    mount, path = (
        quote(environ.get(name, "").encode("latin-1")) for name in ("SCRIPT_NAME", "PATH_INFO")
    )
    return target_of(mount, path, environ.get("QUERY_STRING", ""))


def _headers(environ: Environ) -> List[Tuple[str, str]]:
    headers = [
        (name[5:].replace("_", "-").title(), value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", environ["CONTENT_TYPE"]))
    return headers


def _body(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit():  # some servers hand on what the client wrote
        size = min(int(length), MAX_BODY_BYTES)
    elif environ.get("wsgi.input_terminated"):  # chunked, and the server marks the end
        size = MAX_BODY_BYTES
    else:
        return b""
    body: bytes = environ["wsgi.input"].read(size)
    return body
