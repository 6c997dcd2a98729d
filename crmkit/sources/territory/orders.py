"""Weekly orders of the invented shops: season, noise and each shop's story, in whole cartons.

A shop keeps its assortment. What it needs of each product adds up from week to week, and it orders the products it
lacks most: so months differ by their season and their story, hardly by rounding.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from crmkit.model.month import Month
from crmkit.sources.territory.dice import Dice
from crmkit.sources.territory.products import Article
from crmkit.sources.territory.seasons import demand, order_days
from crmkit.sources.territory.shops import Shop, Story

HISTORY_MONTHS = 14  # complete months before the planned one: M-1 and M-2 each with the same month last year

# Demand by story and months before M (1 = M-1), in permil; months not named are ordinary, 0 = no order.
_LEVELS: dict[Story, dict[int, int]] = {
    Story.DECLINING: {0: 560, 1: 560, 2: 820, 3: 930},
    Story.STOPPED: {0: 0, 1: 0, 2: 900},
    Story.SUSPENDED: {0: 0, 1: 0, 2: 0},
    Story.GROWING: {0: 1250, 1: 1200, 2: 1120, 3: 1060},
}
_DOWNGRADED = {0: 250, 1: 250, 2: 700}  # weight of the dear goods, in permil
_NOISE = 90  # a week's demand lies within this permil of the expected
_TREND = 4  # a shop grows or shrinks by up to this permil a month
_RETURNED = 4  # orders followed by a return, in permil
# How the weight of an assortment spreads over 一类 … 五类 and the rest, by market and grade.
_TASTES = {
    (False, False): (26, 20, 38, 11, 4, 1),
    (False, True): (46, 22, 26, 4, 1, 1),
    (True, False): (9, 13, 42, 23, 12, 1),
    (True, True): (20, 20, 40, 14, 5, 1),
}
_CLASSES = ("一类", "二类", "三类", "四类", "五类")
_HIGH_GRADE = 16
_LONGEST_GAP = 14  # days of demand one order may cover


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
    first = month.plus(-HISTORY_MONTHS).first
    lines = [line for shop in shops for line in _Buyer(seed, shop, month, articles, pool).lines(first, last)]
    lines.sort()
    return lines


def _pool(articles: tuple[Article, ...]) -> dict[str, list[Article]]:
    """What a shop can put on its shelf today, by price class; the last class holds cigars and the rest."""
    pool: dict[str, list[Article]] = {}
    for article in articles:
        if article.ended_on is None:
            group = article.price_class if article.price_class in _CLASSES else ""
            pool.setdefault(group, []).append(article)
    return pool


class _Buyer:
    """One shop and its shelf."""

    def __init__(
        self, seed: int, shop: Shop, month: Month, articles: tuple[Article, ...], pool: dict[str, list[Article]]
    ) -> None:
        self._shop = shop
        self._month = month
        self._dice = Dice(seed, f"orders {shop.code}")
        self._slots = self._shelf(articles, pool)
        self._lines_per_order = len(self._slots) * 55 // 100
        self._trend = self._dice.between(-_TREND, _TREND)
        self._fill = self._dice.between(600, 980)  # ordered ÷ allowed, permil

    def _shelf(self, articles: tuple[Article, ...], pool: dict[str, list[Article]]) -> list[Slot]:
        taste = _TASTES[self._shop.rural, self._shop.grade >= _HIGH_GRADE]
        size = 8 + self._shop.grade // 4 + self._dice.between(-1, 1)
        chosen: dict[str, Slot] = {}
        while len(chosen) < size:
            group = self._dice.weighted(taste)
            goods = pool["" if group == len(_CLASSES) else _CLASSES[group]]
            article = goods[self._dice.weighted([good.popularity for good in goods])]
            if article.code not in chosen:
                before = None if article.follows is None else articles[article.follows]
                weight = 1 + taste[group] * self._dice.between(60, 140) // 100
                chosen[article.code] = Slot(article, before, before.ended_on if before else None, weight)
        return list(chosen.values())

    def lines(self, first: date, last: date) -> Iterator[OrderLine]:
        """The shop's lines in order of time. The dice fall the same whatever `last` is."""
        lacking = [self._dice.below(2000) * w * self._shop.appetite // 1000 // self._weight for w in self._weights(9)]
        previous: date | None = None
        for day in order_days(max(first, self._shop.opened_on), last, self._shop.neighbourhood.weekday):
            noise = self._dice.between(1000 - _NOISE, 1000 + _NOISE)
            postponed = day.day <= 14 and self._dice.chance(8)
            amount = self._wanted(day, noise, _covered(previous, day))
            previous = day
            self._add(lacking, amount, self._months_before(day))
            if not postponed and amount:
                yield from self._order(day, lacking)

    @property
    def _weight(self) -> int:
        return sum(slot.weight for slot in self._slots)

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

    def _wanted(self, day: date, noise: int, days: int) -> int:
        """Thousandths of a carton needed since the last order."""
        shop, ago = self._shop, self._months_before(day)
        level = _LEVELS.get(shop.story, {}).get(ago, 1000)
        if shop.closed_on and day >= shop.closed_on:
            level = 0
        trend = 1000 + self._trend * (HISTORY_MONTHS - ago)
        wanted = shop.appetite * level // 1000 * trend // 1000 * noise // 1000
        return wanted * demand(day, shop.rural) // 1000 * days // 7

    def _add(self, lacking: list[int], amount: int, months_before: int) -> None:
        weights = self._weights(months_before)
        total = sum(weights)
        for place, weight in enumerate(weights):
            lacking[place] += amount * weight // total

    def _order(self, day: date, lacking: list[int]) -> Iterator[OrderLine]:
        """Order whole cartons of what is lacking most; now and then a carton goes back with the next order."""
        ranked = sorted(range(len(lacking)), key=lambda place: (-lacking[place], place))
        wanted = sorted(place for place in ranked[: self._lines_per_order] if lacking[place] >= 1000)
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


def _covered(previous: date | None, day: date) -> int:
    """Days of demand an order covers: a pause is only partly made up."""
    return 7 if previous is None else min(_LONGEST_GAP, max(7, (day - previous).days))
