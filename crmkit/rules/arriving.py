"""When the shops of a day are reached, and which of them are likely shut then (our defaults: the day's first hour is
the policy's, lunch comes after noon, the way to the first shop is not counted: nobody knows where the day begins).
"""

from collections.abc import Sequence
from itertools import pairwise

from crmkit.model.customer import Customer, MarketType
from crmkit.model.distance import NONE_GIVEN, Given
from crmkit.model.policy import CapacityPolicy
from crmkit.rules.routing import distances, seconds_of_road

_NOON = 12 * 60


def arrivals(
    shops: Sequence[Customer], keys: Sequence[bool], capacity: CapacityPolicy, given: Given = NONE_GIVEN
) -> tuple[int, ...]:
    """The minute of the day at which each shop is reached, in the order of the road."""
    if not shops:
        return ()
    metres = distances(shops, capacity.detour_percent, given)
    ways = [metres[a][b] for a, b in pairwise(range(len(shops)))]
    clock, eaten, found = 3600 * capacity.day_starts_hour, False, [60 * capacity.day_starts_hour]
    for shop, key, way in zip(shops, keys, ways, strict=False):
        clock += 60 * _minutes(shop, capacity, key=key) + seconds_of_road(capacity, way)
        if not eaten and clock >= 60 * _NOON:
            clock, eaten = clock + 60 * capacity.lunch_minutes, True
        found.append(clock // 60)
    return tuple(found)


def _minutes(shop: Customer, capacity: CapacityPolicy, *, key: bool) -> int:
    visit = capacity.urban_minutes if shop.market_type is MarketType.URBAN else capacity.rural_minutes
    return visit + (capacity.key_extra_minutes if key else 0)


def is_shut(hours: str | None, minute: int) -> bool:
    """Is a shop with these opening hours shut at that minute? One whose hours nobody knows is not."""
    spans = [span.split("-") for span in (hours or "").split(",") if span]
    return bool(spans) and not any(_minute(first) <= minute < _minute(last) for first, last in spans)


def clock_of(minute: int) -> str:
    """12:40; minutes beyond midnight stay on the day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)
