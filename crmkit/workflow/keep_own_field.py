"""Fields a user adds to the customer file."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Kind
from crmkit.model.operation import Act
from crmkit.model.ownfield import FieldType, OwnField
from crmkit.sources.headers import recognise, take_apart
from crmkit.store import ownfields
from crmkit.store.connection import Store

NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field that was added (`values` 0) or taken away with so many values."""

    field: OwnField
    values: int
    removed: bool


def list_own_fields(store: Store) -> list[tuple[OwnField, int]]:
    """Every own field with the number of customers that have a value."""
    filled = ownfields.by_customer(store).values()
    return [(one, sum(one.name in values for values in filled)) for one in ownfields.all(store)]


def add_own_field(
    store: Store, act: Act, name: str, kind: FieldType, choices: Sequence[str], *, dry_run: bool = False
) -> KeptField:
    """Add a field. Raises Refusal: BAD_VALUE for a name that a field has already or that cannot be typed as NAME=VALUE,
    for a choice without words, or words without a choice.
    """
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    taken = {one.name.casefold() for one in ownfields.all(store)}
    known = recognise((plain,), Kind.CUSTOMERS) or not take_apart(plain).word
    if known or plain.casefold() in taken or not _is_name(plain):
        raise Refusal(Fault.BAD_VALUE, option="NAME", value=name, expected="店铺面积 (1-60)")
    words = tuple(dict.fromkeys(" ".join(word.split()) for word in choices))
    if (kind is FieldType.CHOICE) != bool(words) or "" in words or sum(map(len, words)) + len(words) > 2000:
        raise Refusal(Fault.BAD_VALUE, option="--choice", value=" ".join(choices), expected="--type choice --choice A")
    key = 0
    if not dry_run:
        with store.operation(act):
            key = ownfields.add(store, plain, kind, words)
    return KeptField(OwnField(key, plain, kind, words), 0, removed=False)


def remove_own_field(store: Store, act: Act, name: str, *, dry_run: bool = False) -> KeptField:
    """Take a field away with its values. Raises Refusal(NOT_FOUND)."""
    listed = list_own_fields(store)
    found = next(((one, count) for one, count in listed if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise Refusal(Fault.NOT_FOUND, noun="field", value=name, known=[one.name for one, _count in listed])
    if not dry_run:
        with store.operation(act):
            ownfields.remove(store, found[0].id)
    return KeptField(*found, removed=True)


def _is_name(name: str) -> bool:
    printable = all(unicodedata.category(character)[0] not in "CZ" or character == " " for character in name)
    return 0 < len(name) <= NAME_LENGTH and printable and not set(name) & set("=＝,，") and name[0] not in "-#'+@"
