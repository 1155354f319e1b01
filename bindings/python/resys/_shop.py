"""The shop, for threads (Shop) and for asyncio (AsyncShop)."""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import functools
import logging
import os
import weakref
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import (
    Any,
    Callable,
    Dict,
    Generator,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from . import _library as library
from ._api import (
    AsyncServices,
    Backup,
    BuiltInProcessor,
    CheckReport,
    EngineInfo,
    KeyRotation,
    Mail,
    Services,
)
from ._library import Text
from ._open_shop import (
    LOGGER,
    PORT_DEPTH,
    DueWork,
    DueWorkPart,
    HttpResponse,
    OpenShop,
    Progress,
    Told,
)
from ._ports import (
    Answer,
    Clock,
    EventHandler,
    HttpTransport,
    Mailer,
    PaymentProcessor,
    Ports,
    TaxCalculator,
    TaxIdRegistry,
)
from ._values import Caller, ShopClosed

T = TypeVar("T")

Headers = Union[Mapping[str, str], Iterable[Tuple[str, str]]]
AnyMailer = Union[Mailer, Callable[[Mail], Answer[None]]]
AnyProcessor = Union[BuiltInProcessor, str, PaymentProcessor]

# So many calls wait for the disk together, that one write to it serves many of them.
_ASYNC_THREADS = 64


def _builtin_name(name: Union[BuiltInProcessor, str]) -> str:
    try:
        return BuiltInProcessor(name).value
    except ValueError:
        names = ", ".join(repr(each.value) for each in BuiltInProcessor)
        raise ValueError(
            f"processors: {name!r} is none of {names}, nor a PaymentProcessor"
        ) from None


class Options(NamedTuple):
    """What a shop is opened with; Shop.open() says what each is."""

    database: str
    secret_keys: Mapping[str, bytes]
    secret_key_id: str
    allow_missing_keys: bool
    processors: Sequence[AnyProcessor]
    event_handlers: Sequence[EventHandler]
    mailer: Optional[AnyMailer]
    http: Optional[HttpTransport]
    clock: Optional[Clock]
    tax_calculator: Optional[TaxCalculator]
    tax_id_registry: Optional[TaxIdRegistry]
    log: logging.Logger
    stripe_api_base: str
    smtp_url: str
    smtp_from: str
    reply_timeout: float

    def open(self, loop: Optional[asyncio.AbstractEventLoop] = None) -> OpenShop:
        ports = Ports(loop)
        struct = library.OptionsStruct(struct_size=ctypes.sizeof(library.OptionsStruct))
        for name in ("database", "stripe_api_base", "smtp_url", "smtp_from"):
            setattr(struct, name, Text.of(getattr(self, name)))
        for id, key in self.secret_keys.items():
            if not isinstance(key, bytes):
                raise TypeError(f"secret_keys: {id!r} is {type(key).__name__}, not 32 bytes")
        keys = [
            library.SecretKeyStruct(Text.of(id), Text(key, len(key)))
            for id, key in self.secret_keys.items()
        ]
        struct.secret_keys = (library.SecretKeyStruct * len(keys))(*keys)
        struct.secret_key_count = len(keys)
        only = next(iter(self.secret_keys)) if len(keys) == 1 else ""
        struct.secret_key_id = Text.of(self.secret_key_id or only)
        struct.allow_missing_keys = int(self.allow_missing_keys)
        if not self.reply_timeout > 0:
            raise ValueError("reply_timeout: the seconds are not above 0")
        struct.reply_timeout_ms = max(1, round(self.reply_timeout * 1000))
        own: List[library.DescribedPortStruct] = []
        builtin: List[str] = []
        if isinstance(self.processors, str):
            raise TypeError("processors: a str is given instead of a list")
        for processor in self.processors:
            if isinstance(processor, PaymentProcessor):
                own.append(ports.processor(processor))
            else:
                builtin.append(_builtin_name(processor))
        struct.processors = Text.of(" ".join(builtin))
        struct.host_processors = (library.DescribedPortStruct * len(own))(*own)
        struct.host_processor_count = len(own)
        handlers = [ports.handler(handler) for handler in self.event_handlers]
        struct.event_handlers = (library.DescribedPortStruct * len(handlers))(*handlers)
        struct.event_handler_count = len(handlers)
        if self.mailer is not None:
            struct.mailer = ctypes.pointer(ports.mailer(self.mailer))
        if self.http is not None:
            struct.http = ctypes.pointer(ports.http(self.http))
        if self.clock is not None:
            struct.clock = ctypes.pointer(ports.clock(self.clock))
        if self.tax_calculator is not None:
            struct.tax_calculator = ctypes.pointer(ports.tax_calculator(self.tax_calculator))
        if self.tax_id_registry is not None:
            struct.tax_id_registry = ctypes.pointer(ports.tax_id_registry(self.tax_id_registry))
        struct.log = ctypes.pointer(ports.log(self.log))
        taxes = self.tax_calculator or self.tax_id_registry
        has_ports = bool(own or handlers or self.mailer or self.http or taxes)
        shop = OpenShop(struct, ports, has_ports and loop is None)
        ports.shop = weakref.ref(shop)
        return shop


class Worker:
    """Runs due work on threads of its own: `with shop.worker(): ...`."""

    def __init__(self, shop: OpenShop, interval: float) -> None:
        if not interval > 0:
            raise ValueError("interval: the seconds are not above 0")
        self._shop = shop
        self._key = shop.start_worker(max(1, round(interval * 1000)))

    def stop(self) -> None:
        """Waits for the calls of run_due_work under way. Stopping again does nothing."""
        self._shop.stop_worker(self._key)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _pairs(headers: Headers) -> Iterable[Tuple[str, str]]:
    return headers.items() if isinstance(headers, Mapping) else headers


class Shop(Services):
    """An open shop: `with resys.Shop.open("sqlite:shop.db") as shop: ...`.

    Every operation is a method of one of its services (`shop.cart.add_item(...)`): `cart`,
    `checkout`, `orders`, `products` and more for shoppers, `admin.orders`, `admin.stock` and more
    for staff; help(shop.admin.stock) says what each takes. Any thread
    may call, at the same time as others; calls release the GIL. Errors are resys.Error.
    """

    def __init__(self, shop: OpenShop) -> None:
        super().__init__(shop.call)
        self._shop = shop

    @staticmethod
    def open(
        database: str,
        *,
        secret_keys: Mapping[str, bytes] = {},
        secret_key_id: str = "",
        allow_missing_keys: bool = False,
        processors: Sequence[AnyProcessor] = (),
        event_handlers: Sequence[EventHandler] = (),
        mailer: Optional[AnyMailer] = None,
        http: Optional[HttpTransport] = None,
        clock: Optional[Clock] = None,
        tax_calculator: Optional[TaxCalculator] = None,
        tax_id_registry: Optional[TaxIdRegistry] = None,
        log: logging.Logger = LOGGER,
        stripe_api_base: str = "",
        smtp_url: str = "",
        smtp_from: str = "",
        reply_timeout: float = 30.0,
    ) -> Shop:
        """Opens the database, migrates it, checks the options.

        Args:
            database: "sqlite:shop.db" or "sqlite::memory:"; options behind a ? and joined by &:
                writer=thread (a thread of the shop writes for callers in many threads),
                logPages=N, lostLog=accept (opens a file whose log is lost), vfs=NAME.
            secret_keys: what encrypts payment settings: 32 bytes by the key's name.
            secret_key_id: the key for new ones; needed if there are several.
            allow_missing_keys: opens also where a key that encrypts something is missing or
                wrong: to copy or check, or to set anew what a lost key has encrypted.
            processors: BuiltInProcessor ones or their names, and your own; default: Stripe and
                manual (bank transfer, cash on delivery: staff mark it as paid). The test one takes
                no money.
            event_handlers: who is told what happened, when due work runs.
            mailer: sends mail: a Mailer or a function. Default: smtp_url's, or none.
            http: sends requests to Stripe. Default: libcurl.
            clock: what time it is, with a time zone; asked on any thread, must not call the shop.
            tax_calculator: a function that returns the taxes of an order, for stores whose tax
                settings have the source "calculator".
            tax_id_registry: a function that says whether a tax id is registered; asked when staff
                record one of a user, and when one is given at checkout.
            log: where messages go; the logger "resys" if you do not say.
            stripe_api_base: empty: Stripe's.
            smtp_url: "smtp://[user:password@]host:port"; empty: `mailer`, or no mail at all, not
                even the instructions for a bank transfer.
            smtp_from: "Shop <shop@example.com>".
            reply_timeout: for how many seconds the answer of a port is awaited that is a
                coroutine; no longer than the timeout_ms of its request, if it has one.
        """
        options = Options(
            database=database,
            secret_keys=secret_keys,
            secret_key_id=secret_key_id,
            allow_missing_keys=allow_missing_keys,
            processors=processors,
            event_handlers=event_handlers,
            mailer=mailer,
            http=http,
            clock=clock,
            tax_calculator=tax_calculator,
            tax_id_registry=tax_id_registry,
            log=log,
            stripe_api_base=stripe_api_base,
            smtp_url=smtp_url,
            smtp_from=smtp_from,
            reply_timeout=reply_timeout,
        )
        return Shop(options.open())

    def close(self) -> None:
        """Waits for the calls under way, stops workers, closes. Closing again does nothing."""
        self._shop.close()

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(
        self, operation: str, caller: Caller, request: Optional[Mapping[str, Any]] = None
    ) -> Dict[str, Any]:
        """Calls an operation by its name on the wire ("cart.addItem"), with JSON as dicts."""
        return self._shop.call(operation, caller, request)

    def handle(
        self, caller: Caller, method: str, target: str, headers: Headers = (), body: bytes = b""
    ) -> HttpResponse:
        """Answers an HTTP request to one of the shop's endpoints; errors are answers too.

        target: path and query as sent; body: the raw bytes. resys.wsgi and resys.asgi do this
        for whole applications.
        """
        return self._shop.handle(caller, method, target, _pairs(headers), body)

    def run_due_work(self, limit: int = 1000, part: DueWorkPart = "all") -> DueWork:
        """Does what the clock has made due: events, mail, expired payments, lost webhooks.

        At most `limit` pieces, of all or of one part: "deadlines" (reservations, what is kept no
        longer: calls nothing outside), "payments", "events" or "mail". Where each part has a
        thread of its own, as with worker(), none waits for what another one calls. What a mailer
        or an event handler raises is raised here, after the other pieces are done; its piece is
        repeated later.
        """
        return self._shop.run_due_work(limit, part)

    def backup(
        self, path: Union[str, os.PathLike[str]], progress: Optional[Told] = None
    ) -> Backup:
        """Copies the database to a new file while the shop sells.

        What was confirmed before the call is in it. The file gets its name when it is whole, on
        the disk and checked; a failure leaves nothing behind. A file that is there is not
        overwritten (Conflict). `progress` is told of steps "copy" and "check", in pages, maybe on
        another thread; it returns soon, does not call the shop, and stops the backup by raising.
        So does Ctrl-C.
        """
        return Backup.from_json(self._shop.backup(os.fspath(path), progress))

    def check(self, progress: Optional[Told] = None) -> CheckReport:
        """Whether the database is sound: the file, its references, and the rules that stock,
        orders and money obey.

        No `differences`: all is well. It only reads, while the shop sells. `progress` is told of
        steps "file", in tables, and "stores", in what they hold; as with backup().
        """
        return CheckReport.from_json(self._shop.check(progress))

    def engine(self) -> EngineInfo:
        """The database engine that the shop runs on: `name`, `version`, `has_wal_reset_bug`.

        An SQLite with that bug (3.7.0 to 3.51.2) can lose committed pages when a checkpoint runs
        while another process commits. Shops never let one run then; other programs must not
        checkpoint, or write to, a file that a shop has open.
        """
        return EngineInfo.from_json(self._shop.engine())

    def rotate_keys(self, progress: Optional[Told] = None) -> KeyRotation:
        """Encrypts whatever is encrypted with another key anew with the current one, while the
        shop sells.

        A key that nothing uses any more, by the report, can be left out of `secret_keys`.
        `progress` is told of the step "seal", in things; as with backup().
        """
        return KeyRotation.from_json(self._shop.rotate_keys(progress))

    def worker(self, interval: float = 0.25) -> Worker:
        """Starts threads that run due work every `interval` seconds, one for each part: a mail
        server that hangs delays only mail. What ports raise there is logged."""
        return Worker(self._shop, interval)


class AsyncShop(AsyncServices):
    """The shop for asyncio: `async with resys.AsyncShop.open("sqlite:shop.db") as shop: ...`.

    The same services, with methods to await. Calls run on threads of the shop, so that the event
    loop never waits. Ports may be coroutines. Use it on the event loop that opened it.

    A canceled task stops waiting; its call goes on and takes effect or not, as with a lost
    connection: repeat it with the same idempotency key.
    """

    def __init__(self, options: Options) -> None:
        super().__init__(self._call)
        self._options = options
        self._shop: Optional[Shop] = None
        # One pool per nesting: a port that calls the shop must not wait for a thread that waits
        # for the port.
        self._pools: List[ThreadPoolExecutor] = []

    @staticmethod
    def open(
        database: str,
        *,
        secret_keys: Mapping[str, bytes] = {},
        secret_key_id: str = "",
        allow_missing_keys: bool = False,
        processors: Sequence[AnyProcessor] = (),
        event_handlers: Sequence[EventHandler] = (),
        mailer: Optional[AnyMailer] = None,
        http: Optional[HttpTransport] = None,
        clock: Optional[Clock] = None,
        tax_calculator: Optional[TaxCalculator] = None,
        tax_id_registry: Optional[TaxIdRegistry] = None,
        log: logging.Logger = LOGGER,
        stripe_api_base: str = "",
        smtp_url: str = "",
        smtp_from: str = "",
        reply_timeout: float = 30.0,
    ) -> AsyncShop:
        """Takes the options of Shop.open(); `await` it or use it with `async with` to open it."""
        options = Options(
            database=database,
            secret_keys=secret_keys,
            secret_key_id=secret_key_id,
            allow_missing_keys=allow_missing_keys,
            processors=processors,
            event_handlers=event_handlers,
            mailer=mailer,
            http=http,
            clock=clock,
            tax_calculator=tax_calculator,
            tax_id_registry=tax_id_registry,
            log=log,
            stripe_api_base=stripe_api_base,
            smtp_url=smtp_url,
            smtp_from=smtp_from,
            reply_timeout=reply_timeout,
        )
        return AsyncShop(options)

    @property
    def sync(self) -> Shop:
        """The same open shop with methods that block, for other threads and for ports that are
        not coroutines."""
        if self._shop is None:
            raise ShopClosed("the shop is not open: `async with` or `await` it first")
        return self._shop

    def __await__(self) -> Generator[Any, None, AsyncShop]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncShop:
        return await self._open()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        exception: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()

    async def _open(self) -> AsyncShop:
        if self._shop is None:
            loop = asyncio.get_running_loop()
            self._shop = Shop(await self._run(functools.partial(self._options.open, loop)))
        return self

    async def close(self) -> None:
        """Waits for the calls under way, then closes. Closing again does nothing."""
        if self._shop is not None:
            await self._run(self._shop.close)
        while self._pools:
            self._pools.pop().shutdown(wait=False)

    async def _run(self, function: Callable[[], T]) -> T:
        depth = PORT_DEPTH.get()
        while len(self._pools) <= depth:
            name = f"resys-{len(self._pools)}"
            self._pools.append(ThreadPoolExecutor(_ASYNC_THREADS, name))
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pools[depth], context.run, function)

    async def _call(
        self, operation: str, caller: Caller, request: Optional[Mapping[str, Any]]
    ) -> Dict[str, Any]:
        return await self._run(functools.partial(self.sync.call, operation, caller, request))

    async def call(
        self, operation: str, caller: Caller, request: Optional[Mapping[str, Any]] = None
    ) -> Dict[str, Any]:
        """As Shop.call()."""
        return await self._call(operation, caller, request)

    async def handle(
        self, caller: Caller, method: str, target: str, headers: Headers = (), body: bytes = b""
    ) -> HttpResponse:
        """As Shop.handle()."""
        return await self._run(
            functools.partial(self.sync.handle, caller, method, target, headers, body)
        )

    async def run_due_work(self, limit: int = 1000, part: DueWorkPart = "all") -> DueWork:
        """As Shop.run_due_work()."""
        return await self._run(functools.partial(self.sync.run_due_work, limit, part))

    async def backup(
        self, path: Union[str, os.PathLike[str]], progress: Optional[Told] = None
    ) -> Backup:
        """As Shop.backup(). `progress` runs on the event loop; canceling the task stops it."""
        return await self._watched(functools.partial(self.sync.backup, path), progress)

    async def check(self, progress: Optional[Told] = None) -> CheckReport:
        """As Shop.check(). `progress` runs on the event loop; canceling the task stops it."""
        return await self._watched(self.sync.check, progress)

    async def engine(self) -> EngineInfo:
        """As Shop.engine()."""
        return self.sync.engine()

    async def rotate_keys(self, progress: Optional[Told] = None) -> KeyRotation:
        """As Shop.rotate_keys(). `progress` runs on the event loop; canceling the task stops it."""
        return await self._watched(self.sync.rotate_keys, progress)

    async def _watched(self, call: Callable[[Told], T], progress: Optional[Told]) -> T:
        loop = asyncio.get_running_loop()
        stopped: List[BaseException] = []

        def tell(now: Progress) -> None:  # on the loop
            try:
                if progress is not None and not stopped:
                    progress(now)
            except BaseException as error:
                stopped.append(error)

        def step(now: Progress) -> None:  # on the thread of the call
            if stopped:
                raise stopped[0]
            loop.call_soon_threadsafe(tell, now)

        calling = asyncio.ensure_future(self._run(functools.partial(call, step)))
        try:
            return await asyncio.shield(calling)
        except asyncio.CancelledError as error:
            stopped.append(error)
            await asyncio.wait([calling])  # until nothing is left behind
            raise

    def worker(self, interval: float = 0.25) -> AsyncWorker:
        """As Shop.worker(): `async with shop.worker(): ...`."""
        return AsyncWorker(self, interval)


class AsyncWorker:
    """Runs due work on threads of its own while its block runs."""

    def __init__(self, shop: AsyncShop, interval: float) -> None:
        self._shop = shop
        self._interval = interval
        self._worker: Optional[Worker] = None

    async def __aenter__(self) -> AsyncWorker:
        self._worker = self._shop.sync.worker(self._interval)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._worker is not None:
            await self._shop._run(self._worker.stop)
