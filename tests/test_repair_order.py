"""The order of the repairs, day by day: nobody is called while a cheaper call would let him be visited there."""

from datetime import date, timedelta
from random import Random

import pytest
from slow_planner import GAPS, World, complaints
from test_planning_law import answer_of, policy, span_of, territory, world_of

from crmkit.model.calendar import DayOff
from crmkit.model.month import Month
from crmkit.model.planning import MonthVisits
from crmkit.rules.planning import state_problem
from crmkit.rules.settling import settle
from crmkit.solvers.balanced import BalancedSolver

KIND = {"twice_monthly": 0, "monthly": 1, "weekly": 2}


@pytest.mark.parametrize("seed", range(12))
def test_no_dearer_call_where_a_cheaper_one_would_do(seed: int) -> None:
    random = Random(seed)
    rooms = random.choice([3, 4, 5])
    off = tuple(DayOff(date(2026, 3, day), 1, "假") for day in random.sample(range(9, 28), random.choice([0, 1, 3])))
    clients, span = territory(60, seed), span_of(Month(2026, 3), policy(rooms, rooms), off)
    result = settle(state_problem(span, clients, []), BalancedSolver(), seed=1, effort=20)
    world = world_of(span, clients, [])
    assert complaints(world, answer_of(result, clients)) == []
    assert any(repair for repair in result.repairs)
    assert _wrong_calls(world, result) == []


def _wrong_calls(world: World, result: MonthVisits) -> list[str]:
    """Calls of a dearer kind on whose possible days a cheaper kind is visited in the shop."""
    shops = {int(shop.code) + 1: shop for shop in world.shops}  # as the territory numbers them
    mine: dict[int, list[date]] = {}
    for visit in result.visits:
        mine.setdefault(visit.customer, []).append(visit.day)
    found = []
    for repair in result.repairs:
        shop = shops[repair.customer]
        call = next(v for v in result.visits if (v.customer, v.number) == (repair.customer, repair.number))
        rest = [day for day in mine[repair.customer] if day != call.day]
        for visit in result.visits:
            other = shops[visit.customer]
            if visit.method != "onsite" or KIND[other.frequency] >= KIND[shop.frequency]:
                continue
            first_of_two = other.frequency == "twice_monthly" and visit.number == 1
            fits = world.load(other) >= world.load(shop) and _may(world, shop.frequency, visit.day, rest, repair.week)
            if fits and not first_of_two:
                found.append(f"{shop.code} is called, {other.code} visited on {visit.day}")
    return found


def _may(world: World, frequency: str, day: date, rest: list[date], week: date | None) -> bool:
    """Does a visit on that day keep the gaps to the customer's others, and lie in its week?"""
    least, most, _ = GAPS[frequency]
    if week is not None and not week <= day < week + timedelta(days=7):
        return False
    before = max((other for other in rest if other < day), default=None)
    after = min((other for other in rest if other > day), default=None)
    gaps = [world.gap(before, day)] if before else []
    gaps += [world.gap(day, after)] if after else []
    return day not in rest and all(least <= gap <= most for gap in gaps)
