"""Who visits whom, found with the calendar: one search over the days of all managers in the compiled kernel.

All visits of a customer are by one manager; he is chosen with the days whenever the customer returns. Handing
over costs its price, limits are walls.
"""

from crmkit.model.assigning import NOBODY, Area, Assignment, Team
from crmkit.solvers.board import Board
from crmkit.solvers.districting import districts
from crmkit.solvers.engine import Search
from crmkit.solvers.periodic import QUICK, Progress, run_slices
from crmkit.solvers.words import route_words, team_words

MOST_MANAGERS = 32  # the kernel keeps those of a customer as bits of one word


class PeriodicAssigner:
    """Ruin and recreate in the kernel; needs wasmtime (see `solvers.engine.available`)."""

    name = "periodic"

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress

    def assign(self, team: Team, *, seed: int, effort: int = QUICK) -> Assignment:
        """Who visits whom after `effort` rounds, begun from the districts of the plain assigner. Ctrl-C ends the
        search early with the best so far.
        """
        first = districts(team)
        board = Board(team.problem)
        if not board.movable or not 1 < len(team.areas) <= MOST_MANAGERS:
            return Assignment(first, 0, seed)
        spots = [(stop, k) for stop, live in enumerate(board.live) for k in live]
        holders = _holders(team, board, first)
        search = Search(team_words(board, spots, seed, len(team.areas), _routes(team), holders))
        done = run_slices(search, effort, self._progress)
        if search.cost() is None:
            return Assignment(first, done, seed)
        found = search.managers(len(team.owners))
        return Assignment(tuple(one if one != NOBODY else first[s] for s, one in enumerate(found)), done, seed)


def _routes(team: Team) -> list[list[int]]:
    """The days of all managers, day by day."""
    return [_route(area, day) for day in range(len(team.problem.days)) for area in team.areas]


def _route(area: Area, day: int) -> list[int]:
    return route_words(area.rooms[day], area.standing_loads[day], area.standing[day])


def _holders(team: Team, board: Board, first: tuple[int, ...]) -> list[int]:
    """Who may have whom: see read_managers in kernel/month.h. Stops without visits to plan stay where they are."""
    still = [stop for stop, live in enumerate(board.live) if not live]
    left = team.most_moved - sum(NOBODY != team.owners[stop] != first[stop] for stop in still)
    words = [left]
    words += [area.most - sum(first[stop] == at for stop in still) for at, area in enumerate(team.areas)]
    for stop, owner in enumerate(team.owners):
        words += [owner, first[stop]]
        words += [_price(team, stop, at) for at in range(len(team.areas))]
    return words


def _price(team: Team, stop: int, area: int) -> int:
    if not team.may(stop, area):
        return -1
    return team.hand_over if team.owners[stop] not in (NOBODY, area) else 0
