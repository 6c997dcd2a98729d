"""The first solver: zones by weekday, then ruin and recreate, then whatever is over a day's room moved
in chains.

A removed customer leaves all his days and returns in the cheapest chain of days that keeps his gaps (dynamic
programming over his duties), at the cheapest places of these days' roads. Room is a price while
searching and a wall at the end: what no chain of moves can fit is left out, lowest in the order of
repairs first. Plain Python, whole numbers, one random stream from the seed: the same solution
everywhere.
"""

from random import Random

from crmkit.model.planning import Metres, Problem, Solution, Spot
from crmkit.solvers.board import Board
from crmkit.solvers.fitting import fit
from crmkit.solvers.routing import improved_route, short_route

QUICK = 600  # iterations: about a second for 240 customers
_SWEEPS = 2
_LARGEST_RUIN = 9
_NEIGHBOURS = 24


class BalancedSolver:
    """Grouping by distance with even days; see the module."""

    name = "balanced"

    def solve(self, problem: Problem, *, seed: int, effort: int = QUICK) -> Solution:
        """A plan after `effort` rounds of ruin and recreate; every hard rule held, what does not fit
        left out.
        """
        board = Board(problem)
        random = Random(seed)  # noqa: S311 - a reproducible search, no secret
        if board.movable:
            _construct(board)
            _search(board, random, effort)
        for day, tour in enumerate(board.tours):
            board.tours[day] = list(improved_route(problem.metres, tour))
        board.measure()
        fit(board, random)
        routes = tuple(improved_route(problem.metres, tour) for tour in board.tours)
        return Solution(_placed(board), routes, effort, seed, board.total())

    def route(self, metres: Metres, stops: tuple[int, ...]) -> tuple[int, ...]:
        """A short order of these stops."""
        return short_route(metres, stops)


def _placed(board: Board) -> dict[Spot, int]:
    return {(stop, duty): day for stop, days in enumerate(board.at) for duty, day in enumerate(days) if day >= 0}


def _construct(board: Board) -> None:
    """Everybody in once, near the seed of a weekday's zone; then everybody out and in again at the
    price of roads.
    """
    seeds = _seeds(board)
    monday = min(day.day.isoweekday() for day in board.problem.days)
    near = [seeds[(day.day.isoweekday() - monday) % len(seeds)] for day in board.problem.days]
    order = sorted(board.movable, key=lambda stop: (-len(board.problem.stops[stop].duties), stop))
    for stop in order:
        row = board.problem.metres[stop]
        board.insert(stop, [row[seed] for seed in near])
    for _ in range(_SWEEPS):
        for stop in order:
            board.remove(stop)
            board.insert(stop)


def _seeds(board: Board) -> list[int]:
    """As many far apart stops as a week has weekdays with visits: each next one farthest from those
    chosen.
    """
    metres, stops = board.problem.metres, board.movable
    wanted = len({day.day.isoweekday() for day in board.problem.days})
    chosen = [max(stops, key=lambda stop: (metres[stops[0]][stop], -stop))]
    while len(chosen) < wanted:
        chosen.append(max(stops, key=lambda stop: (min(metres[seed][stop] for seed in chosen), -stop)))
    return chosen


def _search(board: Board, random: Random, effort: int) -> None:
    """Take some neighbours out and put them back; keep what is better, and at first also what is little
    worse.
    """
    neighbours: dict[int, list[int]] = {}
    best, kept = board.total(), board.snapshot()
    for round_ in range(effort):
        patience = board.patience * (effort - round_) // effort
        before, saved = board.total(), board.snapshot()
        for stop in _ruined(board, random, neighbours):
            board.remove(stop)
            board.out.append(stop)
        while board.out:
            board.insert(board.out.pop())
        after = board.total()
        if after > before + random.randrange(patience + 1):
            board.restore(saved)
        elif after < best:
            best, kept = after, board.snapshot()
    board.restore(kept)


def _ruined(board: Board, random: Random, neighbours: dict[int, list[int]]) -> list[int]:
    """A stop and some of its nearest, or some stops of an overfull day, in random order."""
    count = random.randrange(2, _LARGEST_RUIN + 1)
    over = [day for day in range(len(board.used)) if board.over(day) > 0]
    if over and random.randrange(2):
        day = over[random.randrange(len(over))]
        pool = [stop for stop in board.movable if day in board.at[stop]]
    else:
        pool = _nearest(board, board.movable[random.randrange(len(board.movable))], neighbours)
    return random.sample(pool, min(count, len(pool)))


def _nearest(board: Board, stop: int, known: dict[int, list[int]]) -> list[int]:
    if stop not in known:
        row = board.problem.metres[stop]
        known[stop] = sorted(board.movable, key=lambda other: (row[other], other))[:_NEIGHBOURS]
    return known[stop]
