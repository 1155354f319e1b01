"""The shop's endpoints in a FastAPI application: mounted at /api by the ASGI helper.

usage: python fastapi_app.py [DATABASE [PORT]]
"""

import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Any, MutableMapping

import resys
import uvicorn
from fastapi import FastAPI, Request

arguments = (*sys.argv[1:], *["sqlite:shop.db", "8000"][len(sys.argv) - 1 :])
shop = resys.AsyncShop.open(arguments[0])


async def caller(scope: MutableMapping[str, Any]) -> resys.Caller:
    token = Request(scope).headers.get("x-user", "")  # yours would look a token up
    return resys.Caller(user_id=token)


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with shop, shop.worker():
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/api", resys.asgi.application(shop, caller))


@app.get("/cart-total")
async def cart_total(request: Request) -> str:
    """A page of one's own awaits the shop directly."""
    cart = await shop.cart.get(await caller(request.scope))
    return str(cart.total)


if __name__ == "__main__":
    config = uvicorn.Config(app, host="127.0.0.1", port=int(arguments[1]), log_level="warning")
    config.load()
    socket = config.bind_socket()
    socket.listen()
    print(f"http://127.0.0.1:{socket.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run([socket])
