"""The fewest moves a month needs, by an exact solver (HiGHS) over plain values; imports nothing of what it checks."""

from datetime import date
from itertools import pairwise, product

import highspy
from slow_planner import DAY, GAPS, Shop, World

Days = tuple[date, ...]


def fewest_moves(world: World, old: dict[str, set[date]]) -> int | None:
    """How many visits of the old plan must leave their day so that every owed visit stands; None where not all can.

    One binary for each chain of days of each shop; the loads of a day add up to one day at most.
    """
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    used: dict[date, list[tuple[object, float]]] = {}
    cost = []
    for shop in world.shops:
        chosen = []
        for chain in chains(world, shop):
            taken = model.addBinary()
            chosen.append(taken)
            away = len(set(chain) - old.get(shop.code, set()))
            new = max(0, len(chain) - len(old.get(shop.code, set())))
            cost.append((taken, max(0, away - new)))
            for day in chain:
                used.setdefault(day, []).append((taken, float(150 * world.load(shop))))
        if not chosen:
            return None
        model.addConstr(sum(chosen) == 1)
    for day, loads in used.items():
        standing = sum(float(150 * world.load(shop)) for shop in world.shops for kept in shop.fixed if kept == day)
        model.addConstr(sum(load * taken for taken, load in loads) <= 150 - standing)
    if not cost:
        return 0
    model.minimize(sum(price * taken for taken, price in cost))
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return round(model.getObjectiveValue())


def chains(world: World, shop: Shop) -> list[Days]:
    """All ways to let every owed visit of a shop stand, gaps to each other and to what stays included."""
    least, most, _ = GAPS[shop.frequency]
    days = [near(world, shop, world.possible(shop, window)) for window in world.windows(shop)]
    return [
        chain
        for chain in product(*days)
        if all(
            one < other
            and least <= world.gap(one, other)
            and (world.gap(one, other) <= most or any(one < kept < other for kept in shop.fixed))
            for one, other in pairwise(chain)
        )
    ]


def near(world: World, shop: Shop, days: list[date]) -> list[date]:
    """The days not too late after, or too early before, what stays beside them; all of them where none is: late is
    better than never.
    """
    _, most, _ = GAPS[shop.frequency]
    kept = [day for day in shop.fixed if (day.year, day.month) == (world.year, world.month)]
    if shop.frequency == "weekly" and days:
        monday = days[0] - DAY * days[0].weekday()
        weeks = world.owed_weeks()
        at = weeks.index(monday)
        before = [day for day in kept if at and weeks[at - 1] <= day < weeks[at - 1] + 7 * DAY]
        after = [day for day in kept if at + 1 < len(weeks) and weeks[at + 1] <= day < weeks[at + 1] + 7 * DAY]
        kept = sorted(before)[-1:] + sorted(after)[:1]
    return [day for day in days if all(world.gap(day, other) <= most for other in kept)] or days
