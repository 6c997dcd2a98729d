"""The search kernel: the law of the planner holds with it, it is built from its sources, and classic instances
come out feasible by a judge of their own."""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from statistics import fmean, pstdev
from types import ModuleType

import pvrp_checker
import pytest
import test_planning_law as law

from crmkit.model.errors import Signalled
from crmkit.model.month import Month
from crmkit.model.planning import Problem, Solution
from crmkit.rules.capacity import foresee
from crmkit.rules.planning import state_problem
from crmkit.solvers import periodic
from crmkit.solvers.balanced import BalancedSolver
from crmkit.solvers.board import Board
from crmkit.solvers.engine import Search
from crmkit.solvers.periodic import PeriodicSolver
from crmkit.solvers.routing import route_length, short_route
from crmkit.solvers.words import month_words

ROOT = Path(__file__).parent.parent
KERNEL = Path(str(files("crmkit.solvers"))) / "kernel"
PLAN = "1 1: 1 2\n2 1: 2\n"
INSTANCE = "1 1 2 2\n20 10\n20 10\n0 0 0 0 0 0 0\n1 3 4 1 4 1 2 1 2\n2 3 0 1 5 2 1 3\n"


@pytest.fixture
def kernel_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law's tests, asked of the kernel."""
    monkeypatch.setattr(law, "BalancedSolver", PeriodicSolver)


@pytest.mark.usefixtures("kernel_law")
@pytest.mark.parametrize("month", law.HARD[-2:], ids=str)
def test_hard_months_keep_the_law(month: Month) -> None:
    span, clients = law.span_of(month, law.policy(30, 25)), law.territory(240, 5)
    foresight = foresee(state_problem(span, clients, []))
    result = law.judged(span, clients, [], effort=2_000)
    assert bool(result.repairs) == bool(foresight.short)
    assert result.unfit == ()


@pytest.mark.usefixtures("kernel_law")
@pytest.mark.parametrize(
    "name", ["test_the_judge_finds_nothing_wrong", "test_what_can_fit_does_fit_and_what_cannot_is_foreseen"]
)
def test_the_law_itself(name: str) -> None:
    getattr(law, name)()


def test_a_plan_is_much_shorter_than_the_plain_solvers() -> None:
    problem = state_problem(law.span_of(Month(2026, 3), law.policy(30, 25)), law.territory(120, 8), [])
    roads = []
    for solver, effort in ((BalancedSolver(), 100), (PeriodicSolver(), 20_000)):
        solution = solver.solve(problem, seed=3, effort=effort)
        assert len(solution.days) == sum(bool(duty.days) for stop in problem.stops for duty in stop.duties)
        roads.append(sum(route_length(problem.metres, route) for route in solution.routes))
    assert roads[1] < 0.95 * roads[0]


def test_the_same_plan_in_another_process_on_one_core_and_two() -> None:
    one_core = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
    code = "import test_periodic as t; s = t.one_plan(); print(sorted(s.days.items()), s.routes, s.cost)"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", cores + code], cwd=Path(__file__).parent, capture_output=True, check=True, text=True
        ).stdout
        for cores in ("", one_core if hasattr(os, "sched_setaffinity") else "")
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 1000


def one_plan():  # type: ignore[no-untyped-def]
    problem = state_problem(law.span_of(Month(2025, 10), law.policy(12, 10)), law.territory(90, 4), [])
    return PeriodicSolver().solve(problem, seed=7, effort=3_000)


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), Signalled(signal.SIGINT)], ids=["raised", "handled"])
def test_an_interrupted_search_gives_the_best_so_far(interrupt: BaseException) -> None:
    shares = []

    def stop(share: float, _cost: float) -> None:
        shares.append(share)
        if len(shares) == 3:
            raise interrupt

    problem = state_problem(law.span_of(Month(2026, 3), law.policy(30, 25)), law.territory(60, 8), [])
    solution = PeriodicSolver(stop).solve(problem, seed=1, effort=50_000)
    assert solution.iterations == 3 * 1_000
    assert len(solution.days) == sum(bool(duty.days) for stop in problem.stops for duty in stop.duties)


def test_a_search_that_is_told_to_end_ends() -> None:
    def leave(_share: float, _cost: float) -> None:
        raise Signalled(signal.SIGTERM)

    problem = state_problem(law.span_of(Month(2026, 3), law.policy(30, 25)), law.territory(20, 8), [])
    with pytest.raises(Signalled):
        PeriodicSolver(leave).solve(problem, seed=1, effort=5_000)


