"""Room: what a day holds, what a month asks, and what does not fit, before any plan exists.

Loads are whole units (method.md §4 "Room"). In visits mode a day has lcm(urban, rural) units and a
visit takes its share of them, so that Σ(1/30 urban + 1/25 rural) ≤ 1 is exact; a visit without a road
takes none [our default: the norm is one of shops]. In minutes mode units are seconds.

The foresight lets a visit be split over the days it may stand on. That is a relaxation: what it cannot
hold, no plan can (a proof, by maximum flow); what it can hold, the planner may in rare cases still miss
by a visit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import lcm

from crmkit.model.customer import Frequency, MarketType, VisitMethod
from crmkit.model.planning import (
    AreaLoad,
    Client,
    Duty,
    Foresight,
    Misfit,
    Problem,
    Repair,
    RepairKind,
    Spot,
    Stop,
    Unfit,
    WeekLoad,
)
from crmkit.model.policy import CapacityPolicy
from crmkit.rules.calendar import monday_of

_KIND = {
    Frequency.TWICE_MONTHLY: RepairKind.SECOND_BY_PHONE,
    Frequency.MONTHLY: RepairKind.MONTHLY_BY_PHONE,
    Frequency.WEEKLY: RepairKind.WEEKLY_BY_PHONE,
}
_ORDER = list(RepairKind)


def on_road(method: VisitMethod | None) -> bool:
    """Does a visit of this method need a way to the shop? A customer without a method is planned as a
    real visit.
    """
    return method in (None, VisitMethod.ONSITE)


def day_room(capacity: CapacityPolicy) -> int:
    """The units of load one day holds."""
    if capacity.mode == "visits":
        return lcm(capacity.urban_per_day, capacity.rural_per_day)
    return max(0, capacity.day_minutes - capacity.lunch_minutes) * 60


def pace(capacity: CapacityPolicy) -> tuple[int, int]:
    """Units of room per metres of road: 3.6 seconds per metre and km/h in minutes mode, none in visits
    mode.
    """
    return (0, 1) if capacity.mode == "visits" else speed(capacity)


def speed(capacity: CapacityPolicy) -> tuple[int, int]:
    """Seconds per metres of road."""
    return 18, 5 * capacity.speed_kmh


def visit_seconds(capacity: CapacityPolicy, client: Client, method: VisitMethod | None) -> int:
    """How long a visit lasts, whatever room is counted in."""
    return visit_load(replace(capacity, mode="minutes"), client, method)


def phone_load(capacity: CapacityPolicy) -> int:
    """The units of a visit without a road."""
    return 0 if capacity.mode == "visits" else capacity.phone_minutes * 60


def visit_load(capacity: CapacityPolicy, client: Client, method: VisitMethod | None) -> int:
    """The units of one visit. A customer without market type counts as rural: the careful norm [our
    default].
    """
    if not on_road(method):
        return phone_load(capacity)
    urban = client.customer.market_type is MarketType.URBAN
    if capacity.mode == "visits":
        return day_room(capacity) // (capacity.urban_per_day if urban else capacity.rural_per_day)
    minutes = capacity.urban_minutes if urban else capacity.rural_minutes
    return 60 * (minutes + (capacity.key_extra_minutes if client.key else 0))


def repairable(stop: Stop, duty: Duty) -> bool:
    """May this visit be made by phone when the days are full? The first of two a month may not."""
    return on_road(duty.method) and (stop.frequency is not Frequency.TWICE_MONTHLY or duty.number == 2)


def repair_of(stop: Stop, duty: Duty, phone_load: int | None = None) -> Repair:
    """The repair of a visit, named; with the load of a call, what it gives back."""
    frees = 0 if phone_load is None else duty.load - min(duty.load, phone_load)
    return Repair(stop.customer, stop.code, duty.number, _KIND[stop.frequency], duty.week, frees)


def repair_order(problem: Problem) -> tuple[Spot, ...]:
    """Every visit that may be repaired, cheapest first: second visits of twice-monthly customers, then
    monthly ones, then weekly ones in the shortest week; within each the lowest rank first.
    """
    lengths = week_lengths(problem)

    def cost(place: Spot) -> tuple[int, int, int, str]:
        stop, duty = _at(problem, place)
        length = lengths.get(duty.week, 0) if duty.week else 0
        return _ORDER.index(_KIND[stop.frequency]), length, -stop.rank, stop.code

    return tuple(sorted((place for place in _placeable(problem) if repairable(*_at(problem, place))), key=cost))


def week_lengths(problem: Problem) -> dict[object, int]:
    """Days with room in each Monday-Sunday week."""
    lengths: dict[object, int] = {}
    for day in problem.days:
        lengths[monday_of(day.day)] = lengths.get(monday_of(day.day), 0) + 1
    return lengths


def by_phone(problem: Problem, places: Iterable[Spot]) -> Problem:
    """The same problem with these visits made by phone."""
    chosen = set(places)
    stops = []
    for s, stop in enumerate(problem.stops):
        duties = tuple(
            replace(duty, method=VisitMethod.PHONE, load=problem.phone_load, seconds=problem.phone_seconds)
            if (s, k) in chosen
            else duty
            for k, duty in enumerate(stop.duties)
        )
        stops.append(replace(stop, duties=duties))
    return replace(problem, stops=tuple(stops))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the foresight decided: visits to make by phone, and visits that stand nowhere."""

    phone: tuple[Spot, ...]
    unfit: tuple[Spot, ...]
    short: int


