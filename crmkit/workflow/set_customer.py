"""Customers corrected by hand: fields set or cleared; a shop that closes has its open visits cancelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crmkit.model.customer import Customer, CustomerState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Kind
from crmkit.model.operation import Act
from crmkit.model.ownfield import OwnField
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.choosing import cell
from crmkit.store import customers, ownfields, planned, verified
from crmkit.store.connection import Store
from crmkit.workflow.typed_fields import Given, Target, read_values, target_of

_ELSEWHERE = {"code": "crmkit customer merge", "manager": "crmkit customer transfer"}
_NEVER_BLANK = frozenset({"name", "state"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a customer: its column or own field, what stood there, what stands there now."""

    column: str
    before: Any
    after: Any
    own: OwnField | None = None


@dataclass(frozen=True, slots=True)
class SetCustomer:
    """One customer with what changed, and the open visits that fall away with it."""

    customer: Customer
    changes: tuple[Change, ...]
    cancelled: tuple[PlannedVisit, ...] = ()


def set_customers(
    store: Store,
    act: Act,
    chosen: Sequence[Customer],
    words: Iterable[str],
    *,
    release: Iterable[str] = (),
    reason: str = "",
    dry_run: bool = False,
) -> tuple[SetCustomer, ...]:
    """Set fields of customers: 电话=13800138000 grade=20 备注=清空. A set field is kept against later imports until
    `release` names it, and counts as verified today.

    A state other than active cancels the open visits from today on; the note keeps `reason`, else the state.
    Raises Refusal: BAD_VALUE; RULE field-elsewhere, never-blank.
    """
    own = ownfields.all(store)
    given = read_values(Kind.CUSTOMERS, words, own)
    _refuse(given)
    freed = [target_of(Kind.CUSTOMERS, name, own) for name in release]
    result = tuple(_decided(store, one, given, act.today) for one in chosen)
    if not dry_run:
        with store.operation(act):
            for decided in result:
                _apply(store, decided, given, freed, act.today, reason)
    return result


def _refuse(given: Given) -> None:
    for column, value in given.columns.items():
        if column in _ELSEWHERE:
            raise Refusal(Fault.RULE, rule="field-elsewhere", value=column, way_out=_ELSEWHERE[column])
        if value is None and column in _NEVER_BLANK:
            raise Refusal(Fault.RULE, rule="never-blank", value=column, way_out="")


def _with_closing_day(customer: Customer, given: Given, today: date) -> dict[str, Any]:
    """The columns to write: a shop that closes down today closed today, one that opens again is not closed."""
    columns = dict(given.columns)
    state = columns.get("state")
    if state == CustomerState.CLOSED and customer.closed_on is None:
        columns.setdefault("closed_on", today.isoformat())
    if state == CustomerState.ACTIVE and customer.closed_on is not None:
        columns.setdefault("closed_on", None)
    _refuse_half_a_place(customer, columns)
    return columns


def _refuse_half_a_place(customer: Customer, columns: dict[str, Any]) -> None:
    both = [columns.get(name, cell(customer, name)) for name in ("latitude_e6", "longitude_e6")]
    if (both[0] is None) != (both[1] is None):
        raise Refusal(Fault.BAD_VALUE, option="纬度/经度", value="", expected="纬度=36.651 经度=117.120")


def _decided(store: Store, customer: Customer, given: Given, today: date) -> SetCustomer:
    columns = _with_closing_day(customer, given, today)
    pairs = [Change(column, cell(customer, column), value) for column, value in columns.items()]
    before = ownfields.of_customer(store, customer.id)
    own = [Change(field.name, before.get(field.name), value, field) for field, value in given.own.items()]
    changes = tuple(change for change in (*pairs, *own) if change.before != change.after)
    closes = any(change.column == "state" and change.after != CustomerState.ACTIVE for change in changes)
    return SetCustomer(customer, changes, open_visits(store, customer.id, today) if closes else ())


def open_visits(store: Store, customer: int, today: date) -> tuple[PlannedVisit, ...]:
    """The open visits of a customer from today on."""
    found = planned.of_customer(store, customer, today, date.max)
    return tuple(visit for visit in found if visit.state is PlannedState.OPEN)


def _apply(store: Store, decided: SetCustomer, given: Given, freed: list[Target], today: date, reason: str) -> None:
    key = decided.customer.id
    values = {change.column: change.after for change in decided.changes if change.own is None}
    columns = [target.column for target in freed if target.own is None]
    customers.set_columns(store, key, values, given.columns.keys() | values.keys(), columns)
    ownfields.hold(store, key, [field.id for field in given.own], [one.own.id for one in freed if one.own])
    for visit in decided.cancelled:
        planned.set_state(store, visit.id, PlannedState.CANCELLED, reason or str(values["state"]))
    for change in decided.changes:
        if change.own:
            ownfields.put(store, change.own.id, [(key, change.after)])
    verified.note(store, key, [*map(seen_as, given.columns), *(field.name for field in given.own)], today)


def seen_as(column: str) -> str:
    """Under which name a column is verified: the two coordinates are one thing."""
    return "place" if column in ("latitude_e6", "longitude_e6") else column
