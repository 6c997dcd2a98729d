"""Fields and values as people type them, name=value, in both languages: read as an import would read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Field, Kind, Reason
from crmkit.model.ownfield import OwnField
from crmkit.rules.choosing import Condition
from crmkit.sources.cells import Reader, half_width
from crmkit.sources.headers import WORDS, recognise
from crmkit.sources.layout import KNOWN_WORDS, reader_of
from crmkit.sources.ownfields import reader_of_own

CLEAR = frozenset({"清空", "clear"})  # the words that take a value away; a blank never does
_COLUMN = {
    Field.LATITUDE: "latitude_e6",
    Field.LONGITUDE: "longitude_e6",
    Field.PRODUCT_ACTIVE: "active",
}
_RANGED = frozenset({"grade", "opened_on", "closed_on"})


@dataclass(frozen=True, slots=True)
class Target:
    """What a typed name means: a column of the table, or an own field; and how its values are read."""

    name: str
    column: str
    read: Reader
    own: OwnField | None = None
    known: str = ""


@dataclass(slots=True)
class Given:
    """Values by column, None where one is to be cleared; own fields by their field."""

    columns: dict[str, Any] = field(default_factory=dict)
    own: dict[OwnField, str | None] = field(default_factory=dict)


def target_of(kind: Kind, typed: str, own: Sequence[OwnField] = ()) -> Target:
    """The field a name means: a key of a mapping file, a header in either language, an own field.

    Raises Refusal(BAD_VALUE) with the names that are known.
    """
    name = typed.strip()
    mine = next((one for one in own if one.name.casefold() == name.casefold()), None)
    if mine:
        return Target(mine.name, mine.name, reader_of_own(mine), mine, " ".join(mine.choices))
    found = next((known for known in Field if known.kind is kind and known.key == name), None)
    found = found or next(iter(recognise((name,), kind)), None)
    if found is None:
        raise Refusal(Fault.BAD_VALUE, option="FIELD", value=typed, expected=", ".join(names_of(kind, own)))
    return Target(name, column_of(found), reader_of(found), known=KNOWN_WORDS.get(found, ""))


def names_of(kind: Kind, own: Iterable[OwnField] = ()) -> list[str]:
    """One name of each field in both languages, for a message."""
    listed = [f"{known.key} {WORDS[known].split('|')[0]}" for known in Field if known.kind is kind]
    return [*listed, *(one.name for one in own)]


def column_of(known: Field) -> str:
    """The column of the store a field goes to."""
    return _COLUMN.get(known, known.key)


def read_values(kind: Kind, words: Iterable[str], own: Sequence[OwnField] = ()) -> Given:
    """name=value … as values of the store. Raises Refusal(BAD_VALUE)."""
    given = Given()
    for word in words:
        name, equals, text = word.replace("＝", "=", 1).partition("=")
        if not equals:
            raise Refusal(Fault.BAD_VALUE, option="FIELD=VALUE", value=word, expected="电话=13800138000 grade=20")
        target = target_of(kind, name, own)
        value = read_value(target, text)
        if target.own:
            given.own[target.own] = value
        else:
            given.columns[target.column] = value
    return given


def read_value(target: Target, text: str) -> Any:
    """One value; None for the word that clears. Raises Refusal(BAD_VALUE) for a blank or what cannot be read."""
    if half_width(text).lower() in CLEAR:
        return None
    value = target.read(text)
    if value is None or isinstance(value, Reason):
        expected = target.known or ("清空 / clear" if value is None else value.value)
        raise Refusal(Fault.BAD_VALUE, option=target.name, value=text, expected=expected)
    return value


def read_conditions(where: Iterable[str], without: Iterable[str], own: Sequence[OwnField] = ()) -> list[Condition]:
    """档位=20-30, 状态=正常,停业 and names of fields that must be blank. Raises Refusal(BAD_VALUE)."""
    conditions = []
    for word in where:
        name, equals, text = word.replace("＝", "=", 1).partition("=")
        if not equals:
            raise Refusal(Fault.BAD_VALUE, option="--where", value=word, expected="档位=20-30 market_type=urban")
        conditions.append(_condition(target_of(Kind.CUSTOMERS, name, own), text))
    blanks = [target_of(Kind.CUSTOMERS, name, own) for name in without]
    return [*conditions, *(Condition(target.column, own=target.own is not None) for target in blanks)]


def _condition(target: Target, text: str) -> Condition:
    own = target.own is not None
    if not text.strip():
        return Condition(target.column, own=own)
    if target.column == "manager":
        raise Refusal(Fault.BAD_VALUE, option="--where", value=f"{target.name}={text}", expected="--manager CODE")
    low, dash, high = half_width(text).replace("..", "~").replace("至", "~").partition("~")
    if target.column == "grade" and not dash:
        low, dash, high = half_width(text).partition("-")
    if dash and target.column in _RANGED:
        return Condition(target.column, low=read_value(target, low), high=read_value(target, high), own=own)
    parts = half_width(text).replace("、", ",").split(",") if not own else [text]
    return Condition(target.column, tuple(read_value(target, part) for part in parts), own=own)