def choose(problem: Problem) -> Choice:
    """Which visits go by phone so that the rest can stand. Road to be driven is not counted here."""
    places = _placeable(problem)
    total = sum(_at(problem, place)[1].load for place in places)
    short = total - _fill(problem, places)
    if not short:
        return Choice((), (), 0)
    flow = _Flow([max(0, day.room - day.standing_load) for day in problem.days])
    order = repair_order(problem)
    cheap = set(order)
    unfit = []
    for place in places:
        duty = _at(problem, place)[1]
        if not flow.add(duty.days, min(duty.load, problem.phone_load) if place in cheap else duty.load):
            unfit.append(place)
    gone = set(unfit)
    phone = [place for place in reversed(order) if place not in gone and not _upgrade(problem, flow, place)]
    return Choice(tuple(reversed(phone)), tuple(unfit), short)


def foresee(problem: Problem) -> Foresight:
    """What can be said before a plan exists: asked, room, what is proven short, and the repairs by name."""
    choice = choose(problem)
    places = _placeable(problem)
    unfit = [(s, k) for s, stop in enumerate(problem.stops) for k, duty in enumerate(stop.duties) if duty.misfit]
    return Foresight(
        asked=sum(_at(problem, place)[1].load for place in places),
        room=sum(max(0, day.room - day.standing_load) for day in problem.days),
        short=choice.short,
        day=max((day.room for day in problem.days), default=0),
        visits=len(places) + len(unfit),
        weeks=week_loads(problem),
        repairs=tuple(repair_of(*_at(problem, place), problem.phone_load) for place in choice.phone),
        unfit=tuple(unfit_of(problem, place) for place in (*unfit, *choice.unfit)),
    )


def unfit_of(problem: Problem, place: Spot) -> Unfit:
    """A visit that stands nowhere, named with its reason."""
    stop, duty = _at(problem, place)
    return Unfit(stop.customer, stop.code, duty.number, duty.week, duty.misfit or Misfit.ROOM)


def week_loads(problem: Problem) -> tuple[WeekLoad, ...]:
    """Room and bound load of each week: the load of what can stand in that week only."""
    weeks = [monday_of(day.day) for day in problem.days]
    only: dict[date, list[int]] = {week: [] for week in weeks}  # loads of what can stand in that week only
    for place in _placeable(problem):
        duty = _at(problem, place)[1]
        held = {weeks[day] for day in duty.days}
        if len(held) == 1:
            only[held.pop()].append(duty.load)
    return tuple(_week_load(problem, week, weeks, only[week]) for week in sorted(only))


def _week_load(problem: Problem, week: date, weeks: list[date], loads: list[int]) -> WeekLoad:
    days = [day for day, at in zip(problem.days, weeks, strict=True) if at == week]
    owed = sum(loads)
    standing = sum(day.standing_load for day in days)
    return WeekLoad(week, len(days), sum(day.room for day in days), owed + standing, len(loads), owed)


