"""Ways between customers, in whole metres (planner.md: given ones, else great circle × detour, else addresses).

Coordinates become points on a sphere in whole millimetres and distances whole square roots: the same on every
machine. A customer without coordinates stands at the middle of his neighbourhood, or, where nobody there has
coordinates, beside those whose neighbourhood and address are nearest in the alphabet.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from itertools import pairwise
from math import cos, isqrt, radians, sin

from crmkit.model.customer import Customer, Place
from crmkit.model.distance import NONE_GIVEN, Given
from crmkit.model.planning import Metres
from crmkit.model.policy import CapacityPolicy

EARTH_MM = 6_371_008_800  # mean radius of the earth (IUGG)
UNKNOWN_METRES = 300  # from a customer whose place is only known by his neighbourhood or street [our default]
APART_METRES = 3_000  # between neighbourhoods of which no place is known [our default]

_STRAIGHT_MM = 9_900_000  # a chord so short is less than a millimetre shorter than its arc

Point = tuple[int, int, int]


def metres_between(one: Place, other: Place) -> int:
    """Great circle between two places in whole metres, rounded to the nearest."""
    return _arc(_point(one), _point(other))


def distances(customers: Sequence[Customer], detour_percent: int, given: Given = NONE_GIVEN) -> Metres:
    """The way from each customer to each in metres: the given one where there is one, else great circle plus the
    detour of streets; symmetric, 0 to itself. Rows are arrays: a list of whole numbers takes nine times the memory.
    """
    points = [_point(customer.place) if customer.place else None for customer in customers]
    if None in points:
        lower = _mixed_ways(customers, points, detour_percent)
    else:
        lower = _ways([point for point in points if point], detour_percent)
    _put_given(lower, customers, given)
    return tuple(array("i", [*row, 0, *(lower[b][a] for b in range(a + 1, len(lower)))]) for a, row in enumerate(lower))


def _put_given(lower: list["array[int]"], customers: Sequence[Customer], given: Given) -> None:
    """Write the given ways over the others. A customer may stand there twice."""
    places: dict[int, list[int]] = {}
    for at, customer in enumerate(customers):
        places.setdefault(customer.id, []).append(at)
    for (one, other), metres in given.items():
        for a in places.get(one, ()):
            for b in places.get(other, ()):
                lower[max(a, b)][min(a, b)] = metres


def _ways(points: list[Point], detour_percent: int) -> list["array[int]"]:
    """From each point to those before it. Written out for speed: a team of 5,000 customers has 12 million ways."""
    times = 100 + detour_percent
    return [
        array(
            "i",
            [
                _arc_metres(chord) * times // 100 if chord > _STRAIGHT_MM else (chord + 500) // 1000 * times // 100
                for u, v, w in points[:a]
                for chord in (isqrt((x - u) * (x - u) + (y - v) * (y - v) + (z - w) * (z - w)),)
            ],
        )
        for a, (x, y, z) in enumerate(points)
    ]


def _mixed_ways(customers: Sequence[Customer], points: list[Point | None], detour_percent: int) -> list["array[int]"]:
    """The same where some have no coordinates."""
    middles = _middles(customers, points)
    stand = [point or middles.get(_area(customer)) for customer, point in zip(customers, points, strict=True)]
    in_order = sorted(range(len(customers)), key=lambda at: _street(customers[at]))
    order = {at: place for place, at in enumerate(in_order)}

    def way(a: int, b: int) -> int:
        start, end = stand[a], stand[b]
        if start and end:
            unknown = UNKNOWN_METRES * ((points[a] is None) + (points[b] is None))
            return _arc(start, end) * (100 + detour_percent) // 100 + unknown
        return _unmeasured(customers[a], customers[b], abs(order[a] - order[b]))

    return [array("i", [way(a, b) for b in range(a)]) for a in range(len(customers))]


def route_metres(metres: Sequence[Sequence[int]], order: Sequence[int]) -> int:
    """Metres of the open way through places of a matrix in this order."""
    return sum(metres[one][other] for one, other in pairwise(order))


def other_places(metres: Sequence[Sequence[int]], at: int) -> tuple[int, ...]:
    """What the stop in place `at` would add to the open way through the others at each place, its own included."""
    others = [stop for stop in range(len(metres)) if stop != at]
    if not others:
        return (0,)
    row = metres[at]
    between = [row[a] + row[b] - metres[a][b] for a, b in pairwise(others)]
    return (row[others[0]], *between, row[others[-1]])


def seconds_of_road(capacity: CapacityPolicy, metres: int) -> int:
    """What so many metres of road take at the policy's speed, rounded up."""
    return -(-metres * 18 // (5 * capacity.speed_kmh))


def road_metres(shops: Sequence[Customer], detour_percent: int, given: Given = NONE_GIVEN) -> int | None:
    """The way from the first shop to the last in this order; None where no shop has coordinates and no way is given.

    A shop without any is taken to stand in the middle of its neighbourhood, as in planning.
    """
    ids = {shop.id for shop in shops}
    known = any(shop.place for shop in shops) or any(ids.issuperset(pair) for pair in given)
    if len(shops) < 2 or not known:
        return None
    return route_metres(distances(shops, detour_percent, given), range(len(shops)))


def far_off(customers: Sequence[Customer], times: int = 20) -> tuple[Customer, ...]:
    """Customers whose coordinates lie far outside the area: more than `times` the median distance from
    its middle, and at least 20 km [our default]. They are named; their place is not used for the
    road.
    """
    placed = [customer for customer in customers if customer.place]
    if len(placed) < 3:
        return ()
    middle = Place(
        sorted(customer.place.latitude_e6 for customer in placed if customer.place)[len(placed) // 2],
        sorted(customer.place.longitude_e6 for customer in placed if customer.place)[len(placed) // 2],
    )
    away = {customer.id: metres_between(middle, customer.place) for customer in placed if customer.place}
    limit = max(20_000, times * sorted(away.values())[len(away) // 2])
    return tuple(customer for customer in placed if away[customer.id] > limit)


def _point(place: Place) -> Point:
    latitude, longitude = radians(place.latitude_e6 / 1e6), radians(place.longitude_e6 / 1e6)
    return (
        round(EARTH_MM * cos(latitude) * cos(longitude)),
        round(EARTH_MM * cos(latitude) * sin(longitude)),
        round(EARTH_MM * sin(latitude)),
    )


def _arc(one: Point, other: Point) -> int:
    """Metres along the sphere between two points on it."""
    return _arc_metres(isqrt(sum((a - b) ** 2 for a, b in zip(one, other, strict=True))))


def _arc_metres(chord: int) -> int:
    """Metres along the sphere, from the straight line through it in millimetres: chord + chord³ ÷ 24 r² (the next
    term is under a metre up to 1500 km).
    """
    return (chord + chord**3 // (24 * EARTH_MM**2) + 500) // 1000


def _area(customer: Customer) -> tuple[str, str]:
    return customer.city or "", customer.neighbourhood or ""


def _street(customer: Customer) -> tuple[str, str, tuple[tuple[str, int], ...], str]:
    return *_area(customer), along_the_street(customer.address or ""), customer.code


def along_the_street(address: str) -> tuple[tuple[str, int], ...]:
    """An address in the order of houses: 人民路2号 before 人民路12号, full-width digits read as digits."""
    parts = re.findall(r"([^0-9]*)([0-9]*)", unicodedata.normalize("NFKC", address))
    return tuple((words, int(number or 0)) for words, number in parts if words or number)


def _middles(customers: Sequence[Customer], points: Sequence[Point | None]) -> dict[tuple[str, str], Point]:
    """The middle of the known points of each neighbourhood (of each city, where no neighbourhood is
    named).
    """
    known: dict[tuple[str, str], list[Point]] = {}
    for customer, point in zip(customers, points, strict=True):
        if point and _area(customer) != ("", ""):
            known.setdefault(_area(customer), []).append(point)
    return {
        area: (
            sum(point[0] for point in found) // len(found),
            sum(point[1] for point in found) // len(found),
            sum(point[2] for point in found) // len(found),
        )
        for area, found in known.items()
    }


def _unmeasured(one: Customer, other: Customer, apart: int) -> int:
    """A way nobody can measure: short within a neighbourhood, in the order of the streets."""
    base = UNKNOWN_METRES if _area(one) == _area(other) else APART_METRES
    return base + 10 * min(apart, 100)
