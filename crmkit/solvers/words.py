"""A month of visits as the kernel reads it: whole words, see read_month in kernel/month.h."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

from crmkit.model.customer import VisitMethod
from crmkit.model.planning import Duty, Problem, Spot
from crmkit.solvers.board import Board

FAR = 0x0FFFFFFF  # metres: the kernel's sums of three ways stay within 32 bits


def month_words(board: Board, spots: list[Spot], seed: int, rounds: int) -> "array[int]":
    """One manager's month, to be searched with so many rounds."""
    days = (route_words(day.room, day.standing_load, day.standing_seconds, day.standing) for day in board.problem.days)
    return team_words(board, spots, (seed, rounds), 1, days, ())


def team_words(
    board: Board,
    spots: list[Spot],
    search: tuple[int, int],
    managers: int,
    routes: Iterable[list[int]],
    holders: Iterable[int],
) -> "array[int]":
    """The month of so many managers: their days as `routes`, day by day, and who may have whom. `search` is the seed
    and the rounds.
    """
    problem, (seed, rounds) = board.problem, search
    links: dict[int, int] = {}
    tables: list[tuple[tuple[int | None, ...], ...]] = []
    duties = array("i")
    for stop, k in spots:
        duties.extend(_duty_words(board, stop, k, _link(board, stop, k, links, tables)))
    words = array("i", [1, len(problem.stops), len(problem.days), managers, seed & 0x7FFFFFFF, min(rounds, FAR), 0, 0])
    _write_metres(words, problem)
    words.extend([problem.weights.travel, problem.weights.evenness * 100, problem.weights.even_units * 100])
    words.extend([problem.weights.even_percent, *problem.pace, *problem.speed])
    words.extend([len(spots), len(tables)])
    for route in routes:
        words.extend(route)
    words.extend(holders)
    words.extend(len(live) for live in board.live)
    words.extend(duties)
    words.extend(-1 if price is None else price for table in tables for row in table for price in row)
    return words


def route_words(room: int, standing_load: int, standing_seconds: int, standing: Sequence[int]) -> list[int]:
    """One day of one manager; a room of -1: he is off."""
    return [room, standing_load, standing_seconds, len(standing), *(stop + 1 for stop in standing)]


def _write_metres(words: "array[int]", problem: Problem) -> None:
    words.extend([0] * (len(problem.stops) + 1))
    for row in problem.metres:
        words.append(0)
        words.extend(row if max(row) <= FAR else [min(metres, FAR) for metres in row])


def _link(
    board: Board, stop: int, k: int, known: dict[int, int], tables: list[tuple[tuple[int | None, ...], ...]]
) -> int:
    """The number of the table that ties a duty to the one before it; -1 for a customer's first."""
    at = board.live[stop].index(k)
    if not at:
        return -1
    table = board.link_table(stop, board.live[stop][at - 1], k)
    if id(table) not in known:
        known[id(table)] = len(tables)
        tables.append(table)
    return known[id(table)]


def _duty_words(board: Board, stop: int, k: int, link: int) -> Iterator[int]:
    duty: Duty = board.problem.stops[stop].duties[k]
    wishes = dict(zip(duty.days, duty.wishes, strict=True))
    yield duty.load
    yield duty.seconds
    yield int(duty.method is VisitMethod.ONSITE)
    yield link
    for day in range(len(board.used)):
        yield wishes.get(day, -1)
