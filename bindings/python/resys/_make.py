"""Makes the classes of the API from the library's description.

Methods and constructors are compiled from text, as those of a dataclass are: so Python itself
checks their arguments, inspect.signature() knows them, and a call costs what it would by hand.
What each service has is compiled when it is used first.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from . import _description as api
from ._description import ErrorCode, Operation, camel, snake
from ._description.shape import Attribute, Parameter, Shape, default_text, money_name
from ._values import Choice, Error, Money, Page, Record, Retry, moment

# Where users find the classes.
_MODULE = "resys"


class Maker:
    """names: the globals of the module that has the classes. They are put there, and what is
    compiled sees them."""

    def __init__(self, shape: Shape, names: Dict[str, Any]) -> None:
        self._shape = shape
        self._names = names

    # -- choices, errors, records

    def choice(self, name: str, values: Sequence[str]) -> Any:
        enumeration: Any = Choice
        members = {snake(value).upper(): value for value in values}
        self._names[name] = made = enumeration(name, members, module=_MODULE)
        return made

    def error(self, error: ErrorCode) -> Any:
        members = {
            "code": error.name,
            "status": error.code,
            "http_status": error.http_status,
            "retry": Retry(error.retry),
        }
        return self._class(camel(error.name), Error, self._shape.about_error(error), members)

    def record(self, struct: str) -> Any:
        """Of a struct, and of what it is made of."""
        if struct in self._names:
            return self._names[struct]
        attributes = list(self._shape.attributes(struct))
        members: Dict[str, Any] = {
            attribute.name: self._property(struct, attribute) for attribute in attributes
        }
        members["__slots__"] = ()
        members["_names"] = tuple(members)[:-1]
        if struct in self._shape.made_by_hosts:
            members["__init__"] = self._constructor(struct)
        base = Record if self._shape.item_of(struct) is None else Page
        return self._class(struct, base, self._shape.about_record(struct), members)

    def _property(self, struct: str, attribute: Attribute) -> property:
        field = attribute.field
        inner = field.type.innermost
        inherits = inner.kind == "object" and self._shape.inherits_currency(inner.name)
        if attribute.is_money or inherits:
            convert = Money._of if attribute.is_money else self._converter(field.type, True)
            is_own = self._shape.has_currency(struct)
            read = _reader_of_money(field.name, field.optional, convert, is_own)
        else:
            read = _reader(field.name, field.optional, self._converter(field.type, False))
        read.__name__ = attribute.name
        read.__annotations__ = {"return": attribute.type}
        return property(read, doc=attribute.doc)

    def _converter(self, type_: api.Type, takes_currency: bool) -> Any:
        """What is made of the JSON of a value, and of the currency that it inherits; None:
        nothing."""
        if type_.item is not None:
            convert = self._converter(type_.item, takes_currency)
            if convert is None:
                return tuple
            if takes_currency:
                return lambda json, currency: tuple([convert(each, currency) for each in json])
            return lambda json: tuple([convert(each) for each in json])
        if type_.kind == "object":
            return self.record(type_.name).from_json
        if type_.kind == "choice":
            return self._names[type_.name]
        return {"moment": moment, "pairs": dict}.get(type_.kind)

    def _constructor(self, struct: str) -> Callable[..., Any]:
        lines = [*self._request(struct, True), "self._json = json", 'self._currency = ""']
        parameters = self._shape.parameters(struct)
        made = self._compiled(f"{struct}.__init__", "def", "self, *", parameters, lines)
        made.__annotations__["return"] = "None"
        made.__doc__ = self._shape.about_constructor(struct)
        return made

    # -- services

    def services(self, is_async: bool) -> Any:
        """The class that has each service as an attribute, made when it is asked for."""
        prefix = "Async" if is_async else ""
        tree = self._shape.services()
        members = {path: _Lazy(self._service(path, is_async)) for path in tree}
        for parent in sorted({path.rpartition(".")[0] for path in tree if "." in path}):
            inner = {
                path.rpartition(".")[2]: members.pop(path)
                for path in tree
                if path.rpartition(".")[0] == parent
            }
            members[parent] = _Lazy(self._services_of(parent, prefix, inner))
        named = ", ".join(f"`{name}`" for name in members)
        about = f"Every operation of the shop, by its service: {named}."
        return self._class(f"{prefix}Services", _Services, about, members)

    def _services_of(
        self, parent: str, prefix: str, members: Mapping[str, Any]
    ) -> Callable[[], Any]:
        about = f"`shop.{parent}`: what staff may do."
        made = self._class(prefix + _service_name(parent), _Services, about, members)
        return lambda: made

    def _service(self, path: str, is_async: bool) -> Callable[[], Any]:
        @functools.lru_cache(None)
        def made() -> Any:
            name = f"{'Async' if is_async else ''}{_service_name(path)}"
            methods = {
                snake(operation.verb): self._method(name, operation, is_async)
                for operation in self._shape.services()[path]
            }
            return self._class(name, _Service, f"`shop.{path}`", methods)

        return made

    def _method(self, service: str, operation: Operation, is_async: bool) -> Callable[..., Any]:
        parameters = self._shape.parameters(operation.request)
        lines = self._request(operation.request, False) if parameters else []
        call = f'self._call("{operation.name}", caller, {"json" if parameters else None})'
        lines.append(f"return {operation.answer}.from_json({'await ' * is_async}{call})")
        made = self._compiled(
            f"{service}.{snake(operation.verb)}",
            "async def" if is_async else "def",
            "self, caller, *" if parameters else "self, caller",
            parameters,
            lines,
        )
        types = {"caller": "Caller", **made.__annotations__, "return": operation.answer}
        made.__annotations__ = types
        made.__doc__ = self._shape.about_method(operation)
        return made

    def _class(self, name: str, base: type, about: str, members: Mapping[str, Any]) -> Any:
        members = {"__doc__": about, "__module__": _MODULE, **members}
        self._names[name] = made = type(name, (base,), members)
        return made

    # -- what is compiled

    def _compiled(
        self, name: str, word: str, first: str, parameters: List[Parameter], lines: List[str]
    ) -> Callable[..., Any]:
        """The function of that name, its parameters and lines."""
        takes = [first]
        takes += [
            each.name if each.is_required else f"{each.name}={each.default}"
            for each in parameters
        ]
        short = name.rpartition(".")[2]
        text = f"{word} {short}({', '.join(takes)}):\n " + "\n ".join(lines)
        made: Dict[str, Any] = {}
        exec(compile(text, f"<resys {name}>", "exec"), self._names, made)
        function: Callable[..., Any] = made[short]
        function.__qualname__ = name
        function.__module__ = _MODULE
        function.__annotations__ = {each.name: each.annotation for each in parameters}
        return function

    def _request(self, struct: str, with_defaults: bool) -> List[str]:
        """Lines that make `json` of the parameters. Records have every default, so that they can
        be read; requests send what was given."""
        fields = self._shape.structs[struct]
        money = self._shape.money_fields(struct)
        plain = [
            field
            for field in fields
            if field not in money and not (money and field.type.kind == "currency")
        ]
        entries = [
            f'"{field.name}": {_sent(field.type, snake(field.name))}'
            for field in plain
            if field.required
        ]
        if with_defaults:
            entries += [
                f'"{field.name}": {default_text(field.default)}'
                for field in fields
                if not field.required and not field.optional
            ]
        lines = [f"json = {{{', '.join(entries)}}}"]
        if money:
            amounts = ", ".join(f'"{each.name}": {_given_money(each)}' for each in money)
            currency = ", currency" if self._shape.takes_currency(struct) else ""
            lines.append(f"put_money(json, {{{amounts}}}{currency})")
        lines += [
            f'if {money_name(each)} is None: json["{each.name}"] = None'
            for each in money
            if each.clearable
        ]
        for field in plain:
            name = snake(field.name)
            if field.all_others:
                lines.append(f"json = {{**{_sent(field.type, name)}, **json}}")
            elif field.clearable:
                sent = f"None if {name} is None else {_sent(field.type, name)}"
                lines.append(f'if {name} is not ...: json["{field.name}"] = {sent}')
            elif not field.required:
                lines.append(
                    f'if {name} is not None: json["{field.name}"] = {_sent(field.type, name)}'
                )
        return lines


class _Service:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call


class _Services:
    """`_operate` calls an operation: its name, the caller, the request."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._operate = call


