"""Mounts a shop in an ASGI server or framework (FastAPI, Starlette, Django, uvicorn)."""

from __future__ import annotations

import asyncio
import functools
import inspect
from typing import Any, Awaitable, Callable, MutableMapping, Optional, Union
from urllib.parse import quote

from ._open_shop import HttpResponse
from ._shop import AsyncShop, Shop
from ._values import Caller
from .wsgi import MAX_BODY_BYTES, target_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def application(
    shop: Union[AsyncShop, Shop],
    caller: Callable[[Scope], Union[Caller, Awaitable[Caller]]],
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """An ASGI application that answers every endpoint of the shop ("/api/...").

    `caller(scope)`, a function or a coroutine, says who is calling: your authentication. It may
    be mounted at "/api", or at a prefix in front of it. The AsyncShop may be opened later, for
    example in the lifespan of the framework; a Shop is called on a thread.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"the shop serves HTTP, not {scope['type']}")
        who = caller(scope)
        if inspect.isawaitable(who):
            who = await who
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        body = await _body(receive)
        if body is None:
            return  # nobody is there to be answered, and half a request is none
        arguments = (who, scope["method"], _target(scope), headers, body)
        if isinstance(shop, AsyncShop):
            response = await shop.handle(*arguments)
        else:
            loop = asyncio.get_running_loop()
            response = await loop.run_in_executor(
                None, functools.partial(shop.handle, *arguments)
            )
        await _respond(response, send)

    return answer


def _target(scope: Scope) -> str:
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"])
    mount = quote(scope.get("root_path", ""))
    # Some frameworks leave the mount in the path, some take it off.
    rest = path[len(mount) :] if mount and path.startswith(mount + "/") else path
    return target_of(mount, rest, scope.get("query_string", b"").decode("latin-1"))


async def _body(receive: Receive) -> Optional[bytes]:
    """The raw body; None if the client has gone before all of it was there."""
    body = bytearray()
    while len(body) < MAX_BODY_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


async def _respond(response: HttpResponse, send: Send) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
