"""A file of ten million order lines, made through the store's own schema: the same bytes of figures for the same seed.

5,000 customers of 21 customer managers (twenty of 240, one of 200), 300 products of which 40 are key brands, one order
a week and customer over 14 months, 13 to 53 lines each. Chance is arithmetic on the row's own keys, so SQL makes it.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from crmkit.model.operation import Act
from crmkit.model.person import Role
from crmkit.store import sealing
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.make_file import make_file

CUSTOMERS, PER_MANAGER, PRODUCTS, KEY_BRANDS = 5000, 240, 300, 40
FIRST, LAST = date(2025, 9, 1), date(2026, 10, 31)
SEED = 1
MARKETS = ("rural", "urban", "urban")
TODAY = date(2026, 11, 2)

_CHANCE = "(({} * 48271 + {} * 69621 + ?1 * 16807) % 2147483647 * 48271 % 2147483647)"
_MIXED = _CHANCE.format("o.id", "n.no")
LINES = f"""
WITH RECURSIVE numbers(no) AS (SELECT 1 UNION ALL SELECT no+1 FROM numbers WHERE no<53)
INSERT INTO line(orders, no, product, volume, amount, allowed, op)
SELECT id, no, product, volume, volume/1000 * (4000 + product*137%30000),
       CASE WHEN chance%3=0 THEN abs(volume)+2000 END, ?2
FROM (SELECT o.id AS id, n.no AS no, {_MIXED} AS chance, 1 + (o.id*131 + n.no*7)%{PRODUCTS} AS product,
             (1 + {_MIXED}/7%10) * CASE WHEN {_MIXED}%97=0 THEN -1000 ELSE 1000 END AS volume
      FROM orders o JOIN numbers n ON n.no <= 13 + o.id*48271%2147483647%?3)
ORDER BY id, no"""


def act() -> Act:
    now = datetime(2026, 11, 2, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
    return Act("M01", Role.CUSTOMER_MANAGER, "benchmark", "", "benchmark", now, TODAY)


def make(path: Path, lines: int = 10_000_000, seed: int = SEED) -> int:
    """Make the file; returns how many lines it holds (about `lines`)."""
    managers = -(-CUSTOMERS // PER_MANAGER)
    make_file(path, act(), tuple((f"M{n:02}", f"Manager {n}", Role.CUSTOMER_MANAGER) for n in range(1, managers + 1)))
    store = open_store(path)
    store.execute("PRAGMA synchronous=OFF")  # a benchmark's file: nothing acknowledged could be lost
    with store.operation(act()) as op:
        _base_data(store)
        store.executemany("INSERT INTO orders(id, day, customer, number, op) VALUES (?,?,?,?,?)", _orders(op))
        spread = 2 * (-(-lines // store.value("SELECT count(*) FROM orders")) - 13) + 1
        store.execute(LINES, (seed, op, spread))
        sealing.seal(store, op)
    found = int(store.value("SELECT count(*) FROM line"))
    store.close()
    return found


def _base_data(store: Store) -> None:
    store.executemany(
        "INSERT INTO product(id, code, name, key_brand) VALUES (?,?,?,?)",
        [(n, f"P{n:03}", f"Product {n}", int(n % (PRODUCTS // KEY_BRANDS) == 0)) for n in range(1, PRODUCTS + 1)],
    )
    watched = [(n, "2026-01") for n in range(10, 60, 10)]
    store.executemany("INSERT INTO watched(product, from_month) VALUES (?,?)", watched)
    store.executemany(
        "INSERT INTO customer(id, code, name, manager, grade, market_type, order_weekday, visit_method) "
        "VALUES (?,?,?,?,?,?,?,'onsite')",
        [
            (n, f"{n:05}", f"Shop {n}", 1 + (n - 1) // PER_MANAGER, 1 + n * 7 % 30, MARKETS[n % 3], 1 + n % 5)
            for n in range(1, CUSTOMERS + 1)
        ],
    )


def _orders(op: int) -> Iterator[tuple[int, str, int, str, int]]:
    """By day, as an office's export brings them; now and then a shop leaves a week out."""
    day, key = FIRST, 0
    while day <= LAST:
        for customer in range(1, CUSTOMERS + 1):
            if 1 + customer % 5 == day.isoweekday() and (customer + day.toordinal()) * 48271 % 2147483647 % 50:
                key += 1
                yield key, day.isoformat(), customer, f"{key:08}", op
        day += timedelta(days=1)
