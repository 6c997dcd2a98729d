"""The order of one day's visits: nearest neighbour, then 2-opt and or-opt until nothing gets shorter.

The way is open: it starts and ends where that is best, since where a manager lives is not known.
"""

from collections.abc import Sequence
from itertools import pairwise

from crmkit.model.planning import Metres


def route_length(metres: Metres, route: Sequence[int]) -> int:
    """Metres of an open way through the stops in this order."""
    return sum(metres[a][b] for a, b in pairwise(route))


def short_route(metres: Metres, stops: Sequence[int]) -> tuple[int, ...]:
    """A short order of the stops; the same for the same stops in whatever order they come."""
    members = sorted(stops)
    if len(members) < 3:
        return tuple(members)
    found = [_improved(metres, _nearest(metres, members, start)) for start in _starts(metres, members)]
    return tuple(min((route_length(metres, route), route) for route in found)[1])


def improved_route(metres: Metres, route: Sequence[int]) -> tuple[int, ...]:
    """The route, made shorter where 2-opt or or-opt can."""
    return tuple(_improved(metres, list(route)))


def _starts(metres: Metres, members: list[int]) -> list[int]:
    """Two far ends of the day's stops: good places to begin an open way."""
    one = max(members, key=lambda stop: (metres[members[0]][stop], -stop))
    other = max(members, key=lambda stop: (metres[one][stop], -stop))
    return [one, other]


def _nearest(metres: Metres, members: list[int], start: int) -> list[int]:
    route, left = [start], set(members) - {start}
    while left:
        row = metres[route[-1]]
        found = min(left, key=lambda stop: (row[stop], stop))
        route.append(found)
        left.remove(found)
    return route


def _improved(metres: Metres, route: list[int]) -> list[int]:
    while _two_opt(metres, route) or _or_opt(metres, route):
        pass
    return route


def _two_opt(metres: Metres, route: list[int]) -> bool:
    """Turn one stretch round if that shortens the way."""
    last = len(route) - 1
    for i in range(last):
        for j in range(i + 1, last + 1):
            gain = 0
            if i:
                gain += metres[route[i - 1]][route[i]] - metres[route[i - 1]][route[j]]
            if j < last:
                gain += metres[route[j]][route[j + 1]] - metres[route[i]][route[j + 1]]
            if gain > 0:
                route[i : j + 1] = route[i : j + 1][::-1]
                return True
    return False


def _or_opt(metres: Metres, route: list[int]) -> bool:
    """Move a stretch of one to three stops elsewhere if that shortens the way."""
    before = route_length(metres, route)
    for size in (1, 2, 3):
        for i in range(len(route) - size + 1):
            piece, rest = route[i : i + size], route[:i] + route[i + size :]
            at, length = _best_gap(metres, rest, piece)
            if length < before:
                route[:] = rest[:at] + piece + rest[at:]
                return True
    return False


def _best_gap(metres: Metres, rest: list[int], piece: list[int]) -> tuple[int, int]:
    """Where in the rest the piece fits best, and the length of the way then."""
    base = route_length(metres, rest) + route_length(metres, piece)
    head, tail = piece[0], piece[-1]
    found = []
    for at in range(len(rest) + 1):
        added = (metres[rest[at - 1]][head] if at else 0) + (metres[tail][rest[at]] if at < len(rest) else 0)
        lost = metres[rest[at - 1]][rest[at]] if 0 < at < len(rest) else 0
        found.append((base + added - lost, at))
    length, at = min(found, default=(base, 0))
    return at, length
