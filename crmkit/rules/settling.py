"""From a problem and a solver to a settled month: repairs in the order of the method, what still fits
nowhere, and every broken hard rule by name (method.md §4 "Room", planner.md "What a plan must be").
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from crmkit.model.customer import Frequency
from crmkit.model.planning import (
    Breach,
    DayVisit,
    Duty,
    MonthVisits,
    Problem,
    RepairKind,
    Solution,
    Solver,
    Spot,
    Stop,
    Unfit,
    Violation,
)
from crmkit.rules.capacity import by_phone, choose, on_road, repair_of, repair_order, unfit_of

_ROUNDS = 3  # of dealing calls to days; more change nothing worth having
_CROWD = 10_000  # thousandths of a weight: what each call a day has already costs one more [our default]


def settle(problem: Problem, solver: Solver, *, seed: int, effort: int) -> MonthVisits:
    """Plan the month: first the visits the foresight sends to the phone, then the solver, then, for
    each visit it left out, the cheapest repair that makes room. Frequencies are never changed.
    """
    table, solution = _solved(problem, choose(problem).phone, solver, seed, effort)
    if problem.pace[0] and table.left_out():  # the road takes room too: choose again with the road as it was found
        table, solution = _solved(problem, choose(_with_road(problem, table.routes)).phone, solver, seed, effort)
    for spot in table.left_out():
        table.squeeze(spot)
    order = {spot: place for place, spot in enumerate(repair_order(problem))}
    for spot in sorted(table.phoned, key=lambda spot: -order[spot]):
        table.visit_after_all(problem, spot)
    for spot in sorted(table.phoned, key=lambda spot: -order[spot]):
        table.exchange(problem, spot, order)
    table.spread_calls()
    final = table.problem
    phoned = sorted(table.phoned, key=lambda spot: order[spot])
    placed = {spot for spot in phoned if spot in table.days}
    return MonthVisits(
        visits=_visits(table),
        repairs=tuple(repair_of(*at(problem, spot)) for spot in phoned if spot in placed),
        unfit=unfit_visits(final, table.days),
        violations=violations(final, table.days, table.routes),
        kept={
            (final.stops[stop].customer, day.day): table.routes[d].index(stop) + 1
            for d, day in enumerate(final.days)
            for stop in day.standing
        },
        iterations=solution.iterations,
        cost=solution.cost,
        least_moves=solution.least_moves,
    )


def _solved(
    problem: Problem, phone: Sequence[Spot], solver: Solver, seed: int, effort: int
) -> tuple["_Table", Solution]:
    table = _Table(by_phone(problem, phone), list(phone), solver)
    solution = solver.solve(table.problem, seed=seed, effort=effort)
    table.days = dict(solution.days)
    table.routes = [tuple(route) for route in solution.routes]
    return table, solution


def _with_road(problem: Problem, routes: list[tuple[int, ...]]) -> Problem:
    """The problem with the room that these roads take already taken."""
    days = [
        replace(day, standing_load=day.standing_load + _travel(problem, route))
        for day, route in zip(problem.days, routes, strict=True)
    ]
    return replace(problem, days=tuple(days))


def at(problem: Problem, spot: Spot) -> tuple[Stop, Duty]:
    """The stop and the duty of a spot."""
    stop = problem.stops[spot[0]]
    return stop, stop.duties[spot[1]]


def unfit_visits(problem: Problem, days: Mapping[Spot, int]) -> tuple[Unfit, ...]:
    """Every owed visit that stands on no day, with its reason."""
    spots = ((s, k) for s, stop in enumerate(problem.stops) for k in range(len(stop.duties)))
    return tuple(unfit_of(problem, spot) for spot in spots if spot not in days)


def keeps_gaps(problem: Problem, days: Mapping[Spot, int], spot: Spot, day: int) -> bool:
    """Do the gaps to the customer's other planned visits let a duty stand on that day?"""
    stop, duty = at(problem, spot)
    if day not in duty.days:
        return False
    for k, other in enumerate(stop.duties):
        if k == spot[1] or (spot[0], k) not in days:
            continue
        gap = problem.days[day].position - problem.days[days[spot[0], k]].position
        later, earlier, apart = (duty, other, gap) if k < spot[1] else (other, duty, -gap)
        tied = later.max_gap if earlier.number + 1 == later.number else 0
        if apart < later.min_gap or (tied and apart > tied):
            return False
    return True


def day_loads(problem: Problem, days: Mapping[Spot, int], routes: list[tuple[int, ...]]) -> list[int]:
    """Units used on each day: visits that stand, planned visits, and the road."""
    loads = [day.standing_load for day in problem.days]
    for spot, day in days.items():
        loads[day] += at(problem, spot)[1].load
    return [load + _travel(problem, route) for load, route in zip(loads, routes, strict=True)]


