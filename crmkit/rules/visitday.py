"""Why a visit stands on its day: the owed visit it keeps, its neighbours, and the days that were free
as well.
"""

from collections.abc import Sequence
from datetime import date

from crmkit.model.planning import Client, DayReason, Duty, Standing, Stop
from crmkit.rules import calendar as days
from crmkit.rules.owing import Span
from crmkit.rules.planning import gaps_of, state_problem


def why_day(span: Span, clients: Sequence[Client], standing: Sequence[Standing], customer: int, day: date) -> DayReason:
    """Explain a customer's visit of a day. `standing` are all visits, made and planned, this one
    included; the span starts with the month. It is taken out, the month stated anew, and the days it
    could stand on are asked.

    `number` 0 and a window of the day alone: nothing is owed there, it is an extra visit. Roads are not
    counted in what is free. Raises StopIteration when the customer is not among the clients.
    """
    client = next(one for one in clients if one.customer.id == customer)
    rest = [visit for visit in standing if (visit.customer, visit.day) != (customer, day)]
    problem = state_problem(span, clients, rest)
    stop = next(one for one in problem.stops if one.customer == customer)
    duty = _duty_of(stop, [planned.day for planned in problem.days], day)
    room = [planned.room - planned.standing_load for planned in problem.days]
    possible = duty.days if duty else ()
    own = [visit.day for visit in rest if visit.customer == customer]
    before = max((other for other in own if other < day), default=None)
    after = min((other for other in own if other > day), default=None)
    gaps = gaps_of(span.policy, client.frequency)
    crossing = before is not None and before not in span.month
    found = [problem.days[at].day for at in possible]
    return DayReason(
        day=day,
        number=_number(duty, span, own, day),
        week=duty.week if duty else None,
        window=(found[0], found[-1]) if found else (day, day),
        before=before,
        gap_before=days.gap(span.calendar, before, day) if before else None,
        after=after,
        gap_after=days.gap(span.calendar, day, after) if after else None,
        allowed=(gaps.border if crossing else gaps.least, 0 if crossing else gaps.most),
        free=tuple(problem.days[at].day for at in possible if duty and duty.load <= room[at]),
        full=tuple(problem.days[at].day for at in possible if duty and duty.load > room[at]),
    )


def _number(duty: Duty | None, span: Span, own: Sequence[date], day: date) -> int:
    """Which visit of the month it is, in time: a weekly one by its week, any other by the visits before it."""
    if duty is None:
        return 0
    return duty.number if duty.week else 1 + sum(other in span.month and other < day for other in own)


def _duty_of(stop: Stop, planned: list[date], day: date) -> Duty | None:
    """The owed visit that stands on that day; else the first one that is still open."""
    live = [duty for duty in stop.duties if duty.days]
    holding = [duty for duty in live if any(planned[at] == day for at in duty.days)]
    return next(iter(holding or live), None)
