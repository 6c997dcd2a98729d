"""Values of model/package.py as JSON, and JSON as these values: every field by its type, none more and none less.

Numbers that are not whole are texts ("7/3"), days and moments ISO texts. What a stranger's file holds is held to its
type and to a size before anything works with it.
"""

import re
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from crmkit.model.month import Month

Json = Any
Moment = TypeVar("Moment", date, datetime)
LONGEST_TEXT, MOST_ITEMS, LARGEST_NUMBER = 4_000, 20_000, 2**53
_FRACTION = re.compile(r"-?[0-9]{1,40}(/[1-9][0-9]{0,39})?", re.ASCII)


class FieldError(ValueError):
    """A value that cannot be; the text is where it stands: step8.keys[3].rank."""


def plain(value: Any) -> Json:
    """A value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type | Month):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if value is None or isinstance(value, bool | int):
        return value
    return value.value if isinstance(value, StrEnum) else str(value)


def built(kind: Any, value: Json, place: str = "") -> Any:
    """The value of this type that JSON tells. Raises FieldError."""
    if isinstance(kind, types.UnionType):
        return _optional(kind, value, place)
    if get_origin(kind) is tuple:
        return _listed(kind, value, place)
    if is_dataclass(kind) and kind is not Month:
        return _record(kind, value, place)
    read = _READERS.get(kind)
    if read is None:
        read = _code if issubclass(kind, StrEnum) else None
    assert read is not None, kind
    try:
        return read(kind, value)
    except (ValueError, TypeError, OverflowError):
        raise FieldError(place) from None


def _optional(kind: types.UnionType, value: Json, place: str) -> Any:
    (one,) = (choice for choice in get_args(kind) if choice is not types.NoneType)
    return None if value is None else built(one, value, place)


def _listed(kind: Any, value: Json, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise FieldError(place)
    one = get_args(kind)[0]
    return tuple(built(one, item, f"{place}[{number}]") for number, item in enumerate(value))


def _record(kind: Any, value: Json, place: str) -> Any:
    wanted = _types_of(kind)
    if not isinstance(value, dict):
        raise FieldError(place)
    dot = f"{place}." if place else ""
    odd = value.keys() ^ wanted.keys()
    if odd:
        raise FieldError(dot + min(odd))
    return kind(**{name: built(one, value[name], dot + name) for name, one in wanted.items()})


@cache
def _types_of(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _text(_kind: Any, value: Json) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        raise ValueError
    return value


def _number(_kind: Any, value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_NUMBER:
        raise ValueError
    return value


def _flag(_kind: Any, value: Json) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _code(kind: Any, value: Json) -> StrEnum:
    found: StrEnum = kind(_text(kind, value))
    return found


def _fraction(_kind: Any, value: Json) -> Fraction:
    if not _FRACTION.fullmatch(_text(_kind, value)):
        raise ValueError
    return Fraction(value)


def _day(_kind: Any, value: Json) -> date:
    return _same(date.fromisoformat(_text(_kind, value)), value)


def _moment(_kind: Any, value: Json) -> datetime:
    found = datetime.fromisoformat(_text(_kind, value))
    if found.tzinfo is None or not 2015 <= found.year <= 2098:
        raise ValueError
    return _same(found, value)


def _month(_kind: Any, value: Json) -> Month:
    return Month.parse(_text(_kind, value))


def _same(found: Moment, value: Json) -> Moment:
    """Only the one way of writing it that we use."""
    if plain(found) != value:
        raise ValueError
    return found


_READERS: dict[Any, Callable[[Any, Json], Any]] = {
    str: _text,
    int: _number,
    bool: _flag,
    Fraction: _fraction,
    date: _day,
    datetime: _moment,
    Month: _month,
}
