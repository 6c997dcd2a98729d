"""Two programs measured in turn, so that what else the machine does falls on both alike."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
CRMKIT = Path(sys.executable).with_name("crmkit.exe" if os.name == "nt" else "crmkit")


@dataclass(frozen=True)
class Measured:
    """Medians of interleaved pairs, in seconds, and the ratio asked for."""

    name: str
    ours: float
    theirs: float
    pairs: int
    wanted: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    def line(self) -> str:
        verdict = "ok" if self.ratio <= self.wanted else "TOO SLOW"
        return (
            f"{self.name}: {self.ours * 1000:.0f} ms against {self.theirs * 1000:.0f} ms, "
            f"ratio {self.ratio:.2f} (at most {self.wanted}), {self.pairs} pairs: {verdict}"
        )


def interleaved(
    name: str, ours: Callable[[int], None], theirs: Callable[[int], None], pairs: int, wanted: float
) -> Measured:
    """Run both `pairs` times in turn after one unmeasured pair; each gets the number of the pair."""
    ours(-1), theirs(-1)
    times: list[tuple[float, float]] = [(_seconds(ours, number), _seconds(theirs, number)) for number in range(pairs)]
    return Measured(name, median(t[0] for t in times), median(t[1] for t in times), pairs, wanted)


def run(*words: str | Path, cwd: Path | None = None, text: str | None = None, now: str = "") -> None:
    """Run a program with no settings of crmkit but the clock; its failure is ours."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CRMKIT_")}
    environment |= {"CRMKIT_NOW": now} if now else {}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"{words} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        raise SystemExit(message)


def _seconds(work: Callable[[int], None], number: int) -> float:
    start = time.perf_counter()
    work(number)
    return time.perf_counter() - start