def violations(problem: Problem, days: Mapping[Spot, int], routes: list[tuple[int, ...]]) -> tuple[Violation, ...]:
    """Every hard rule a plan does not hold; owed visits without any possible day are not planned, but
    no violation.
    """
    found = [
        Violation(Breach.DAY_FULL, day.day, found=load, allowed=day.room)
        for day, load in zip(problem.days, day_loads(problem, days, routes), strict=True)
        if load > day.room
    ]
    for spot, day in sorted(days.items()):
        stop, duty = at(problem, spot)
        others = {other: where for other, where in days.items() if other != spot}
        if day not in duty.days:
            found.append(Violation(Breach.WRONG_DAY, problem.days[day].day, stop.customer, stop.code))
        elif not keeps_gaps(problem, others, spot, day):
            found.append(_gap_violation(problem, days, spot))
    return tuple(found)


def _gap_violation(problem: Problem, days: Mapping[Spot, int], spot: Spot) -> Violation:
    stop, duty = at(problem, spot)
    here = problem.days[days[spot]]
    gaps = [
        abs(here.position - problem.days[days[spot[0], k]].position)
        for k in range(len(stop.duties))
        if k != spot[1] and (spot[0], k) in days
    ]
    short = min(gaps) < duty.min_gap
    breach, limit = (Breach.GAP_SHORT, duty.min_gap) if short else (Breach.GAP_LONG, duty.max_gap)
    return Violation(breach, here.day, stop.customer, stop.code, min(gaps), limit)


def _on_site(problem: Problem, asked: Problem, spot: Spot) -> Problem:
    """The problem with one visit as it was asked for, not by phone."""
    stop = problem.stops[spot[0]]
    duties = (*stop.duties[: spot[1]], at(asked, spot)[1], *stop.duties[spot[1] + 1 :])
    stops = (*problem.stops[: spot[0]], replace(stop, duties=duties), *problem.stops[spot[0] + 1 :])
    return replace(problem, stops=stops)


def _weightless(problem: Problem, spot: Spot) -> bool:
    """Is it a visit without a road that takes none of a day's room?"""
    duty = at(problem, spot)[1]
    return not duty.load and not on_road(duty.method)


def _travel(problem: Problem, route: tuple[int, ...]) -> int:
    """Units of room that a day's road takes."""
    return problem.travel_load(sum(problem.metres[one][other] for one, other in pairwise(route)))


def _visits(table: "_Table") -> tuple[DayVisit, ...]:
    """The planned visits in order of day and road; visits without a road after the others, by code."""
    problem = table.problem
    found: list[tuple[date, int, str, DayVisit]] = []
    for spot, day in table.days.items():
        stop, duty = at(problem, spot)
        when = problem.days[day].day
        place = table.routes[day].index(spot[0]) + 1 if on_road(duty.method) else 0
        visit = DayVisit(stop.customer, when, duty.method, place, duty.number, duty.week)
        found.append((when, place or len(problem.stops) + 1, stop.code, visit))
    return tuple(row[3] for row in sorted(found, key=lambda row: row[:3]))


