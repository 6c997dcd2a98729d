"""Lower bounds: what no road can be shorter than, in whole metres (open ways: start and end free).

One day: Held and Karp's 1-tree with multipliers (1970, 1971), exact by dynamic programming up to `EXACT` stops (Held
and Karp 1962). A month: the customers' cheapest connections, see `month_bound`. Whole numbers throughout: a bound
is never too high by rounding.
"""

from collections.abc import Mapping, Sequence

from crmkit.model.planning import Metres
from crmkit.solvers.routing import route_length

EXACT = 12
_ROUNDS = 120
_SCALE = 64  # multipliers are kept in so many parts of a metre



def tour_bound(metres: Metres, route: Sequence[int]) -> int:
    """What no open way through these stops is shorter than; the route's own length where that is proven shortest.

    `route` is the best way known; any order will do, a shorter one makes the bound better.
    """
    length = route_length(metres, route)
    if len(route) < 3 or not length:
        return length
    bound = min(length, _one_tree_bound(metres, sorted(route), length))
    if bound < length and len(route) <= EXACT:
        return shortest_length(metres, route)
    return bound


def shortest_length(metres: Metres, stops: Sequence[int]) -> int:
    """The shortest open way through at most `EXACT` stops, by trying all sets of stops."""
    members, count = sorted(stops), len(stops)
    if count < 2:
        return 0
    ways = [[metres[a][b] for b in members] for a in members]
    ends = {1 << at: {at: 0} for at in range(count)}
    for _ in range(count - 1):
        ends = _longer_by_one(ends, ways)
    return min(ends[(1 << count) - 1].values())


def _longer_by_one(ends: dict[int, dict[int, int]], ways: Metres) -> dict[int, dict[int, int]]:
    """From the shortest way through each set, by its last stop, to those through sets of one stop more."""
    grown: dict[int, dict[int, int]] = {}
    for seen, lengths in ends.items():
        for to in range(len(ways)):
            if seen >> to & 1:
                continue
            best = min(length + ways[last][to] for last, length in lengths.items())
            grown.setdefault(seen | 1 << to, {})[to] = best
    return grown


def _one_tree_bound(metres: Metres, stops: Sequence[int], known: int) -> int:
    """The best bound of `_ROUNDS` rounds: an open way is a closed one through a stop that is near to all."""
    ways = [[metres[a][b] * _SCALE for b in stops] for a in stops]
    weights = [0] * len(stops)
    best, goal = 0, known * _SCALE
    for round_ in range(_ROUNDS):
        value, degrees = _one_tree(ways, weights)
        best = max(best, value)
        off = sum((degree - 2) ** 2 for degree in degrees)
        if not off or best > goal - _SCALE:
            break
        step = 2 * (goal - value) * (_ROUNDS - round_) // (_ROUNDS * off)
        weights = [weight + step * (degree - 2) for weight, degree in zip(weights, degrees, strict=True)]
    return -(-best // _SCALE)


def _one_tree(ways: Metres, weights: Sequence[int]) -> tuple[int, list[int]]:
    """The shortest tree over all stops and two ways to the stop near to all; its value and the degrees."""
    degrees = [0] * len(ways)
    value = -2 * sum(weights)
    nearest = {at: (ways[0][at] + weights[0] + weights[at], 0) for at in range(1, len(ways))}
    while nearest:
        at = min(nearest, key=lambda one: (nearest[one][0], one))
        cost, before = nearest.pop(at)
        value += cost
        degrees[at] += 1
        degrees[before] += 1
        row, own = ways[at], weights[at]
        for other, (known, _) in nearest.items():
            way = row[other] + own + weights[other]
            if way < known:
                nearest[other] = way, at
    for at in sorted(range(len(ways)), key=lambda one: (weights[one], one))[:2]:
        value += weights[at]
        degrees[at] += 1
    return value, degrees


def month_bound(metres: Metres, visits: Mapping[int, int], days: int) -> int:
    """What no plan of a month drives less than: each stop visited so many times, on different days, on `days` days.

    A way between two stops counts half for each. On one day a stop has at most two ways, to two different stops; on
    all days together at most min(visits) to the same one. Each stop is given the cheapest such ways; of all these
    halves the dearest two a day are left out, for the days' open ends. Who shares a day with whom is not asked: that
    is why the bound lies well below what can be driven.
    """
    halves: list[int] = []
    for stop, count in visits.items():
        halves += _cheapest_halves(metres, visits, stop, 2 * count)
    halves.sort()
    wanted = max(0, 2 * sum(visits.values()) - 2 * days)
    return -(-sum(halves[:wanted]) // 2)


def _cheapest_halves(metres: Metres, visits: Mapping[int, int], stop: int, wanted: int) -> list[int]:
    found: list[int] = []
    row = metres[stop]
    for way, other in sorted((row[other], other) for other in visits if other != stop):
        found += [way] * min(visits[stop], visits[other], wanted - len(found))
        if len(found) == wanted:
            break
    return found
