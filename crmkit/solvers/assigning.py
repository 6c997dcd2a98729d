"""Who visits whom, found with the calendar: one search over the days of all managers in the compiled kernel.

All visits of a customer are by one manager; he is chosen with the days whenever the customer returns. Handing
over costs its price, limits are walls.
"""

from array import array
from dataclasses import replace

from crmkit.model.assigning import NOBODY, Area, Assignment, Team
from crmkit.model.customer import Frequency
from crmkit.model.planning import Stop
from crmkit.solvers.board import Board
from crmkit.solvers.districting import districts, drawn_anew, middles, moved
from crmkit.solvers.engine import Search
from crmkit.solvers.periodic import QUICK, Progress, run_slices
from crmkit.solvers.words import route_words, team_words

USUAL = 240  # customers the efforts are counted for
MOST_MANAGERS = 32  # the kernel keeps those of a customer as bits of one word


class PeriodicAssigner:
    """Ruin and recreate in the kernel; needs wasmtime (see `solvers.engine.available`)."""

    name = "periodic"

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress

    def assign(self, team: Team, *, seed: int, effort: int = QUICK) -> Assignment:
        """Who visits whom after about `effort` rounds for each 240 customers. Two beginnings: the areas as they are,
        and areas drawn anew; each goes on once more with its middles as they have become. Ctrl-C ends the search
        with the best so far.
        """
        first = districts(team)
        if not any(duty.days for stop in team.problem.stops for duty in stop.duties) or not self._searches(team):
            return Assignment(first, 0, seed)
        starts = [first]
        anew = districts(team, drawn_anew(team))
        if anew != first and moved(team, anew) <= team.most_moved:
            starts.append(anew)
        rounds = max(1, effort * max(USUAL, len(team.owners)) // USUAL // 2)
        done, found = 0, []
        for start in starts:
            cost, owners = float("inf"), start
            for _ in range(2):
                spent, cost, owners = self._search(team, owners, seed, rounds)
                done += spent
                if spent < rounds:  # interrupted
                    break
            found.append((cost, owners))
            if spent < rounds:
                break
        return Assignment(min(found)[1], done, seed)

    def _searches(self, team: Team) -> bool:
        return 1 < len(team.areas) <= MOST_MANAGERS

    def _search(self, team: Team, first: tuple[int, ...], seed: int, rounds: int) -> tuple[int, float, tuple[int, ...]]:
        """One search from these areas: rounds done, cost, areas; infinite cost where it found none in the limits."""
        based = _with_middles(team, middles(team, first))
        board = Board(based.problem)
        spots = [(stop, k) for stop, live in enumerate(board.live) for k in live]
        holders = _holders(based, board, (*first, *range(len(team.areas))))
        search = Search(team_words(board, spots, seed, len(team.areas), _routes(based), holders))
        done = run_slices(search, rounds, self._progress)
        cost = search.cost()
        if cost is None:
            return done, float("inf"), first
        found = search.managers(len(first))
        return done, cost, tuple(one if one != NOBODY else first[s] for s, one in enumerate(found))


def _with_middles(team: Team, at: list[int]) -> Team:
    """The team with the middle of each area on every road of its manager: nobody knows where he sets out, but an area
    in one piece is a shorter way out. The middles are stops of their own without visits.
    """
    problem, count = team.problem, len(team.owners)
    metres = [array("i", [*row, *(row[middle] for middle in at)]) for row in problem.metres]
    metres += [array("i", metres[middle]) for middle in at]
    place = Stop(0, "", Frequency.MONTHLY, 0, (0, 0), ())
    areas = tuple(
        replace(area, most=area.most + 1, standing=tuple((*stops, count + n) for stops in area.standing))
        for n, area in enumerate(team.areas)
    )
    return replace(
        team,
        problem=replace(problem, stops=(*problem.stops, *(place for _ in at)), metres=tuple(metres)),
        areas=areas,
        owners=(*team.owners, *range(len(at))),
        fixed=(*team.fixed, *(True for _ in at)),
    )


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
