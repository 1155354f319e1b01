"""How the description looks in Python: names, types, docstrings. The package makes its classes by
it, and bindings/generator writes their types by it."""

from __future__ import annotations

import re
import textwrap
from typing import Dict, Iterator, List, NamedTuple, Optional, Set

from . import Description, ErrorCode, Field, Operation, Type, camel, snake

# What a host makes itself, beside what is nested in requests: the answers of ports.
_PORT_ANSWERS = ["PaymentSnapshot", "RefundSnapshot", "WebhookEvent", "ConfigField"]
_PORT_ANSWERS += ["IncomingResponse", "CalculatedTaxes", "ItemTaxes", "CalculatedTax"]
_PORT_REQUESTS = ["ProcessorRequest", "Mail", "OutgoingRequest", "HandledEvent", "CalculateTaxes"]
# What the shop itself returns, beside its operations.
_SHOP_ANSWERS = {
    "Backup": "backup",
    "CheckReport": "check",
    "EngineInfo": "engine",
    "KeyRotation": "rotate_keys",
}

_WHO = {
    "shopper": "",
    "staff": " For staff only.",
    "processor": " For any caller: the signature is what authenticates.",
}
_ADVICE = {
    "never": "The same request fails again.",
    "same": "The same request may be repeated, with the same idempotency key.",
    "reload": "Load anew, then decide again.",
}


class Attribute(NamedTuple):
    """What a record has of a field."""

    name: str
    type: str
    doc: str
    field: Field
    is_money: bool


class Parameter(NamedTuple):
    """What a method or a constructor takes, by its name."""

    name: str
    type: str
    doc: str
    is_required: bool
    is_clearable: bool

    @property
    def annotation(self) -> str:
        return self.type if self.is_required else f"Optional[{self.type}]"

    @property
    def default(self) -> str:
        """What it is if it is not given: of what None takes away that is something else."""
        return "..." if self.is_clearable else "None"


