"""The library's description of itself (resys_describe). The package makes its classes of it, and
bindings/generator writes of it what the other languages have."""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple, Optional


class Type(NamedTuple):
    """`kind` is text, integer, boolean, moment, id, currency, choice, pairs, object or list."""

    kind: str
    name: str = ""  # of a choice or an object; the prefix of an id
    item: Optional[Type] = None  # of a list

    @property
    def innermost(self) -> Type:
        """What a list of lists is made of; of anything else, itself."""
        return self if self.item is None else self.item.innermost

    @staticmethod
    def of(word: str) -> Type:
        kind, _, rest = word.partition(":")
        return Type("list", item=Type.of(rest)) if kind == "list" else Type(kind, rest)


class Field(NamedTuple):
    name: str  # as in JSON: "lineItemId"
    type: Type
    doc: str
    required: bool  # in a request
    optional: bool  # null in an answer where there is none
    clearable: bool  # in a request null takes the value away, and absence keeps it
    all_others: bool  # stands for every key that no other field names
    default: Any  # what absence means in a request; None if required or optional

    @property
    def is_money(self) -> bool:
        """Minor units of a currency: "totalCents"."""
        return self.type.kind == "integer" and self.name.endswith("Cents")


class Operation(NamedTuple):
    name: str  # "admin.stock.set"
    method: str
    path: str
    audience: str
    summary: str
    request: str  # the name of a struct
    answer: str  # the name of a struct
    errors: List[str]  # beside those that every operation may answer

    @property
    def service(self) -> List[str]:
        """Where bindings keep it: ["admin", "stock"]."""
        return self.name.split(".")[:-1]

    @property
    def verb(self) -> str:
        return self.name.split(".")[-1]


class ErrorCode(NamedTuple):
    name: str  # "insufficient_stock"
    code: int
    http_status: int
    retry: str


class Description(NamedTuple):
    version: str
    operations: List[Operation]
    structs: Dict[str, List[Field]]
    choices: Dict[str, List[str]]
    currencies: Dict[str, int]  # code -> digits after the decimal point
    errors: List[ErrorCode]

    def used_by(self, roots: List[str]) -> List[str]:
        """The structs that these are made of, themselves included, in the description's order."""
        found = set()
        left = list(roots)
        while left:
            name = left.pop()
            if name in found:
                continue
            found.add(name)
            for field in self.structs[name]:
                if field.type.innermost.kind == "object":
                    left.append(field.type.innermost.name)
        return [name for name in self.structs if name in found]


def parse(raw: Dict[str, Any]) -> Description:
    def field(row: Dict[str, Any]) -> Field:
        return Field(
            name=row["name"],
            type=Type.of(row["type"]),
            doc=row["doc"],
            required=row.get("required", False),
            optional=row.get("optional", False),
            clearable=row.get("clearable", False),
            all_others=row.get("allOthers", False),
            default=row.get("default"),
        )

    return Description(
        version=raw["version"],
        operations=[Operation(**row) for row in raw["operations"]],
        structs={name: [field(row) for row in rows] for name, rows in raw["structs"].items()},
        choices=raw["choices"],
        currencies=raw["currencies"],
        errors=[
            ErrorCode(row["name"], row["code"], row["httpStatus"], row["retry"])
            for row in raw["errors"]
        ],
    )


def snake(name: str) -> str:
    """ "lineItemId" -> "line_item_id"; "buyXGetY" -> "buy_x_get_y"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def camel(name: str) -> str:
    """ "not_found" -> "NotFound"; "lineItem" -> "LineItem"."""
    return "".join(word[0].upper() + word[1:] for word in name.split("_"))
