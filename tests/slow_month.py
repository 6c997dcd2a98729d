"""A slow second reading of a month on the Iowa files: naive code over the raw CSV, importing nothing of what it judges.

It reads method.md §4 anew (baselines, problems, key customers, operating effect, strategies, frequency) with exact
fractions, from stores.csv and sales.csv.gz as they are. A bottle takes the place of the carton.
"""

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

FIRST_MANAGER = {"DES MOINES", "WEST DES MOINES", "WINDSOR HEIGHTS", "CLIVE", "PLEASANT HILL"}
RURAL = {"ADEL", "BONDURANT", "BOONE", "CARLISLE", "INDIANOLA", "NEVADA", "NEWTON", "NORWALK", "PERRY", "POLK CITY"}
FEDERAL_HOLIDAYS_2022 = {  # as the Office of Personnel Management lists them, observed days
    date(2022, 1, 17), date(2022, 2, 21), date(2022, 5, 30), date(2022, 6, 20), date(2022, 7, 4),
    date(2022, 9, 5), date(2022, 10, 10), date(2022, 11, 11), date(2022, 11, 24), date(2022, 12, 26),
}  # fmt: skip
WEIGHTS = {"volume_growth": 25, "carton_value": 25, "products": 15}  # the items these files have data for


@dataclass
class Bought:
    """What one store bought in one month."""

    bottles: int = 0
    cents: int = 0
    items: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Raw:
    """The files as they are: stores by number, what each bought each month (1-12), and each day's bottles."""

    stores: dict[str, dict[str, str]]
    bought: dict[str, dict[int, Bought]]
    daily: dict[str, dict[str, int]]

    def of(self, store: str, month: int) -> Bought:
        return self.bought.get(store, {}).get(month) or Bought()

    def manager(self, store: str) -> str:
        return "CM1" if self.stores[store]["City"] in FIRST_MANAGER else "CM2"

    def rural(self, store: str) -> bool:
        return self.stores[store]["City"] in RURAL

    def owned(self, manager: str) -> list[str]:
        return sorted(store for store in self.stores if self.manager(store) == manager)

    def active(self, manager: str) -> list[str]:
        return [store for store in self.owned(manager) if self.stores[store]["Store Status"] == "A"]

    def ordered_between(self, first: date, last: date) -> set[str]:
        """Stores that took more bottles than they gave back, first and last day included."""
        begin, end = first.isoformat(), last.isoformat()
        sums = {store: sum(b for day, b in days.items() if begin <= day <= end) for store, days in self.daily.items()}
        return {store for store, bottles in sums.items() if bottles > 0}


def read_raw(folder: Path) -> Raw:
    with (folder / "stores.csv").open(encoding="utf-8", newline="") as stream:
        stores = {row["Store"]: row for row in csv.DictReader(stream)}
    bought: dict[str, dict[int, Bought]] = defaultdict(lambda: defaultdict(Bought))
    daily: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with gzip.open(folder / "sales.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        assert next(lines) == [
            "Invoice/Item Number", "Date", "Store Number", "Item Number", "Bottles Sold", "Sale (Dollars)"
        ]  # fmt: skip
        for _, day, store, item, bottles, dollars in lines:
            month = bought[store][int(day[5:7])]
            month.bottles += int(bottles)
            month.cents += _cents(dollars)
            month.items[item] += int(bottles)
            daily[store][day] += int(bottles)
    return Raw(stores, bought, daily)


def _cents(dollars: str) -> int:
    whole, _, rest = dollars.lstrip("-").partition(".")
    cents = int(whole) * 100 + int((rest + "00")[:2])
    return -cents if dollars.startswith("-") else cents


def working_days(month: int) -> int:
    day, count = date(2022, month, 1), 0
    while day.month == month:
        count += day.weekday() < 5 and day not in FEDERAL_HOLIDAYS_2022
        day += timedelta(days=1)
    return count


# problem customers and the key list


@dataclass
class Judged:
    """A candidate for the key list: its reasons, and the bottles it fell short by."""

    reasons: tuple[str, ...]
    lost: Fraction


def judge(raw: Raw, manager: str, valid: list[str], month: int) -> dict[str, Judged]:
    """Every valid store held against its own base in M-1, problem or none."""
    area = {m: sum(raw.of(store, m).bottles for store in raw.owned(manager)) for m in range(1, month)}
    return {store: _judge_one(raw, store, month, area) for store in valid}


def _judge_one(raw: Raw, store: str, month: int, area: dict[int, int]) -> Judged:
    now, before = raw.of(store, month - 1), raw.of(store, month - 2)
    known = sorted(m for m, bought in raw.bought.get(store, {}).items() if bought.items and m < month)
    base = list(range(known[0] + 1, month - 1)) if known else []
    if len(base) < 2:
        base = []
    expected = _expected(raw, store, month - 1, base, area)
    reasons = []
    if expected is not None and now.bottles <= Fraction(80, 100) * expected:
        reasons.append("relative_volume")
    if before.bottles > 0 >= now.bottles:
        reasons.append("stopped")
    worth, usual = _worth([now]), _worth([raw.of(store, m) for m in base])
    if worth is not None and usual is not None and usual > 0 and worth <= usual * Fraction(90, 100):
        reasons.append("carton_value_drop")
    short = (expected if expected is not None else Fraction(before.bottles)) - now.bottles
    return Judged(tuple(reasons), max(Fraction(0), short))


