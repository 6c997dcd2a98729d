"""How even can the days of a month be? The exact answer for small territories, roads left aside.

    python benchmarks/even_days.py [--customers 60] [--seconds 60]        needs OR-Tools (the extra `bench`)

Minutes of visits only: the road a plan drives comes on top and may be longer where the visits are shorter. CP-SAT
minimises the sum of the squares of the days' visit minutes within all days and gaps of the problem.
"""

import argparse
from math import sqrt

from grounds import ground


def main() -> None:
    """The least coefficient of variation found, and the proven bound."""
    from ortools.sat.python import cp_model

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=60)
    parser.add_argument("--kind", default="mixed")
    parser.add_argument("--seconds", type=float, default=60)
    wanted = parser.parse_args()
    problem = ground(wanted.customers, 1, wanted.kind).part(list(range(wanted.customers)))
    model = cp_model.CpModel()
    stands = {
        (s, k, day): model.new_bool_var(f"{s} {k} {day}")
        for s, stop in enumerate(problem.stops)
        for k, duty in enumerate(stop.duties)
        for day in duty.days
    }
    for s, stop in enumerate(problem.stops):
        at = []
        for k, duty in enumerate(stop.duties):
            model.add_exactly_one(stands[s, k, day] for day in duty.days)
            at.append(sum(problem.days[day].position * stands[s, k, day] for day in duty.days))
            if k:
                model.add(at[k] - at[k - 1] >= duty.min_gap)
                if duty.max_gap:
                    model.add(at[k] - at[k - 1] <= duty.max_gap)
    minutes = []
    for day in range(len(problem.days)):
        load = model.new_int_var(0, 10_000, f"minutes {day}")
        model.add(
            load
            == sum(problem.stops[s].duties[k].load // 60 * one for (s, k, when), one in stands.items() if when == day)
        )
        minutes.append(load)
    squares = [model.new_int_var(0, 10**8, f"square {day}") for day in range(len(minutes))]
    for square, load in zip(squares, minutes, strict=True):
        model.add_multiplication_equality(square, [load, load])
    model.minimize(sum(squares))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = wanted.seconds
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    total = sum(duty.load // 60 for stop in problem.stops for duty in stop.duties)
    count = len(minutes)

    def variation(of: float) -> float:
        return sqrt(max(0.0, count * of / total**2 - 1))

    loads = sorted(solver.value(one) for one in minutes)
    print(f"{solver.status_name(status)}: {total} minutes on {count} days, {loads}")
    print(f"CV {variation(solver.objective_value):.4f}, proven at least {variation(solver.best_objective_bound):.4f}")


if __name__ == "__main__":
    main()
