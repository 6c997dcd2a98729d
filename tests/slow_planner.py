"""A slow judge of month plans: naive code over plain values, importing nothing of what it judges.

It reads the rules from method.md §4 anew: what is owed, gaps in working days counted one by one, room in fractions.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product

DAY = timedelta(days=1)
GAPS = {"weekly": (3, 9, 3), "twice_monthly": (6, 14, 5), "monthly": (8, 99, 8)}  # least, most, border


@dataclass
class Shop:
    code: str
    frequency: str
    urban: bool
    closed: tuple[int, ...] = ()
    fixed: list[date] = field(default_factory=list)  # visits made or kept, of any month


@dataclass
class Plan:
    """What the planner answered: visits (code → [(day, by phone)]), and what it named as standing nowhere."""

    visits: dict[str, list[tuple[date, bool]]]
    unfit: dict[str, list[tuple[date | None, str]]]


@dataclass
class World:
    year: int
    month: int
    working: set[date]
    absent: set[date]
    opening: int
    start: date
    urban_room: int
    rural_room: int
    shops: list[Shop]

    def days_of_month(self, year: int, month: int) -> list[date]:
        day, found = date(year, month, 1), []
        while day.month == month:
            found.append(day)
            day += DAY
        return found

    def after_opening(self, year: int, month: int) -> list[date]:
        return [day for day in self.days_of_month(year, month) if day in self.working][self.opening :]

    def gap(self, one: date, other: date) -> int:
        """Working days passed from one date to a later one; a day without work belongs to the working day before."""
        low, high = min(one, other), max(one, other)
        count, day = 0, low + DAY
        while day <= high:
            count += day in self.working
            day += DAY
        return count

    def owed_weeks(self) -> list[date]:
        mine = self.after_opening(self.year, self.month)
        before = date(self.year, self.month, 1) - DAY
        theirs = self.after_opening(before.year, before.month)
        weeks = sorted({day - DAY * day.weekday() for day in self.days_of_month(self.year, self.month)})
        return [
            week
            for week in weeks
            if sum(day - DAY * day.weekday() == week for day in mine) >= 3
            and sum(day - DAY * day.weekday() == week for day in theirs) < 3
        ]

    def windows(self, shop: Shop) -> list[list[date]]:
        """One list of official days for each visit still owed."""
        mine = [day for day in self.after_opening(self.year, self.month) if day >= self.start]
        kept = [day for day in shop.fixed if (day.year, day.month) == (self.year, self.month)]
        if shop.frequency == "weekly":
            weeks = [[day for day in mine if week <= day <= week + 6 * DAY] for week in self.owed_weeks()]
            done = [any(week <= day <= week + 6 * DAY for day in kept) for week in self.owed_weeks()]
            return [days for days, over in zip(weeks, done, strict=True) if days and not over]
        total = {"twice_monthly": 2, "monthly": 1}[shop.frequency]
        return [mine] * max(0, total - len(kept)) if mine else []

    def possible(self, shop: Shop, window: list[date]) -> list[date]:
        """Days of a window on which a new visit keeps the lower gap to everything made or kept."""
        least, _, border = GAPS[shop.frequency]
        return [
            day
            for day in window
            if day not in self.absent
            and day.isoweekday() not in shop.closed
            and all(
                self.gap(day, kept) >= (least if (kept.year, kept.month) == (self.year, self.month) else border)
                for kept in shop.fixed
            )
        ]

    def load(self, shop: Shop) -> Fraction:
        return Fraction(1, self.urban_room if shop.urban else self.rural_room)


def complaints(world: World, plan: Plan) -> list[str]:
    """Everything that is wrong with a plan; nothing, when it is right."""
    found = []
    for shop in world.shops:
        found += _judge_days(world, shop, plan)
        found += _judge_owing(world, shop, plan)
        found += _judge_gaps(world, shop, plan)
        found += _judge_unfit(world, shop, plan)
    return found + _judge_room(world, plan)


def _new(plan: Plan, shop: Shop) -> list[date]:
    return sorted(day for day, _ in plan.visits.get(shop.code, []))


def _judge_days(world: World, shop: Shop, plan: Plan) -> list[str]:
    allowed = {day for day in world.after_opening(world.year, world.month) if day >= world.start} - world.absent
    days = _new(plan, shop)
    found = [f"{shop.code} on {day}: no day for visits" for day in days if day not in allowed]
    found += [f"{shop.code} on {day}: shut" for day in days if day.isoweekday() in shop.closed]
    if len(set(days) | set(shop.fixed)) < len(days) + len(set(shop.fixed)):
        found.append(f"{shop.code}: twice on a day")
    return found


def _judge_owing(world: World, shop: Shop, plan: Plan) -> list[str]:
    windows, days = world.windows(shop), _new(plan, shop)
    named = len(plan.unfit.get(shop.code, []))
    found = []
    if len(days) + named != len(windows):
        found.append(f"{shop.code}: owed {len(windows)}, planned {len(days)}, named {named}")
    if shop.frequency == "weekly":
        held = [sum(window[0] <= day <= window[-1] for day in days) for window in windows]
        if any(count > 1 for count in held) or sum(held) != len(days):
            found.append(f"{shop.code}: not one a week")
    return found


def _judge_gaps(world: World, shop: Shop, plan: Plan) -> list[str]:
    least, most, border = GAPS[shop.frequency]
    month = (world.year, world.month)
    new = _new(plan, shop)
    every = sorted([(day, True) for day in new] + [(day, False) for day in shop.fixed])
    found = []
    for (one, one_new), (other, other_new) in pairwise(every):
        if not (one_new or other_new):
            continue
        both_mine = (one.year, one.month) == month == (other.year, other.month)
        gap = world.gap(one, other)
        if gap < (least if both_mine else border):
            found.append(f"{shop.code}: {one} and {other} are {gap} apart")
        if gap > most and one_new and other_new and not _between(world, shop, plan, one, other):
            found.append(f"{shop.code}: {one} and {other} are {gap} apart, more than {most}")
    return found


def _between(world: World, shop: Shop, plan: Plan, one: date, other: date) -> bool:
    """Is an owed visit between the two named as standing nowhere?"""
    return any(week is not None and one < week <= other for week, _ in plan.unfit.get(shop.code, []))


def _judge_unfit(world: World, shop: Shop, plan: Plan) -> list[str]:
    """A visit named for another reason than room must be impossible for this customer alone."""
    named = [why for _, why in plan.unfit.get(shop.code, [])]
    if not named or "room" in named:
        return []
    _, most, _ = GAPS[shop.frequency]
    least = GAPS[shop.frequency][0]
    windows = world.windows(shop)
    if len(windows) > 5:
        return []
    for chain in product(*(world.possible(shop, window) for window in windows)):
        gaps = [world.gap(one, other) if one < other else -1 for one, other in pairwise(chain)]
        if all(least <= gap <= most for gap in gaps):
            return [f"{shop.code}: {named} named, but {chain} would do"]
    return []


def _judge_room(world: World, plan: Plan) -> list[str]:
    used: dict[date, Fraction] = {}
    standing: dict[date, Fraction] = {}
    for shop in world.shops:
        for day, phone in plan.visits.get(shop.code, []):
            used[day] = used.get(day, Fraction()) + (0 if phone else world.load(shop))
        for day in shop.fixed:
            standing[day] = standing.get(day, Fraction()) + world.load(shop)
    found = []
    for day, load in used.items():
        if load and load + standing.get(day, Fraction()) > 1:
            found.append(f"{day}: {load + standing.get(day, Fraction())} of a day")
    return found + _judge_left_room(world, plan, used, standing)


def _judge_left_room(world: World, plan: Plan, used: dict[date, Fraction], standing: dict[date, Fraction]) -> list[str]:
    """No visit may be named for want of room, or be a phone call, where its day has room."""
    found = []
    for shop in world.shops:
        for day, phone in plan.visits.get(shop.code, []):
            if phone and used[day] + standing.get(day, Fraction()) + world.load(shop) <= 1:
                found.append(f"{shop.code}: by phone on {day}, which has room")
    return found


def all_fit(world: World) -> bool:
    """Can every owed visit stand as a real visit? Tries everything: only for very small worlds."""
    choices = []
    for shop in world.shops:
        least, most, _ = GAPS[shop.frequency]
        chains = [
            chain
            for chain in product(*(world.possible(shop, window) for window in world.windows(shop)))
            if all(one < other and least <= world.gap(one, other) <= most for one, other in pairwise(chain))
        ]
        choices.append((world.load(shop), chains))
    choices.sort(key=lambda choice: len(choice[1]))
    used: dict[date, Fraction] = {}
    for shop in world.shops:
        for day in shop.fixed:
            used[day] = used.get(day, Fraction()) + world.load(shop)
    return _fits(choices, used)


def _fits(choices: list[tuple[Fraction, list[tuple[date, ...]]]], used: dict[date, Fraction]) -> bool:
    if not choices:
        return True
    load, chains = choices[0]
    for chain in chains:
        if all(used.get(day, Fraction()) + load <= 1 for day in chain):
            then = dict(used)
            for day in chain:
                then[day] = then.get(day, Fraction()) + load
            if _fits(choices[1:], then):
                return True
    return False
