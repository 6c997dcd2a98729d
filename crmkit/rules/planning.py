"""States the planning problem of a month (method.md §4 "Visit calendar", planner.md "What a plan must be").

gather (the workflow) → `state_problem` → `settle` with a solver → the visits to write, the repairs,
what fits nowhere.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from crmkit.model.customer import Frequency, VisitMethod
from crmkit.model.planning import (
    Client,
    Duty,
    Misfit,
    Owed,
    PlanDay,
    Problem,
    Standing,
    Stop,
    Weights,
)
from crmkit.model.policy import Policy
from crmkit.rules import calendar as days
from crmkit.rules.capacity import day_room, on_road, pace, phone_load, speed, visit_load, visit_seconds
from crmkit.rules.owing import Span, owed_visits, owed_weeks
from crmkit.rules.routing import distances, far_off

_SIX_DAYS = timedelta(days=6)
_MONTH_OF_DAYS = 20  # working days after which a monthly customer waits long [our default]
_ANY_ROAD = 5_000  # a weight worth 500 km of road at the standard weights
_AS_IT_COMES = 1000  # percent: days of so many visits are even in these as well, that both are is not pressed for
THOUSAND = 1000  # wishes are thousandths of a weight


@dataclass(frozen=True, slots=True)
class Gaps:
    """The working days between two visits of one frequency. `most` 0: no upper gap."""

    least: int
    most: int
    border: int
    preferred: tuple[int, int]


def gaps_of(policy: Policy, frequency: Frequency) -> Gaps:
    """The hard and preferred gaps of a frequency; a monthly customer knows only the month border."""
    if frequency is Frequency.MONTHLY:
        border = policy.visit.monthly_border_min
        return Gaps(border, 0, border, (0, _MONTH_OF_DAYS))
    gap = policy.visit.weekly if frequency is Frequency.WEEKLY else policy.visit.twice_monthly
    return Gaps(gap.min, gap.max, gap.border_min, (gap.preferred_min, gap.preferred_max))


@dataclass(frozen=True, slots=True)
class Ground:
    """What all customers of the month share while the problem is stated."""

    span: Span
    days: tuple[date, ...]  # the days that can take visits
    shut: frozenset[date]  # official visit days that cannot: own days off, frozen days
    weeks: tuple[date, ...]  # Mondays owed to weekly customers
    last_plan: Mapping[int, Collection[date]]
    positions: Mapping[int, int]  # of each day that can take visits, among all working days


def state_problem(
    span: Span,
    clients: Sequence[Client],
    standing: Sequence[Standing],
    *,
    frozen: Collection[date] = (),
    last_plan: Mapping[int, Collection[date]] | None = None,
) -> Problem:
    """The month as a problem for a solver.

    `clients` are all customers of one manager who are owed visits, or whose visits stand; `standing`
    all visits made (any month, any method) and those planned ones that stay: pinned, printed, or
    outside the range to be written. On `frozen` (printed) days nothing new is planned. `last_plan`
    (customer → days) makes a new plan stay near an old.
    """
    shut = frozenset(day for day in span.open_days if day in span.calendar.absent or day in frozen)
    open_days = tuple(day for day in span.open_days if day not in shut)
    ground = Ground(
        span,
        open_days,
        shut,
        owed_weeks(span.calendar, span.month, span.policy),
        last_plan or {},
        {at: days.position(span.calendar, day) for at, day in enumerate(open_days)},
    )
    visits: dict[int, list[Standing]] = {}
    for visit in standing:
        visits.setdefault(visit.customer, []).append(visit)
    ordered = sorted(clients, key=lambda client: client.customer.code)
    customers = [client.customer for client in ordered]
    lost = {customer.id for customer in far_off(customers)}
    placed = [replace(customer, place=None) if customer.id in lost else customer for customer in customers]
    capacity, weights = span.policy.capacity, span.policy.planning
    return Problem(
        month=span.month,
        days=_plan_days(ground, ordered, visits),
        stops=tuple(_stop(ground, client, visits.get(client.customer.id, [])) for client in ordered),
        metres=distances(placed, capacity.detour_percent, span.given),
        weights=Weights(
            travel=weights.travel,
            evenness=weights.evenness,
            even_units=weights.evenness if capacity.mode == "visits" else 0,
            even_percent=weights.even_percent if capacity.mode == "minutes" else _AS_IT_COMES,
            same_weekday=weights.same_weekday,
            preferred_gap=weights.preferred_gap,
        ),
        phone_load=phone_load(capacity),
        phone_seconds=60 * capacity.phone_minutes,
        pace=pace(capacity),
        speed=speed(capacity),
    )


def steady(policy: Policy) -> Policy:
    """The policy for planning anew: a move costs more than any road, so that only what must move does; nor is anybody
    moved to press days even.
    """
    moves = max(policy.planning.moves, _ANY_ROAD)
    return replace(policy, planning=replace(policy.planning, moves=moves, even_percent=_AS_IT_COMES))


def _plan_days(ground: Ground, clients: Sequence[Client], visits: Mapping[int, list[Standing]]) -> tuple[PlanDay, ...]:
    capacity = ground.span.policy.capacity
    roads: dict[date, list[int]] = {}
    loads, seconds = Counter[date](), Counter[date]()
    for at, client in enumerate(clients):
        for visit in real(visits.get(client.customer.id, [])):
            loads[visit.day] += visit_load(capacity, client, visit.method)
            seconds[visit.day] += visit_seconds(capacity, client, visit.method)
            if on_road(visit.method):
                roads.setdefault(visit.day, []).append(at)
    room = day_room(capacity)
    return tuple(
        PlanDay(
            day,
            days.position(ground.span.calendar, day),
            room,
            tuple(roads.get(day, ())),
            loads[day],
            seconds[day],
        )
        for day in ground.days
    )


def _stop(ground: Ground, client: Client, visits: list[Standing]) -> Stop:
    gaps = gaps_of(ground.span.policy, client.frequency)
    duties: list[Duty] = []
    for owed in owed_visits(ground.span, client, visits):
        duties.append(_duty(ground, client, owed, real(visits), duties[-1] if duties else None))
    kept = _chained(ground, duties)
    customer = client.customer
    last = ground.last_plan.get(customer.id, ())
    old = tuple(at for at, day in enumerate(ground.days) if day in last)
    return Stop(customer.id, customer.code, client.frequency, client.rank, gaps.preferred, kept, len(last), old)


def real(visits: Sequence[Standing]) -> list[Standing]:
    """The visits that take place; those taken off by hand only count as no longer owed."""
    return [visit for visit in visits if not visit.skipped]


def _duty(ground: Ground, client: Client, owed: Owed, visits: list[Standing], before: Duty | None) -> Duty:
    gaps, policy = gaps_of(ground.span.policy, client.frequency), ground.span.policy
    found, misfit = _days_of(ground, client, owed, visits)
    tied = before is not None and before.number + 1 == owed.number
    first = None if before is not None else visits
    return Duty(
        number=owed.number,
        week=owed.week,
        days=tuple(ground.days.index(day) for day in found),
        wishes=tuple(_wish(ground, client, day, first) for day in found),
        min_gap=gaps.least,
        max_gap=gaps.most if tied else 0,
        load=visit_load(policy.capacity, client, client.customer.visit_method),
        seconds=visit_seconds(policy.capacity, client, client.customer.visit_method),
        method=client.customer.visit_method or VisitMethod.ONSITE,
        misfit=misfit,
    )


def _days_of(ground: Ground, client: Client, owed: Owed, visits: list[Standing]) -> tuple[list[date], Misfit | None]:
    """The days an owed visit may stand on, or why there is none."""
    official = [day for day in ground.span.open_days if owed.first <= day <= owed.last]
    open_days = [day for day in official if not client.customer.shut_on(day)]
    if not open_days:
        return [], Misfit.CLOSED
    mine = [day for day in open_days if day not in ground.shut]
    if not mine:
        return [], Misfit.ABSENT
    apart = _apart(ground, client, mine, visits)
    if not apart:
        return [], Misfit.GAP
    return _near(ground, client, owed, apart, visits), None


def _apart(ground: Ground, client: Client, found: list[date], visits: list[Standing]) -> list[date]:
    """The days that keep the lower gap to every visit made, and to those kept in this month; to visits
    only planned in another month as well, where that leaves any day.
    """
    gaps, span = gaps_of(ground.span.policy, client.frequency), ground.span

    def keeps(visit: Standing, day: date) -> bool:
        least = gaps.least if visit.day in span.month else gaps.border
        return abs(days.gap(span.calendar, visit.day, day)) >= least

    hard = [visit for visit in visits if visit.made or visit.day in span.month]
    soft = [visit for visit in visits if not visit.made and visit.day not in span.month]
    found = [day for day in found if all(keeps(visit, day) for visit in hard)]
    return [day for day in found if all(keeps(visit, day) for visit in soft)] or found


def _near(ground: Ground, client: Client, owed: Owed, found: list[date], visits: list[Standing]) -> list[date]:
    """The days within the upper gap of the visits standing beside this one; all of them where none is:
    late is better than never, and what lies behind cannot be moved.
    """
    gaps, span = gaps_of(ground.span.policy, client.frequency), ground.span
    beside = _beside(ground, owed, [visit.day for visit in visits if visit.day in span.month])
    if not gaps.most or not beside:
        return found
    near = [day for day in found if all(abs(days.gap(span.calendar, other, day)) <= gaps.most for other in beside)]
    return near or found


def _beside(ground: Ground, owed: Owed, mine: list[date]) -> list[date]:
    """The standing visits of the month next to an owed one: of the other half, or of the owed weeks on
    either side.
    """
    if owed.week is None:
        return mine
    at = ground.weeks.index(owed.week)
    earlier = ground.weeks[at - 1] if at else None
    later = ground.weeks[at + 1] if at + 1 < len(ground.weeks) else None
    before = [day for day in mine if earlier and earlier <= day <= earlier + _SIX_DAYS]
    after = [day for day in mine if later and later <= day <= later + _SIX_DAYS]
    return sorted(before)[-1:] + sorted(after)[:1]


def _wish(ground: Ground, client: Client, day: date, history: list[Standing] | None) -> int:
    """What standing on that day costs by itself: not before the ordering day, moved from the last plan,
    waiting.
    """
    weights, span = ground.span.policy.planning, ground.span
    cost = 0
    ordering = client.customer.order_weekday
    if ordering is not None:
        following = days.next_official_day(span.calendar, day)
        cost += weights.before_order_day * (following is None or following.isoweekday() != ordering)
    old = ground.last_plan.get(client.customer.id)
    if old:
        cost += weights.moves * (day not in old)
    late = 0 if history is None else _late(ground, client, day, history)
    return cost * THOUSAND + weights.waiting * late * late * 100


def _late(ground: Ground, client: Client, day: date, history: list[Standing]) -> int:
    """Working days a customer has waited too long by that day: since the last visit beyond the preferred gap, or
    since a visit owed to him was not made.
    """
    calendar = ground.span.calendar
    late = 0 if client.owed_since is None else days.gap(calendar, client.owed_since, day)
    made = [visit.day for visit in history if visit.made and visit.day < day]
    if made:
        limit = gaps_of(ground.span.policy, client.frequency).preferred[1]
        late = max(late, days.gap(calendar, max(made), day) - limit)
    return max(0, late)


def _chained(ground: Ground, duties: list[Duty]) -> tuple[Duty, ...]:
    """The duties of one customer so that all with days can stand together: where the gaps do not let
    them, as few as possible are taken out, the later first, and named; days that no full chain uses are
    struck.
    """
    position = ground.positions
    longest = _longest([duty for duty in duties if duty.days], position)
    kept: list[Duty] = []
    for duty in duties:
        if duty.days and duty.number not in longest:
            kept.append(replace(duty, days=(), wishes=(), misfit=Misfit.GAP))
        else:
            tied = bool(kept) and kept[-1].misfit is None and duty.max_gap
            kept.append(duty if tied or not duty.max_gap else replace(duty, max_gap=0))
    live = [duty for duty in kept if duty.days]
    struck = {duty.number: _reachable(live, at, position) for at, duty in enumerate(live)}
    return tuple(_only(duty, struck[duty.number]) if duty.days else duty for duty in kept)


def _only(duty: Duty, chosen: Collection[int]) -> Duty:
    pairs = [(day, wish) for day, wish in zip(duty.days, duty.wishes, strict=True) if day in chosen]
    return replace(duty, days=tuple(day for day, _ in pairs), wishes=tuple(wish for _, wish in pairs))


def _fits(before: Duty, after: Duty, gap: int) -> bool:
    tied = after.max_gap if before.number + 1 == after.number else 0
    return gap >= after.min_gap and (not tied or gap <= tied)


def _longest(duties: list[Duty], position: Mapping[int, int]) -> tuple[int, ...]:
    """The numbers of the most duties that can stand in one chain; of equals the one that keeps the
    earlier.
    """
    best: dict[tuple[int, int], tuple[int, ...]] = {}
    for at, duty in enumerate(duties):
        for day in duty.days:
            chains = [
                chain
                for (other, earlier), chain in best.items()
                if other < at and _fits(duties[other], duty, position[day] - position[earlier])
            ]
            longest = max(chains, key=_worth, default=())
            best[at, day] = (*longest, duty.number)
    return max(best.values(), key=_worth, default=())


def _worth(chain: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return len(chain), tuple(-number for number in chain)


def _reachable(duties: list[Duty], at: int, position: Mapping[int, int]) -> set[int]:
    """The days of one duty that some full chain through all duties uses."""

    def sweep(order: list[Duty], keeps: Callable[[Duty, Duty, int, int], bool]) -> set[int]:
        live = set(order[0].days)
        for one, other in pairwise(order):
            live = {day for day in other.days if any(keeps(one, other, before, day) for before in live)}
        return live

    forward = sweep(duties[: at + 1], lambda a, b, i, j: _fits(a, b, position[j] - position[i]))
    backward = sweep(duties[at:][::-1], lambda a, b, i, j: _fits(b, a, position[i] - position[j]))
    return forward & backward
