"""Weekly orders of the invented shops: season, noise and each shop's story, in whole cartons.

A shop keeps its assortment. What it needs of each product adds up from week to week, and it orders the
products it has lacked longest; the last order of a month fills every gap. So months differ by their season
and their story, hardly by rounding.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from crmkit.model.month import Month
from crmkit.sources.territory.dice import Dice
from crmkit.sources.territory.products import Article
from crmkit.sources.territory.seasons import demand, month_demand, order_days
from crmkit.sources.territory.shops import Shop, Story

HISTORY_MONTHS = 14  # complete months before the planned one: M-1 and M-2 each with the same month last year

# Demand by story and months before M (1 = M-1), in permil; months not named are ordinary, 0 = no order.
_LEVELS: dict[Story, dict[int, int]] = {
    Story.DECLINING: {0: 560, 1: 560, 2: 820, 3: 930},
    Story.STOPPED: {0: 0, 1: 0, 2: 900},
    Story.SUSPENDED: {0: 0, 1: 0, 2: 0, 3: 0},
    Story.GROWING: {0: 1250, 1: 1200, 2: 1120, 3: 1060},
}
_DOWNGRADED = {0: 250, 1: 250, 2: 700}  # weight of the dear goods, in permil
_NOISE = 90  # a week's demand lies within this permil of the expected
_TREND = 4  # a shop grows or shrinks by up to this permil a month
_RETURNED = 4  # orders followed by a return, in permil
# How the weight of an assortment spreads over 一类 … 五类 and the rest, by market and grade.
_TASTES = {
    (False, False): (26, 20, 38, 12, 4, 0),
    (False, True): (46, 22, 26, 4, 1, 1),
    (True, False): (9, 13, 42, 24, 12, 0),
    (True, True): (20, 20, 40, 14, 5, 1),
}
_CLASSES = ("一类", "二类", "三类", "四类", "五类")
_HIGH_GRADE = 16
_POSTPONED = 8  # orders of the first two weeks of a month left to the next, in permil
_Pool = dict[str, list[Article]]  # what can be put on a shelf, by price class


class Slot(NamedTuple):
    """A place on a shop's shelf: what stands there, and what stood there until its end."""

    article: Article
    before: Article | None
    until: date | None
    weight: int

    def on(self, day: date) -> Article:
        """The product sold in this place on a day."""
        return self.before if self.before and self.until and day < self.until else self.article


class OrderLine(NamedTuple):
    """One line of an order before orders are numbered. `allowed` is None where no quantity is set."""

    day: date
    customer: str
    returned: bool
    number: int
    product: str
    cartons: int
    amount: int  # fen
    allowed: int | None


def order_lines(
    seed: int, month: Month, shops: tuple[Shop, ...], articles: tuple[Article, ...], last: date
) -> list[OrderLine]:
    """All lines from 14 months before the planned month up to `last`, by day, customer and line number."""
    pool = _pool(articles)
    first = month.plus(-HISTORY_MONTHS)
    lines = [line for shop in shops for line in _Buyer(seed, shop, month, articles, pool).lines(first, last)]
    lines.sort()
    return lines


def _pool(articles: tuple[Article, ...]) -> _Pool:
    """What a shop can put on its shelf today, by price class; the last class holds cigars and the rest."""
    pool: _Pool = {}
    for article in articles:
        if article.ended_on is None:
            group = article.price_class if article.price_class in _CLASSES else ""
            pool.setdefault(group, []).append(article)
    return pool


