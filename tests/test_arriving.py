"""When shops are reached, which are shut then, and what a shop adds to the road at each place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.model.customer import Customer, MarketType, Place
from crmkit.rules.arriving import arrivals, clock_of, is_shut
from crmkit.rules.routing import other_places
from crmkit.sources.policy import shipped_policy

CAPACITY = shipped_policy().capacity


def shop(number: int, market: MarketType = MarketType.URBAN) -> Customer:
    return Customer(number, f"{number}", "店", market_type=market, place=Place(30_000_000, 114_000_000))


def test_the_first_shop_opens_the_day_and_lunch_comes_after_noon() -> None:
    """Shops at one place, 12 minutes each: fifteen fit before noon, the next is reached after lunch."""
    found = arrivals([shop(n) for n in range(17)], [False] * 17, CAPACITY)
    assert [clock_of(minute) for minute in found[:3]] == ["09:00", "09:12", "09:24"]
    assert [clock_of(minute) for minute in found[14:]] == ["11:48", "13:00", "13:12"]


def test_a_key_customer_and_a_rural_one_take_longer() -> None:
    found = arrivals([shop(1), shop(2, MarketType.RURAL), shop(3)], [True, False, False], CAPACITY)
    assert found == (540, 557, 571)
    assert arrivals([], [], CAPACITY) == ()


@pytest.mark.parametrize(
    ("hours", "minute", "shut"),
    [
        ("09:00-12:00,14:00-21:30", 720, True),
        ("09:00-12:00,14:00-21:30", 719, False),
        ("09:00-12:00,14:00-21:30", 840, False),
        ("10:00-22:00", 599, True),
        ("00:00-24:00", 0, False),
        (None, 0, False),
        ("", 0, False),
    ],
)
def test_opening_hours(hours: str | None, minute: int, shut: bool) -> None:
    assert is_shut(hours, minute) is shut


@given(st.integers(2, 7), st.data())
def test_what_a_stop_adds_is_the_difference_of_two_roads(count: int, data: st.DataObject) -> None:
    metres = [[0] * count for _ in range(count)]
    for a in range(count):
        for b in range(a):
            metres[a][b] = metres[b][a] = data.draw(st.integers(0, 999))
    at = data.draw(st.integers(0, count - 1))
    others = [stop for stop in range(count) if stop != at]

    def length(order: list[int]) -> int:
        return sum(metres[a][b] for a, b in pairwise(order))

    ways = [length([*others[:place], at, *others[place:]]) - length(others) for place in range(count)]
    assert list(other_places(metres, at)) == ways


def test_a_shop_alone_adds_nothing() -> None:
    assert other_places([[0]], 0) == (0,)
