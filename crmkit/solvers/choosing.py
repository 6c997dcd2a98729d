"""Which solver plans here: the compiled kernel, or the plain one where its engine is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from crmkit.model.planning import Solver
from crmkit.solvers.engine import available


@dataclass(frozen=True, slots=True)
class Chosen:
    """A solver and its efforts in iterations: quick, normal, thorough."""

    solver: Solver
    efforts: Mapping[str, int]


def best() -> Chosen:
    """The kernel through wasmtime; BalancedSolver, with the same laws, where wasmtime is not installed."""
    if available():
        from crmkit.solvers import periodic

        return Chosen(periodic.PeriodicSolver(), periodic.EFFORTS)
    return plain()


def plain() -> Chosen:
    """Plain Python: slower and a little longer on the road, needs nothing."""
    from crmkit.solvers.balanced import QUICK, BalancedSolver

    return Chosen(BalancedSolver(), {"quick": QUICK, "normal": 10 * QUICK, "thorough": 60 * QUICK})
