"""An open shop: calls into the library, their errors, and closing while others are still calling.

A port's exception crosses the library as a number: the ports put what they raise into a list that
belongs to the call under way on their thread, and the call takes it out again. Nothing outlives
the call.
"""

from __future__ import annotations

import ctypes
import functools
import json
import logging
import os
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from ctypes import byref, c_int32, c_int64, c_void_p
from queue import SimpleQueue
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Literal,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
    TypeVar,
    cast,
)

from . import _library as library
from ._api import ERRORS
from ._library import Text
from ._values import Caller, Error, ShopClosed

LOGGER = logging.getLogger("resys")

# How many ports stand between the outermost call and here.
PORT_DEPTH: ContextVar[int] = ContextVar("resys_port_depth", default=0)

# What a port raised: empty until it does (a coroutine does so later, from another thread).
Failure = List[BaseException]


class _Thread(threading.local):
    """`failures` of the call under way on this thread; None where there is none."""

    failures: Optional[List[Failure]] = None


THREAD = _Thread()

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder().raw_decode


class HttpResponse(NamedTuple):
    """An answer to an HTTP request, to be sent as it is."""

    status: int
    headers: Tuple[Tuple[str, str], ...]
    body: bytes


DueWorkPart = Literal["all", "deadlines", "payments", "events", "mail"]


class DueWork(NamedTuple):
    """What run_due_work did: how many pieces, and whether something is still due."""

    done: int
    more: bool


class Progress(NamedTuple):
    """How far a long call has come: `done` of `total` of the step ("copy", "check", ...)."""

    step: str
    done: int
    total: int


Told = Callable[[Progress], object]


class _Watch:
    """Tells how far a long call has come, and stops it: when asked to, or when `told` raises."""

    def __init__(self, told: Optional[Told]) -> None:
        self._told = told
        self.is_stopped = False
        self.raised: Optional[BaseException] = None
        self.struct = library.ProgressStruct(
            ctypes.sizeof(library.ProgressStruct), None, library.ProgressCall(self._call)
        )

    def _call(self, _: object, step: library.AnsweredText, done: int, total: int) -> int:
        try:
            if self._told is not None and not self.is_stopped:
                self._told(Progress(step.text(), done, total))
        except BaseException as error:
            self.raised = error
            self.is_stopped = True
        return Error.status if self.is_stopped else 0


class _Texts(Dict[str, Text]):
    """Names of operations, made once each. There are about sixty."""

    def __missing__(self, name: str) -> Text:
        text = Text.of(name)
        if len(self) < 1000:  # names that do not exist come from anywhere
            self[name] = text
        return text


_OPERATIONS = _Texts()


def _request(request: Mapping[str, Any]) -> bytes:
    try:
        return _encode(request).encode()
    except (TypeError, ValueError) as error:
        for name, value in request.items():
            try:
                _encode(value)
            except (TypeError, ValueError):
                raise type(error)(f"{name}: {error}") from None
        raise


def caller_struct(caller: Caller) -> library.CallerStruct:
    if not isinstance(caller, Caller):
        raise TypeError(f"{type(caller).__name__} is given instead of a resys.Caller")
    return caller._struct


# Calls that were interrupted may still be under way.
_MAIN_THREADS = 8
_MAIN_THREAD = threading.main_thread().ident
_OPEN_SHOPS: weakref.WeakSet[OpenShop] = weakref.WeakSet()


def _forget_shops() -> None:
    for shop in list(_OPEN_SHOPS):
        shop.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_shops)


_Outcome = SimpleQueue[Tuple[Any, Optional[BaseException]]]
# The main thread's calls; None is the end.
_Calls = SimpleQueue[Optional[Tuple[Callable[[], Any], _Outcome]]]


def _make(call: Callable[[], Any], outcome: _Outcome) -> None:
    try:
        outcome.put((call(), None))
    except BaseException as error:
        outcome.put((None, error))


