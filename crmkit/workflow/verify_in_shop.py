"""Step 0 in the street: the two fields a sheet asks to verify, checked in the shop and typed in with its visit."""

from collections.abc import Collection
from datetime import date
from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.evening import FieldSeen
from crmkit.model.importing import Kind
from crmkit.model.policy import Policy
from crmkit.rules.choosing import cell
from crmkit.rules.sheet import ON_PAPER, to_verify
from crmkit.store import asked as printed_fields
from crmkit.store import customers, verified
from crmkit.store.connection import Store

ASKED_FIELDS = ON_PAPER
_WRONG = frozenset({"不对", "错", "错了", "有误", "变了", "wrong", "no", "x", "×"})  # and what is right instead?


def asked(store: Store, policy: Policy, shops: Collection[Customer], day: date) -> dict[int, tuple[str, ...]]:
    """The fields each shop's sheet of the day asks to verify, in the order of their numbers: as it was printed,
    whatever was made sure of since; else as it would print now.
    """
    printed, seen = printed_fields.of_day(store, day), verified.by_customer(store)
    months = policy.base_data.verify_months
    return {shop.id: printed.get(shop.id) or to_verify(shop, seen.get(shop.id, {}), day, months) for shop in shops}


def fields_named(
    store: Store, policy: Policy, customer: Customer, words: Collection[str], day: date
) -> tuple[tuple[str, str | None], ...]:
    """1, 2=13900001111 or √ as the fields of the day's sheet. Raises Refusal(BAD_VALUE)."""
    if not words:
        return ()
    from crmkit.sources.marks import checked_pieces

    fields = asked(store, policy, [customer], day)[customer.id]
    found: dict[str, str | None] = {}
    for word in words:
        for piece in checked_pieces(word):
            numbers = [piece.code] if piece.code else [str(n) for n in range(1, len(fields) + 1)]
            if not fields or any(not number.isdigit() or int(number) > len(fields) for number in numbers):
                expected = ", ".join(f"{n} {name}" for n, name in enumerate(fields, start=1)) or "-"
                raise Refusal(Fault.BAD_VALUE, option="--verify", value=word, expected=expected)
            for number in numbers:
                found[fields[int(number) - 1]] = piece.text or found.get(fields[int(number) - 1])
    return tuple(found.items())


def fields_seen(
    store: Store, customer: Customer, said: Collection[tuple[str, str | None]], day: date
) -> tuple[FieldSeen, ...]:
    """What was said of the fields, without what is noted already. Raises Refusal(BAD_VALUE), `option` the field."""
    if not said:
        return ()
    noted = verified.by_customer(store).get(customer.id, {})
    seen = [_seen(customer, name, typed) for name, typed in said]
    return tuple(one for one in seen if one.changes or noted.get(one.field, date.min) < day)


def _seen(customer: Customer, name: str, typed: str | None) -> FieldSeen:
    before = cell(customer, name)
    return FieldSeen(name, before, before if typed is None else _read(name, typed))


def _read(name: str, typed: str) -> Any:
    """The new value as an import would read it; words that only say "wrong", or go on behind it, are none."""
    from crmkit.workflow.typed_fields import read_value, target_of

    goes_on = not typed.isascii() and any(blank in typed for blank in " \u3000\t")
    if name == "contact":
        goes_on = goes_on or any(mark in ",，、" or mark.isdigit() for mark in typed)  # opening hours are no name
    if goes_on or typed.strip().lower() in _WRONG:
        raise Refusal(Fault.BAD_VALUE, option=name, value=typed, expected="…;")
    try:
        return read_value(target_of(Kind.CUSTOMERS, name), typed)
    except Refusal as refusal:
        raise Refusal(Fault.BAD_VALUE, option=name, value=typed, expected=refusal.facts["expected"]) from None


def keep_seen(store: Store, customer: Customer, seen: Collection[FieldSeen], day: date) -> None:
    """Write the right values, held against later imports, and the day; inside an operation."""
    values = {one.field: one.after for one in seen if one.changes}
    if values:
        customers.set_columns(store, customer.id, values, values)
    if seen:
        verified.note(store, customer.id, [one.field for one in seen], day)
