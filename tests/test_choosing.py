"""The solver that plans by default, and the plain one where its engine is missing: the same laws, a plan each."""

import subprocess
import sys

from crmkit.model.planning import EFFORTS
from crmkit.solvers import choosing

WITHOUT_ENGINE = """
import sys
sys.modules["wasmtime"] = None
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "wasmtime" else found(name, *rest)
from crmkit.solvers import choosing
print(choosing.best().solver.name)
"""


def test_the_kernel_plans_by_default() -> None:
    assert choosing.best().solver.name == "periodic"


def test_the_plain_solver_answers_where_the_engine_is_missing() -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT_ENGINE], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "balanced"


def test_both_know_every_effort() -> None:
    for chosen in (choosing.best(), choosing.plain()):
        assert tuple(chosen.efforts) == EFFORTS
        assert sorted(chosen.efforts.values()) == list(chosen.efforts.values())
