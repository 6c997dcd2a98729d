"""The month's analysis on ten million order lines: one manager against his own counting queries, the whole file against
DuckDB.

    pip install -e ".[bench]" && python benchmarks/analysis.py [--pairs 5] [--lines 10000000] [--file big.db]

One manager of 240 customers: effects, brand and market state, problem customers, against the very statements that took,
run by the sqlite3 shell on the same file (the shell's start-up taken off): at most 3 times. The whole file, 5,000
customers of 21 managers: effects, problem and key customers of all, against DuckDB counting the same figures from the
same SQLite file through its sqlite scanner: at most 2 times. Runs are made in turn and the medians compared;
processor time is told beside the clock's, for machines with company. Both sides' figures are held against each other
first.
"""

import argparse
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

import big_file

from crmkit.model.month import Month
from crmkit.sources.policy import shipped_policy
from crmkit.store import figures, people
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.analyze_operating import compute_effects
from crmkit.workflow.analyze_team import analyze_team
from crmkit.workflow.judge_brand import judge_brand
from crmkit.workflow.judge_customers import judge_customers
from crmkit.workflow.judge_market import judge_market
from crmkit.workflow.portfolio import portfolio_of

MONTH = Month(2026, 11)
POLICY = shipped_policy()
MOST_QUERIES, MOST_DUCKDB = 3.0, 2.0
BULK = re.compile(r"\b(orders|line)\b")


def one_manager(store: Store) -> None:
    """What steps 2, 5 and 6 and the judging half of step 8 compute, without writing."""
    manager = people.everyone(store)[0]
    compute_effects(store, big_file.act(), POLICY, manager, MONTH, dry_run=True)
    portfolio = portfolio_of(store, POLICY, manager, MONTH, big_file.TODAY)
    judge_brand(store, POLICY, portfolio, big_file.TODAY)
    judge_market(store, POLICY, portfolio, big_file.TODAY)
    judge_customers(store, POLICY, portfolio)


def counting_queries(store: Store) -> list[str]:
    """The statements over orders and lines that one manager's analysis sends, their values filled in."""
    sent: list[str] = []
    store.connection.set_trace_callback(sent.append)
    one_manager(store)
    store.connection.set_trace_callback(None)
    return [sql for sql in sent if sql.lstrip().startswith(("SELECT", "WITH")) and BULK.search(sql)]


def shell(path: Path, script: str) -> None:
    pragmas = "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-64000;"  # as crmkit opens the file
    words = ["sqlite3", "-batch", "-readonly", str(path)]
    subprocess.run(words, input=pragmas + script, stdout=subprocess.DEVNULL, text=True, check=True)


class Duck:
    """DuckDB on the SQLite file, counting what the whole file's analysis counts."""

    def __init__(self, path: Path) -> None:
        import duckdb
        import duckdb_extension_sqlite_scanner as scanner

        extension = next(Path(scanner.__file__).parent.rglob("*.duckdb_extension"))
        self.connection = duckdb.connect()
        self.connection.execute(f"LOAD '{extension}'")
        self.connection.execute(f"ATTACH '{path}' AS f (TYPE sqlite, READ_ONLY)")

    def figures(self) -> tuple[list[Any], list[Any], list[Any]]:
        """Volume, amount, orders and key volume by customer and month before M-1; M-1 in full; first orders."""
        first, before = big_file.FIRST, MONTH.plus(-2).last
        history = self._rows(f"""
            WITH each AS (SELECT o.id, o.day[:7] AS month, o.customer, sum(l.volume) AS volume, sum(l.amount) AS amount,
                                 coalesce(sum(l.volume) FILTER (WHERE p.key_brand=1), 0) AS key_volume
                          FROM f.orders o JOIN f.line l ON l.orders=o.id JOIN f.product p ON p.id=l.product
                          WHERE o.day BETWEEN '{first}' AND '{before}' GROUP BY ALL)
            SELECT month, customer, sum(volume)::BIGINT, sum(amount)::BIGINT, count(*), sum(key_volume)::BIGINT
            FROM each GROUP BY ALL ORDER BY ALL""")
        month = MONTH.previous
        current = self._rows(f"""
            WITH net AS (SELECT o.customer, l.product, sum(l.volume) AS volume, sum(l.amount) AS amount,
                                sum(l.volume) FILTER (WHERE l.allowed IS NOT NULL) AS limited, sum(l.allowed) AS allowed
                         FROM f.orders o JOIN f.line l ON l.orders=o.id
                         WHERE o.day BETWEEN '{month.first}' AND '{month.last}' GROUP BY ALL),
            placed AS (SELECT customer, count(*) AS orders FROM f.orders
                       WHERE day BETWEEN '{month.first}' AND '{month.last}' GROUP BY ALL)
            SELECT customer, sum(volume)::BIGINT, sum(amount)::BIGINT, any_value(placed.orders),
                   count(*) FILTER (volume>0), count(*) FILTER (volume>0 AND key_brand=1),
                   coalesce(sum(volume) FILTER (key_brand=1), 0)::BIGINT,
                   coalesce(sum(limited), 0)::BIGINT, coalesce(sum(allowed), 0)::BIGINT
            FROM net JOIN f.product p ON p.id=net.product JOIN placed USING (customer)
            GROUP BY customer ORDER BY customer""")
        began = self._rows("SELECT customer, min(day) FROM f.orders GROUP BY customer ORDER BY customer")
        return history, current, began

    def _rows(self, sql: str) -> list[Any]:
        return list(self.connection.execute(sql).fetchall())


