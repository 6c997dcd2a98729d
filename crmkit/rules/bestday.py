"""What each day would mean for one visit: detour, evenness, gaps, and what forbids it (planner.md, best-day)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from crmkit.model.customer import Frequency
from crmkit.model.moving import Caution, DayOffer, Obstacle
from crmkit.model.planning import Client, Problem, Standing
from crmkit.rules import calendar as days
from crmkit.rules.capacity import day_room, on_road, pace, visit_load
from crmkit.rules.owing import Span
from crmkit.rules.planning import gaps_of, real, state_problem


@dataclass(frozen=True, slots=True)
class Wanted:
    """The visit that looks for a day: whose, and where it stands now (None: nowhere)."""

    client: Client
    stands: date | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """The month without the visit."""

    span: Span
    wanted: Wanted
    problem: Problem
    rest: tuple[Standing, ...]
    clients: Mapping[int, Client]
    place: Mapping[int, int]  # customer → stop
    roads: Mapping[date, Sequence[int]]  # customers in the order of the road
    loads: Mapping[date, int]
    mean: int
    week: frozenset[date] | None  # the days of a weekly visit's own week; None: any day will do
    printed: Collection[date]


def offers(
    span: Span,
    clients: Sequence[Client],
    standing: Sequence[Standing],
    roads: Mapping[date, Sequence[int]],
    wanted: Wanted,
    printed: Collection[date],
    only: date | None = None,
) -> tuple[DayOffer, ...]:
    """Every day of the month from the span's start on that can take visits, days off included; or one day alone.

    `standing` are all visits made and planned, of the month and the two before, the wanted one included; `roads`
    the customers of each day in the order of their road. Red days break a hard rule; yellow ones a limit of the
    policy [our default].
    """
    scene = _scene(span, clients, standing, roads, wanted, printed)
    return tuple(_offer(scene, day) for day in ([only] if only else span.open_days))


def _scene(
    span: Span,
    clients: Sequence[Client],
    standing: Sequence[Standing],
    roads: Mapping[date, Sequence[int]],
    wanted: Wanted,
    printed: Collection[date],
) -> _Scene:
    me = wanted.client.customer.id
    rest = tuple(visit for visit in standing if (visit.customer, visit.day) != (me, wanted.stands))
    problem = state_problem(span, clients, rest)
    known = {client.customer.id: client for client in clients}
    ways = {day: [one for one in road if one != me or day != wanted.stands] for day, road in roads.items()}
    place = {stop.customer: at for at, stop in enumerate(problem.stops)}
    loads = _loads(span, known, rest, ways, problem, place)
    working = [day for day in span.visit_days if days.works_on(span.calendar, day)]
    total = sum(loads[day] for day in working) + _own_load(span, wanted.client)
    week = _week(wanted, span)
    return _Scene(
        span, wanted, problem, rest, known, place, ways, loads, max(1, total // max(1, len(working))), week, printed
    )


def _week(wanted: Wanted, span: Span) -> frozenset[date] | None:
    """The days of a weekly visit's own week; None where any day of the month keeps what is owed."""
    if wanted.stands is None or wanted.client.frequency is not Frequency.WEEKLY:
        return None
    monday = days.monday_of(wanted.stands)
    return frozenset(day for day in span.open_days if days.monday_of(day) == monday)


def _loads(
    span: Span,
    clients: Mapping[int, Client],
    visits: Iterable[Standing],
    roads: Mapping[date, Sequence[int]],
    problem: Problem,
    place: Mapping[int, int],
) -> Counter[date]:
    """Units used on each day, the road included where it takes room."""
    loads: Counter[date] = Counter()
    for visit in real(list(visits)):
        if visit.day in span.month and visit.customer in clients:
            loads[visit.day] += visit_load(span.policy.capacity, clients[visit.customer], visit.method)
    for day, road in roads.items():
        stops = [place[one] for one in road if one in place]
        metres = sum(problem.metres[a][b] for a, b in pairwise(stops))
        loads[day] += problem.travel_load(metres)
    return loads


def _own_load(span: Span, client: Client) -> int:
    return visit_load(span.policy.capacity, client, client.customer.visit_method)


