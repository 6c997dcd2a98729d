"""Makes every day hold its room: visits move along chains of days; what no chain can fit is left out
and put back wherever there is room.
"""

from random import Random

from crmkit.model.customer import Frequency
from crmkit.model.planning import Spot
from crmkit.solvers.board import Board

_LONGEST_CHAIN = 4
_MOST_CHAINS = 12
_TRIES = 20
_MOST_MISSES = 4
_MOST_OTHERS = 6
_MOST_STEPS = 600
_LAST_TO_LEAVE = {Frequency.TWICE_MONTHLY: 0, Frequency.MONTHLY: 1, Frequency.WEEKLY: 2}

Move = tuple[Spot, int]  # a visit and the day it goes to


def fit(board: Board, random: Random) -> None:
    """Bring every day within its room."""
    left: list[Spot] = []
    days = set(range(len(board.used)))
    while days and board.over(day := max(days, key=lambda at: (board.over(at), -at))) > 0:
        if _relieve(board, day, board.over(day) - 1):
            continue
        victim = _cheapest(board, day)
        if victim is None:
            days.remove(day)  # only visits that stand: nothing here may move
            continue
        board.take(victim)
        left.append(victim)
    patience = _MOST_MISSES
    for spot in reversed(left):
        if not patience:
            break  # too much is asked: more search would find no room
        if not _return(board, spot) and not _rearrange(board, spot, random):
            patience -= 1


def _load(board: Board, spot: Spot) -> int:
    return board.problem.stops[spot[0]].duties[spot[1]].load


def _return(board: Board, spot: Spot) -> bool:
    """Put a visit back where there is room, or where a chain of moves makes room."""
    duty = board.problem.stops[spot[0]].duties[spot[1]]
    days = [day for day in duty.days if board.may_stand(spot, day)]
    for day in sorted(days, key=lambda at: (board.over(at), at)):
        saved = board.snapshot()
        relieved = _has_room(board, spot, day) or _relieve(board, day, -duty.load)
        if relieved and board.may_stand(spot, day):  # the chain may have moved the customer's other visit
            board.put(spot, day)
            if board.over(day) <= 0:
                return True
        board.restore(saved)
    return False


def _rearrange(board: Board, spot: Spot, random: Random) -> bool:
    """Take a customer and some others from their days altogether, and search all ways to put them back
    within the room. Where there are few others, all go out at once: then nothing is missed but by the
    limit of steps.
    """
    stop = spot[0]
    days = set(board.problem.stops[stop].duties[spot[1]].days)
    near = [other for other in board.movable if other != stop and _whole(board, other)]
    if len(near) > _MOST_OTHERS:
        near = [other for other in near if days & set(board.at[other])]
    few = len(near) <= _MOST_OTHERS
    for _ in range(1 if few else _TRIES):
        saved = board.snapshot()
        others = random.sample(near, min(len(near), _MOST_OTHERS))
        group = [stop, *others]
        for one in group:
            board.remove(one)
        group.sort(key=lambda one: (min(len(board.problem.stops[one].duties[k].days) for k in board.live[one]), one))
        spots = [(one, k) for one in group for k in board.live[one]]
        if _put_back(board, spots, random, [_TRIES * _MOST_STEPS if few else _MOST_STEPS]):
            return True
        board.restore(saved)
    return False


def _put_back(board: Board, spots: list[Spot], random: Random, steps: list[int]) -> bool:
    """Depth first: a day for the first of the visits, then for the rest; `steps[0]` counts down."""
    if not spots:
        return True
    spot, *rest = spots
    days = list(board.problem.stops[spot[0]].duties[spot[1]].days)
    random.shuffle(days)
    for day in days:
        if steps[0] <= 0:
            return False
        if not (_has_room(board, spot, day) and board.may_stand(spot, day)):
            continue
        steps[0] -= 1
        board.put(spot, day)
        if board.over(day) <= 0 and _put_back(board, rest, random, steps):
            return True
        board.take(spot)
    return False


def _whole(board: Board, stop: int) -> bool:
    """Do all visits of a customer stand?"""
    return all(board.at[stop][k] >= 0 for k in board.live[stop])


def _has_room(board: Board, spot: Spot, day: int) -> bool:
    return board.over(day) + _load(board, spot) <= 0


def _on(board: Board, day: int) -> list[Spot]:
    """The visits that may leave a day."""
    return [(s, k) for s in board.movable for k in board.live[s] if board.at[s][k] == day]


def _cheapest(board: Board, day: int) -> Spot | None:
    """The visit of a day that leaves first: the order of the repairs, the lowest rank first."""

    def cost(spot: Spot) -> tuple[bool, int, int, Spot]:
        stop = board.problem.stops[spot[0]]
        first_of_two = stop.frequency is Frequency.TWICE_MONTHLY and stop.duties[spot[1]].number == 1
        return first_of_two, _LAST_TO_LEAVE[stop.frequency], -stop.rank, spot

    heavy = [spot for spot in _on(board, day) if board.problem.stops[spot[0]].duties[spot[1]].load]
    return min(heavy, key=cost, default=None)


def _relieve(board: Board, day: int, goal: int) -> bool:
    """Bring a day down to `goal` units over its room by chains of moves, each taking something off, or
    move nothing.
    """
    saved = board.snapshot()
    for _ in range(_MOST_CHAINS):
        lack = board.over(day) - goal
        if lack <= 0:
            return True
        smallest = min((_load(board, spot) for spot in _on(board, day) if _load(board, spot)), default=lack)
        if not any(_shift(board, day, step) for step in sorted({lack, min(lack, smallest), 1}, reverse=True)):
            break
    if board.over(day) <= goal:
        return True
    board.restore(saved)
    return False


def _shift(board: Board, day: int, lack: int) -> bool:
    """Take at least `lack` units off a day by one chain; every other day of it stays within its room."""
    chain = _chain(board, day, lack)
    if chain is None:
        return False
    saved, before = board.snapshot(), board.over(day)
    for spot, to in chain:
        board.take(spot)
        board.put(spot, to)
    others = {to for _, to in chain} - {day}
    if board.over(day) <= before - lack and all(board.over(at) <= 0 for at in others):
        return True
    board.restore(saved)
    return False


def _chain(board: Board, day: int, lack: int) -> list[Move] | None:
    """The shortest chain of moves that takes `lack` units off a day, found breadth first; the last move
    first.
    """
    queue: list[tuple[int, int, list[Move]]] = [(day, lack, [])]
    seen = {(day, lack)}
    for here, missing, moves in queue:
        for spot in _on(board, here):
            load = _load(board, spot)
            if load < missing or any(spot[0] == moved[0] for moved, _ in moves):
                continue
            for to in board.problem.stops[spot[0]].duties[spot[1]].days:
                if to == here or not board.may_stand(spot, to):
                    continue
                chain = [(spot, to), *moves]
                lacking = board.over(to) + load
                if to == day:  # back to where the chain began: an exchange, if what left was that much heavier
                    lacking = lack + load - _load(board, moves[-1][0])
                if lacking <= 0:
                    return chain
                if (to, lacking) not in seen and len(chain) < _LONGEST_CHAIN:
                    seen.add((to, lacking))
                    queue.append((to, lacking, chain))
    return None