class _Buyer:
    """One shop and its shelf."""

    def __init__(self, seed: int, shop: Shop, month: Month, articles: tuple[Article, ...], pool: _Pool) -> None:
        self._shop = shop
        self._month = month
        self._dice = Dice(seed, f"orders {shop.code}")
        self._slots = self._shelf(articles, pool)
        self._lines_per_order = len(self._slots) * 75 // 100
        self._trend = self._dice.between(-_TREND, _TREND)
        self._fill = self._dice.between(600, 980)  # ordered ÷ allowed, permil

    def _shelf(self, articles: tuple[Article, ...], pool: _Pool) -> list[Slot]:
        taste = _TASTES[self._shop.rural, self._shop.grade >= _HIGH_GRADE]
        size = 6 + self._shop.grade // 4 + self._dice.between(-1, 1)
        chosen: dict[str, Slot] = {}
        while len(chosen) < size:
            group = self._dice.weighted(taste)
            goods = pool["" if group == len(_CLASSES) else _CLASSES[group]]
            article = goods[self._dice.weighted([good.popularity for good in goods])]
            if article.code not in chosen:
                before = None if article.follows is None else articles[article.follows]
                weight = (12 + taste[group]) * self._dice.between(70, 130)
                chosen[article.code] = Slot(article, before, before.ended_on if before else None, weight)
        return list(chosen.values())

    def lines(self, first: Month, last: date) -> Iterator[OrderLine]:
        """The shop's lines in order of time. The dice fall the same whatever `last` is."""
        lacking = self._lacking_at_first()
        month = first
        while month.first <= last:
            yield from self._month_lines(month, last, lacking)
            month = month.next

    def _month_lines(self, month: Month, last: date, lacking: list[int]) -> Iterator[OrderLine]:
        """A month's orders. A quarter of the need follows the month, not the number of its orders: a shop whose
        ordering day comes five times buys more than one with four, but not quite a quarter more.
        """
        days = order_days(month, self._shop.neighbourhood.weekday)
        total = sum(demand(day, self._shop.rural) for day in days)
        share = 3 * total + month_demand(month, self._shop.rural)
        for day in days:
            if not self._shop.opened_on <= day <= last:
                continue
            noise = self._dice.between(1000 - _NOISE, 1000 + _NOISE)
            postponed = day.day <= 14 and self._dice.chance(_POSTPONED) and len(days) > 3
            wanted = self._needed(day) * noise // 1000 * share // (4 * total)
            self._add(lacking, wanted, self._months_before(day))
            if wanted and not postponed:
                yield from self._order(day, lacking, len(lacking) if day == days[-1] else self._lines_per_order)

    def _lacking_at_first(self) -> list[int]:
        """Up to two weeks' demand of each product: as in the middle of a run, so that it starts evenly."""
        total = sum(slot.weight for slot in self._slots)
        return [self._dice.below(2 * self._shop.appetite) * slot.weight // total for slot in self._slots]

    def _months_before(self, day: date) -> int:
        return (self._month.year - day.year) * 12 + self._month.number - day.month

    def _weights(self, months_before: int) -> list[int]:
        """Weight of each place on the shelf; a downgrading shop turns from the dear half to the cheap one."""
        plain = [slot.weight * 1000 for slot in self._slots]
        if self._shop.story is not Story.DOWNGRADING:
            return plain
        permil = _DOWNGRADED.get(months_before, 1000)
        prices = sorted(slot.article.price for slot in self._slots)
        middle = prices[len(prices) // 2]
        return [
            weight // 1000 * (permil if slot.article.price >= middle else 1000)
            for weight, slot in zip(plain, self._slots, strict=True)
        ]

    def _needed(self, day: date) -> int:
        """Thousandths of a carton needed with the order of a day, as season and story stand."""
        shop, ago = self._shop, self._months_before(day)
        level = _LEVELS.get(shop.story, {}).get(ago, 1000)
        if shop.closed_on and day >= shop.closed_on:
            level = 0
        trend = 1000 + self._trend * (HISTORY_MONTHS - ago)
        return shop.appetite * demand(day, shop.rural) // 1000 * level // 1000 * trend // 1000

    def _add(self, lacking: list[int], amount: int, months_before: int) -> None:
        weights = self._weights(months_before)
        total = sum(weights)
        for place, weight in enumerate(weights):
            lacking[place] += amount * weight // total

    def _order(self, day: date, lacking: list[int], most: int) -> Iterator[OrderLine]:
        """Whole cartons of what is lacking longest, at most so many lines; now and then a carton goes back."""
        waiting = [need * 1000 // slot.weight for need, slot in zip(lacking, self._slots, strict=True)]
        ranked = sorted(range(len(lacking)), key=lambda place: (-waiting[place], place))
        wanted = sorted(place for place in ranked[:most] if lacking[place] >= 1000)
        for number, place in enumerate(wanted, start=1):
            cartons = lacking[place] // 1000
            lacking[place] -= cartons * 1000
            yield self._line(day, number, self._slots[place].on(day), cartons)
        if wanted and self._dice.chance(_RETURNED):
            yield self._line(day, 1, self._slots[wanted[0]].on(day), -1)

    def _line(self, day: date, number: int, article: Article, cartons: int) -> OrderLine:
        allowed = None
        if cartons > 0 and article.limited:
            allowed = max(cartons, cartons * 1000 // (self._fill + self._dice.between(-60, 20)))
        return OrderLine(
            day, self._shop.code, cartons < 0, number, article.code, cartons, cartons * article.price, allowed
        )