class _Lazy:
    """A service, made when it is asked for. functools.cached_property would lock meanwhile, and
    stay locked in the child of a fork."""

    def __init__(self, kind: Callable[[], Any]) -> None:
        self._kind = kind

    def __set_name__(self, _: object, name: str) -> None:
        self._name = name

    def __get__(self, services: Optional[_Services], _: object = None) -> Any:
        if services is None:
            return self._kind()
        made = services.__dict__[self._name] = self._kind()(services._operate)
        return made


def _service_name(path: str) -> str:
    return "".join(map(camel, path.split("."))) + "Service"


def _given_money(field: api.Field) -> str:
    """The argument; None if it is absent or takes the amount away."""
    name = money_name(field)
    return f"None if {name} is ... else {name}" if field.clearable else name


def _sent(type_: api.Type, name: str) -> str:
    """How an argument becomes JSON."""
    if type_.item is not None:
        if type_.item.kind == "object":
            return f"record_list_json({name}, {type_.item.name})"
        return f"list_json({name})"
    if type_.kind == "object":
        return f"record_json({name}, {type_.name})"
    return {"moment": f"moment_json({name})", "pairs": f"dict({name})"}.get(type_.kind, name)


Read = Callable[[Record], Any]


def _reader(key: str, is_optional: bool, convert: Optional[Callable[[Any], Any]]) -> Read:
    if convert is None:
        if is_optional:
            return lambda record: record._json.get(key)
        return lambda record: record._json[key]
    if not is_optional:
        return lambda record: convert(record._json[key])

    def read(record: Record) -> Any:
        value = record._json.get(key)
        return None if value is None else convert(value)

    return read


def _reader_of_money(
    key: str, is_optional: bool, convert: Callable[[Any, str], Any], is_own: bool
) -> Read:
    """Of what is in the record's own currency, or in that of the record around it."""
    if is_optional:

        def read(record: Record) -> Any:
            value = record._json.get(key)
            currency = record._json["currency"] if is_own else record._currency
            return None if value is None else convert(value, currency)

        return read
    if is_own:
        return lambda record: convert(record._json[key], record._json["currency"])
    return lambda record: convert(record._json[key], record._currency)
