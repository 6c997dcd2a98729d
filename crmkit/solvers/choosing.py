"""Which solver plans here: the compiled kernel, or the plain one where its engine is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crmkit.model.assigning import Assigner
from crmkit.model.planning import Solver
from crmkit.solvers.engine import available

Progress = Callable[[float, float], None]  # share of the way gone, cost so far


@dataclass(frozen=True, slots=True)
class Chosen:
    """A solver, the assigner of teams beside it, and their efforts in iterations: quick, normal, thorough."""

    solver: Solver
    efforts: Mapping[str, int]
    assigner: Assigner


def best(progress: Progress | None = None) -> Chosen:
    """The kernel through wasmtime; BalancedSolver, with the same laws, where wasmtime is not installed. `progress`
    hears of the kernel's searches.
    """
    if available():
        from crmkit.solvers import periodic
        from crmkit.solvers.assigning import PeriodicAssigner

        return Chosen(periodic.PeriodicSolver(progress), periodic.EFFORTS, PeriodicAssigner(progress))
    return plain()


def plain() -> Chosen:
    """Plain Python: slower and a little longer on the road, needs nothing."""
    from crmkit.solvers.balanced import QUICK, BalancedSolver
    from crmkit.solvers.districting import DistrictAssigner

    return Chosen(
        BalancedSolver(), {"quick": QUICK, "normal": 10 * QUICK, "thorough": 60 * QUICK}, DistrictAssigner()
    )