def _expected(raw: Raw, store: str, current: int, base: list[int], area: dict[int, int]) -> Fraction | None:
    own = sum(raw.of(store, m).bottles for m in base)
    whole = sum(area[m] for m in base)
    if not base or own <= 0 or whole <= 0 or area[current] <= 0:
        return None
    days = sum(working_days(m) for m in base)
    per_day = Fraction(own, days)
    tide = Fraction(area[current], working_days(current)) / Fraction(whole, days)
    return per_day * tide * working_days(current)


def _worth(months: list[Bought]) -> Fraction | None:
    bottles = sum(month.bottles for month in months)
    return Fraction(sum(month.cents for month in months), bottles) if bottles > 0 else None


def key_order(judged: dict[str, Judged]) -> list[str]:
    """Those with a reason: most reasons, most lost (to a thousandth, half up), code."""
    return sorted(
        (store for store, found in judged.items() if found.reasons),
        key=lambda store: (-len(judged[store].reasons), -thousandths(judged[store].lost), store),
    )


def thousandths(bottles: Fraction) -> int:
    doubled = bottles * 2000 + 1
    return doubled.numerator // doubled.denominator // 2


# operating effect and strategies


@dataclass
class Standing:
    """A store's effect of a month and what each item scored."""

    effect: Fraction
    items: dict[str, Fraction]


def effects(raw: Raw, valid: list[str], month: int) -> dict[str, Standing]:
    """By counting, for each store and item, how many of its peers stand below it and level with it."""
    values = {store: _values(raw, store, month) for store in valid}
    found = {}
    for store in valid:
        peers = [other for other in valid if raw.rural(other) == raw.rural(store)]
        if len(peers) < 8:
            peers = valid
        items = {}
        for item, value in values[store].items():
            column = [values[other][item] for other in peers if item in values[other]]
            below, level = sum(other < value for other in column), sum(other == value for other in column)
            items[item] = Fraction(2 * below + level, 2 * len(column)) * 100
        weight = sum(WEIGHTS[item] for item in items)
        found[store] = Standing(sum((WEIGHTS[i] * score for i, score in items.items()), Fraction(0)) / weight, items)
    return found


def _values(raw: Raw, store: str, month: int) -> dict[str, Fraction]:
    now, before = raw.of(store, month - 1), raw.of(store, month - 2)
    values = {"products": Fraction(sum(bottles > 0 for bottles in now.items.values()))}
    if before.bottles > 0:
        then = Fraction(before.bottles, working_days(month - 2))
        values["volume_growth"] = Fraction(now.bottles, working_days(month - 1)) / then - 1
    worth = _worth([now])
    if worth is not None:
        values["carton_value"] = worth
    return values


def strategies(standing: Standing, scores: dict[str, int]) -> set[tuple[str, str]]:
    """(origin, cause) of a store's strategies: its quadrant, each item below 40, each ability of 1 or 2."""
    weak = {("weak_effect", item) for item, score in standing.items.items() if score < 40}
    low = {("weak_ability", item) for item, score in scores.items() if score <= 2}
    return {("quadrant", "operating_state")} | weak | low


def quadrant(standing: Standing, scores: dict[str, int]) -> str:
    high, able = standing.effect >= 50, Fraction(sum(scores.values()) * 20, len(scores)) >= 60
    return {(True, True): "keep", (False, True): "unlock", (True, False): "coach", (False, False): "support"}[
        high, able
    ]


# frequency


def shares(others: int) -> tuple[int, int, int]:
    """20 % rounded half up weekly, 30 % rounded half up monthly, the rest twice a month."""
    weekly = (others * 20 + 50) // 100
    monthly = (others * 30 + 50) // 100
    return weekly, others - weekly - monthly, monthly


def frequencies(others: list[str], strategies_of: dict[str, int], bottles: dict[str, int]) -> dict[str, str]:
    """The frequency of everybody who is no key customer: one pick after the other, best of those left."""
    left, ranked = list(others), []
    while left:
        best = left[0]
        for store in left[1:]:
            mine, his = (strategies_of[store], max(0, bottles[store])), (strategies_of[best], max(0, bottles[best]))
            if mine > his or (mine == his and store < best):
                best = store
        ranked.append(best)
        left.remove(best)
    weekly, twice, monthly = shares(len(ranked))
    given = ["weekly"] * weekly + ["twice_monthly"] * twice + ["monthly"] * monthly
    return dict(zip(ranked, given, strict=True))
