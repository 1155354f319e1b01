"""libresys.so as ctypes sees it: the structs and functions of capi/resys.h that the package uses.

Two views of one library: `LIBRARY` releases the GIL during a call; `QUICK` does not, for functions
that only look into a handle or free it and would spend more on the GIL than on their work.
"""

from __future__ import annotations

import ctypes
import json
import pathlib
from ctypes import c_char_p, c_int32, c_int64, c_size_t, c_uint64, c_void_p
from typing import Any, List

from ._description import Description, parse

_PATH = str(pathlib.Path(__file__).with_name("libresys.so.1"))
LIBRARY = ctypes.CDLL(_PATH)
QUICK = ctypes.PyDLL(_PATH)


class Text(ctypes.Structure):
    """resys_text; keeps the bytes it was made of."""

    _fields_ = [("data", c_char_p), ("size", c_size_t)]

    @classmethod
    def of(cls, text: str) -> Text:
        if not isinstance(text, str):
            raise TypeError(f"{type(text).__name__} is given instead of a str")
        data = text.encode()
        return cls(data, len(data))


class AnsweredText(ctypes.Structure):
    """resys_text as an answer: c_char_p would stop at the first zero byte."""

    _fields_ = [("data", c_void_p), ("size", c_size_t)]

    def bytes(self) -> bytes:
        return ctypes.string_at(self.data, self.size) if self.size else b""

    def text(self) -> str:
        return self.bytes().decode()


class Reply(ctypes.Structure):
    _fields_ = [("shop", c_void_p), ("number", c_uint64)]


class CallerStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("store", Text),
        ("user_id", Text),
        ("session_id", Text),
        ("audience", c_int32),
        ("idempotency_key", Text),
        ("groups", ctypes.POINTER(Text)),
        ("group_count", c_size_t),
    ]


class Header(ctypes.Structure):
    _fields_ = [("name", Text), ("value", Text)]


class AnsweredHeader(ctypes.Structure):
    _fields_ = [("name", AnsweredText), ("value", AnsweredText)]


class HttpRequestStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("method", Text),
        ("target", Text),
        ("headers", c_void_p),
        ("header_count", c_size_t),
        ("body", Text),
    ]


# Callbacks. What is given as a document is looked into during the callback only.
PortCall = ctypes.CFUNCTYPE(None, c_void_p, AnsweredText, c_void_p, Reply)
ClockNow = ctypes.CFUNCTYPE(c_int64, c_void_p)
LogWrite = ctypes.CFUNCTYPE(None, c_void_p, c_int32, AnsweredText)


ProgressCall = ctypes.CFUNCTYPE(c_int32, c_void_p, AnsweredText, c_int64, c_int64)


class ProgressStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("payload", c_void_p),
        ("call", ProgressCall),
    ]


class PortStruct(ctypes.Structure):
    """resys_mailer, resys_http_transport, resys_tax_calculator and resys_tax_id_registry."""

    _fields_ = [
        ("struct_size", c_size_t),
        ("payload", c_void_p),
        ("destroy", c_void_p),
        ("call", PortCall),
    ]


class DescribedPortStruct(ctypes.Structure):
    """resys_processor and resys_event_handler."""

    _fields_ = [
        ("struct_size", c_size_t),
        ("payload", c_void_p),
        ("destroy", c_void_p),
        ("call", PortCall),
        ("description", Text),
    ]


class ClockStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("payload", c_void_p),
        ("destroy", c_void_p),
        ("now", ClockNow),
    ]


class LogStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("payload", c_void_p),
        ("destroy", c_void_p),
        ("write", LogWrite),
    ]


class SecretKeyStruct(ctypes.Structure):
    _fields_ = [("id", Text), ("key", Text)]


class OptionsStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("database", Text),
        ("secret_keys", ctypes.POINTER(SecretKeyStruct)),
        ("secret_key_count", c_size_t),
        ("secret_key_id", Text),
        ("processors", Text),
        ("stripe_api_base", Text),
        ("smtp_url", Text),
        ("smtp_from", Text),
        ("reply_timeout_ms", c_int64),
        ("host_processors", ctypes.POINTER(DescribedPortStruct)),
        ("host_processor_count", c_size_t),
        ("event_handlers", ctypes.POINTER(DescribedPortStruct)),
        ("event_handler_count", c_size_t),
        ("mailer", ctypes.POINTER(PortStruct)),
        ("http", ctypes.POINTER(PortStruct)),
        ("clock", ctypes.POINTER(ClockStruct)),
        ("log", ctypes.POINTER(LogStruct)),
        ("allow_missing_keys", c_int32),
        ("tax_calculator", ctypes.POINTER(PortStruct)),
        ("tax_id_registry", ctypes.POINTER(PortStruct)),
    ]


def _function(library: ctypes.CDLL, name: str, answers: Any, takes: List[Any]) -> Any:
    function = getattr(library, name)
    function.restype = answers
    function.argtypes = takes
    return function


error_code = _function(QUICK, "resys_error_code", c_int32, [c_void_p])
error_message = _function(QUICK, "resys_error_message", AnsweredText, [c_void_p])
error_field = _function(QUICK, "resys_error_field", AnsweredText, [c_void_p])
error_details = _function(QUICK, "resys_error_details", AnsweredText, [c_void_p])
error_host_data = _function(QUICK, "resys_error_host_data", c_void_p, [c_void_p])
error_free = _function(QUICK, "resys_error_free", None, [c_void_p])

document_json = _function(QUICK, "resys_document_json", AnsweredText, [c_void_p])
document_free = _function(QUICK, "resys_document_free", None, [c_void_p])

reply_complete = _function(LIBRARY, "resys_reply_complete", None, [Reply, Text])
reply_fail = _function(LIBRARY, "resys_reply_fail", None, [Reply, c_int32, Text, c_void_p])

shop_open = _function(LIBRARY, "resys_shop_open", c_int32, [c_void_p, c_void_p, c_void_p])
shop_close = _function(LIBRARY, "resys_shop_close", None, [c_void_p])
call = _function(
    LIBRARY, "resys_call", c_int32, [c_void_p, c_void_p, Text, Text, c_void_p, c_void_p]
)
handle = _function(
    LIBRARY, "resys_handle", c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]
)
handles = _function(QUICK, "resys_handles", c_int32, [Text])
response_status = _function(QUICK, "resys_http_response_status", c_int32, [c_void_p])
response_body = _function(QUICK, "resys_http_response_body", AnsweredText, [c_void_p])
response_header_count = _function(
    QUICK, "resys_http_response_header_count", c_size_t, [c_void_p]
)
response_header = _function(
    QUICK, "resys_http_response_header", AnsweredHeader, [c_void_p, c_size_t]
)
response_free = _function(QUICK, "resys_http_response_free", None, [c_void_p])
run_due_work_part = _function(
    LIBRARY,
    "resys_run_due_work_part",
    c_int32,
    [c_void_p, Text, c_int64, c_void_p, c_void_p, c_void_p],
)
worker_start = _function(
    LIBRARY, "resys_worker_start", c_int32, [c_void_p, c_int64, c_void_p, c_void_p]
)
worker_stop = _function(LIBRARY, "resys_worker_stop", None, [c_void_p])
shop_backup = _function(
    LIBRARY, "resys_shop_backup", c_int32, [c_void_p, Text, c_void_p, c_void_p, c_void_p]
)
shop_check = _function(
    LIBRARY, "resys_shop_check", c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]
)
shop_engine = _function(QUICK, "resys_shop_engine", c_int32, [c_void_p, c_void_p, c_void_p])
shop_rotate_keys = _function(
    LIBRARY, "resys_shop_rotate_keys", c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]
)
version = _function(QUICK, "resys_version", AnsweredText, [])
openapi = _function(LIBRARY, "resys_openapi", AnsweredText, [])
_describe = _function(LIBRARY, "resys_describe", AnsweredText, [])

DESCRIPTION: Description = parse(json.loads(_describe().text()))
