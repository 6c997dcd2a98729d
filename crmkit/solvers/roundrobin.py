"""The plan people make by a list: customers in order of code, each dealt to the emptiest days that keep his gaps.

Nobody asks where the shops lie; each day's tour is then as short as for every other plan. The baseline others are
compared with.
"""

from random import Random

from crmkit.model.planning import Metres, Problem, Solution, Solver
from crmkit.solvers.board import Board
from crmkit.solvers.fitting import fit


class RoundRobin:
    """Deals by code; the days' tours are those of another solver."""

    name = "round-robin"

    def __init__(self, tours: Solver) -> None:
        self._tours = tours

    def solve(self, problem: Problem, *, seed: int, effort: int) -> Solution:
        """A plan that holds every hard rule; `effort` changes nothing."""
        board = Board(problem)
        for stop in board.movable:  # stops are in order of code
            board.insert(stop, [0] * len(problem.days))
        fit(board, Random(seed))  # noqa: S311 - a reproducible search, no secret
        placed = {(s, k): day for s, days in enumerate(board.at) for k, day in enumerate(days) if day >= 0}
        routes = tuple(self.route(problem.metres, tuple(tour)) for tour in board.tours)
        return Solution(placed, routes, effort, seed, board.total())

    def route(self, metres: Metres, stops: tuple[int, ...]) -> tuple[int, ...]:
        """A short order of these stops."""
        return self._tours.route(metres, stops)