class Shape:
    def __init__(self, description: Description) -> None:
        self.description = description
        self.structs = description.structs
        requests = [operation.request for operation in description.operations]
        nested = {
            field.type.innermost.name
            for name in description.used_by(requests)
            for field in self.structs[name]
            if field.type.innermost.kind == "object"
        }
        self.made_by_hosts: Set[str] = nested | set(_PORT_ANSWERS)
        answers = [operation.answer for operation in description.operations]
        self.records = description.used_by(
            [*answers, *sorted(self.made_by_hosts), *_PORT_REQUESTS, *_SHOP_ANSWERS]
        )
        self.records.remove("HandledEvent")  # the handler is given its two fields
        self._around: Dict[str, List[str]] = {name: [] for name in self.records}
        for name in self.records:
            for inner in {field.type.innermost for field in self.structs[name]}:
                if inner.kind == "object":
                    self._around[inner.name].append(name)

    def has_currency(self, struct: str) -> bool:
        return any(field.type.kind == "currency" for field in self.structs[struct])

    def inherits_currency(self, struct: str) -> bool:
        """Whether amounts are in the currency of the record that this one is always part of."""
        around = self._around[struct]
        return (
            not self.has_currency(struct)
            and struct not in self.made_by_hosts
            and bool(around)
            and all(self.has_currency(name) for name in around)
            and any(field.is_money for field in self.structs[struct])
        )

    # -- services

    def services(self) -> Dict[str, List[Operation]]:
        """The operations by their service: "cart", "admin.stock"."""
        tree: Dict[str, List[Operation]] = {}
        for operation in self.description.operations:
            path = ".".join(map(snake, operation.service))
            tree.setdefault(path, []).append(operation)
        return tree

    def about_method(self, operation: Operation) -> str:
        paragraphs = [_filled(operation.summary + _WHO[operation.audience])]
        paragraphs += self._arguments(operation.request)
        if operation.errors:
            paragraphs.append(_filled(f"Raises: {', '.join(map(camel, operation.errors))}."))
        return "\n\n".join(paragraphs)

    # -- choices and errors

    def about_error(self, error: ErrorCode) -> str:
        return _filled(f"`{error.name}`, HTTP {error.http_status}. {_ADVICE[error.retry]}")

    # -- records

    def attributes(self, struct: str) -> Iterator[Attribute]:
        has_money = self.has_currency(struct) or self.inherits_currency(struct)
        for field in self.structs[struct]:
            is_money = has_money and field.is_money
            type_ = "Money" if is_money else read_type(field.type)
            yield Attribute(
                name=money_name(field) if is_money else snake(field.name),
                type=f"Optional[{type_}]" if field.optional else type_,
                doc=_sentence(_money_doc(field.doc) if is_money else field.doc),
                field=field,
                is_money=is_money,
            )

    def item_of(self, struct: str) -> Optional[str]:
        """The record that a page is a list of; None of what is no page."""
        for field in self.structs[struct]:
            if field.name == "items" and field.type.item is not None:
                return field.type.item.name
        return None

    def about_record(self, struct: str) -> str:
        """Where users meet it."""
        answered = [
            f"`{path}.{snake(operation.verb)}`"
            for path, operations in self.services().items()
            for operation in operations
            if operation.answer == struct
        ]
        roles = [f"Answer of {', '.join(answered)}."] if answered else []
        around = self._around[struct]
        roles += [f"Part of {', '.join(around)}."] if around else []
        if struct in _SHOP_ANSWERS:
            roles.append(f"What `Shop.{_SHOP_ANSWERS[struct]}()` returns.")
        if struct in _PORT_REQUESTS:
            roles.append("What a port is given.")
        elif struct in self.made_by_hosts:
            roles.append("Made by ports." if struct in _PORT_ANSWERS else "Part of requests.")
        return _filled(" ".join(roles))

    def about_constructor(self, struct: str) -> str:
        return "".join(f"\n{text}" for text in self._arguments(struct))

    # -- what is sent

    def money_fields(self, struct: str) -> List[Field]:
        """The fields whose arguments are Money, and say the request's currency."""
        if not self.has_currency(struct):
            return []
        return [field for field in self.structs[struct] if field.is_money]

    def takes_currency(self, struct: str) -> bool:
        """Whether it may be said without an amount: of what is created. Where something is changed
        or paid the currency is only there to be compared with an amount's."""
        money = self.money_fields(struct)
        return struct.startswith("Create") and all(not field.required for field in money)

    def parameters(self, struct: str) -> List[Parameter]:
        """The required ones first."""
        money = self.money_fields(struct)
        found: List[Parameter] = []
        for field in self.structs[struct]:
            is_required = field.required or field.all_others
            name, type_, doc = snake(field.name), argument_type(field.type), field.doc
            if field in money:
                name, type_, doc = money_name(field), "Money", _money_doc(doc)
            elif money and field.type.kind == "currency":
                if not self.takes_currency(struct):
                    continue
                is_required = False
            if not is_required and field.default not in (None, "", [], {}):
                doc += f"; {default_text(field.default)} if absent"
            found.append(Parameter(name, type_, doc, is_required, field.clearable))
        return sorted(found, key=lambda parameter: not parameter.is_required)

    def _arguments(self, struct: str) -> List[str]:
        lines = [
            _in_python(line)
            for parameter in self.parameters(struct)
            for line in textwrap.wrap(
                f"{parameter.name}: {parameter.doc}",
                82,
                initial_indent="    ",
                subsequent_indent="        ",
            )
        ]
        return ["\n".join(["Args:", *lines])] if lines else []


def read_type(type_: Type) -> str:
    """The type of what is read."""
    if type_.item is not None:
        return f"Tuple[{read_type(type_.item)}, ...]"
    if type_.kind in ("object", "choice"):
        return type_.name
    words = {"integer": "int", "boolean": "bool", "moment": "datetime", "pairs": "Dict[str, str]"}
    return words.get(type_.kind, "str")


def argument_type(type_: Type) -> str:
    """The type of what is sent."""
    if type_.item is not None:
        return f"Sequence[{argument_type(type_.item)}]"
    return "Mapping[str, str]" if type_.kind == "pairs" else read_type(type_)


def default_text(default: object) -> str:
    return f'"{default}"' if isinstance(default, str) else repr(default)


def money_name(field: Field) -> str:
    """ "totalCents" -> "total"."""
    return snake(field.name[: -len("Cents")])


def _money_doc(doc: str) -> str:
    """Without the unit, which Money brings."""
    return re.sub(r",? in minor units( of [^,;.]+)?", "", doc)


def _in_python(text: str) -> str:
    """With the names of fields that stand in `backquotes` as Python has them: amounts are Money."""
    return re.sub(
        r"`([a-z]+[A-Z]\w+)`", lambda name: f"`{snake(name[1].removesuffix('Cents'))}`", text
    )


def _filled(text: str) -> str:
    return textwrap.fill(_in_python(text), 86)


def _sentence(text: str) -> str:
    """ "which variant" -> "Which variant." """
    text = text[0].upper() + text[1:]
    return _filled(text if text.endswith((".", "`")) else text + ".")