def test_a_days_order_is_as_good_as_the_plain_one_and_the_same_for_any_order_given() -> None:
    problem = state_problem(law.span_of(Month(2026, 3), law.policy(30, 25)), law.territory(60, 8), [])
    stops = tuple(range(0, 60, 2))
    route = PeriodicSolver().route(problem.metres, stops)
    assert sorted(route) == sorted(stops)
    assert route == PeriodicSolver().route(problem.metres, stops[::-1])
    assert route_length(problem.metres, route) <= route_length(problem.metres, short_route(problem.metres, stops))


def test_nobody_to_visit() -> None:
    problem = state_problem(law.span_of(Month(2026, 3), law.policy(30, 25)), [], [])
    assert PeriodicSolver().solve(problem, seed=1).days == {}


def test_the_kernel_is_built_from_the_sources_beside_it(tmp_path: Path) -> None:
    compiler, sources, built = (KERNEL / "built.txt").read_text(encoding="utf-8").splitlines()
    text = b"".join(file.read_bytes() for file in [KERNEL / "kernel.c", *sorted(KERNEL.glob("*.h"))])
    assert hashlib.sha256(text).hexdigest() == sources
    assert hashlib.sha256((KERNEL / "kernel.wasm").read_bytes()).hexdigest() == built
    if shutil.which("clang") and shutil.which("wasm-ld"):
        here = subprocess.run(["clang", "--version"], capture_output=True, check=True, text=True).stdout.splitlines()[0]
        if here == compiler:
            subprocess.run([ROOT / "benchmarks/build_kernel.sh", tmp_path / "again.wasm"], check=True)
            assert (tmp_path / "again.wasm").read_bytes() == (KERNEL / "kernel.wasm").read_bytes()


@pytest.mark.parametrize(
    "what",
    [
        "import crmkit.solvers.periodic, crmkit.solvers.assigning",
        "from crmkit.cli import run; run(['plan', 'visits', '--help']); run(['status']); run(['visit', 'log', 'A'])",
    ],
)
def test_only_a_search_loads_wasmtime(what: str, tmp_path: Path) -> None:
    code = f"import sys; {what}; print('wasmtime' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True)
    assert ran.stdout.splitlines()[-1] == "False"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pvrp_benchmark", ROOT / "benchmarks" / "pvrp.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pvrp_benchmark"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["p01", "p09", "pr01"])
def test_classic_instances_come_out_feasible(shared_data: Path, benchmark: ModuleType, name: str) -> None:
    folder = shared_data / "pvrp"
    run = benchmark.search(benchmark.CHECKER.Instance((folder / name).read_text(encoding="utf-8")), 1, 0, 10_000)
    assert run.wrong == []
    assert run.cost < 1.05 * benchmark.best_known(folder)[name]


def test_a_benchmark_cut_off_goes_on_where_it_was(tmp_path: Path, benchmark: ModuleType) -> None:
    (tmp_path / "tiny").write_text(INSTANCE, encoding="utf-8")
    results = tmp_path / "runs.jsonl"
    tasks = [benchmark.Task(tmp_path / "tiny", seed, 1.0, 100) for seed in (1, 2)]
    first = dict(benchmark.make_runs(tasks, results, 1))
    assert [run.cost for run in first.values()] == pytest.approx([18.0, 18.0])
    whole = results.read_text(encoding="utf-8")
    results.write_text(whole[:-20], encoding="utf-8")  # seed 2 was being written
    again = benchmark.make_runs(tasks, results, 1)
    assert next(again) == (tasks[0], first[tasks[0]])
    assert next(again)[1].plan == first[tasks[1]].plan
    assert len(benchmark.known_runs(results)) == 2
    assert "| tiny | nan | 18.00 |" in list(benchmark.table({"tiny": list(first.values())}, {}))[2]


@pytest.mark.parametrize(
    ("plan", "complaint"),
    [
        (PLAN, None),
        (PLAN.replace("2 1: 2\n", ""), "customer 2: on days [1]"),
        (PLAN.replace("2 1: 2", "2 1: 2 1"), "customer 1: on days [1, 2]"),
        (PLAN.replace("1 1: 1 2", "1 1: 1 2 2"), "twice on a day"),
        (PLAN.replace("2 1", "2 2"), "vehicle 2: there is none"),
        (PLAN.replace("1 1: 1 2\n2 1: 2", "1 1: 2\n2 1: 2\n2 1: 1"), "goes out twice"),
        (PLAN + "3 1: 1\n", "there is none"),
    ],
)
def test_the_checker_sees_a_spoiled_plan(plan: str, complaint: str | None) -> None:
    length, wrong = pvrp_checker.judge(pvrp_checker.Instance(INSTANCE), pvrp_checker.read_plan(plan))
    if complaint is None:
        assert wrong == []
        assert length == pytest.approx(5 + 4 + 3 + 6)
    else:
        assert any(complaint in one for one in wrong)


