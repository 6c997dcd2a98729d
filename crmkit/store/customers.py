"""The customers of the file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from crmkit.model.code import normal_code
from crmkit.model.customer import (
    BusinessType,
    Customer,
    CustomerState,
    Frequency,
    MarketType,
    Place,
    VisitMethod,
)
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted
from crmkit.model.personal import masked_phone
from crmkit.store import base_data, closures
from crmkit.store.connection import Store

_COLUMNS = (
    "id, code, name, manager, state, grade, market_type, business_type, neighbourhood, route, order_weekday, online, "
    "visit_method, frequency, latitude_e6, longitude_e6, address, city, contact, phone, licence, opened_on, "
    "closed_on, closed_weekdays, hours, held"
)
_SELECT = f"SELECT {_COLUMNS} FROM customer"


def all(store: Store, manager: int | None = None) -> list[Customer]:  # noqa: A001 - customers.all reads as it should
    """Every customer, or those of one customer manager, by code."""
    whose, values = ("", ()) if manager is None else ("WHERE manager=?", (manager,))
    shut = closures.by_customer(store)
    return [_customer(row, shut.get(row[0], ())) for row in store.rows(f"{_SELECT} {whose} ORDER BY code", values)]


def by_id(store: Store, key: int) -> Customer:
    row = store.one(f"{_SELECT} WHERE id=?", (key,))
    assert row is not None, "a customer that the store referred to"
    return _customer(row, closures.by_customer(store, key).get(key, ()))


def with_code(store: Store, text: str) -> Customer | None:
    """The customer of exactly this code, however it was typed, or the one it was merged into; None without one."""
    code = normal_code(text)
    key = store.value("SELECT id FROM customer WHERE code=?", (code,)) or aliases(store).get(code)
    return by_id(store, key) if key is not None else None


def aliases(store: Store) -> dict[str, int]:
    """Codes of customers that were merged into others, with the key of the one that stayed."""
    return dict(store.rows("SELECT code, customer FROM customer_alias"))


def find(store: Store, text: str, manager: int | None = None) -> Customer:
    """The customer a code, or a unique part of code or name, means; `manager` narrows the search of parts.

    Raises Refusal NOT_FOUND, or AMBIGUOUS with the candidates' codes and masked phones (bad-input.md 13-17).
    """
    exact = with_code(store, text)
    if exact:
        return exact
    found = _containing(store, text, manager)
    if not found:
        raise Refusal(Fault.NOT_FOUND, noun="customer", value=text, known="crmkit customer list")
    if len(found) > 1:
        shown = [(c.code, c.name, masked_phone(c.phone) or "") for c in found]
        raise Refusal(Fault.AMBIGUOUS, noun="customer", value=text, candidates=shown)
    return found[0]


def _containing(store: Store, text: str, manager: int | None) -> list[Customer]:
    part = text.strip()
    if not part:
        return []
    sql = f"{_SELECT} WHERE (instr(code, ?) OR instr(lower(name), lower(?))) AND ? IN (manager, -1) ORDER BY code"
    found = store.rows(sql, (normal_code(part), part, -1 if manager is None else manager))
    shut = closures.by_customer(store)
    return [_customer(row, shut.get(row[0], ())) for row in found]


def keys(store: Store) -> dict[str, int]:
    """Every customer's code and key; a code that was merged into another customer leads to that one."""
    return aliases(store) | base_data.codes_and_keys(store, "customer")


def put(
    store: Store,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    defaults: Mapping[str, Any],
    *,
    clear: bool = False,
    cells: list[base_data.Cell] | None = None,
) -> Counted:
    """Write customers by code (the first column); None keeps what is stored, new ones take the defaults.

    A row under a code that was merged into another customer is passed over, as unchanged: no shop comes back.
    `clear` and `cells` as in base_data.put_rows.
    """
    merged, every = aliases(store), list(rows)
    own = [row for row in every if row[0] not in merged]
    first = {"state": CustomerState.ACTIVE.value, **defaults}
    found = base_data.put_rows(store, "customer", columns, own, first, clear=clear, cells=cells)
    return replace(found, unchanged=found.unchanged + len(every) - len(own))