def _make_all(calls: _Calls) -> None:
    pool = ThreadPoolExecutor(_MAIN_THREADS, "resys-main")
    while (each := calls.get()) is not None:
        try:
            pool.submit(_make, *each)
        except RuntimeError as error:  # the interpreter ends
            each[1].put((None, error))
        del each  # or a shop is held that is forgotten


Method = TypeVar("Method", bound=Callable[..., Any])


def _interruptible(method: Method) -> Method:
    """A call that may lead to a port. Python raises KeyboardInterrupt on the main thread, if need
    be before the first line of a port, where nothing can answer the library: so the call is made
    on another thread, and the main one waits, which an interrupt ends at once.

    It waits at a SimpleQueue, which is written in C: a Condition, and so a Future or a pool, stays
    locked for ever if the interrupt comes while it is being entered."""

    @functools.wraps(method)
    def made_elsewhere(self: OpenShop, *arguments: Any) -> Any:
        elsewhere = self._elsewhere
        if elsewhere is None or threading.get_ident() != _MAIN_THREAD:
            return method(self, *arguments)
        outcome: _Outcome = SimpleQueue()
        elsewhere.put((functools.partial(copy_context().run, method, self, *arguments), outcome))
        answer, error = outcome.get()
        if error is None:
            return answer
        try:
            raise error
        finally:
            del error  # its traceback holds this frame

    return cast(Method, made_elsewhere)


