"""Who visits whom, found with the calendar: one search over the days of all managers in the compiled kernel.

All visits of a customer are by one manager; he is chosen with the days whenever the customer returns. Handing
over costs its price, limits are walls.
"""

from crmkit.model.assigning import NOBODY, Area, Assignment, Team
from crmkit.solvers.board import Board
from crmkit.solvers.districting import OF_A_DAY, districts, drawn_anew, middles, moved
from crmkit.solvers.engine import Search
from crmkit.solvers.periodic import QUICK, USUAL, Progress, rounds_of, run_slices
from crmkit.solvers.words import route_words, team_words

SEARCHES = 4  # two from each of two beginnings
MOST_MANAGERS = 32  # the kernel keeps those of a customer as bits of one word
_DEAREST = 20_000_000  # of a way out: below a customer over a limit


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
        visits = sum(bool(duty.days) for stop in team.problem.stops for duty in stop.duties)
        if not visits or not self._searches(team):
            return Assignment(first, 0, seed)
        starts = [first]
        anew = districts(team, drawn_anew(team))
        if anew != first and moved(team, anew) <= team.most_moved:
            starts.append(anew)
        rounds = max(1, max(rounds_of(effort, visits), effort * visits // USUAL) // SEARCHES)
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
        board = Board(team.problem)
        spots = [(stop, k) for stop, live in enumerate(board.live) for k in live]
        holders = _holders(team, board, first)
        search = Search(team_words(board, spots, (seed, rounds), len(team.areas), _routes(team), holders))
        done = run_slices(search, rounds, self._progress)
        cost = search.cost()
        if cost is None:
            return done, float("inf"), first
        found = search.managers(len(first))
        return done, cost, tuple(one if one != NOBODY else first[s] for s, one in enumerate(found))


def _routes(team: Team) -> list[list[int]]:
    """The days of all managers, day by day."""
    return [_route(area, day) for day in range(len(team.problem.days)) for area in team.areas]


def _route(area: Area, day: int) -> list[int]:
    return route_words(area.rooms[day], area.standing_loads[day], area.standing_seconds[day], area.standing[day])


def _holders(team: Team, board: Board, first: tuple[int, ...]) -> list[int]:
    """Who may have whom: see read_managers in kernel/month.h. Stops without visits to plan stay where they are."""
    still = [stop for stop, live in enumerate(board.live) if not live]
    left = team.most_moved - sum(NOBODY != team.owners[stop] != first[stop] for stop in still)
    words = [left]
    words += [area.most - sum(first[stop] == at for stop in still) for at, area in enumerate(team.areas)]
    at = middles(team, first)
    for stop, owner in enumerate(team.owners):
        words += [owner, first[stop]]
        words += [_price(team, stop, area, middle) for area, middle in enumerate(at)]
    return words


def _price(team: Team, stop: int, area: int, middle: int) -> int:
    """Of having a customer: handing him over, and his share of the way out from the middle of the area. Nobody knows
    where a manager sets out, but an area in one piece is a shorter way out. It is no part of a day's minutes, which
    have to be even without it.
    """
    if not team.may(stop, area):
        return -1
    handing = team.hand_over if team.owners[stop] not in (NOBODY, area) else 0
    out = team.problem.metres[middle][stop] * len(team.problem.stops[stop].duties)
    return handing + min(_DEAREST, team.problem.weights.travel * out // OF_A_DAY)