def set_columns(
    store: Store, key: int, values: Mapping[str, Any], hold: Iterable[str], release: Iterable[str] = ()
) -> None:
    """Write columns of one customer by hand; an import leaves those in `hold` alone."""
    base_data.set_columns(store, "customer", key, values, hold, release)


def set_manager(store: Store, keys: Iterable[int], manager: int) -> None:
    """Give customers to a customer manager."""
    sql = "UPDATE customer SET manager=? WHERE id=? AND manager IS NOT ?"
    store.executemany(sql, [(manager, key, manager) for key in keys])


def left(store: Store, manager: int, since: int) -> list[Customer]:
    """The customers a manager had and gave to others after operation `since`, by code; back again is not left."""
    gone = "SELECT key FROM change WHERE tbl='customer' AND col='manager' AND kind='U' AND old=? AND op>?"
    sql = f"{_SELECT} WHERE id IN ({gone}) AND manager IS NOT ? ORDER BY code"
    return [_customer(row) for row in store.rows(sql, (manager, since, manager))]


def close(store: Store, codes: Iterable[str], day: date) -> None:
    """Mark customers closed as of a day, unless they have a day already."""
    sql = "UPDATE customer SET state=?, closed_on=ifnull(closed_on, ?) WHERE code=?"
    store.executemany(sql, [(CustomerState.CLOSED.value, day.isoformat(), code) for code in codes])


def closed_since(store: Store) -> dict[str, str]:
    """The customers that are not active, by code, each with the day it closed ("" when no day is known)."""
    return dict(store.rows("SELECT code, ifnull(closed_on, '') FROM customer WHERE state<>'active'"))


def opening_days(store: Store) -> dict[str, str]:
    """The day each customer opened, by code, where it is known."""
    return dict(store.rows("SELECT code, opened_on FROM customer WHERE opened_on IS NOT NULL"))


def active_codes(store: Store) -> dict[str, int | None]:
    """The active customers by code, each with its customer manager."""
    return dict(store.rows("SELECT code, manager FROM customer WHERE state='active' ORDER BY code"))


def states(store: Store) -> dict[str, str]:
    """Every customer's state by code."""
    return dict(store.rows("SELECT code, state FROM customer"))


def names(store: Store) -> dict[str, str]:
    """Every customer's name by code."""
    return dict(store.rows("SELECT code, name FROM customer"))


def _customer(row: tuple[Any, ...], shut: tuple[tuple[date, date], ...] = ()) -> Customer:
    (key, code, name, manager, state, grade, market, business, neighbourhood, route, order_weekday, online,
     method, frequency, latitude, longitude, address, city, contact, phone, licence, opened, closed,
     rest, hours, held) = row  # fmt: skip
    return Customer(
        id=key,
        code=code,
        name=name,
        manager=manager,
        state=CustomerState(state),
        grade=grade,
        market_type=MarketType(market) if market else None,
        business_type=BusinessType(business) if business else None,
        neighbourhood=neighbourhood,
        route=route,
        order_weekday=order_weekday,
        online=None if online is None else bool(online),
        visit_method=VisitMethod(method) if method else None,
        frequency=Frequency(frequency) if frequency else None,
        place=None if latitude is None else Place(latitude, longitude),
        address=address,
        city=city,
        contact=contact,
        phone=phone,
        licence=licence,
        opened_on=date.fromisoformat(opened) if opened else None,
        closed_on=date.fromisoformat(closed) if closed else None,
        closed_weekdays=tuple(int(day) for day in rest or ""),
        closed_ranges=shut,
        hours=hours,
        held=frozenset((held or "").split()),
    )
