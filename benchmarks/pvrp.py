"""The search kernel against the periodic vehicle routing literature.

    python benchmarks/pvrp.py FOLDER [--seconds 10 | --rounds N] [--seeds 5] [--only p01,p03] [--jobs 2]
                              [--results FILE] [--keep FOLDER]

FOLDER holds instances in Cordeau's format and, if known, best_known.csv (instance,best_known_cost). Seconds are CPU
seconds of one core: the search cools by the CPU time it has used, and the rounds it made are printed; with --rounds the
same plan comes out on every machine. Every plan is judged by tests/pvrp_checker.py, which knows nothing of crmkit.
Each run is added to the results file as it ends, seed by seed over all instances; started again, only what is missing
of the same kernel, instance and effort is run.
"""

import argparse
import csv
import hashlib
import importlib.util
import json
import math
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from statistics import fmean, median
from types import ModuleType

from crmkit.solvers.engine import Search

HERE = Path(__file__).parent
_LARGEST_WAY = 5e7  # of the kernel's whole numbers
_FINEST = 100_000
_SLICE = 0.02  # CPU seconds between two looks at the clock
_NO_INSTANCES = {".csv", ".plan", ".md"}
_NEW = 0.005  # so much below the list is a new best cost, not its rounding


def _checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pvrp_checker", HERE.parent / "tests" / "pvrp_checker.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECKER = _checker()


@dataclass(frozen=True)
class Run:
    """One search: its plan, the checker's cost of it (None: no plan), and what it took."""

    seed: int
    plan: str
    cost: float | None
    wrong: list[str]
    rounds: int
    seconds: float


def kernel_words(instance: object, seed: int) -> list[int]:
    """An instance as the kernel reads it; ways are rounded up, so that no duration is underrated."""
    one = instance
    places, days = one.place, one.days  # type: ignore[attr-defined]
    numbers = sorted(places)
    ways = [math.dist(places[a], places[b]) for a in numbers for b in numbers]
    scale = min(_FINEST, 10 ** int(math.log10(_LARGEST_WAY / max(*ways, 1.0))))
    words = [0, len(numbers) - 1, days, one.vehicles, seed, 0, 0, 0]  # type: ignore[attr-defined]
    words += [math.ceil(way * scale) for way in ways]
    words += [int(load) for _, load in one.limits]  # type: ignore[attr-defined]
    words += [int(longest * scale) for longest, _ in one.limits]  # type: ignore[attr-defined]
    words += [int(one.demand[number]) for number in numbers[1:]]  # type: ignore[attr-defined]
    words += [math.ceil(one.service[number] * scale) for number in numbers[1:]]  # type: ignore[attr-defined]
    patterns = [sorted(_mirrored(bits, days) for bits in one.patterns[number]) for number in numbers[1:]]  # type: ignore[attr-defined]
    starts = [0]
    for some in patterns:
        starts.append(starts[-1] + len(some))
    return words + starts + [bits for some in patterns for bits in some]


def _mirrored(bits: int, days: int) -> int:
    """The first day as the lowest bit instead of the highest."""
    return sum(1 << day for day in range(days) if bits >> (days - 1 - day) & 1)


def search(instance: object, seed: int, seconds: float, rounds: int) -> Run:
    """One search of so many CPU seconds, or of so many rounds."""
    start = time.process_time()
    kernel = Search(kernel_words(instance, seed))
    done = 0
    for step, before, after in _by_rounds(rounds) if rounds else _by_clock(start, seconds):
        kernel.run(step, before, after)
        done += step
    plan = ""
    if kernel.cost() is not None:
        vehicles = instance.vehicles  # type: ignore[attr-defined]
        for at, route in enumerate(kernel.routes(vehicles * instance.days)):  # type: ignore[attr-defined]
            if route:
                plan += f"{at // vehicles + 1} {at % vehicles + 1}: {' '.join(map(str, route))}\n"
    took = time.process_time() - start
    cost, wrong = CHECKER.judge(instance, CHECKER.read_plan(plan))
    return Run(seed, plan, cost if plan else None, wrong, done, took)


def _by_rounds(rounds: int) -> Iterator[tuple[int, float, float]]:
    yield rounds, 0.0, 1.0


def _by_clock(start: float, seconds: float) -> Iterator[tuple[int, float, float]]:
    """Slices as long as the clock allows: how far the search has come is the share of its CPU time."""
    step, at = 200, 0.0
    while at < 1.0:
        before = time.process_time()
        yield step, at, min(1.0, at + _SLICE / seconds)
        now = time.process_time()
        at = (now - start) / seconds
        step = max(100, int(step * _SLICE / max(now - before, 1e-4)))


def best_known(folder: Path) -> dict[str, float]:
    """The best costs the folder lists."""
    file = folder / "best_known.csv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8") as rows:
        return {row["instance"]: float(row["best_known_cost"]) for row in csv.DictReader(rows)}


def instances(folder: Path) -> list[str]:
    """What the folder holds beside tables and plans."""
    return sorted(
        file.name for file in folder.iterdir() if file.is_file() and file.suffix not in {".csv", ".plan", ".md"}
    )