def area_loads(problem: Problem, neighbourhoods: Mapping[int, str | None]) -> tuple[AreaLoad, ...]:
    """What each neighbourhood asks for, the heaviest first; `neighbourhoods` by customer. Roads are not counted.

    A visit that stands on no possible day is counted, but takes no room.
    """
    found: dict[str | None, list[Stop]] = {}
    for stop in problem.stops:
        if stop.duties:
            found.setdefault(neighbourhoods.get(stop.customer), []).append(stop)
    loads = (
        AreaLoad(
            name,
            len(stops),
            sum(len(stop.duties) for stop in stops),
            sum(duty.load for stop in stops for duty in stop.duties if duty.days),
        )
        for name, stops in found.items()
    )
    return tuple(sorted(loads, key=lambda one: (-one.asked, one.neighbourhood is None, one.neighbourhood or "")))


def _at(problem: Problem, place: Spot) -> tuple[Stop, Duty]:
    stop = problem.stops[place[0]]
    return stop, stop.duties[place[1]]


def _placeable(problem: Problem) -> list[Spot]:
    return [(s, k) for s, stop in enumerate(problem.stops) for k, duty in enumerate(stop.duties) if duty.days]


def _fill(problem: Problem, places: list[Spot]) -> int:
    """How many units of these visits all days together can hold: the maximum flow."""
    flow = _Flow([max(0, day.room - day.standing_load) for day in problem.days])
    classes: dict[tuple[int, ...], int] = {}
    for place in places:
        duty = _at(problem, place)[1]
        classes[duty.days] = classes.get(duty.days, 0) + duty.load
    return sum(flow.push(days, amount) for days, amount in sorted(classes.items()))


def _upgrade(problem: Problem, flow: "_Flow", place: Spot) -> bool:
    duty = _at(problem, place)[1]
    return flow.add(duty.days, duty.load - min(duty.load, problem.phone_load))


class _Flow:
    """Units of load on days, split at will: visits of the same possible days are one class. Augmenting
    paths.
    """

    def __init__(self, room: list[int]) -> None:
        self.room = room
        self.held: dict[tuple[int, ...], dict[int, int]] = {}

    def add(self, days: tuple[int, ...], amount: int) -> bool:
        """Put all of it on these days, moving others where that helps, or nothing."""
        pushed = self.push(days, amount)
        if pushed == amount:
            return True
        held = self.held.get(days, {})
        for day in list(held):
            taken = min(pushed, held[day])
            held[day] -= taken
            self.room[day] += taken
            pushed -= taken
        return False

    def push(self, days: tuple[int, ...], amount: int) -> int:
        """Put as much as possible on these days; how much that was."""
        left = amount
        while left:
            path = self._path(days)
            if path is None:
                break
            left -= self._shift(path, left)
        return amount - left

    def _path(self, days: tuple[int, ...]) -> list[tuple[tuple[int, ...], int]] | None:
        """The shortest chain (class, day), …: the class takes the day, the next class leaves it; ends
        at free room.
        """
        came: dict[int, tuple[tuple[int, ...], int | None]] = dict.fromkeys(days, (days, None))
        queue = list(days)
        for day in queue:
            if self.room[day]:
                chain: list[tuple[tuple[int, ...], int]] = []
                at: int | None = day
                while at is not None:
                    taker, before = came[at]
                    chain.append((taker, at))
                    at = before
                return chain[::-1]
            for other, held in self.held.items():
                if held.get(day):
                    for further in other:
                        if further not in came:
                            came[further] = (other, day)
                            queue.append(further)
        return None

    def _shift(self, path: list[tuple[tuple[int, ...], int]], amount: int) -> int:
        """Send units along the chain: each class takes its day, having left the day before it in the
        chain.
        """
        for (_, before), (taker, _) in pairwise(path):
            amount = min(amount, self.held[taker][before])
        amount = min(amount, self.room[path[-1][1]])
        self.room[path[-1][1]] -= amount
        for at, (taker, day) in enumerate(path):
            held = self.held.setdefault(taker, {})
            held[day] = held.get(day, 0) + amount
            if at:
                held[path[at - 1][1]] -= amount
        return amount
