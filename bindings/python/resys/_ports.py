"""What a host supplies to a shop: payment processors, mailer, event handlers, HTTP, taxes, clock,
log.

With an AsyncShop, a method may also be `async def`: it then runs on the shop's event loop.
What a port raises comes out of the call that led to it.
"""

from __future__ import annotations

import abc
import asyncio
import ctypes
import inspect
import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import (
    Any,
    Awaitable,
    Callable,
    Dict,
    List,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from . import _library as library
from ._api import (
    CalculatedTaxes,
    CalculateTaxes,
    ConfigField,
    Event,
    EventType,
    IncomingResponse,
    Internal,
    Mail,
    OutcomeUnknown,
    OutgoingRequest,
    PaymentSnapshot,
    ProcessorRequest,
    RefundSnapshot,
    WebhookEvent,
)
from ._library import Text
from ._open_shop import LOGGER, PORT_DEPTH, THREAD, Failure, OpenShop, log_failures
from ._values import Error, Money, record_json, record_list_json

T = TypeVar("T")
Answer = Union[T, Awaitable[T]]


class PaymentRequest(ProcessorRequest):
    """What a processor is told about a payment. `config` holds secrets: do not log it."""

    __slots__ = ()

    @property  # type: ignore[misc]  # None is possible in the base only
    def amount(self) -> Money:
        """What the payment is, or was created, about; what to refund."""
        return Money._of(self._json["amountCents"], self._json["currency"])


class PaymentProcessor(abc.ABC):
    """Takes money. Implement it for a processor that is not built in, and give it a `name`: it is
    stored in payment methods, so keep it stable.

    Its methods are called with no transaction open, on any thread, several at once; they may
    block and may call the shop. They raise PaymentDeclined, InvalidRequest, InvalidState or
    UnsupportedCurrency for "not done, do not repeat", ProcessorUnavailable for "not done, may be
    repeated". Any other exception counts as "unknown": the shop asks again with the same
    `idempotency_key` until it is known, and must not be answered by taking the money twice.
    """

    name: str
    config_fields: Sequence[ConfigField] = ()
    currencies: Sequence[str] = ()  # which it takes; empty: all
    least_cents: int = 1
    most_cents: int = 2**53 - 1
    offline: bool = False  # the money comes, and goes back, by hand; staff say so

    @abc.abstractmethod
    def create_payment(self, request: PaymentRequest) -> Answer[PaymentSnapshot]:
        """Begins a payment of `request.amount`."""

    @abc.abstractmethod
    def capture(self, request: PaymentRequest) -> Answer[PaymentSnapshot]:
        """Takes the authorized money of `request.external_id`."""

    @abc.abstractmethod
    def cancel(self, request: PaymentRequest) -> Answer[PaymentSnapshot]:
        """Sees to it that no money comes; answers what it really became."""

    @abc.abstractmethod
    def fetch(self, request: PaymentRequest) -> Answer[PaymentSnapshot]:
        """Answers what `request.external_id` is now."""

    @abc.abstractmethod
    def refund(self, request: PaymentRequest) -> Answer[RefundSnapshot]:
        """Gives `request.amount` back; answers `request.refund_id` in the snapshot."""

    def parse_webhook(self, request: ProcessorRequest) -> Answer[WebhookEvent]:
        """Verifies `request.headers` and `request.payload`, then reads: a processor with webhooks
        overrides it. Raises InvalidSignature."""
        raise NotImplementedError


class Mailer(abc.ABC):
    """Sends mail; a function that takes a Mail will do as well. InvalidRequest: given up; any
    other exception: sent again later."""

    @abc.abstractmethod
    def send(self, mail: Mail) -> Answer[None]: ...


@dataclass(frozen=True)
class EventHandler:
    """Is told what happened, at least once per event, in sequence per order. An exception: told
    again later.

    name: stored with each delivery: keep it stable. handle: takes the store and the event.
    types: which events; empty: all.
    """

    name: str
    handle: Callable[[str, Event], Answer[None]]
    types: Sequence[EventType] = ()


HttpTransport = Callable[[OutgoingRequest], Answer[IncomingResponse]]
Clock = Callable[[], datetime]
TaxCalculator = Callable[[CalculateTaxes], Answer[CalculatedTaxes]]
TaxIdRegistry = Callable[[str], Answer[bool]]

# A call of a port: takes the request's JSON, answers what `wire` makes JSON of.
_Call = Tuple[Callable[[Dict[str, Any]], Any], Callable[[Any], Dict[str, Any]]]


class Ports:
    """The callbacks of one shop, and all that C points to while it is open.

    loop: where coroutines run; None: ports that are coroutines are refused.
    """

    def __init__(self, loop: Optional[asyncio.AbstractEventLoop] = None) -> None:
        # Once it is open. Weak: what C points to outlives the shop.
        self.shop: Callable[[], Optional[OpenShop]] = lambda: None
        self._loop = loop
        self._kept: List[object] = []

    def keep(self, kept: T) -> T:
        self._kept.append(kept)
        return kept

    # -- the structs

    def processor(self, processor: PaymentProcessor) -> library.DescribedPortStruct:
        def about(
            method: Callable[[PaymentRequest], Any], wire: Callable[[Any], Dict[str, Any]]
        ) -> _Call:
            self._accept(method)
            return (lambda json: method(PaymentRequest.from_json(json)), wire)

        def payment(answer: PaymentSnapshot) -> Dict[str, Any]:
            return record_json(answer, PaymentSnapshot)

        self._accept(processor.parse_webhook)
        calls: Dict[str, _Call] = {
            "createPayment": about(processor.create_payment, payment),
            "capture": about(processor.capture, payment),
            "cancel": about(processor.cancel, payment),
            "fetch": about(processor.fetch, payment),
            "refund": about(
                processor.refund, lambda answer: record_json(answer, RefundSnapshot)
            ),
            "parseWebhook": (
                lambda json: processor.parse_webhook(ProcessorRequest.from_json(json)),
                lambda answer: record_json(answer, WebhookEvent),
            ),
        }
        has_webhooks = type(processor).parse_webhook is not PaymentProcessor.parse_webhook
        description = {
            "name": processor.name,
            "configFields": record_list_json(processor.config_fields, ConfigField),
            "currencies": list(processor.currencies),
            "leastCents": processor.least_cents,
            "mostCents": processor.most_cents,
            "offline": processor.offline,
            "hasWebhooks": has_webhooks,
        }
        return self._described(description, calls, OutcomeUnknown)

    def handler(self, handler: EventHandler) -> library.DescribedPortStruct:
        self._accept(handler.handle)

        def handle(json: Dict[str, Any]) -> Any:
            return handler.handle(json["store"], Event.from_json(json["event"]))

        description = {"name": handler.name, "types": list(handler.types)}
        return self._described(description, {"handle": (handle, _nothing)}, Internal)

    def mailer(self, mailer: Union[Mailer, Callable[[Mail], Answer[None]]]) -> library.PortStruct:
        send = mailer.send if isinstance(mailer, Mailer) else mailer
        self._accept(send)
        calls: Dict[str, _Call] = {
            "sendMail": (lambda json: send(Mail.from_json(json)), _nothing)
        }
        return self._port(self._callback(calls, Internal))

    def tax_calculator(self, calculate: TaxCalculator) -> library.PortStruct:
        self._accept(calculate)
        calls: Dict[str, _Call] = {
            "calculateTaxes": (
                lambda json: calculate(CalculateTaxes.from_json(json)),
                lambda answer: record_json(answer, CalculatedTaxes),
            )
        }
        return self._port(self._callback(calls, Internal))

    def tax_id_registry(self, check: TaxIdRegistry) -> library.PortStruct:
        self._accept(check)
        calls: Dict[str, _Call] = {
            "checkTaxId": (
                lambda json: check(json["taxId"]),
                lambda registered: {"registered": registered},
            )
        }
        return self._port(self._callback(calls, Internal))

    def http(self, send: HttpTransport) -> library.PortStruct:
        self._accept(send)
        calls: Dict[str, _Call] = {
            "send": (
                lambda json: send(OutgoingRequest.from_json(json)),
                lambda answer: record_json(answer, IncomingResponse),
            )
        }
        return self._port(self._callback(calls, OutcomeUnknown))

    def clock(self, clock: Clock) -> library.ClockStruct:
        def now(_payload: object) -> int:
            try:
                return (clock() - _EPOCH) // timedelta(microseconds=1)
            except BaseException:
                LOGGER.exception("the clock failed; the system's is taken")
                return time.time_ns() // 1000

        callback = self.keep(library.ClockNow(now))
        return library.ClockStruct(ctypes.sizeof(library.ClockStruct), None, None, callback)

    def log(self, logger: logging.Logger) -> library.LogStruct:
        levels = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)

        def write(_payload: object, level: int, message: library.AnsweredText) -> None:
            try:
                logger.log(levels[level], "%s", message.text())
            except BaseException:  # there is nowhere left to tell it
                pass

        callback = self.keep(library.LogWrite(write))
        return library.LogStruct(ctypes.sizeof(library.LogStruct), None, None, callback)

    def _described(
        self, description: Dict[str, Any], calls: Dict[str, _Call], otherwise: Type[Error]
    ) -> library.DescribedPortStruct:
        size = ctypes.sizeof(library.DescribedPortStruct)
        callback = self._callback(calls, otherwise)
        text = self.keep(Text.of(json.dumps(description)))
        return library.DescribedPortStruct(size, None, None, callback, text)

    def _port(self, callback: Any) -> library.PortStruct:
        return library.PortStruct(ctypes.sizeof(library.PortStruct), None, None, callback)

    def _accept(self, function: Callable[..., Any]) -> None:
        if not callable(function):
            raise TypeError(f"the port {function!r} is not callable")
        if self._loop is None and inspect.iscoroutinefunction(function):
            raise TypeError(
                f"{function.__qualname__} is `async def`: it needs resys.AsyncShop"
            )

    # -- the calls

    def _callback(self, calls: Dict[str, _Call], otherwise: Type[Error]) -> Any:
        """The C function. otherwise: whose code an exception has that is no resys.Error."""

        def callback(
            _payload: object, name: library.AnsweredText, document: int, reply: library.Reply
        ) -> None:
            failures = THREAD.failures
            own: List[Failure] = [] if failures is None else failures
            failure: Failure = []
            own.append(failure)
            token = len(own)
            depth = PORT_DEPTH.set(PORT_DEPTH.get() + 1)
            try:
                function, wire = calls[name.text()]
                request = json.loads(library.document_json(document).bytes())
                answer = function(request)
                if inspect.isawaitable(answer):
                    self._run_on_loop(answer, wire, (reply, token, failure, otherwise))
                else:
                    _complete(reply, wire(answer))
            except BaseException as exception:
                _fail(reply, token, failure, otherwise, exception)
            finally:
                PORT_DEPTH.reset(depth)
            if failures is None:  # a worker called: there is nobody to raise it to
                log_failures(own)

        return self.keep(library.PortCall(callback))

    def _run_on_loop(
        self,
        answer: Awaitable[Any],
        wire: Callable[[Any], Dict[str, Any]],
        failing: Tuple[library.Reply, int, Failure, Type[Error]],
    ) -> None:
        reply = failing[0]

        async def run() -> None:
            try:
                made = wire(await answer)
            except BaseException as exception:
                failed = exception  # Python unbinds `exception` itself
                self._if_open(lambda: _fail(*failing, failed))
                if not isinstance(exception, Exception):
                    raise
                return
            self._if_open(lambda: _complete(reply, made))

        if self._loop is None or _running_loop() is self._loop:
            if inspect.iscoroutine(answer):
                answer.close()
            if self._loop is None:
                raise TypeError("a port returned a coroutine: it needs resys.AsyncShop")
            raise RuntimeError(
                "the event loop waits for this call, so it cannot run the port: await the call"
            )
        asyncio.run_coroutine_threadsafe(run(), self._loop)

    def _if_open(self, complete: Callable[[], None]) -> None:
        """A coroutine may end after its reply has timed out and the shop was closed."""
        shop = self.shop()
        if shop is not None:
            shop.unless_closed(complete)


def _running_loop() -> Optional[asyncio.AbstractEventLoop]:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def _nothing(_answer: object) -> Dict[str, Any]:
    return {}


def _complete(reply: library.Reply, answer: Dict[str, Any]) -> None:
    library.reply_complete(reply, Text.of(json.dumps(answer)))


def _fail(
    reply: library.Reply,
    token: int,
    failure: Failure,
    otherwise: Type[Error],
    exception: BaseException,
) -> None:
    failure.append(exception)
    kind = type(exception) if isinstance(exception, Error) else otherwise
    try:
        message = str(exception) or type(exception).__name__
    except Exception:
        message = type(exception).__name__
    data = message.encode(errors="backslashreplace")
    library.reply_fail(reply, kind.status, Text(data, len(data)), token)
