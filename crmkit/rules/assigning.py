"""Who visits whom in a team (planner.md: "a team in one area", then also: who visits whom).

gather (the workflow) → `state_team` → an assigner → `changes` with their causes, and each manager's figures
before and after. A customer has one manager; what is owed and the gaps are the same whoever comes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from crmkit.model.assigning import (
    NOBODY,
    Area,
    AreaFigures,
    Cause,
    Change,
    Impossible,
    Shortage,
    Team,
    variation_squared,
)
from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import VisitMethod
from crmkit.model.person import Person
from crmkit.model.planning import Client, MonthVisits, Problem, Standing
from crmkit.model.policy import CapacityPolicy
from crmkit.rules.capacity import day_room, on_road, visit_load, visit_seconds
from crmkit.rules.owing import Span
from crmkit.rules.planning import THOUSAND, state_problem

_NEAREST = 2  # customers whose distance says how far an area is [our default]
_BEYOND = 60  # unevenness beyond what is wanted weighs so many times more: see solvers/kernel/month.h
_LOST_PRICE = 10_000_000  # a visit by phone: as much as 1,000 km at a weight of 10


@dataclass(frozen=True, slots=True)
class Member:
    """A manager of the team: his own calendar, his printed days, and customers he has who are not planned for."""

    person: Person
    calendar: WorkCalendar
    frozen: Collection[date]
    others: int = 0


def state_team(
    span: Span, members: Sequence[Member], clients: Sequence[Client], standing: Sequence[Standing], *, keep: int = 0
) -> Team:
    """The team's month as a problem. `span` has the calendar of no person; `keep` is the percentage of the
    customers with a manager who keep him at least.
    """
    problem = state_problem(span, clients, standing)
    known = {client.customer.id: client for client in clients}
    index = {member.person.id: at for at, member in enumerate(members)}
    owners = tuple(_owner(known[stop.customer], index) for stop in problem.stops)
    held = {visit.customer for visit in standing if not visit.made and visit.day >= span.start}
    owned = sum(owner != NOBODY for owner in owners)
    return Team(
        problem=problem,
        areas=tuple(_area(span, problem, member, clients, standing) for member in members),
        owners=owners,
        fixed=tuple(stop.customer in held for stop in problem.stops),
        hand_over=span.policy.planning.hand_over * THOUSAND,
        most_moved=owned * (100 - keep) // 100,
    )


def _owner(client: Client, index: dict[int, int]) -> int:
    manager = client.customer.manager
    return NOBODY if manager is None else index[manager]


def _area(
    span: Span, problem: Problem, member: Member, clients: Sequence[Client], standing: Sequence[Standing]
) -> Area:
    capacity = span.policy.capacity
    mine = {client.customer.id: client for client in clients if client.customer.manager == member.person.id}
    at = {stop.customer: s for s, stop in enumerate(problem.stops)}
    visits = [(visit, mine[visit.customer]) for visit in standing if visit.customer in mine]
    off = {*member.calendar.absent, *member.frozen}
    return Area(
        person=member.person,
        rooms=tuple(-1 if day.day in off else day_room(capacity) for day in problem.days),
        standing=tuple(
            tuple(at[visit.customer] for visit, _ in visits if visit.day == day.day and on_road(visit.method))
            for day in problem.days
        ),
        standing_loads=tuple(
            sum(visit_load(capacity, client, visit.method) for visit, client in visits if visit.day == day.day)
            for day in problem.days
        ),
        standing_seconds=tuple(
            sum(visit_seconds(capacity, client, visit.method) for visit, client in visits if visit.day == day.day)
            for day in problem.days
        ),
        most=max(0, span.policy.base_data.customers_per_manager - member.others),
    )


def impossible(team: Team) -> Impossible | None:
    """The limit no assignment can keep, if there is one."""
    most = sum(area.most for area in team.areas)
    if len(team.owners) > most:
        return Impossible(Shortage.TOO_MANY, len(team.owners), most)
    for at, area in enumerate(team.areas):
        fixed = sum(owner == at and held for owner, held in zip(team.owners, team.fixed, strict=True))
        if fixed > area.most:
            return Impossible(Shortage.FIXED, fixed, area.most, area.person)
    over = sum(max(0, team.owners.count(at) - area.most) for at, area in enumerate(team.areas))
    return Impossible(Shortage.KEEP, over, team.most_moved) if over > team.most_moved else None


def keeps_limits(team: Team, owners: Sequence[int]) -> bool:
    """Has everybody one manager, within all limits, and every fixed stop its own?"""
    if any(not team.may(stop, area) or not 0 <= area < len(team.areas) for stop, area in enumerate(owners)):
        return False
    if any(owners.count(at) > area.most for at, area in enumerate(team.areas)):
        return False
    return len(owners) == len(team.owners) and moved(team, owners) <= team.most_moved


def moved(team: Team, owners: Sequence[int]) -> int:
    """How many customers leave the manager they have."""
    return sum(NOBODY != was != now for was, now in zip(team.owners, owners, strict=True))


def changes(team: Team, owners: Sequence[int], clients: Sequence[Client]) -> tuple[Change, ...]:
    """Who changes hands and why, by new manager and code."""
    known = {client.customer.id: client.customer for client in clients}
    found = []
    for stop, (was, now) in enumerate(zip(team.owners, owners, strict=True)):
        if was == now:
            continue
        near = (_near(team, owners, stop, was), _near(team, owners, stop, now))
        one = team.problem.stops[stop]
        owner = None if was == NOBODY else team.areas[was].person
        cause = _cause(team, was, near)
        found.append(Change(known[one.customer], owner, team.areas[now].person, cause, len(one.duties), near))
    return tuple(sorted(found, key=lambda change: (change.to.code, change.customer.code)))


def _cause(team: Team, was: int, near: tuple[int | None, int | None]) -> Cause:
    if was == NOBODY:
        return Cause.UNASSIGNED
    if team.owners.count(was) > team.areas[was].most:
        return Cause.LIMIT
    old, new = near
    return Cause.ROAD if old is None or (new is not None and new < old) else Cause.LOAD


def _near(team: Team, owners: Sequence[int], stop: int, area: int) -> int | None:
    """The mean way to the nearest customers of an area."""
    ways = nearest_ways(team, owners, stop, area)
    return sum(ways) // len(ways) if ways else None


def nearest_ways(team: Team, owners: Sequence[int], stop: int, area: int) -> list[int]:
    """The ways in metres from a stop to the nearest customers of an area, at most `_NEAREST`."""
    row = team.problem.metres[stop]
    return sorted(row[other] for other, owner in enumerate(owners) if owner == area and other != stop)[:_NEAREST]


def area_figures(
    person: Person, problem: Problem, clients: Sequence[Client], settled: MonthVisits, capacity: CapacityPolicy
) -> AreaFigures:
    """What one manager's settled month amounts to, in metres and seconds whatever the mode of the capacity."""
    known = {client.customer.id: client for client in clients}
    at = {stop.customer: s for s, stop in enumerate(problem.stops)}
    metres, way_out, seconds, middle = 0, 0, [], _middle(problem)
    for day in problem.days:
        placed = [(visit.position, at[visit.customer]) for visit in settled.visits if visit.day == day.day]
        road = sorted([one for one in placed if one[0]] + _kept(settled, at, day.day))
        way = sum(problem.metres[a][b] for (_, a), (_, b) in pairwise(road))
        calls = len(placed) - sum(bool(position) for position, _ in placed)
        stay = sum(visit_seconds(capacity, known[problem.stops[s].customer], VisitMethod.ONSITE) for _, s in road)
        metres += way
        way_out += min((problem.metres[middle][s] for _, s in road), default=0)
        seconds.append(stay + calls * capacity.phone_minutes * 60 + -(-way * 18 // (5 * capacity.speed_kmh)))
    return AreaFigures(
        person=person,
        customers=len(clients),
        visits=len(settled.visits) + len(settled.kept),
        metres=metres,
        way_out=way_out,
        day_seconds=tuple(seconds),
        by_phone=len(settled.repairs),
        unfit=len(settled.unfit),
    )


def _middle(problem: Problem) -> int:
    """The stop with the shortest ways to all visits of an area."""
    weight = [max(1, len(stop.duties)) for stop in problem.stops]

    def ways(stop: int) -> tuple[int, int]:
        return sum(way * often for way, often in zip(problem.metres[stop], weight, strict=True)), stop

    return min(range(len(weight)), key=ways, default=0)


def _kept(settled: MonthVisits, at: dict[int, int], day: date) -> list[tuple[int, int]]:
    return [(position, at[customer]) for (customer, kept), position in settled.kept.items() if kept == day]


def too_uneven(team: Team, figures: Sequence[AreaFigures]) -> Fraction:
    """The squared variation of the days of all managers beyond what the policy wants; 0 where they are even."""
    days = [seconds for area in figures for seconds in area.day_seconds]
    return max(Fraction(0), variation_squared(days) - Fraction(team.problem.weights.even_percent**2, 10_000))


def worth(team: Team, owners: Sequence[int], figures: Sequence[AreaFigures]) -> int:
    """What an assignment costs, in thousandths of a weight: road and way out, uneven days of the whole team (beyond
    what the policy wants as in a plan's search), hands changed; a visit that stands nowhere or goes by phone weighs
    more than any road.
    """
    weights = team.problem.weights
    days = [seconds for area in figures for seconds in area.day_seconds]
    pressed = variation_squared(days) + _BEYOND * too_uneven(team, figures)
    uneven = weights.evenness * 100 * THOUSAND * len(days) * pressed
    lost = sum(area.unfit * 100 + area.by_phone for area in figures) + 100 * owners.count(NOBODY)
    road = weights.travel * sum(area.metres + area.way_out for area in figures)
    return road + int(uneven) + team.hand_over * moved(team, owners) + lost * _LOST_PRICE
