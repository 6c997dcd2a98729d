"""The same month in the terms of PyVRP and of OR-Tools: by hand `pip install -e .[bench]`, in no install of crmkit's.

Both: a visit is a client, a day is a vehicle, ways are open (a depot of no distance), no day is longer than the
longest of our own plan. PyVRP knows no relation between two visits: a day is a stretch of one long time, a visit
has the window of the days it may stand on, and the two of a month halves; gaps are asked for by nobody and counted
as broken. OR-Tools is told the gaps too (the vehicles of two visits differ by least and most); longer
days cost it ten metres a second instead of being forbidden, since its first plan would not be one.
"""

from collections.abc import Iterator
from typing import Any

from crmkit.model.planning import Problem, Solution

_SHIFT = 100_000  # seconds from one day's beginning to the next


def windows(problem: Problem) -> list[tuple[int, int, int, int]]:
    """(stop, duty, first day, last day) of each visit; the second of two stands behind the first."""
    found = []
    half = len(problem.days) // 2
    for s, stop in enumerate(problem.stops):
        for k, duty in enumerate(stop.duties):
            first, last = duty.days[0], duty.days[-1]
            if len(stop.duties) == 2 and duty.week is None:
                first, last = (first, half - 1) if k == 0 else (half, last)
            found.append((s, k, first, last))
    return found


def pyvrp_plan(problem: Problem, seconds: float, longest: int) -> Solution | None:
    """What PyVRP finds in so many seconds; None where nothing keeps the windows and the length of the days."""
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime

    model, visits = Model(), windows(problem)
    home = model.add_location(0, 0)
    depot = model.add_depot(home)
    places = [model.add_location(0, 0) for _ in problem.stops]
    for day in range(len(problem.days)):
        model.add_vehicle_type(
            1,
            start_depot=depot,
            end_depot=depot,
            tw_early=day * _SHIFT,
            tw_late=(day + 1) * _SHIFT - 1,
            shift_duration=longest,
            unit_distance_cost=1,
            name=str(day),
        )
    for s, k, first, last in visits:
        model.add_client(
            places[s],
            service_duration=problem.stops[s].duties[k].load,
            tw_early=first * _SHIFT,
            tw_late=(last + 1) * _SHIFT - 1,
        )
    for a, one in enumerate(places):
        model.add_edge(home, one, 0, 0)
        model.add_edge(one, home, 0, 0)
        for b, other in enumerate(places):
            if a != b:
                model.add_edge(one, other, problem.metres[a][b], problem.travel_load(problem.metres[a][b]))
    result = model.solve(stop=MaxRuntime(seconds), seed=1, display=False)
    if not result.is_feasible():
        return None
    days, tours = {}, [()] * len(problem.days)
    for route in result.best.routes():
        order = [visits[one.idx] for one in route if one.is_client()]
        tours[route.vehicle_type()] = tuple(s for s, _, _, _ in order)
        days.update({(s, k): route.vehicle_type() for s, k, _, _ in order})
    return Solution(days, tuple(tours), 0, 1)


def or_tools_plan(problem: Problem, seconds: float, longest: int) -> Solution | None:
    """What OR-Tools finds in so many seconds with guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    visits, count = windows(problem), len(problem.days)
    manager = pywrapcp.RoutingIndexManager(len(visits) + 1, count, 0)
    routing = pywrapcp.RoutingModel(manager)

    def way(a: int, b: int) -> int:
        one, other = manager.IndexToNode(a), manager.IndexToNode(b)
        return problem.metres[visits[one - 1][0]][visits[other - 1][0]] if one and other else 0

    def spent(a: int, b: int) -> int:
        one = manager.IndexToNode(a)
        stay = problem.stops[visits[one - 1][0]].duties[visits[one - 1][1]].load if one else 0
        return stay + problem.travel_load(way(a, b))

    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(way))
    routing.AddDimension(routing.RegisterTransitCallback(spent), 0, problem.days[0].room, True, "load")
    for day in range(count):  # its first plan does not find days so even: what is longer costs, second for metre
        routing.GetDimensionOrDie("load").SetCumulVarSoftUpperBound(routing.End(day), longest, 10)
    index = {(s, k): manager.NodeToIndex(n) for n, (s, k, _, _) in enumerate(visits, 1)}
    for s, k, first, last in visits:
        duty = problem.stops[s].duties[k]
        routing.VehicleVar(index[s, k]).SetValues([day for day in duty.days if first <= day <= last])
        if k:
            gap = routing.VehicleVar(index[s, k]) - routing.VehicleVar(index[s, k - 1])
            routing.solver().Add(gap >= duty.min_gap)
            if duty.max_gap:
                routing.solver().Add(gap <= duty.max_gap)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(round(seconds * 1000))
    found = routing.SolveWithParameters(search)
    if found is None:
        return None
    tours = [tuple(_followed(routing, manager, found, day)) for day in range(count)]
    placed = {visits[n][:2]: day for day, tour in enumerate(tours) for n in tour}
    return Solution(placed, tuple(tuple(visits[n][0] for n in tour) for tour in tours), 0, 1)


def _followed(routing: Any, manager: Any, found: Any, day: int) -> Iterator[int]:
    """The visits of one vehicle, in order."""
    at = found.Value(routing.NextVar(routing.Start(day)))
    while not routing.IsEnd(at):
        yield manager.IndexToNode(at) - 1
        at = found.Value(routing.NextVar(at))
