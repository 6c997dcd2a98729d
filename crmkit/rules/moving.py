"""Why each visit of a new plan is not where the old one had it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.moving import MoveReason, VisitMove
from crmkit.model.planning import Client, Problem, Stop
from crmkit.rules.calendar import works_on
from crmkit.rules.owing import Span

Days = Mapping[int, Collection[date]]


@dataclass(frozen=True, slots=True)
class Change:
    """Everything a reason is found from: customer → days in the old plan and in the new one."""

    span: Span
    problem: Problem
    clients: Mapping[int, Client]
    old: Days
    new: Days
    unfit: Collection[int]  # customers with an owed visit that stands nowhere
    missed: Collection[int]  # customers who missed a visit of the month


def moves_between(change: Change) -> tuple[VisitMove, ...]:
    """What left its day, what is new and what is gone, by customer code; each with its reason.

    A customer's visits are paired nearest day first. A visit that stands on its old day is no move.
    """
    stops = {stop.customer: stop for stop in change.problem.stops}
    code = {customer: stop.code for customer, stop in stops.items()}
    found = []
    for customer in sorted({*change.old, *change.new}, key=lambda one: (code.get(one, ""), one)):
        old, new = set(change.old.get(customer, ())), set(change.new.get(customer, ()))
        for was, becomes in _paired(old - new, new - old):
            reason = _reason(change, stops.get(customer), customer, was, becomes)
            found.append(VisitMove(customer, was, becomes, reason))
    return tuple(found)


def _paired(old: set[date], new: set[date]) -> Iterable[tuple[date | None, date | None]]:
    """Old and new days as pairs, the nearest first, then what is left alone; in time."""
    pairs: list[tuple[date | None, date | None]] = []
    while old and new:
        was, becomes = min(((a, b) for a in old for b in new), key=lambda pair: (abs(pair[0] - pair[1]), pair))
        pairs.append((was, becomes))
        old, new = old - {was}, new - {becomes}
    pairs += [(day, None) for day in old]
    pairs += [(None, day) for day in new]
    return sorted(pairs, key=lambda pair: pair[0] or pair[1] or date.min)


def _reason(change: Change, stop: Stop | None, customer: int, was: date | None, becomes: date | None) -> MoveReason:
    if was is None:
        return MoveReason.MISSED if customer in change.missed else MoveReason.NEW
    if becomes is None and customer not in change.unfit:
        return MoveReason.NOT_OWED
    return _barred(change, stop, customer, was) or _pushed(change, stop, customer, was, becomes)


def _barred(change: Change, stop: Stop | None, customer: int, day: date) -> MoveReason | None:
    """What makes the old day impossible whatever the others do."""
    client = change.clients.get(customer)
    if not works_on(change.span.calendar, day):
        return MoveReason.ABSENT
    if client is not None and client.customer.shut_on(day):
        return MoveReason.CLOSED
    return None if stop is not None and _possible(change.problem, stop, day) else MoveReason.GAP


def _pushed(change: Change, stop: Stop | None, customer: int, was: date, becomes: date | None) -> MoveReason:
    """A possible day that others took: for want of room, or because the customer's own other visit moved."""
    if becomes is None:
        return MoveReason.NO_DAY
    return MoveReason.ROOM if stop and _alone(change, stop, customer, was, becomes) else MoveReason.OTHER_VISIT


def _possible(problem: Problem, stop: Stop, day: date) -> bool:
    """May some owed visit of this customer stand on that day?"""
    return any(problem.days[at].day == day for duty in stop.duties for at in duty.days)


def _alone(change: Change, stop: Stop, customer: int, was: date, becomes: date) -> bool:
    """Would the old day keep the lower gap to the customer's other visits of the new plan?"""
    position = {planned.day: planned.position for planned in change.problem.days}
    least = max((duty.min_gap for duty in stop.duties), default=0)
    others = [position[day] for day in change.new.get(customer, ()) if day != becomes and day in position]
    return was in position and all(abs(position[was] - other) >= least for other in others)