def keep_best(folder: Path, name: str, run: Run, listed: float) -> bool:
    """Keep a plan below the listed cost, unless a better one is kept already."""
    if run.cost is None or run.wrong or run.cost > listed - _NEW:
        return False
    file = folder / f"{name}.plan"
    if file.exists():
        old = float(file.read_text(encoding="utf-8").split("cost ")[1].split(",")[0])
        if old <= run.cost + 1e-9:
            return False
    folder.mkdir(parents=True, exist_ok=True)
    head = f"# {name}: cost {run.cost:.4f}, listed {listed}; feasible by tests/pvrp_checker.py; seed {run.seed}\n"
    file.write_text(head + run.plan, encoding="utf-8")
    return True


def gap(cost: float | None, listed: float) -> float:
    """Percent above the listed cost; infinite without a plan."""
    return math.inf if cost is None else 100 * (cost / listed - 1)


@dataclass(frozen=True)
class Task:
    """One run to be made: what its result is known by in the results file."""

    file: Path
    seed: int
    seconds: float
    rounds: int

    @property
    def key(self) -> str:
        """Kernel, instance, effort, seed."""
        effort = f"{self.rounds} rounds" if self.rounds else f"{self.seconds:g} s"
        kernel = _digest(files("crmkit.solvers").joinpath("kernel/kernel.wasm").read_bytes())
        return f"{kernel} {self.file.name} {_digest(self.file.read_bytes())} {effort} seed {self.seed}"

    def run(self) -> Run:
        """The search itself."""
        return search(CHECKER.Instance(self.file.read_text(encoding="utf-8")), self.seed, self.seconds, self.rounds)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def known_runs(results: Path) -> dict[str, Run]:
    """The runs a results file holds; a line cut off in the middle is none."""
    runs = {}
    for line in results.read_text(encoding="utf-8").splitlines() if results.exists() else ():
        if line.endswith("}"):
            row = json.loads(line)
            key = row.pop("key")
            runs[key] = Run(**row)
    return runs


def make_runs(tasks: list[Task], results: Path, jobs: int) -> Iterator[tuple[Task, Run]]:
    """The tasks' runs: those on file at once, the others as they end, each added to the file."""
    known = known_runs(results)
    yield from ((task, known[task.key]) for task in tasks if task.key in known)
    missing = [task for task in tasks if task.key not in known]
    with results.open("a", encoding="utf-8") as file:
        for task, run in _as_they_end(missing, jobs):
            file.write("\n" + json.dumps({"key": task.key, **asdict(run)}))
            file.flush()
            yield task, run


def _as_they_end(tasks: list[Task], jobs: int) -> Iterator[tuple[Task, Run]]:
    if jobs == 1:
        yield from ((task, task.run()) for task in tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        coming = {pool.submit(task.run): task for task in tasks}
        yield from ((coming[future], future.result()) for future in as_completed(coming))


def table(runs: dict[str, list[Run]], listed: dict[str, float]) -> Iterator[str]:
    """A line an instance, medians and means at the foot."""
    yield "| instance | best known | median cost | gap % | best % | worst % | CPU s | 1000 rounds | runs | feasible |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    gaps = []
    for name, some in sorted(runs.items()):
        line, found = _row(name, some, listed.get(name, math.nan))
        gaps.append(found)
        yield line
    sound = sum(run.cost is not None and not run.wrong for some in runs.values() for run in some)
    yield f"{sum(map(len, runs.values()))} runs, {sound} feasible; of the median runs' gaps:"
    yield f"mean {fmean(gaps):.3f} %, median {median(gaps):.3f} %, worst {max(gaps):.2f} %"


def _row(name: str, runs: list[Run], listed: float) -> tuple[str, float]:
    """One line of the table, and the gap of the median."""
    costs = sorted(math.inf if run.cost is None else run.cost for run in runs)
    middle = median(costs)
    found = gap(middle, listed)
    sound = "yes" if all(run.cost is not None and not run.wrong for run in runs) else "NO"
    took, rounds = fmean(run.seconds for run in runs), fmean(run.rounds for run in runs)
    cells = [name, f"{listed:.2f}", f"{middle:.2f}", f"{found:.2f}", f"{gap(costs[0], listed):.2f}"]
    cells += [f"{gap(costs[-1], listed):.2f}", f"{took:.1f}", f"{rounds / 1000:.0f}", str(len(runs)), sound]
    return "| " + " | ".join(cells) + " |", found


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--results", type=Path, default=Path("pvrp_runs.jsonl"))
    parser.add_argument("--keep", type=Path, default=HERE / "pvrp_best")
    return parser.parse_args()


def main() -> None:
    """Make what runs are missing, then print the table of all."""
    wanted = _wanted()
    listed = best_known(wanted.folder)
    names = wanted.only.split(",") if wanted.only else sorted(listed) or instances(wanted.folder)
    seeds = range(1, wanted.seeds + 1)
    tasks = [Task(wanted.folder / name, seed, wanted.seconds, wanted.rounds) for seed in seeds for name in names]
    runs: dict[str, list[Run]] = {}
    for task, run in make_runs(tasks, wanted.results, wanted.jobs):
        name = task.file.name
        runs.setdefault(name, []).append(run)
        found = gap(run.cost, listed.get(name, math.nan))
        print(f"{name} seed {task.seed}: {run.cost} ({found:.2f} %)", *run.wrong[:1], file=sys.stderr, flush=True)
        if name in listed and keep_best(wanted.keep, name, run, listed[name]):
            print(f"new best cost of {name}: {run.cost:.4f}", file=sys.stderr)
    print("\n".join(table(runs, listed)))


if __name__ == "__main__":
    main()