class OpenShop:
    """The handle of an open shop. Any thread may use it at the same time as others.

    kept: what C points to while the shop is open. has_ports: calls may run Python.
    """

    def __init__(self, options: library.OptionsStruct, kept: object, has_ports: bool) -> None:
        handle, error = c_void_p(), c_void_p()
        if library.shop_open(byref(options), byref(handle), byref(error)):
            raise error_of(error, [])
        self._handle = handle
        self._closed = False
        self._why_closed = "the shop is closed"
        # One item per call under way: append and pop are atomic, and faster than a lock.
        self._under_way: List[None] = []
        self._left = threading.Condition()
        self._workers: Dict[int, c_void_p] = {}
        # Closes a forgotten shop too, when it is collected or when the interpreter ends.
        self._close_handle = weakref.finalize(
            self, _close_handle, handle, self._workers, self._under_way, kept
        )
        self._elsewhere: Optional[_Calls] = SimpleQueue() if has_ports else None
        if self._elsewhere is not None:
            # Not sooner: a call may be on its way while another thread closes.
            weakref.finalize(self, self._elsewhere.put, None).atexit = False
            threading.Thread(target=_make_all, args=(self._elsewhere,), daemon=True).start()
        _OPEN_SHOPS.add(self)

    def forget(self) -> None:
        """In the child of a fork: the database and its threads are the parent's."""
        self._closed = True
        self._why_closed = "the shop was opened before fork(): open it anew in this process"
        self._close_handle.detach()
        self._workers.clear()
        self._under_way.clear()
        self._left = threading.Condition()
        self._elsewhere = None

    def close(self) -> None:
        """Waits for the calls under way, then closes. Closing again does nothing."""
        if PORT_DEPTH.get():
            raise RuntimeError("a shop cannot be closed by one of its own ports")
        for key in list(self._workers):
            self.stop_worker(key)
        self._closed = True
        with self._left:
            while self._under_way:
                self._left.wait()
            self._close_handle()

    def _leave(self) -> None:
        self._under_way.pop()
        if self._closed:
            with self._left:
                self._left.notify_all()

    def unless_closed(self, act: Callable[[], None]) -> None:
        """Acts on the handle from where no call is under way, if it is still there."""
        with self._left:
            if self._close_handle.alive:
                act()

    @contextmanager
    def under_way(self) -> Iterator[List[Failure]]:
        """A call is under way: the shop stays open, and its ports' failures are collected."""
        outer = THREAD.failures
        failures: List[Failure] = []
        self._under_way.append(None)
        try:
            if self._closed:
                raise ShopClosed(self._why_closed)
            THREAD.failures = failures
            yield failures
        finally:
            THREAD.failures = outer
            self._leave()

    @_interruptible
    def call(
        self, operation: str, caller: Caller, request: Optional[Mapping[str, Any]] = None
    ) -> Dict[str, Any]:
        """Calls an operation by its name. As under_way(), written out: this is the hot path."""
        body = b"" if request is None else _request(request)
        answer, error = c_void_p(), c_void_p()
        thread = THREAD
        outer = thread.failures
        failures: List[Failure] = []
        self._under_way.append(None)
        try:
            if self._closed:
                raise ShopClosed(self._why_closed)
            thread.failures = failures
            if library.call(
                self._handle,
                byref(caller_struct(caller)),
                _OPERATIONS[operation],
                Text(body, len(body)),
                byref(answer),
                byref(error),
            ):
                raise error_of(error, failures)
        finally:
            thread.failures = outer
            self._leave()
        text = library.document_json(answer).text()
        library.document_free(answer)
        if failures:
            settle_failures(failures)
        document: Dict[str, Any] = _decode(text)[0]
        return document

    @_interruptible
    def handle(
        self,
        caller: Caller,
        method: str,
        target: str,
        headers: Iterable[Tuple[str, str]],
        body: bytes,
    ) -> HttpResponse:
        pairs = [library.Header(Text.of(name), Text.of(value)) for name, value in headers]
        array = (library.Header * len(pairs))(*pairs)
        request = library.HttpRequestStruct(
            ctypes.sizeof(library.HttpRequestStruct),
            Text.of(method),
            Text.of(target),
            ctypes.cast(array, c_void_p),
            len(pairs),
            Text(bytes(body), len(body)),
        )
        response, error = c_void_p(), c_void_p()
        with self.under_way() as failures:
            if library.handle(
                self._handle,
                byref(caller_struct(caller)),
                byref(request),
                byref(response),
                byref(error),
            ):
                raise error_of(error, failures)
        settle_failures(failures)
        answer = HttpResponse(
            library.response_status(response),
            tuple(
                (pair.name.text(), pair.value.text())
                for pair in (
                    library.response_header(response, index)
                    for index in range(library.response_header_count(response))
                )
            ),
            library.response_body(response).bytes(),
        )
        library.response_free(response)
        return answer

    @_interruptible
    def run_due_work(self, limit: int, part: str) -> DueWork:
        done, more, error = c_int64(), c_int32(), c_void_p()
        with self.under_way() as failures:
            if library.run_due_work_part(
                self._handle, Text.of(part), limit, byref(done), byref(more), byref(error)
            ):
                raise error_of(error, failures)
        raised = [failure for failure in failures if failure]
        if raised:
            log_failures(raised[1:])
            raise raised[0][0]
        return DueWork(done.value, bool(more.value))

    def backup(self, path: str, told: Optional[Told]) -> Dict[str, Any]:
        return self._long(library.shop_backup, [Text.of(path)], _Watch(told))

    def check(self, told: Optional[Told]) -> Dict[str, Any]:
        return self._long(library.shop_check, [], _Watch(told))

    def rotate_keys(self, told: Optional[Told]) -> Dict[str, Any]:
        return self._long(library.shop_rotate_keys, [], _Watch(told))

    def _long(self, function: Any, arguments: List[Text], watch: _Watch) -> Dict[str, Any]:
        """An interrupt of the main thread stops the call. It is made on another one, for what
        Python raises at the first line of a callback is lost."""
        if threading.get_ident() != _MAIN_THREAD:
            return self._watched(function, arguments, watch)
        outcome: _Outcome = SimpleQueue()
        call = functools.partial(
            copy_context().run, self._watched, function, arguments, watch
        )
        thread = threading.Thread(target=_make, args=(call, outcome), daemon=True)
        try:
            thread.start()
            answer, error = outcome.get()
        except BaseException:
            watch.is_stopped = True
            if thread.is_alive():
                thread.join()  # until nothing is left behind
            raise
        if error is not None:
            raise error
        document: Dict[str, Any] = answer
        return document

    def _watched(self, function: Any, arguments: List[Text], watch: _Watch) -> Dict[str, Any]:
        answer, error = c_void_p(), c_void_p()
        with self.under_way() as failures:
            if function(
                self._handle, *arguments, byref(watch.struct), byref(answer), byref(error)
            ):
                made = error_of(error, failures)
                raise watch.raised or made
        return _taken(answer)

    def engine(self) -> Dict[str, Any]:
        answer, error = c_void_p(), c_void_p()
        with self.under_way() as failures:
            if library.shop_engine(self._handle, byref(answer), byref(error)):
                raise error_of(error, failures)
        return _taken(answer)

    def start_worker(self, interval_ms: int) -> int:
        """Answers what stop_worker() wants."""
        worker, error = c_void_p(), c_void_p()
        with self.under_way():
            if library.worker_start(self._handle, interval_ms, byref(worker), byref(error)):
                raise error_of(error, [])
            assert worker.value is not None
            self._workers[worker.value] = worker
        return worker.value

    def stop_worker(self, key: int) -> None:
        """Waits until it has stopped, as does who closes the shop meanwhile."""
        if PORT_DEPTH.get():
            raise RuntimeError("a worker cannot be stopped by a port that it may be waiting for")
        self._under_way.append(None)
        try:
            worker = self._workers.pop(key, None)
            if worker is not None:
                library.worker_stop(worker)
        finally:
            self._leave()