def _offer(scene: _Scene, day: date) -> DayOffer:
    metres = _detour(scene, day)
    units, per = pace(replace(scene.span.policy.capacity, mode="minutes"))
    own = [visit.day for visit in real(list(scene.rest)) if visit.customer == scene.wanted.client.customer.id]
    before = max((other for other in own if other < day), default=None)
    after = min((other for other in own if other > day), default=None)
    calendar = scene.span.calendar
    room = day_room(scene.span.policy.capacity)
    load = scene.loads[day] + _own_load(scene.span, scene.wanted.client) + scene.problem.travel_load(metres)
    offer = DayOffer(
        day=day,
        here=day == scene.wanted.stands,
        metres=metres,
        seconds=-(-metres * units // per),
        visits=1 + sum(visit.day == day for visit in real(list(scene.rest))),
        percent=100 * load // max(1, room),
        gap_before=days.gap(calendar, before, day) if before else None,
        gap_after=days.gap(calendar, day, after) if after else None,
    )
    full = load > room and load > scene.loads[day]
    uneven = 100 * load > scene.span.policy.best_day.load_percent * scene.mean
    obstacles = _obstacles(scene, offer, own, (before, after), full=full)
    cautions = () if obstacles else _cautions(scene, offer, own, uneven=uneven)
    return replace(offer, obstacles=obstacles, cautions=cautions)


def _detour(scene: _Scene, day: date) -> int:
    """Metres that the cheapest place in the day's road adds."""
    client = scene.wanted.client
    if not on_road(client.customer.visit_method):
        return 0
    row = scene.problem.metres[scene.place[client.customer.id]]
    road = [scene.place[one] for one in scene.roads.get(day, ()) if one in scene.place]
    if not road:
        return 0
    ways = scene.problem.metres
    between = [row[a] + row[b] - ways[a][b] for a, b in pairwise(road)]
    return min(row[road[0]], row[road[-1]], *between)


def _obstacles(
    scene: _Scene, offer: DayOffer, own: Collection[date], beside: tuple[date | None, date | None], *, full: bool
) -> tuple[Obstacle, ...]:
    client, day = scene.wanted.client, offer.day
    found = (
        (Obstacle.ABSENT, not days.works_on(scene.span.calendar, day)),
        (Obstacle.CLOSED, client.customer.shut_on(day)),
        (Obstacle.PRINTED, day in scene.printed and not offer.here),
        (Obstacle.TAKEN, day in own),
        (Obstacle.WEEK, scene.week is not None and day not in scene.week),
        (Obstacle.GAP, not _gaps_hold(scene, offer, beside)),
        (Obstacle.ROOM, full),
    )
    return tuple(obstacle for obstacle, holds in found if holds)


def _gaps_hold(scene: _Scene, offer: DayOffer, beside: tuple[date | None, date | None]) -> bool:
    """Over the month border only the lower bound counts."""
    gaps = gaps_of(scene.span.policy, scene.wanted.client.frequency)
    for other, gap in zip(beside, (offer.gap_before, offer.gap_after), strict=True):
        if other is None or gap is None:
            continue
        inside = other in scene.span.month
        if gap < (gaps.least if inside else gaps.border) or (inside and gaps.most and gap > gaps.most):
            return False
    return True


def _cautions(scene: _Scene, offer: DayOffer, own: Sequence[date], *, uneven: bool) -> tuple[Caution, ...]:
    limits = scene.span.policy.best_day
    client = scene.wanted.client
    low, high = gaps_of(scene.span.policy, client.frequency).preferred
    around = [gap for gap in (offer.gap_before, offer.gap_after) if gap is not None]
    spaced = client.frequency is not Frequency.MONTHLY and any(not low <= gap <= high for gap in around)
    found = (
        (Caution.DETOUR, offer.metres > limits.detour_metres),
        (Caution.LOAD, uneven),
        (Caution.SPACING, spaced),
        (Caution.WEEKDAY, offer.day.isoweekday() != _usual_weekday(client, own, scene.span, offer.day)),
    )
    return tuple(caution for caution, holds in found if holds)


def _usual_weekday(client: Client, own: Sequence[date], span: Span, day: date) -> int:
    """The weekday on which most of a weekly customer's other visits of the month stand; else the day's own."""
    counts = Counter(other.isoweekday() for other in own if other in span.month)
    if client.frequency is not Frequency.WEEKLY or not counts:
        return day.isoweekday()
    return min(counts, key=lambda weekday: (-counts[weekday], weekday))
