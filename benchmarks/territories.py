"""The planner beside what people do by hand and what other libraries reach: invented territories, one month.

    python benchmarks/territories.py [--customers 60,240] [--kinds urban,rural,mixed] [--managers 1,5] [--seeds 1]
        [--efforts quick,normal,thorough] [--searches 1] [--outside SECONDS] [--evenness N] [--curve]

Everybody is visited in the shop; rooms are minutes and wide enough that nothing is left out; each day's tour is made
short for all methods. Round-robin deals the customers to the days in order of code; k-means makes five balanced zones
(the weekdays), each with four parts (the weeks); sweep cuts them by the angle; "evened" is the shortest k-means plan of
several in which afterwards everybody has chosen his days again by detour and evenness, once to eight times, whose
days are as even as round-robin's, or CV 0.04. With several managers the
same cut makes their areas first (round-robin: blocks of codes); crmkit finds areas and days together, and balances the
areas by the plans that come of them. `--searches 3` makes each of crmkit's plans with three seeds and prints medians,
the shortest and the longest, and the worst CV. `--outside`
runs PyVRP and OR-Tools for so many seconds each (one manager only): see outside.py.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from statistics import fmean, median, pstdev

from grounds import KINDS, Ground, ground
from zones import Cut, dealt, in_order, k_means, round_robin, swept, zones

from crmkit.model.assigning import Area, AreaFigures
from crmkit.model.customer import Frequency
from crmkit.model.planning import Problem, Solution, Solver
from crmkit.rules.balancing import balanced
from crmkit.rules.settling import violations
from crmkit.solvers.assigning import PeriodicAssigner
from crmkit.solvers.balanced import BalancedSolver
from crmkit.solvers.periodic import EFFORTS, PeriodicSolver

EVEN = 0.04
Plan = tuple[Problem, Solution]


@dataclass(frozen=True)
class Figures:
    """What a plan is worth."""

    kilometres: float
    variation: float  # of the minutes of a day
    same_weekday: float
    left_out: int
    broken: int


def loads_of(problem: Problem, solution: Solution) -> list[int]:
    """Seconds of each day, road included."""
    ways = [sum(problem.metres[a][b] for a, b in pairwise(route)) for route in solution.routes]
    loads = [problem.travel_load(way) for way in ways]
    for (s, k), day in solution.days.items():
        loads[day] += problem.stops[s].duties[k].load
    return loads


def figures(plans: Sequence[Plan]) -> Figures:
    """Measured from the solutions and the problems alone."""
    metres = owed = placed = broken = kept = total = 0
    loads: list[int] = []
    for problem, solution in plans:
        metres += sum(problem.metres[a][b] for route in solution.routes for a, b in pairwise(route))
        loads += loads_of(problem, solution)
        owed += sum(1 for stop in problem.stops for duty in stop.duties if duty.days)
        placed += len(solution.days)
        broken += len(violations(problem, solution.days, list(solution.routes)))
        for s, stop in enumerate(problem.stops):
            at = [solution.days[s, k] for k in range(len(stop.duties)) if (s, k) in solution.days]
            if stop.frequency is Frequency.WEEKLY:
                total += max(0, len(at) - 1)
                kept += sum(problem.days[a].day.weekday() == problem.days[b].day.weekday() for a, b in pairwise(at))
    return Figures(metres / 1000, pstdev(loads) / fmean(loads), kept / max(total, 1), owed - placed, broken)


def parts(place: Ground, cut: Cut) -> list[list[int]]:
    """The customers of each manager, by a cut of the territory."""
    points = dict(enumerate(place.points))
    often = {Frequency.WEEKLY: 4, Frequency.TWICE_MONTHLY: 2, Frequency.MONTHLY: 1}
    weight = {at: often[client.frequency] for at, client in enumerate(place.clients)}
    owner = cut(points, weight, place.managers)
    return [[at for at in points if owner[at] == manager] for manager in range(place.managers)]


def by_hand(place: Ground, cut: Cut, sweeps: int = 1) -> list[Plan]:
    """A plan of zones, or of nothing but the order of the codes."""
    plans = []
    for members in parts(place, cut):
        problem = place.part(members)
        points = {at: place.points[member] for at, member in enumerate(members)}
        ways = round_robin(problem) if cut is in_order else zones(problem, points, cut)
        plans.append((problem, dealt(problem, ways, PeriodicSolver(), sweeps)))
    return plans


def evened(place: Ground) -> list[Plan]:
    """The shortest k-means plan whose days are even, or as even as round-robin's; else the evenest."""
    least = max(EVEN, figures(by_hand(place, in_order)).variation)
    tried = [(figures(plan), plan) for plan in (by_hand(place, k_means, 1 + sweeps) for sweeps in (1, 2, 4, 8))]
    even = [one for one in tried if one[0].variation <= least]
    if even:
        return min(even, key=lambda one: one[0].kilometres)[1]
    return min(tried, key=lambda one: one[0].variation)[1]


