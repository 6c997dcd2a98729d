"""The figures of a plan: road, hours, evenness, spacing (planner.md, compare)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import isqrt

from crmkit.model.calendar import WorkCalendar
from crmkit.model.comparing import PlanFigures
from crmkit.model.customer import Frequency, VisitMethod
from crmkit.model.distance import Given
from crmkit.model.planning import Client
from crmkit.model.policy import Policy
from crmkit.rules.calendar import gap
from crmkit.rules.capacity import speed, visit_seconds
from crmkit.rules.planning import gaps_of
from crmkit.rules.routing import route_metres


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a plan: customers on the road in its order, and those called."""

    day: date
    road: tuple[int, ...]
    calls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A plan to be measured: all days that can take visits, with the clients it speaks of and the ways between."""

    days: tuple[PlannedDay, ...]
    clients: Mapping[int, Client]
    place: Mapping[int, int]  # customer → row of the matrix
    metres: Sequence[Sequence[int]]
    given: Given = field(default_factory=dict)  # those of them that were given


def measure(plan: Measured, calendar: WorkCalendar, policy: Policy) -> PlanFigures:
    """Everything a plan is compared by."""
    ways = [road_of(plan, day) for day in plan.days]
    minutes = [_seconds(plan, day, way, policy) // 60 for day, way in zip(plan.days, ways, strict=True)]
    pairs = [(plan.clients[one], gap_days) for one, gap_days in _pairs(plan)]
    weekly = [days for client, days in pairs if client.frequency is Frequency.WEEKLY]
    return PlanFigures(
        visits=sum(len(day.road) for day in plan.days),
        calls=sum(len(day.calls) for day in plan.days),
        days=sum(bool(day.road or day.calls) for day in plan.days),
        metres=sum(ways),
        minutes=sum(minutes),
        variation_visits=variation([len(day.road) for day in plan.days]),
        variation_minutes=variation(minutes),
        gaps=len(pairs),
        held=sum(_within(client, days, calendar, policy, preferred=False) for client, days in pairs),
        preferred=sum(_within(client, days, calendar, policy, preferred=True) for client, days in pairs),
        pairs=len(weekly),
        same_weekday=sum(one.isoweekday() == other.isoweekday() for one, other in weekly),
    )


def variation(values: Sequence[int]) -> Decimal:
    """Standard deviation ÷ mean, to thousandths; 0 where there is nothing."""
    total, count = sum(values), len(values)
    if not total:
        return Decimal(0)
    squares = count * sum(value * value for value in values) - total * total
    return Decimal(isqrt(squares * 10**6 // (total * total))) / 1000


def road_of(plan: Measured, day: PlannedDay) -> int:
    """Metres of a day's road."""
    return route_metres(plan.metres, [plan.place[one] for one in day.road if one in plan.place])


def _seconds(plan: Measured, day: PlannedDay, way: int, policy: Policy) -> int:
    """Visits and road of a day, at the times and the speed of the policy, whatever room is counted in."""
    seconds, per = speed(policy.capacity)
    on_site = sum(visit_seconds(policy.capacity, plan.clients[one], VisitMethod.ONSITE) for one in day.road)
    return on_site + len(day.calls) * 60 * policy.capacity.phone_minutes + -(-way * seconds // per)


def _pairs(plan: Measured) -> list[tuple[int, tuple[date, date]]]:
    """Neighbouring visits of each customer, of any method."""
    mine: dict[int, list[date]] = {}
    for day in plan.days:
        for customer in (*day.road, *day.calls):
            mine.setdefault(customer, []).append(day.day)
    return [(customer, pair) for customer, listed in mine.items() for pair in pairwise(sorted(listed))]


def _within(
    client: Client, pair: tuple[date, date], calendar: WorkCalendar, policy: Policy, *, preferred: bool
) -> bool:
    gaps = gaps_of(policy, client.frequency)
    low, high = gaps.preferred if preferred else (gaps.least, gaps.most)
    apart = gap(calendar, *pair)
    return apart >= low and (not high or apart <= high)

