"""Judges plans of periodic vehicle routing instances: naive code of its own, importing nothing of crmkit.

The format is that of Cordeau: `type vehicles customers days`; one line a day `max_duration max_load` (0 none);
then `i x y service demand frequency patterns…`, customer 0 the depot, the first day the highest bit. A plan is one
line a route, `day vehicle: customer …`, days and vehicles from 1; lines that begin with # say something about it.
"""

import math
import sys
from pathlib import Path

SLACK = 1e-6


class Instance:
    """One instance, as its file says."""

    def __init__(self, text: str) -> None:
        lines = [line.split() for line in text.splitlines() if line.split()]
        _, self.vehicles, _, self.days = (int(word) for word in lines[0][:4])
        self.limits = [(float(line[0]), float(line[1])) for line in lines[1 : 1 + self.days]]
        self.place: dict[int, tuple[float, float]] = {}
        self.service: dict[int, float] = {}
        self.demand: dict[int, float] = {}
        self.patterns: dict[int, set[int]] = {}
        for line in lines[1 + self.days :]:
            number = int(line[0])
            self.place[number] = (float(line[1]), float(line[2]))
            self.service[number] = float(line[3])
            self.demand[number] = float(line[4])
            count = int(line[6]) if len(line) > 6 else 0
            self.patterns[number] = {int(word) for word in line[7 : 7 + count]}

    def way(self, one: int, other: int) -> float:
        return math.dist(self.place[one], self.place[other])


def read_plan(text: str) -> list[tuple[int, int, list[int]]]:
    """The routes of a plan: (day, vehicle, customers)."""
    routes = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            head, stops = line.split(":")
            day, vehicle = (int(word) for word in head.split())
            routes.append((day, vehicle, [int(word) for word in stops.split()]))
    return routes


def judge(instance: Instance, routes: list[tuple[int, int, list[int]]]) -> tuple[float, list[str]]:
    """The length of all routes, and everything that is wrong with them."""
    wrong, total = [], 0.0
    visited: dict[int, list[int]] = {}
    if len({(day, vehicle) for day, vehicle, _ in routes}) < len(routes):
        wrong.append("a vehicle goes out twice on a day")
    for day, vehicle, stops in routes:
        if not (1 <= day <= instance.days and 1 <= vehicle <= instance.vehicles):
            wrong.append(f"day {day}, vehicle {vehicle}: there is none")
            continue
        line = [0, *stops, 0]
        length = sum(instance.way(line[k], line[k + 1]) for k in range(len(line) - 1))
        total += length
        longest, heaviest = instance.limits[day - 1]
        lasting = length + sum(instance.service[stop] for stop in stops)
        load = sum(instance.demand[stop] for stop in stops)
        if longest and lasting > longest + SLACK:
            wrong.append(f"day {day}, vehicle {vehicle}: lasts {lasting}, at most {longest}")
        if heaviest and load > heaviest + SLACK:
            wrong.append(f"day {day}, vehicle {vehicle}: carries {load}, at most {heaviest}")
        for stop in stops:
            visited.setdefault(stop, []).append(day)
    for customer, patterns in instance.patterns.items():
        days = visited.pop(customer, [])
        pattern = sum(1 << (instance.days - day) for day in set(days))
        if len(set(days)) < len(days):
            wrong.append(f"customer {customer}: twice on a day")
        if customer and patterns and pattern not in patterns:
            wrong.append(f"customer {customer}: on days {sorted(days)}, which is no pattern of his")
    wrong += [f"customer {customer}: there is none" for customer in visited]
    return total, wrong


def main() -> None:
    """`pvrp_checker.py INSTANCE PLAN`: prints the length and what is wrong."""
    instance, plan = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3])
    length, wrong = judge(Instance(instance), read_plan(plan))
    sys.stdout.write("\n".join([f"{length:.4f}", *(wrong or ["feasible"])]) + "\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
