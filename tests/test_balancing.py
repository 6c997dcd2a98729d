"""Areas are balanced by the plans that come of them: never worse, never over a limit, and no plan asked for nothing."""

from dataclasses import replace
from random import Random

import pytest
import slow_team
import test_planning_law as law
from hypothesis import given, settings
from hypothesis import strategies as st
from test_team_plan import MONTH, answer_of, owned, situation, team_of

from crmkit.model.assigning import AreaFigures, Team
from crmkit.model.planning import Client
from crmkit.model.policy import Policy
from crmkit.rules.assigning import area_figures, impossible, too_uneven, worth
from crmkit.rules.balancing import TRIES, Owners, balanced
from crmkit.rules.planning import state_problem
from crmkit.rules.settling import settle
from crmkit.solvers.assigning import PeriodicAssigner
from crmkit.solvers.periodic import PeriodicSolver

EFFORT = 2_000


def minutes(percent: int = 4) -> Policy:
    """Days of seven hours, wanted so even."""
    shipped = law.policy(30, 25)
    capacity = replace(shipped.capacity, mode="minutes", day_minutes=420)
    return replace(shipped, capacity=capacity, planning=replace(shipped.planning, even_percent=percent))


class Planner:
    """Each area's month as its manager would plan it."""

    def __init__(self, team: Team, clients: list[Client], policy: Policy) -> None:
        self.team, self.policy, self.asked = team, policy, 0
        self.known = {client.customer.id: client for client in clients}

    def __call__(self, owners: Owners) -> tuple[AreaFigures, ...]:
        self.asked += 1
        return tuple(self._area(at, owners) for at in range(len(self.team.areas)))

    def _area(self, at: int, owners: Owners) -> AreaFigures:
        stops = zip(self.team.problem.stops, owners, strict=True)
        mine = [self.known[stop.customer] for stop, owner in stops if owner == at]
        problem = state_problem(law.span_of(MONTH, self.policy), mine, [])
        settled = settle(problem, PeriodicSolver(), seed=1, effort=EFFORT)
        return area_figures(self.team.areas[at].person, problem, mine, settled, self.policy.capacity)


def lopsided(policy: Policy, hand_over: int = 0, keep: int = 0) -> tuple[Team, Planner]:
    """120 shops around one market, ninety of them one manager's."""
    owners: list[int | None] = [*[1] * 90, *[2] * 30]
    clients = owned(law.territory(120, 5), owners)
    team = team_of(clients, 2, rules=policy, hand_over=hand_over, keep=keep)
    return team, Planner(team, clients, policy)


def test_who_has_longer_days_gives_shops_away_until_the_days_are_even() -> None:
    team, plan = lopsided(minutes(8))
    before = plan(team.owners)
    after = balanced(team, team.owners, plan)
    assert too_uneven(team, before) > 0
    assert too_uneven(team, plan(after)) == 0
    assert 50 <= after.count(0) <= 70
    assert plan.asked <= TRIES + 3


def test_where_days_are_even_enough_nobody_plans_again() -> None:
    team, plan = lopsided(minutes(90))
    assert balanced(team, team.owners, plan) == team.owners
    assert plan.asked == 1


def test_days_counted_in_visits_are_left_as_they_are() -> None:
    team, plan = lopsided(law.policy(30, 25))
    assert balanced(team, team.owners, plan) == team.owners
    assert plan.asked == 1


def test_who_keeps_everybody_gives_nobody_away() -> None:
    team, plan = lopsided(minutes(), keep=100)
    assert balanced(team, team.owners, plan) == team.owners
    assert plan.asked == 1


@pytest.mark.parametrize("tries", [0, 2])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_limits_hold_and_it_is_never_worth_less(tries: int, seed: int) -> None:
    team, world = situation(seed)
    if impossible(team) is not None:
        return
    uneven = replace(team, problem=replace(team.problem, weights=replace(team.problem.weights, even_percent=1)))
    random, asked = Random(seed), []

    def plan(owners: Owners) -> tuple[AreaFigures, ...]:
        asked.append(owners)
        loads = [[owners.count(at) * 600 + random.randrange(900) for _ in range(20)] for at in range(len(team.areas))]
        known.setdefault(owners, tuple(_figures(team, at, tuple(days)) for at, days in enumerate(loads)))
        return known[owners]

    known: dict[Owners, tuple[AreaFigures, ...]] = {}
    first = PeriodicAssigner().assign(uneven, seed=seed, effort=500).owners
    found = balanced(uneven, first, plan, tries)
    assert slow_team.complaints(world, answer_of(team, found)) == []
    assert worth(uneven, found, known[found]) <= worth(uneven, first, known[first])
    assert len(asked) == len(set(asked)) <= tries + 1


def _figures(team: Team, at: int, days: tuple[int, ...]) -> AreaFigures:
    return AreaFigures(team.areas[at].person, 0, 0, 0, 0, days, 0, 0)
