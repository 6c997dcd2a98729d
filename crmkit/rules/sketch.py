"""The sketch of a day's road: where its shops lie to each other, north up, small enough for a sheet (our default).

No map: a degree of longitude is as wide as it is at the middle of the day, which within a day's road is exact enough.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, groupby
from math import cos, radians

from crmkit.model.customer import Customer, Place
from crmkit.model.sheet import Sketch
from crmkit.rules.routing import far_off

_METRES_OF_DEGREE = 111_195  # of latitude, on the sphere the routes are measured on
# a label in thousandths of the frame, as report/templates/sketch.typ draws it 90 mm high
_LABEL_TALL, _LETTER, _EDGE = 52, 19, 22
_BARS = tuple(first * 10**power for power in range(1, 6) for first in (1, 2, 5))  # metres, round
_WIDEST = 2000  # thousandths across for 1000 down: the shape of the room on the paper


Spot = tuple[tuple[int, ...], int, int]


def sketch_of(shops: Sequence[Customer]) -> Sketch | None:
    """The sketch of shops in the order of the road, numbered from 1; None where fewer than two have a place."""
    away = {customer.id for customer in far_off(shops)}
    places = {number: shop.place for number, shop in enumerate(shops, start=1) if shop.place and shop.id not in away}
    if len(places) < 2:
        return None
    points = _metres(places)
    wide, tall = (max(axis) for axis in zip(*points.values(), strict=True))
    size = max(-(-wide * 1000 // _WIDEST), tall, 1)  # metres of 1000 thousandths
    scaled = {number: (1000 * x // size, 1000 * y // size) for number, (x, y) in points.items()}
    spots = _together(scaled)
    at = {number: place for place, (numbers, _x, _y) in enumerate(spots) for number in numbers}
    return Sketch(
        spots=tuple((label_of(numbers), x, y) for numbers, x, y in spots),
        way=tuple(place for place, _same in groupby(at[number] for number in places)),
        wide=1000 * wide // size,
        tall=1000 * tall // size,
        metres=size,
        bar=max((bar for bar in _BARS if bar * 4 <= size), default=_BARS[0]),
        beside=tuple(number for number in range(1, len(shops) + 1) if number not in places),
    )


def _metres(places: Mapping[int, Place]) -> dict[int, tuple[int, int]]:
    """Metres east of the most western place and south of the most northern one."""
    west = min(place.longitude_e6 for place in places.values())
    north = max(place.latitude_e6 for place in places.values())
    south = min(place.latitude_e6 for place in places.values())
    narrow = round(1_000_000 * cos(radians((north + south) / 2e6)))
    return {
        number: (
            (place.longitude_e6 - west) * narrow // 1_000_000 * _METRES_OF_DEGREE // 1_000_000,
            (north - place.latitude_e6) * _METRES_OF_DEGREE // 1_000_000,
        )
        for number, place in places.items()
    }


def _together(points: Mapping[int, tuple[int, int]]) -> list[Spot]:
    """Numbers whose labels would lie on each other share one label in their middle."""
    spots: list[Spot] = [((number,), x, y) for number, (x, y) in points.items()]
    while pair := next((pair for pair in combinations(spots, 2) if _overlap(*pair)), None):
        numbers = tuple(sorted((*pair[0][0], *pair[1][0])))
        xs, ys = zip(*(points[number] for number in numbers), strict=True)
        joined = (numbers, sum(xs) // len(numbers), sum(ys) // len(numbers))
        spots = [joined if spot is pair[0] else spot for spot in spots if spot is not pair[1]]
    return spots


def _overlap(one: Spot, other: Spot) -> bool:
    across = (_label_wide(one) + _label_wide(other)) // 2
    return abs(one[1] - other[1]) < across and abs(one[2] - other[2]) < _LABEL_TALL


def _label_wide(spot: Spot) -> int:
    return max(_LABEL_TALL, _EDGE + _LETTER * len(label_of(spot[0])))


def label_of(numbers: Sequence[int]) -> str:
    """1-4·7: runs of numbers by their ends."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "·".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)
