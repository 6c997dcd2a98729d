"""Lower bounds are never above what trying everything finds, and close to it where they claim to be."""

from itertools import pairwise, permutations, product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.solvers.bounds import EXACT, month_bound, shortest_length, tour_bound
from crmkit.solvers.routing import short_route

Matrix = list[list[int]]


def matrix(count: int, random: Random, far: int = 10_000) -> Matrix:
    """Symmetric ways; half of the time of points on a map, else of nothing at all."""
    points = [(random.randrange(far), random.randrange(far)) for _ in range(count)]
    plane = random.random() < 0.5
    ways = [[0] * count for _ in range(count)]
    for a in range(count):
        for b in range(a):
            (ax, ay), (bx, by) = points[a], points[b]
            way = round(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5) if plane else random.randrange(far)
            ways[a][b] = ways[b][a] = way
    return ways


def brute(ways: Matrix, stops: tuple[int, ...]) -> int:
    """The shortest open way by trying every order."""
    return min((sum(ways[a][b] for a, b in pairwise(order)) for order in permutations(stops)), default=0)


@given(st.integers(0, 10**9), st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_a_days_bound_is_never_above_the_shortest_way(seed: int, count: int) -> None:
    random = Random(seed)
    ways = matrix(9, random)
    stops = tuple(random.sample(range(9), count))
    found = tour_bound(ways, stops)  # of a route in any order
    assert found == brute(ways, stops)  # so few are exact
    assert shortest_length(ways, stops) == brute(ways, stops)


@given(st.integers(0, 10**9), st.integers(EXACT + 1, 22))
@settings(max_examples=60, deadline=None)
def test_a_long_days_bound_is_below_every_route_and_near_the_best(seed: int, count: int) -> None:
    random = Random(seed)
    ways = matrix(count, random)
    route = short_route(ways, tuple(range(count)))
    bound = tour_bound(ways, route)
    shuffled = random.sample(range(count), count)
    assert bound <= sum(ways[a][b] for a, b in pairwise(route))
    assert tour_bound(ways, shuffled) <= sum(ways[a][b] for a, b in pairwise(route))


def test_the_one_tree_alone_is_below_the_exact_length_and_close_to_it() -> None:
    """Without the exact way out: random maps of 9 stops, where dynamic programming knows the truth."""
    from crmkit.solvers.bounds import _one_tree_bound

    gaps = []
    for seed in range(60):
        random = Random(seed)
        points = [(random.randrange(10_000), random.randrange(10_000)) for _ in range(9)]
        ways = [[round(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5) for b in points] for a in points]
        truth = shortest_length(ways, range(9))
        bound = _one_tree_bound(ways, range(9), truth)
        assert bound <= truth
        gaps.append(1 - bound / truth)
    assert sum(gaps) / len(gaps) < 0.02


@given(st.integers(0, 10**9))
@settings(max_examples=80, deadline=None)
def test_a_months_bound_is_never_above_the_best_of_all_plans(seed: int) -> None:
    """Every way to deal few visits to few days, each day by its shortest order."""
    random = Random(seed)
    count, days = random.randrange(2, 6), random.randrange(1, 4)
    ways = matrix(count, random, 100)
    visits = {stop: random.randrange(1, days + 1) for stop in range(count)}
    bound = month_bound(ways, visits, days)
    assert bound <= min(_driven(ways, dealt) for dealt in _all_deals(visits, days))


def _all_deals(visits: dict[int, int], days: int) -> list[tuple[tuple[int, ...], ...]]:
    """For each stop the days it is visited on: every choice of different days."""
    each = [[sub for sub in product((0, 1), repeat=days) if sum(sub) == visits[stop]] for stop in sorted(visits)]
    return list(product(*each))


def _driven(ways: Matrix, dealt: tuple[tuple[int, ...], ...]) -> int:
    days = len(dealt[0])
    return sum(brute(ways, tuple(stop for stop, on in enumerate(dealt) if on[day])) for day in range(days))


def test_a_months_bound_says_something() -> None:
    """Two far towns of two shops, all visited twice on two days: the bound is the truth."""
    ways = [[0, 10, 900, 900], [10, 0, 900, 900], [900, 900, 0, 10], [900, 900, 10, 0]]
    assert month_bound(ways, dict.fromkeys(range(4), 2), 2) == 2 * (10 + 900 + 10)