class _Table:
    """A plan while repairs are made on it."""

    def __init__(self, problem: Problem, phoned: list[Spot], solver: Solver) -> None:
        self.problem = problem
        self.phoned = phoned
        self.solver = solver
        self.days: dict[Spot, int] = {}
        self.routes: list[tuple[int, ...]] = []

    def left_out(self) -> list[Spot]:
        """Visits with possible days that the solver left out, the least repairable first."""
        order = {spot: place for place, spot in enumerate(repair_order(self.problem))}
        spots = [(s, k) for s, stop in enumerate(self.problem.stops) for k in range(len(stop.duties))]
        missing = [spot for spot in spots if spot not in self.days and at(self.problem, spot)[1].days]
        return sorted(missing, key=lambda spot: (-order.get(spot, len(order)), spot))

    def squeeze(self, spot: Spot) -> bool:
        """Make room for one visit with the cheapest repair: of another visit on one of its days, or of
        itself.
        """
        possible = [day for day in at(self.problem, spot)[1].days if keeps_gaps(self.problem, self.days, spot, day)]
        for victim in repair_order(self.problem):
            if victim == spot:
                if self._call(spot, possible):
                    return True
            elif self.days.get(victim) in possible and self._swap(victim, spot):
                return True
        return False

    def visit_after_all(self, asked: Problem, spot: Spot) -> None:
        """Take a repair back where the finished plan has room for the real visit on a day that keeps
        the gaps.
        """
        duty = at(asked, spot)[1]
        here = self.days.pop(spot, None)
        loads = day_loads(self.problem, self.days, self.routes)
        possible = [day for day in duty.days if keeps_gaps(self.problem, self.days, spot, day)]
        for day in sorted(possible, key=lambda one: (one != here, loads[one], one)):
            route = self.solver.route(asked.metres, (*self.routes[day], spot[0]))
            road = _travel(asked, route) - _travel(asked, self.routes[day])
            if loads[day] + duty.load + road <= asked.days[day].room:
                self.days[spot], self.routes[day] = day, route
                self.phoned.remove(spot)
                self.problem = _on_site(self.problem, asked, spot)
                return
        if here is not None:
            self.days[spot] = here

    def exchange(self, asked: Problem, spot: Spot, order: Mapping[Spot, int]) -> None:
        """Visit after all by sending a visit of a cheaper repair to the phone instead, on a day that suits this one."""
        kind = repair_of(*at(asked, spot)).kind
        here = self.days.pop(spot, None)
        days = [day for day in at(asked, spot)[1].days if keeps_gaps(self.problem, self.days, spot, day)]
        cheaper = [one for one in order if self.days.get(one) in days and one not in self.phoned]
        called, self.problem = self.problem, _on_site(self.problem, asked, spot)
        for victim in sorted(cheaper, key=lambda one: (self.days[one] != here, order[one])):
            if list(RepairKind).index(repair_of(*at(asked, victim)).kind) >= list(RepairKind).index(kind):
                continue
            if self._swap(victim, spot):
                self.phoned.remove(spot)
                return
        self.problem = called
        if here is not None:
            self.days[spot] = here

    def spread_calls(self) -> None:
        """Calls that take no room of a day pile up wherever the search left them: deal them evenly to the days, as far
        as spacing and wishes let them.
        """
        spots = [spot for spot in sorted(self.days) if _weightless(self.problem, spot)]
        count = Counter(self.days[spot] for spot in spots)
        for spot in spots * _ROUNDS:
            here = self.days.pop(spot)
            count[here] -= 1
            free = [day for day in at(self.problem, spot)[1].days if keeps_gaps(self.problem, self.days, spot, day)]
            cost = {day: self._unease(spot, day) + _CROWD * count[day] for day in free}
            best = min(free, key=lambda day: (cost[day], day != here, day), default=here)
            count[best] += 1
            self.days[spot] = best

    def _unease(self, spot: Spot, day: int) -> int:
        """What a day costs a visit by wishes, spacing and weekday."""
        stop, duty = at(self.problem, spot)
        cost = duty.wishes[duty.days.index(day)]
        low, high = stop.preferred
        weights, here = self.problem.weights, self.problem.days[day]
        for k in (spot[1] - 1, spot[1] + 1):
            other = self.days.get((spot[0], k))
            if other is not None:
                there = self.problem.days[other]
                gap = abs(there.position - here.position)
                cost += 1000 * weights.preferred_gap * max(low - gap, gap - high, 0)
                weekly = stop.frequency is Frequency.WEEKLY
                cost += 1000 * weights.same_weekday * (weekly and there.day.weekday() != here.day.weekday())
        return cost

    def _call(self, spot: Spot, possible: list[int]) -> bool:
        """Make this visit itself by phone, on the emptiest of its days that can hold it."""
        loads = day_loads(self.problem, self.days, self.routes)
        day = min(possible, key=lambda one: (loads[one], one), default=None)
        if day is None or loads[day] + self.problem.phone_load > self.problem.days[day].room:
            return False
        self.problem = by_phone(self.problem, [spot])
        self.phoned.append(spot)
        self.days[spot] = day
        return True

    def _swap(self, victim: Spot, spot: Spot) -> bool:
        """Make the victim's visit by phone on its day and let the other stand there, if the day then
        holds.
        """
        day = self.days[victim]
        problem = by_phone(self.problem, [victim])
        days = {**self.days, spot: day}
        bare = sum(at(problem, one)[1].load for one, when in days.items() if when == day)
        if problem.days[day].standing_load + bare > problem.days[day].room:
            return False
        routes = list(self.routes)
        members = [stop for stop in routes[day] if stop != victim[0]]
        if on_road(at(problem, spot)[1].method):
            members.append(spot[0])
        routes[day] = self.solver.route(problem.metres, tuple(members))
        if day_loads(problem, days, routes)[day] > problem.days[day].room:
            return False
        self.problem, self.days, self.routes = problem, days, routes
        self.phoned.append(victim)
        return True
