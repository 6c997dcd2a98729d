"""Areas made as even as wanted, judged by the plans that come of them (planner.md: evenness of days).

An assigner finds areas and days together; each manager's own plan then takes other roads than it foresaw, and where
days are few visits that shows. Some customers at the border go to a neighbour with shorter days, both plan again, and
that stands if it is worth more.
"""

from collections.abc import Callable, Iterator, Sequence

from crmkit.model.assigning import AreaFigures, Team
from crmkit.rules.assigning import keeps_limits, nearest_ways, too_uneven, worth

TRIES = 12  # plans of two managers each [our default]
_BORDER = 3  # customers with whom a hand-over may begin, of each two areas

Owners = tuple[int, ...]
Planned = Callable[[Owners], tuple[AreaFigures, ...]]


def balanced(team: Team, owners: Owners, plan: Planned, tries: int = TRIES) -> Owners:
    """The areas, or better ones where the days of all managers are less even than wanted. `plan` gives each
    manager's month with such areas; it is asked at most `tries` times beside the first.
    """
    best, figures = owners, plan(owners)
    tried = {owners}
    for _ in range(tries):
        if not too_uneven(team, figures):
            break
        other = next((one for one in _offers(team, best, figures) if one not in tried), None)
        if other is None:
            break
        tried.add(other)
        found = plan(other)
        if worth(team, other, found) < worth(team, best, figures):
            best, figures = other, found
    return best


def _offers(team: Team, owners: Owners, figures: Sequence[AreaFigures]) -> Iterator[Owners]:
    """Hand-overs from longer to shorter days, those of the greatest difference first."""
    days = {at: sum(area.day_seconds) // len(area.day_seconds) for at, area in enumerate(figures) if area.day_seconds}
    for less, giver, to in sorted((days[to] - days[giver], giver, to) for giver in days for to in days):
        if less >= 0:
            return
        half = -less * len(figures[to].day_seconds) // 2
        for first in _border(team, owners, giver, to):
            other = _handed(team, owners, first, to, half)
            if keeps_limits(team, other):
                yield other


def _border(team: Team, owners: Owners, giver: int, to: int) -> list[int]:
    """Customers of one area who are nearest to another, measured by how near they are to their own."""
    mine = [stop for stop, owner in enumerate(owners) if owner == giver and team.may(stop, to)]
    apart = {stop: _apart(team, owners, stop, to) for stop in mine}
    return sorted(mine, key=lambda stop: (apart[stop], stop))[:_BORDER]


def _apart(team: Team, owners: Owners, stop: int, to: int) -> int:
    return sum(nearest_ways(team, owners, stop, to)) - sum(nearest_ways(team, owners, stop, owners[stop]))


def _handed(team: Team, owners: Owners, first: int, to: int, seconds: int) -> Owners:
    """A customer goes to another area, and his nearest of the same area with him while that is no more than so many
    seconds of visits.
    """
    row, giver = team.problem.metres[first], owners[first]
    mine = [stop for stop, owner in enumerate(owners) if owner == giver and team.may(stop, to)]
    given, left = list(owners), seconds
    for stop in sorted(mine, key=lambda other: (row[other], other)):
        load = sum(duty.seconds for duty in team.problem.stops[stop].duties)
        if stop != first and load > left:
            break
        given[stop] = to
        left -= load
    return tuple(given)
