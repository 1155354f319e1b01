"""resys: a shop as a library. Carts, stock, checkout, payments and orders on one SQLite file.

    with resys.Shop.open("sqlite:shop.db") as shop:
        cart = shop.cart.add_item(resys.Caller("ada"), sku="TEE-M", quantity=2)

Shop is for threads, AsyncShop for asyncio. Errors are subclasses of resys.Error.
"""

from . import asgi as asgi
from . import wsgi as wsgi
from ._api import *
from ._library import openapi as _openapi
from ._library import version as _version
from ._open_shop import DueWork as DueWork
from ._open_shop import DueWorkPart as DueWorkPart
from ._open_shop import HttpResponse as HttpResponse
from ._open_shop import Progress as Progress
from ._ports import EventHandler as EventHandler
from ._ports import Mailer as Mailer
from ._ports import PaymentProcessor as PaymentProcessor
from ._ports import PaymentRequest as PaymentRequest
from ._shop import AsyncShop as AsyncShop
from ._shop import Shop as Shop
from ._shop import Worker as Worker
from ._values import Audience as Audience
from ._values import Caller as Caller
from ._values import Error as Error
from ._values import Money as Money
from ._values import Page as Page
from ._values import Record as Record
from ._values import Retry as Retry
from ._values import ShopClosed as ShopClosed

# Of the library inside.
version: str = _version().text()


def openapi() -> str:
    """The OpenAPI 3.1 document of the shop's endpoints, as JSON."""
    document: str = _openapi().text()
    return document
