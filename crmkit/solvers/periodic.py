"""The month's search in the compiled kernel: strings of neighbours leave their days and return in the
cheapest chain of days at the cheapest places, or two visits exchange their days, under simulated annealing.

The kernel treats a day's room as a price that rises until plans hold it; what no plan of it holds is moved in
chains or left out by the same last step as the plain solver's (solvers/fitting.py).
"""

from collections.abc import Callable
from math import isqrt
from random import Random

from crmkit.model.errors import Exit, Signalled
from crmkit.model.planning import Metres, Problem, Solution, Spot
from crmkit.solvers.board import Board
from crmkit.solvers.engine import Search
from crmkit.solvers.fitting import fit
from crmkit.solvers.routing import route_length, short_route
from crmkit.solvers.words import FAR, month_words

USUAL = 540  # visits of a month of 240 customers: what efforts are counted for
QUICK = 100_000  # iterations: about two seconds for so many, see benchmarks/PVRP.md
EFFORTS = {"quick": QUICK, "normal": 5 * QUICK, "thorough": 30 * QUICK}
_SLICES = 50  # a search reports, and can be interrupted, so many times
_SLICE_LEAST = 1_000
_FEW = 130  # visits, of some sixty customers
_FINE = 1_000
_EASY = 8  # stops: fewer need no search
_TOUR_ROUNDS = 2_000

Progress = Callable[[float, float], None]  # share of the way gone, cost so far


class PeriodicSolver:
    """Ruin and recreate in the kernel; needs wasmtime (see `solvers.engine.available`)."""

    name = "periodic"

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress

    def solve(self, problem: Problem, *, seed: int, effort: int = QUICK) -> Solution:
        """A plan after the rounds of an effort (`rounds_of`); every hard rule held, what does not fit left out.
        Ctrl-C ends the search early with the best plan so far.
        """
        board = Board(problem)
        done = 0
        if board.movable:
            spots = [(stop, k) for stop, live in enumerate(board.live) for k in live]
            rounds = rounds_of(effort, len(spots))
            search = Search(month_words(board, spots, seed, rounds))
            done = run_slices(search, rounds, self._progress)
            _stand(board, search, spots)
        fit(board, Random(seed))  # noqa: S311 - a reproducible search, no secret
        for day, tour in enumerate(board.tours):
            board.tours[day] = list(self._shorter(problem.metres, tuple(tour)))
        board.measure()
        placed = {(stop, duty): day for stop, days in enumerate(board.at) for duty, day in enumerate(days) if day >= 0}
        return Solution(placed, tuple(tuple(tour) for tour in board.tours), done, seed, board.total())

    def route(self, metres: Metres, stops: tuple[int, ...]) -> tuple[int, ...]:
        """A short order of these stops; the same for the same stops in whatever order they come."""
        members = sorted(stops)
        if len(members) < _EASY:
            return short_route(metres, stops)
        search = Search(_tour_words(metres, members))
        search.run(_TOUR_ROUNDS, 0.0, 1.0)
        route = tuple(members[at - 1] for at in search.routes(1)[0])
        return min(route, route[::-1])

    def _shorter(self, metres: Metres, tour: tuple[int, ...]) -> tuple[int, ...]:
        """The tour itself or a new one: whichever is shorter."""
        return min(tour, self.route(metres, tour), key=lambda route: route_length(metres, route))


def rounds_of(effort: int, visits: int) -> int:
    """How many rounds an effort is: as many as it says for 60 to 240 customers; a handful of shops is not waited for
    so long, and more get more by the root of their visits.
    """
    if visits > USUAL:
        return effort * isqrt(_FINE * _FINE * visits // USUAL) // _FINE
    return max(1, effort * min(visits, _FEW) // _FEW)


def run_slices(search: Search, effort: int, progress: Progress | None) -> int:
    """Run a search in slices, telling how far it is; how many rounds that were. Ctrl-C ends it early."""
    done, step = 0, max(_SLICE_LEAST, effort // _SLICES)
    try:
        while done < effort:
            rounds = min(step, effort - done)
            search.run(rounds, done / effort, (done + rounds) / effort)
            done += rounds
            if progress:
                progress(done / effort, search.cost() or 0.0)
    except (KeyboardInterrupt, Signalled) as early:
        if isinstance(early, Signalled) and early.exit is not Exit.INTERRUPTED:
            raise
    return done


def _stand(board: Board, search: Search, spots: list[Spot]) -> None:
    """Let the kernel's plan stand on the board, its roads as they are."""
    for spot, day in zip(spots, search.duty_days(len(spots)), strict=True):
        if day >= 0:
            board.put(spot, day)
    for day, route in enumerate(search.routes(len(board.tours))):
        board.tours[day] = [stop - 1 for stop in route]
    board.measure()


def _tour_words(metres: Metres, members: list[int]) -> list[int]:
    """One open way through all members, as the kernel's problem of one day: see read_classic."""
    count = len(members)
    words = [0, count, 1, 1, 1, 0, 0, 0] + [0] * (count + 1)
    for one in members:
        words.append(0)
        words += [min(metres[one][other], FAR) for other in members]
    return words + [0, 0] + [0] * (2 * count) + list(range(count + 1)) + [1] * count