def same_figures(store: Store, duck: Duck) -> str:
    """Both count the same, to the last thousandth; what is judged from it is the same one manager at a time."""
    history, current, began = duck.figures()
    counted = figures.history(store, Month.of(big_file.FIRST), MONTH.plus(-2))
    ours = [
        (str(month), customer, f.volume, f.amount, f.orders, f.key_volume)
        for month, found in counted.items()
        for customer, f in found.items()
    ]
    assert sorted(ours) == [tuple(row) for row in history]
    assert [astuple(f) for f in figures.by_customer(store, MONTH.previous).values()] == [tuple(row) for row in current]
    assert {c: day.isoformat() for c, day in figures.first_orders(store).items()} == dict(began)
    whole = analyze_team(store, POLICY, MONTH, big_file.TODAY).areas[0]
    alone = judge_customers(store, POLICY, whole.portfolio)
    assert (whole.findings.problems, whole.findings.lost) == (alone.problems, alone.lost)
    return f"{len(ours) + len(current)} customer-months equal in both, {len(began)} customers"


def seconds(work: Callable[[], None]) -> tuple[float, float]:
    """By the clock, and of the processor: this process and its children."""

    def spent() -> float:
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in used)

    clock, processor = time.perf_counter(), spent()
    work()
    return time.perf_counter() - clock, spent() - processor


def in_turn(
    name: str, ours: Callable[[], None], theirs: Callable[[], None], pairs: int, most: float, less: float = 0
) -> bool:
    """Medians of runs in turn; `less` seconds of start-up are taken off theirs."""
    ours(), theirs()
    runs = [(seconds(ours), seconds(theirs)) for _ in range(pairs)]
    clock = [statistics.median(run[side][0] for run in runs) - less * side for side in (0, 1)]
    processor = [statistics.median(run[side][1] for run in runs) for side in (0, 1)]
    ratio = clock[0] / clock[1]
    print(
        f"{name}: {clock[0]:.2f} s against {clock[1]:.2f} s, ratio {ratio:.2f} (at most {most}), {pairs} pairs; "
        f"processor {processor[0]:.2f} s against {processor[1]:.2f} s: {'ok' if ratio <= most else 'TOO SLOW'}",
        flush=True,
    )
    return ratio <= most


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--pairs", type=int, default=5)
    asked.add_argument("--lines", type=int, default=10_000_000)
    asked.add_argument("--file", type=Path, help="keep the file here, or use the one that is there")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="crmkit-benchmark-") as folder:
        path = options.file or Path(folder) / "big.db"
        if not path.exists():
            made = big_file.make(path, options.lines)
            print(f"made {made} order lines, {path.stat().st_size // 1_000_000} MB", flush=True)
        store = open_store(path)
        sys.exit(0 if measure(store, path, options.pairs) else 1)


def measure(store: Store, path: Path, pairs: int) -> bool:
    duck = Duck(path)
    print(same_figures(store, duck), flush=True)
    queries = counting_queries(store)
    script = ";\n".join(queries) + ";"
    start_up = statistics.median(seconds(lambda: shell(path, "SELECT 1;"))[0] for _ in range(pairs))
    print(f"{len(queries)} counting queries; the shell starts in {start_up * 1000:.0f} ms", flush=True)
    alone = in_turn(
        "one manager against its own queries",
        lambda: one_manager(store), lambda: shell(path, script), pairs, MOST_QUERIES, start_up,
    )  # fmt: skip
    whole = in_turn(
        "the whole file against DuckDB",
        lambda: void(analyze_team(store, POLICY, MONTH, big_file.TODAY)),
        lambda: void(duck.figures()),
        pairs,
        MOST_DUCKDB,
    )
    return alone and whole


def void(_result: object) -> None:
    """A measured result nobody looks at."""


if __name__ == "__main__":
    main()
