"""The customers of the file."""

from collections.abc import Iterable, Mapping, Sequence
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
from crmkit.store import base_data
from crmkit.store.connection import Store

_COLUMNS = (
    "id, code, name, manager, state, grade, market_type, business_type, neighbourhood, route, order_weekday, online, "
    "visit_method, frequency, latitude_e6, longitude_e6, address, city, contact, phone, licence, opened_on, "
    "closed_on, closed_weekdays"
)
_SELECT = f"SELECT {_COLUMNS} FROM customer"
_SHOWN_CANDIDATES = 20


def all(store: Store, manager: int | None = None) -> list[Customer]:  # noqa: A001 - customers.all reads as it should
    """Every customer, or those of one customer manager, by code."""
    if manager is None:
        return [_customer(row) for row in store.rows(f"{_SELECT} ORDER BY code")]
    return [_customer(row) for row in store.rows(f"{_SELECT} WHERE manager=? ORDER BY code", (manager,))]


def by_id(store: Store, key: int) -> Customer:
    row = store.one(f"{_SELECT} WHERE id=?", (key,))
    assert row is not None, "a customer that the store referred to"
    return _customer(row)


def with_code(store: Store, text: str) -> Customer | None:
    """The customer of exactly this code, however it was typed; None when there is none."""
    row = store.one(f"{_SELECT} WHERE code=?", (normal_code(text),))
    return _customer(row) if row else None


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
        shown = [(c.code, c.name, masked_phone(c.phone) or "") for c in found[:_SHOWN_CANDIDATES]]
        raise Refusal(Fault.AMBIGUOUS, noun="customer", value=text, candidates=shown)
    return found[0]


def _containing(store: Store, text: str, manager: int | None) -> list[Customer]:
    part = text.strip()
    if not part:
        return []
    sql = f"{_SELECT} WHERE (instr(code, ?) OR instr(lower(name), lower(?))) AND ? IN (manager, -1) ORDER BY code"
    return [_customer(row) for row in store.rows(sql, (normal_code(part), part, -1 if manager is None else manager))]


def keys(store: Store) -> dict[str, int]:
    """Every customer's code and key."""
    return base_data.codes_and_keys(store, "customer")


def put(store: Store, columns: Sequence[str], rows: Iterable[Sequence[Any]], defaults: Mapping[str, Any]) -> Counted:
    """Write customers by code (the first column); None keeps what is stored, new ones take the defaults."""
    return base_data.put_rows(store, "customer", columns, rows, {"state": CustomerState.ACTIVE.value, **defaults})


def _customer(row: tuple[Any, ...]) -> Customer:
    (key, code, name, manager, state, grade, market, business, neighbourhood, route, order_weekday, online,
     method, frequency, latitude, longitude, address, city, contact, phone, licence, opened, closed,
     rest) = row  # fmt: skip
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
    )