def planned(place: Ground, solver: Solver, effort: int | str, seed: int = 1) -> list[Plan]:
    """A plan by a solver; several managers' areas by the assigner first, then balanced by their plans."""
    count = effort if isinstance(effort, int) else EFFORTS[effort]

    @cache
    def plan(mine: tuple[int, ...]) -> Plan:
        problem = place.part(list(mine))
        return problem, solver.solve(problem, seed=seed, effort=count)

    if place.managers == 1:
        return [plan(tuple(range(len(place.clients))))]
    team = place.team()

    def months(owners: tuple[int, ...]) -> list[Plan]:
        areas = ([at for at, owner in enumerate(owners) if owner == n] for n in range(place.managers))
        return [plan(tuple(mine)) for mine in areas]

    def figured(owners: tuple[int, ...]) -> tuple[AreaFigures, ...]:
        return tuple(_area(area, *month) for area, month in zip(team.areas, months(owners), strict=True))

    return months(balanced(team, PeriodicAssigner().assign(team, seed=seed, effort=count).owners, figured))


def _area(area: Area, problem: Problem, solution: Solution) -> AreaFigures:
    metres = sum(problem.metres[a][b] for route in solution.routes for a, b in pairwise(route))
    loads, visits = tuple(loads_of(problem, solution)), len(solution.days)
    return AreaFigures(area.person, len(problem.stops), visits, metres, 0, loads, 0, 0)


def outside(place: Ground, seconds: float) -> Iterator[tuple[str, Callable[[], list[Plan]]]]:
    """PyVRP and OR-Tools, with days as long as our own plan's."""
    from outside import or_tools_plan, pyvrp_plan

    for name, plan in (("PyVRP (no gaps)", pyvrp_plan), ("OR-Tools", or_tools_plan)):

        def run(plan: Callable[..., Solution | None] = plan) -> list[Plan]:
            problem = place.part(list(range(len(place.clients))))
            ours = PeriodicSolver().solve(problem, seed=1, effort=EFFORTS["quick"])
            found = plan(problem, seconds, max(loads_of(problem, ours)))
            return [(problem, found)] if found else []

        yield f"{name} {seconds:.0f} s", run


