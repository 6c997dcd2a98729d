"""Ways between shops that somebody gave: which can be, which still hold, and how the ways of a road were had.

All limits are our default.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from crmkit.model.customer import Customer, Place
from crmkit.model.distance import Given, GivenWay, Had, Pair, Ways, WaysHad
from crmkit.rules.routing import metres_between

MOVED_METRES = 100  # a shop whose place moved further stands elsewhere; a road this much shorter than the air is a slip
LONGEST_METRES = 2_000_000


def pair_of(one: int, other: int) -> Pair:
    """Two customers as a way is kept for them."""
    return (one, other) if one < other else (other, one)


def mean(there: int, back: int) -> int:
    """One length for a way that differs there and back: the mean, half a metre up. Nobody knows beforehand in which
    direction a tour takes it.
    """
    return (there + back + 1) // 2


def too_short(metres: int, one: Place | None, other: Place | None) -> int | None:
    """The straight line in metres where no road can be so short; None where it can, or a place is not known."""
    if one is None or other is None:
        return None
    straight = metres_between(one, other)
    return straight if metres + MOVED_METRES < straight else None


def can_be_zero(one: Place | None, other: Place | None) -> bool:
    """Are two shops known to stand in one place?"""
    return one is not None and other is not None and metres_between(one, other) <= MOVED_METRES


def usable(ways: Iterable[GivenWay], customers: Mapping[int, Customer]) -> Ways:
    """The ways that hold. A way is stale once a shop's place has moved by more than 100 m from where it was when the
    way was given; a place that became known since makes it stale only where no road can be so short.
    """
    given: dict[Pair, int] = {}
    stale: dict[int, None] = {}
    for way in ways:
        moved = _moved(way, customers[way.one], customers[way.other])
        stale.update(dict.fromkeys(moved))
        if not moved:
            given[way.pair] = way.metres
    return Ways(given, tuple(sorted((customers[one] for one in stale), key=lambda one: one.code)))


def _moved(way: GivenWay, one: Customer, other: Customer) -> list[int]:
    ends = ((one, way.one_place), (other, way.other_place))
    moved = [shop.id for shop, then in ends if _is_elsewhere(then, shop.place)]
    if not moved and too_short(way.metres, one.place, other.place):
        moved = [shop.id for shop, then in ends if then is None]
    return moved


def _is_elsewhere(then: Place | None, now: Place | None) -> bool:
    return then is not None and now is not None and then != now and metres_between(then, now) > MOVED_METRES


def how_had(one: Customer, other: Customer, given: Given) -> Had:
    """How the way between two shops was had."""
    if pair_of(one.id, other.id) in given:
        return Had.GIVEN
    return Had.STRAIGHT if one.place and other.place else Had.ADDRESS


def ways_had(roads: Iterable[Sequence[Customer]], given: Given) -> WaysHad:
    """How the ways of some days were had, shop after shop."""
    found = [how_had(one, other, given) for road in roads for one, other in pairwise(road)]
    return WaysHad(found.count(Had.GIVEN), found.count(Had.STRAIGHT), found.count(Had.ADDRESS))
