"""The dated visits of a month or a week, gathered to leave the file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from crmkit.model.customer import Customer
from crmkit.model.dated_visits import DatedVisit, DatedVisits, Identity, VisitHistory
from crmkit.model.distance import NONE_GIVEN, Given
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.planning import Client
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.rules.capacity import on_road
from crmkit.rules.codes import short_codes
from crmkit.rules.routing import distances
from crmkit.rules.visit_times import Leg, visit_times
from crmkit.store import customers, frequencies, planned, visit_history
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.visit_problem import clients_of_records

_OFF = (PlannedState.CANCELLED, PlannedState.EARLY)


def dated_visits(
    store: Store, policy: Policy, managers: Sequence[Person], first: date, last: date, start: time | None = None
) -> DatedVisits:
    """All planned visits from first to last, cancelled ones too; timed by the order of the road where `start` is given.

    Raises Refusal(GATE, step 9) when no visit was ever planned there.
    """
    months = [*dict.fromkeys((Month.of(first), Month.of(last)))]
    known = {one.id: one for one in customers.all(store)}
    visits: list[DatedVisit] = []
    gone: list[Identity] = []
    for manager in managers:
        for month in months:
            made, lost = _of_month(store, policy, manager, month, known, start)
            visits += [visit for visit in made if first <= visit.day <= last]
            gone += lost
    if not visits and not gone:
        way_out = f"crmkit plan visits --month {months[0]}"
        raise Refusal(Fault.GATE, step=9, needs="month-planned", month=str(months[0]), way_out=way_out)
    ordered = sorted(visits, key=lambda v: (v.identity.manager.code, v.day, v.is_off, v.position, v.customer.code))
    provisional = _provisional(store, managers, months)
    return DatedVisits(first, last, policy.calendar.zone, tuple(ordered), tuple(gone), provisional)


def _provisional(store: Store, managers: Iterable[Person], months: Iterable[Month]) -> bool:
    found = [one for m in managers for month in months for one in planned.coverages(store, m.id, month)]
    return any(one.provisional for one in found)


def _of_month(
    store: Store, policy: Policy, manager: Person, month: Month, known: Mapping[int, Customer], start: time | None
) -> tuple[list[DatedVisit], list[Identity]]:
    """A month's visits of one manager, each with its number among its customer's, and those that are no more."""
    plans = planned.between(store, manager.id, month.first, month.last)
    history = {owner[1]: told for owner, told in visit_history.of_month(store, month).items() if owner[0] == manager.id}
    codes = short_codes(one.code for one in known.values() if one.manager == manager.id)
    mine: dict[int, list[PlannedVisit]] = {}
    for plan in plans:
        mine.setdefault(plan.customer, []).append(plan)
    made = [
        _dated(plan, _identity(manager, known[key], month, number, history.get(key)), codes)
        for key, listed in mine.items()
        for number, plan in enumerate(listed, start=1)
    ]
    gone = [
        _identity(manager, known[key], month, number, told)
        for key, told in sorted(history.items())
        for number in range(len(mine.get(key, ())) + 1, told.most + 1)
        if key in known
    ]
    clients = clients_of_records(
        [known[key] for key in mine], frequencies.lines(store, manager.id, month), policy, month
    )
    given = given_ways(store, (known[key] for key in mine)) if start else NONE_GIVEN
    return _in_order(made, {client.customer.id: client for client in clients}, policy, start, given), gone


def _identity(manager: Person, customer: Customer, month: Month, number: int, told: VisitHistory | None) -> Identity:
    at = datetime.fromisoformat(told.at) if told and told.at else None
    return Identity(manager, customer, month, number, told.op if told else 0, at)


def _dated(plan: PlannedVisit, identity: Identity, codes: Mapping[str, str]) -> DatedVisit:
    code = codes.get(identity.customer.code, "")
    return DatedVisit(identity, plan.day, plan.method, plan.state, plan.position, code, plan.pinned)


def _in_order(
    visits: list[DatedVisit], clients: Mapping[int, Client], policy: Policy, start: time | None, given: Given
) -> list[DatedVisit]:
    """Each day's visits with their places counted from 1, those without a road last; timed where a start is given."""
    days: dict[date, list[DatedVisit]] = {}
    for visit in visits:
        days.setdefault(visit.day, []).append(visit)
    found: list[DatedVisit] = []
    for day, listed in sorted(days.items()):
        placed = [replace(visit, position=at) for at, visit in enumerate(_by_road(listed), start=1)]
        found += _timed(placed, clients, policy, datetime.combine(day, start), given) if start else placed
        found += [replace(visit, position=0) for visit in listed if visit.is_off]
    return found


def _by_road(visits: Iterable[DatedVisit]) -> list[DatedVisit]:
    on = (visit for visit in visits if not visit.is_off)
    return sorted(on, key=lambda visit: (not on_road(visit.method), visit.position, visit.customer.code))


def _timed(
    visits: list[DatedVisit], clients: Mapping[int, Client], policy: Policy, start: datetime, given: Given
) -> list[DatedVisit]:
    begins = start.replace(tzinfo=ZoneInfo(policy.calendar.zone))
    road = [visit.customer for visit in visits if on_road(visit.method)]
    ways = distances(road, policy.capacity.detour_percent, given)
    metres = [ways[at - 1][at] if 0 < at < len(road) else 0 for at in range(len(visits))]
    legs = [Leg(clients[v.customer.id], v.method, way) for v, way in zip(visits, metres, strict=True)]
    times = visit_times(policy.capacity, legs, begins)
    return [replace(v, begins=one, ends=other) for v, (one, other) in zip(visits, times, strict=True)]