def _taken(answer: c_void_p) -> Dict[str, Any]:
    """A document of C, which is freed."""
    text = library.document_json(answer).text()
    library.document_free(answer)
    document: Dict[str, Any] = _decode(text)[0]
    return document


def _close_handle(
    handle: c_void_p, workers: Dict[int, c_void_p], under_way: List[None], kept: object
) -> None:
    if PORT_DEPTH.get():
        # Collected within a port, maybe on the worker's own thread, which cannot stop itself.
        arguments = (handle, workers, under_way, kept)
        threading.Thread(target=_close_handle, args=arguments).start()
        return
    if under_way:
        return  # the interpreter ends while a daemon thread is in a call
    while workers:
        library.worker_stop(workers.popitem()[1])
    library.shop_close(handle)


def error_of(error: c_void_p, failures: List[Failure]) -> BaseException:
    """The exception that stands for an error of C, which is freed."""
    if not error.value:
        return MemoryError()
    token = library.error_host_data(error) or 0
    try:
        if 0 < token <= len(failures) and failures[token - 1]:
            own = failures.pop(token - 1)[0]
            settle_failures(failures)
            return own
        raised = [failure[0] for failure in failures if failure]
        for exception in raised:
            if not isinstance(exception, Exception):
                return exception
        made = ERRORS.get(library.error_code(error), Error)(
            library.error_message(error).text(),
            field=library.error_field(error).text(),
            details=json.loads(library.error_details(error).bytes() or b"{}"),
        )
        if raised:  # as when the transport fails, and the library says what that means
            made.__cause__ = raised[-1]
        return made
    finally:
        library.error_free(error)


def settle_failures(failures: List[Failure]) -> None:
    """At the end of a call that has an answer of its own. KeyboardInterrupt is never lost."""
    for failure in failures:
        if failure and not isinstance(failure[0], Exception):
            raise failure[0]
    log_failures(failures)


def log_failures(failures: List[Failure]) -> None:
    """For what no caller is told: the library has dealt with it, and has its own answer."""
    for failure in failures:
        if failure:
            LOGGER.error("a port of the shop failed", exc_info=failure[0])
