"""`plan generate` for 240 customers against `crmkit --help`: at most 10 times.

The month is analysed and its strategies generated; each run drafts the whole month plan anew.
"""

import os
import subprocess

from area import OPENING_DAY, demo, sweep
from pairs import CRMKIT, Measured, interleaved, run

STEPS = (
    "init --manager 001=李岚 --market-manager M01=周正",
    "analyze compute",
    "analyze score --all 3",
    "analyze generate",
    "plan strategies --satisfaction 90",
)


def measure(pairs: int = 15) -> Measured:
    folder = demo().parent / "plan-generate"
    folder.mkdir()
    clock = os.environ | {"CRMKIT_NOW": OPENING_DAY}
    exports = [str(path) for path in sorted((demo() / "exports").iterdir())]
    for step in [STEPS[0].split(), ["import", *exports], *(step.split() for step in STEPS[1:])]:
        subprocess.run([str(CRMKIT), *step], cwd=folder, env=clock, capture_output=True, check=True)
    return interleaved(
        "plan generate, 240 customers / crmkit --help",
        lambda _: run(CRMKIT, "plan", "generate", cwd=folder, now=OPENING_DAY),
        lambda _: run(CRMKIT, "--help"),
        pairs,
        10,
    )


if __name__ == "__main__":
    print(measure().line())
    sweep()