@pytest.mark.parametrize("limit", ["20 8", "13 10"])
def test_the_checker_sees_an_overfull_vehicle(limit: str) -> None:
    tight = pvrp_checker.Instance(INSTANCE.replace("20 10", limit))
    assert pvrp_checker.judge(tight, pvrp_checker.read_plan(PLAN))[1] != []


def test_the_efforts_are_counted_in_rounds() -> None:
    assert periodic.EFFORTS == {"quick": 100_000, "normal": 500_000, "thorough": 3_000_000}


@pytest.mark.parametrize(("visits", "rounds"), [(1, 7), (65, 500), (130, 1_000), (540, 1_000), (2_160, 2_000)])
def test_few_shops_get_fewer_rounds_and_many_more(visits: int, rounds: int) -> None:
    assert periodic.rounds_of(1_000, visits) == rounds


def times_of(problem: Problem, solution: Solution) -> list[int]:
    times = [problem.travel_seconds(route_length(problem.metres, route)) for route in solution.routes]
    for (s, k), day in solution.days.items():
        times[day] += problem.stops[s].duties[k].seconds
    return times


def test_days_are_even_in_time_where_room_is_counted_in_visits() -> None:
    problem = state_problem(law.span_of(Month(2026, 3), law.policy(30, 25)), law.territory(120, 8), [])
    blind = replace(problem, weights=replace(problem.weights, evenness=0))
    spread = [
        pstdev(times_of(one, PeriodicSolver().solve(one, seed=1, effort=10_000))) for one in (problem, blind)
    ]
    assert spread[0] < 0.6 * spread[1]


def test_days_of_few_visits_are_as_even_as_the_policy_wants() -> None:
    rules = law.policy(30, 25)
    rules = replace(rules, capacity=replace(rules.capacity, mode="minutes"))
    problem = state_problem(law.span_of(Month(2026, 3), rules), law.territory(60, 8), [])
    times = times_of(problem, PeriodicSolver().solve(problem, seed=1, effort=20_000))
    assert pstdev(times) <= 0.045 * fmean(times)


@pytest.mark.parametrize(("territory", "seed"), [(2, 1), (6, 2)])
def test_few_shops_settle_where_days_are_even(territory: int, seed: int) -> None:
    """Where four searches of equal press ended above the 4 percent that the policy wants."""
    rules = law.policy(30, 25)
    rules = replace(rules, capacity=replace(rules.capacity, mode="minutes", day_minutes=420))
    problem = state_problem(law.span_of(Month(2026, 3), rules), law.territory(60, territory), [])
    times = times_of(problem, PeriodicSolver().solve(problem, seed=seed, effort=periodic.QUICK))
    assert pstdev(times) <= 0.04 * fmean(times)


def test_no_day_is_made_longer_by_a_roundabout_way() -> None:
    """No stretch turned round and no stop elsewhere would make a day shorter, whenever one looks."""
    problem = state_problem(law.span_of(Month(2026, 3), law.policy(30, 25)), law.territory(120, 8), [])
    board = Board(problem)
    spots = [(stop, k) for stop, live in enumerate(board.live) for k in live]
    search = Search(month_words(board, spots, 1, 10_000))
    for slice_ in range(40):
        search.run(250, slice_ / 40, (slice_ + 1) / 40)
        for route in search.routes(len(problem.days)):
            stops = [stop - 1 for stop in route]
            shortest = min(map(partial(route_length, problem.metres), _near_orders(stops)), default=0)
            assert shortest >= route_length(problem.metres, stops)


def _near_orders(stops: list[int]) -> Iterator[list[int]]:
    for a in range(len(stops)):
        for b in range(a + 1, len(stops)):
            yield stops[:a] + stops[a : b + 1][::-1] + stops[b + 1 :]
        for b in range(len(stops)):
            others = stops[:a] + stops[a + 1 :]
            yield [*others[:b], stops[a], *others[b:]]
