"""Planning anew moves no more visits than it must: against an exact solver, and by cases one can count by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest
from exact_moves import fewest_moves
from slow_planner import complaints
from test_planning_law import MONTHS, ONSITE, answer_of, policy, span_of, world_of

from crmkit.model.calendar import DayOff
from crmkit.model.customer import Customer, Frequency, MarketType
from crmkit.model.planning import Client, MonthVisits, Solver, Standing
from crmkit.rules.calendar import visit_days
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem, steady
from crmkit.rules.settling import settle
from crmkit.solvers.balanced import BalancedSolver
from crmkit.solvers.moving import SteadySolver, least_moves
from crmkit.solvers.periodic import PeriodicSolver

CASES = 200


@dataclass
class Case:
    """A planned month to which something happened."""

    span: Span
    clients: list[Client]
    standing: list[Standing]
    old: dict[int, set[date]]

    def world_and_old(self) -> tuple[object, dict[str, set[date]]]:
        codes = {client.customer.id: client.customer.code for client in self.clients}
        return world_of(self.span, self.clients, self.standing), {codes[one]: days for one, days in self.old.items()}


def planned_anew(case: Case, solver: Solver, effort: int) -> MonthVisits:
    span = replace(case.span, policy=steady(case.span.policy))
    problem = state_problem(span, case.clients, case.standing, last_plan=case.old)
    return settle(problem, SteadySolver(solver), seed=3, effort=effort)


def moved(case: Case, plan: MonthVisits) -> int:
    """Visits of the old plan that left their day, counted from the answer alone."""
    count = 0
    for client in case.clients:
        old = case.old.get(client.customer.id, set())
        new = {visit.day for visit in plan.visits if visit.customer == client.customer.id}
        count += max(0, len(new - old) - max(0, len(new) - len(old)))
    return count


def case_of(random: Random) -> Case:
    """A small month, planned, then disturbed: sickness, a shut shop, a new shop, an appointment; days may be gone."""
    month = random.choice(MONTHS)
    rooms = random.choice([1, 2, 2, 3])
    rules = policy(rooms, max(1, rooms - random.randrange(2)), opening=random.choice([7, 9, 11]))
    clients = [_client(number, random) for number in range(random.randrange(3, 9))]
    before = span_of(month, rules)
    plan = settle(state_problem(before, clients, []), BalancedSolver(), seed=1, effort=20)
    days = list(visit_days(before.calendar, month, rules.month.opening_days))
    start = random.choice([days[0], days[0], days[len(days) // 3]])
    standing = [Standing(visit.customer, visit.day, ONSITE, made=True) for visit in plan.visits if visit.day < start]
    left = [day for day in days if day >= start]
    off: tuple[DayOff, ...] = ()
    if random.random() < 0.7:
        off = tuple(DayOff(day, 1, "病假") for day in random.sample(left, min(len(left), random.choice([1, 1, 2]))))
    if random.random() < 0.4:
        one = random.randrange(len(clients))
        shop = replace(clients[one].customer, closed_weekdays=tuple(random.sample(range(1, 6), random.choice([1, 2]))))
        clients[one] = replace(clients[one], customer=shop)
    old: dict[int, set[date]] = {}
    for visit in plan.visits:
        if visit.day >= start:
            old.setdefault(visit.customer, set()).add(visit.day)
    if random.random() < 0.3:
        pinned = random.choice(clients).customer.id
        day = random.choice(left)
        standing.append(Standing(pinned, day, ONSITE, made=False))
        old.get(pinned, set()).discard(day)
    if random.random() < 0.3:
        clients.append(_client(len(clients), random))
    return Case(span_of(month, rules, off, start), clients, standing, old)


def _client(number: int, random: Random) -> Client:
    shop = Customer(
        number + 1,
        f"{number:03d}",
        "店",
        market_type=random.choice([MarketType.URBAN, MarketType.RURAL]),
        visit_method=ONSITE,
        neighbourhood=f"片{number % 3}",
    )
    return Client(shop, random.choice(list(Frequency)), number)


def cases() -> Iterator[tuple[Case, int]]:
    """Random cases in which every owed visit can stand, with the fewest moves the exact solver finds."""
    seed = found = 0
    while found < CASES:
        case = case_of(Random(seed))
        world, old = case.world_and_old()
        least = fewest_moves(world, old)
        seed += 1
        if least is not None:
            found += 1
            yield case, least


SOLVERS = [(BalancedSolver(), 20), (PeriodicSolver(), 2000)]


@pytest.mark.parametrize(("solver", "effort"), SOLVERS, ids=["plain", "kernel"])
def test_no_more_moves_than_an_exact_solver_needs(solver: Solver, effort: int) -> None:
    needed, more_than_alone = [], 0
    for case, least in cases():
        plan = planned_anew(case, solver, effort)
        world, _ = case.world_and_old()
        assert complaints(world, answer_of(plan, case.clients)) == []
        assert not plan.repairs
        assert not plan.unfit
        assert moved(case, plan) == least == plan.least_moves
        needed.append(least)
        problem = state_problem(case.span, case.clients, case.standing, last_plan=case.old)
        more_than_alone += least > least_moves(problem)
    assert len(needed) == CASES
    assert sum(count > 0 for count in needed) > CASES // 4
    assert more_than_alone > 10, "cases in which somebody must make room"