def compare(place: Ground, efforts: Sequence[str], seconds: float, searches: int) -> None:
    """One territory, all methods."""
    methods: list[tuple[str, list[Callable[[], list[Plan]]]]] = [
        ("round-robin by code", [lambda: by_hand(place, in_order)]),
        ("k-means zones", [lambda: by_hand(place, k_means)]),
        ("k-means zones, evened", [lambda: evened(place)]),
        ("sweep zones", [lambda: by_hand(place, swept)]),
    ]
    if len(place.clients) <= 300 and place.managers == 1:
        methods.append(("BalancedSolver (plain Python, 600 rounds)", [lambda: planned(place, BalancedSolver(), 600)]))
    if seconds and place.managers == 1:
        methods += [(name, [plan]) for name, plan in outside(place, seconds)]
    solver = PeriodicSolver()
    for word in efforts:
        seeds = range(1, searches + 1)
        methods.append((f"PeriodicSolver {word}", [partial(planned, place, solver, word, seed) for seed in seeds]))
    base = 0.0
    for name, tried in methods:
        start = time.process_time()
        found = [figures(plans) for plan in tried if (plans := plan())]
        spent = (time.process_time() - start) / len(tried)
        cells = [str(len(place.clients)), place.kind, str(place.managers), str(place.seed), name]
        if found:
            base = base or found[0].kilometres
            cells += _cells(found, base)
        else:
            cells += ["no plan", *["-"] * 5]
        print("| " + " | ".join([*cells, f"{spent:.1f}"]) + " |", flush=True)


def _cells(found: Sequence[Figures], base: float) -> list[str]:
    """Of one search; of several the medians, and the worst where a rule or a promise is meant."""
    kilometres = median(one.kilometres for one in found)
    lengths = sorted(one.kilometres for one in found)
    span = f" ({lengths[0]:.1f}-{lengths[-1]:.1f})" if len(found) > 1 else ""
    uneven = max(one.variation for one in found)
    same = 100 * median(one.same_weekday for one in found)
    cells = [f"{kilometres:.1f}{span}", f"{kilometres / base:.3f}", f"{uneven:.3f}", f"{same:.0f}"]
    return [*cells, str(max(one.left_out for one in found)), str(max(one.broken for one in found))]


def curve(counts: Sequence[int], efforts: Sequence[str]) -> None:
    """Time and memory as the work grows; each size in the process that made those before it."""
    print("| customers | visits | stating s | " + " | ".join(f"{word} s" for word in efforts) + " | peak MB |")
    print("|" + "---|" * (4 + len(efforts)))
    for count in counts:
        start = time.process_time()
        place = ground(count, 1)
        problem = place.part(list(range(count)))
        spent = [time.process_time() - start]
        for word in efforts:
            start = time.process_time()
            PeriodicSolver().solve(problem, seed=1, effort=EFFORTS[word])
            spent.append(time.process_time() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        visits = sum(len(stop.duties) for stop in problem.stops)
        print(f"| {count} | {visits} | {' | '.join(f'{one:.2f}' for one in spent)} | {peak:.0f} |", flush=True)


def main() -> None:
    """The tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", default="60,240,300,1000")
    parser.add_argument("--kinds", default="mixed")
    parser.add_argument("--managers", default="1")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--efforts", default="quick,normal,thorough")
    parser.add_argument("--evenness", type=int, default=0, help="weight of even days; 0 is the policy's")
    parser.add_argument("--outside", type=float, default=0.0, metavar="SECONDS", help="PyVRP and OR-Tools too")
    parser.add_argument("--searches", type=int, default=1, help="seeds of each search: medians, the worst CV")
    parser.add_argument("--curve", action="store_true")
    wanted = parser.parse_args()
    counts, efforts = [int(word) for word in wanted.customers.split(",")], wanted.efforts.split(",")
    assert set(wanted.kinds.split(",")) <= set(KINDS)
    if wanted.curve:
        curve(counts, efforts)
        return
    head = ["customers", "kind", "managers", "seed", "method", "km", "of round-robin", "CV of minutes"]
    head += ["same weekday %", "left out", "broken", "CPU s"]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for managers in map(int, wanted.managers.split(",")):
        for kind in wanted.kinds.split(","):
            for count in counts:
                for seed in range(1, wanted.seeds + 1):
                    place = ground(count, seed, kind, managers, wanted.evenness)
                    compare(place, efforts, wanted.outside, wanted.searches)


if __name__ == "__main__":
    main()
