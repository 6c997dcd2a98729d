"""Import of 539,541 order lines against the sqlite3 shell's `.import` of the same lines into one plain table.

    python benchmarks/import_orders.py [--pairs 5] [--data ../shared/data/iowa-des-moines]

Pairs run side by side in turn (A B, B A, …) as processes of their own; printed are the medians, their ratio (to stay
at or below 2.0) and the peak memory of crmkit (below 300 MB). The shell reads the file uncompressed with its default
pragmas; crmkit reads the .gz as it came, checks every cell, writes customers' orders with control totals and digests.
"""

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAPS = ROOT / "examples" / "maps"
MOST_RATIO, MOST_MB = 2.0, 300

SHELL = """
CREATE TABLE plain(line_id TEXT, day TEXT, store TEXT, item TEXT, bottles INTEGER, dollars REAL);
CREATE UNIQUE INDEX plain_line ON plain(line_id);
CREATE INDEX plain_store ON plain(store, day);
CREATE INDEX plain_item ON plain(item, day);
.mode csv
.import --skip 1 sales.csv plain
"""


def timed(command: list[str], folder: Path, text: str = "") -> tuple[float, float]:
    """Seconds and peak MB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "CRMKIT_ACTOR": "CM1"},
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.close()
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{command} failed: {process.stderr.read() if process.stderr else ''}")
    return seconds, usage.ru_maxrss / 1024


def crmkit(*words: str) -> list[str]:
    return [sys.executable, "-m", "crmkit", *words]


def prepare(folder: Path, data: Path) -> None:
    """The uncompressed file for the shell, and a database that knows customers and products."""
    with gzip.open(data / "sales.csv.gz") as packed, (folder / "sales.csv").open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    timed(crmkit("init", "base.db", "--manager", "CM1=A", "--manager", "CM2=B"), folder)
    for name in ("stores", "products"):
        mapping = str(MAPS / f"des-moines-{name}.toml")
        timed(crmkit("--db", "base.db", "import", str(data / f"{name}.csv"), "--map", mapping), folder)


def run_shell(folder: Path, data: Path) -> tuple[float, float]:
    (folder / "plain.db").unlink(missing_ok=True)
    return timed(["sqlite3", "plain.db"], folder, SHELL)


def run_crmkit(folder: Path, data: Path) -> tuple[float, float]:
    shutil.copy(folder / "base.db", folder / "run.db")
    mapping = str(MAPS / "des-moines-sales.toml")
    return timed(crmkit("--db", "run.db", "import", str(data / "sales.csv.gz"), "--map", mapping), folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "iowa-des-moines")
    options = parser.parse_args()
    results: dict[str, list[tuple[float, float]]] = {"shell": [], "crmkit": []}
    runs = {"shell": run_shell, "crmkit": run_crmkit}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, options.data.resolve())
        for pair in range(options.pairs):
            for which in ("shell", "crmkit") if pair % 2 == 0 else ("crmkit", "shell"):
                results[which].append(runs[which](folder, options.data.resolve()))
            print("  ".join(f"{which} {times[-1][0]:.2f} s" for which, times in results.items()), flush=True)
    medians = {which: statistics.median(seconds for seconds, _mb in times) for which, times in results.items()}
    ratio, peak = medians["crmkit"] / medians["shell"], max(mb for _seconds, mb in results["crmkit"])
    print(f"median shell {medians['shell']:.2f} s, crmkit {medians['crmkit']:.2f} s")
    print(f"ratio {ratio:.2f} (at most {MOST_RATIO}), peak memory {peak:.0f} MB (below {MOST_MB})")
    return 0 if ratio <= MOST_RATIO and peak < MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
