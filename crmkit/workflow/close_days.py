"""Dates on which a shop is shut: kept, and honoured by planning like its weekly rest."""

from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.visit import PlannedVisit
from crmkit.store import closures
from crmkit.store.connection import Store
from crmkit.workflow.set_customer import open_visits


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days a shop is shut (or open again), and the open visits that stand on them."""

    customer: Customer
    first: date
    last: date
    reason: str
    visits: tuple[PlannedVisit, ...]
    removed: bool = False


def close_days(
    store: Store, act: Act, customer: Customer, first: date, last: date, reason: str, *, dry_run: bool = False
) -> ClosedDays:
    """Keep a range of dates. Visits planned on them are named: the next planning moves those that are not pinned.

    Raises Refusal(BAD_VALUE) when it ends before it begins.
    """
    if last < first:
        raise Refusal(Fault.BAD_VALUE, option="FROM TO", value=f"{first} {last}", expected=f"{last} {first}")
    standing = tuple(v for v in open_visits(store, customer.id, act.today) if first <= v.day <= last)
    if not dry_run:
        with store.operation(act):
            closures.add(store, customer.id, first, last, reason)
    return ClosedDays(customer, first, last, reason, standing)


def open_days(
    store: Store, act: Act, customer: Customer, first: date, last: date, *, dry_run: bool = False
) -> ClosedDays:
    """Take closed ranges back that lie within these dates, or hold the one day named. Raises Refusal(NOT_FOUND)."""
    listed = closures.listed(store, customer.id)
    within = [(a, b) for a, b, _why in listed if (first <= a and b <= last) or (first == last and a <= first <= b)]
    if not within:
        known = [f"{a}…{b}" for a, b, _why in listed]
        raise Refusal(Fault.NOT_FOUND, noun="closed-range", value=first.isoformat(), known=known)
    if not dry_run:
        with store.operation(act):
            for a, b in within:
                closures.remove(store, customer.id, a, b)
    return ClosedDays(customer, within[0][0], within[-1][1], "", (), removed=True)
