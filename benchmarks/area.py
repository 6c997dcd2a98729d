"""The demo's territory in a temporary folder: 240 customers, a planned month. One for all benchmarks of a run."""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from pairs import CRMKIT

OPENING_DAY = "2026-11-02T08:30"
WORKING_DAY = "2026-11-05T18:30"


@cache
def demo() -> Path:
    """A folder with crmkit.db as `crmkit demo` leaves it on 30 October 2026: November planned and approved."""
    folder = Path(tempfile.mkdtemp(prefix="crmkit-benchmark-"))
    clock = os.environ | {"CRMKIT_NOW": "2026-10-30T18:00"}
    subprocess.run([str(CRMKIT), "demo", str(folder / "demo")], env=clock, capture_output=True, check=True)
    return folder / "demo"


def fresh(name: str) -> Path:
    """A copy of the demo's folder without its backups, to write in."""
    copy = demo().parent / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(demo(), copy, ignore=shutil.ignore_patterns("*.backups", "exports"))
    return copy


def sweep() -> None:
    shutil.rmtree(demo().parent, ignore_errors=True)
