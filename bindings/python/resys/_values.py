"""The values of the API that are written by hand: Money, Caller, and the base of all records."""

from __future__ import annotations

import copy
import enum
from ctypes import sizeof
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import (
    Any,
    Dict,
    Generic,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from ._description import snake
from ._library import DESCRIPTION, CallerStruct, Text

CURRENCIES = DESCRIPTION.currencies  # how many digits stand after the point

_MOST_MINOR = 2**53 - 1


class Choice(str, enum.Enum):
    """A closed list of words. Each is also the text it has in JSON, and prints as that."""

    def __str__(self) -> str:
        return str(self.value)


class Retry(Choice):
    """What to do about an error."""

    NEVER = "never"  # the same request fails again
    SAME = "same"  # repeat the same request, with the same idempotency key
    RELOAD = "reload"  # load anew, decide again


class Error(Exception):
    """What the library refuses, or could not do. Each code has a class of its own.

    Raise one of them from a port (a payment processor, for example) to say what happened.
    """

    code: str = "internal"
    status: int = 19  # the code as a number
    http_status: int = 500
    retry: Retry = Retry.NEVER

    def __init__(
        self, message: str, *, field: str = "", details: Optional[Mapping[str, Any]] = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field  # the field of the request at fault ("lineItems[2].sku"), or empty
        self.details: Dict[str, Any] = dict(details or {})  # the facts, as in JSON


class ShopClosed(RuntimeError):
    """The shop is not open (any more)."""


# ---- money


class Money:
    """An exact amount of one currency: `Money("12.50", "EUR")`. Immutable.

    The amount is a Decimal, an int, or text; a float is refused, for it is not exact. At most as
    many digits after the point as the currency has, and at most 2**53 - 1 minor units (cents).
    Adding, subtracting and ordering need the same currency (ValueError).
    """

    __slots__ = ("_minor", "_currency")
    _minor: int
    _currency: str

    def __init__(self, amount: Union[Decimal, int, str], currency: str) -> None:
        digits = CURRENCIES.get(currency)
        if digits is None:
            raise ValueError(f"{currency!r} is not a currency of ISO 4217")
        self._minor = _checked(_minor_units(amount, digits, currency))
        self._currency = currency

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Money:
        """Of minor units: `Money.of_minor(1250, "EUR")` is 12.50 EUR."""
        if not isinstance(minor, int):
            raise TypeError(f"the minor units are {type(minor).__name__}, not int")
        if currency not in CURRENCIES:
            raise ValueError(f"{currency!r} is not a currency of ISO 4217")
        return cls._of(_checked(minor), currency)

    @classmethod
    def _of(cls, minor: int, currency: str) -> Money:
        """As the library says it: an empty cart's zero has no currency."""
        money = cls.__new__(cls)
        money._minor = minor
        money._currency = currency
        return money

    @property
    def minor(self) -> int:
        """In minor units: cents of a dollar, yen of a yen."""
        return self._minor

    @property
    def currency(self) -> str:
        """The ISO 4217 code; empty only where the library has none, as in an empty cart."""
        return self._currency

    @property
    def amount(self) -> Decimal:
        """With as many digits after the point as the currency has: Decimal("12.50")."""
        return Decimal(self._number())

    def _number(self) -> str:
        digits = CURRENCIES.get(self._currency, 0)
        if digits == 0:
            return str(self._minor)
        text = str(abs(self._minor)).rjust(digits + 1, "0")
        sign = "-" if self._minor < 0 else ""
        return f"{sign}{text[:-digits]}.{text[-digits:]}"

    def _same(self, other: Money) -> int:
        if other._currency != self._currency:
            raise ValueError(f"{self} and {other} are in different currencies")
        return other._minor

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money._of(_checked(self._minor + self._same(other)), self._currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money._of(_checked(self._minor - self._same(other)), self._currency)

    def __mul__(self, factor: int) -> Money:
        if not isinstance(factor, int):
            return NotImplemented
        return Money._of(_checked(self._minor * factor), self._currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money._of(-self._minor, self._currency)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self._minor == other._minor and self._currency == other._currency

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self._minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self._minor <= self._same(other)

    # > and >= are < and <= of the other, which Python finds by itself.

    def __hash__(self) -> int:
        return hash((self._minor, self._currency))

    def __reduce__(self) -> Tuple[Any, ...]:
        return (Money._of, (self._minor, self._currency))

    def __str__(self) -> str:
        return f"{self._number()} {self._currency}".rstrip()

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"Money({self._number()!r}, {self._currency!r})"


def _checked(minor: int) -> int:
    if abs(minor) > _MOST_MINOR:
        raise ValueError("the amount is beyond 2**53 - 1 minor units")
    return minor


def _minor_units(amount: Union[Decimal, int, str], digits: int, currency: str) -> int:
    if isinstance(amount, (str, int)) and not isinstance(amount, bool):
        try:
            amount = Decimal(amount)
        except InvalidOperation:
            raise ValueError(f"{amount!r} is not an amount") from None
    if not isinstance(amount, Decimal):
        raise TypeError(f"the amount is {type(amount).__name__}, not Decimal, int or str")
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or amount.adjusted() > 20:
        raise ValueError(f"the amount {amount} is beyond 2**53 - 1 minor units")
    minor, rest = 0, 1
    if exponent > -100:  # keeps the numbers small; exact whatever the decimal context is
        numerator, denominator = amount.as_integer_ratio()
        minor, rest = divmod(numerator * 10**digits, denominator)
    if rest:
        raise ValueError(f"{amount} has more than the {digits} decimals of {currency}")
    return minor


# ---- who calls


class Audience(enum.IntEnum):
    """In which role somebody calls. The host authenticates, the library authorizes by it."""

    SHOPPER = 0
    STAFF = 1
    PROCESSOR = 2


@dataclass(frozen=True)
class Caller:
    """Who is calling: what the host has authenticated. Immutable; keep it or make one per call.

    user_id: of a signed-in user; session_id: of a guest's session; at most 200 bytes each.
    store: the tenant; an empty text is refused. idempotency_key: the same key makes a repeated
    write the same write. groups: the customer groups that a shopper is in, at most 20, each of
    a-z 0-9 - _.
    """

    user_id: str = ""
    session_id: str = ""
    store: str = "default"
    audience: Audience = Audience.SHOPPER
    idempotency_key: str = ""
    groups: Sequence[str] = ()
    # The struct for C, made once; it keeps the bytes it points to.
    _struct: CallerStruct = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.groups, str):
            raise TypeError("groups is a text, not a sequence of texts")
        object.__setattr__(self, "groups", tuple(self.groups))
        groups = (Text * len(self.groups))(*map(Text.of, self.groups))
        struct = CallerStruct(
            sizeof(CallerStruct),
            Text.of(self.store),
            Text.of(self.user_id),
            Text.of(self.session_id),
            Audience(self.audience),
            Text.of(self.idempotency_key),
            groups,
            len(groups),
        )
        object.__setattr__(self, "_struct", struct)

    @staticmethod
    def staff(user_id: str, *, store: str = "default") -> Caller:
        """Somebody who runs the shop."""
        return Caller(user_id=user_id, store=store, audience=Audience.STAFF)

    @staticmethod
    def guest(session_id: str, *, store: str = "default") -> Caller:
        """A shopper who is not signed in."""
        return Caller(session_id=session_id, store=store)

    def with_key(self, idempotency_key: str) -> Caller:
        """The same caller, for one write that may be repeated."""
        return replace(self, idempotency_key=idempotency_key)

    def __reduce__(self) -> Tuple[Any, ...]:
        values = (self.user_id, self.session_id, self.store, self.audience)
        return (Caller, (*values, self.idempotency_key, self.groups))


# ---- records

R = TypeVar("R", bound="Record")

# Not shown when a record is printed: it may end in a log.
_SECRETS = ("config", "client_secret", "payload")


class Record:
    """What the library answers, and what is nested in a request. Read only.

    It keeps the JSON it was read from and converts what is asked for: texts, ints, bools,
    datetimes in UTC, enums, Money, other records, tuples and dicts of them.
    """

    __slots__ = ("_json", "_currency")
    _names: Tuple[str, ...] = ()
    _json: Dict[str, Any]
    _currency: str  # of amounts whose currency stands in the record around this one

    @classmethod
    def from_json(cls: Type[R], json: Dict[str, Any], currency: str = "") -> R:
        """Of the object as the library writes it; `currency` is of the record around it."""
        record = cls.__new__(cls)
        record._json = json
        record._currency = currency
        return record

    def to_json(self) -> Dict[str, Any]:
        """The object as it is in JSON: a copy."""
        return copy.deepcopy(self._json)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Record)
        return self._json == other._json and self._currency == other._currency

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = (
            f"{name}=..." if name in _SECRETS else f"{name}={getattr(self, name)!r}"
            for name in self._names
        )
        return f"{type(self).__name__}({', '.join(shown)})"


class Page(Record, Generic[R]):
    """Some of a list: iterate over it, or over its `items`."""

    __slots__ = ()

    @property
    def items(self) -> Tuple[R, ...]:
        raise NotImplementedError

    def __iter__(self) -> Iterator[R]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self._json["items"])


# ---- conversions


def moment(text: str) -> datetime:
    """ "2027-01-15T08:00:00.000000Z" as a datetime in UTC."""
    return datetime.fromisoformat(text[:-1] + "+00:00")


def moment_json(value: datetime) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is given instead of a datetime")
    if value.tzinfo is None:
        raise ValueError("the datetime has no time zone")
    return value.astimezone(timezone.utc).isoformat(timespec="microseconds")[:-6] + "Z"


def record_json(value: R, kind: Type[R]) -> Dict[str, Any]:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} is given instead of {kind.__name__}")
    return value._json


def record_list_json(values: Iterable[R], kind: Type[R]) -> List[Dict[str, Any]]:
    return [record_json(value, kind) for value in values]


def list_json(values: Iterable[str]) -> List[str]:
    if isinstance(values, (str, bytes)):
        raise TypeError("one text is given instead of a list of texts")
    return list(values)


def put_money(
    json: Dict[str, Any], amounts: Mapping[str, Optional[Money]], currency: Optional[str] = None
) -> None:
    """Puts the amounts that are not None and the one currency that they share."""
    for name, money in amounts.items():
        if money is None:
            continue
        if not isinstance(money, Money):
            argument = snake(name)[: -len("_cents")]
            raise TypeError(f"{argument}: {type(money).__name__} is given instead of Money")
        if currency is not None and money.currency != currency:
            raise ValueError(f"{money} is not in {currency}")
        currency = money.currency
        json[name] = money.minor
    if currency is not None:
        json["currency"] = currency
