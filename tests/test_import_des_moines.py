"""Every order of 444 stores of the Des Moines area, as the wholesaler's files are, with only mapping files."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import act_at
from import_examples import dump

from crmkit.model.importing import Counted, Kind, Totals
from crmkit.model.person import Role
from crmkit.sources.policy import load_policy
from crmkit.store import customers, imports, people
from crmkit.store.connection import Store
from crmkit.store.opening import create_store
from crmkit.workflow.import_files import import_files
from crmkit.workflow.list_imports import undo_import

MAPS = Path(__file__).resolve().parents[1] / "examples" / "maps"
FILES = {"stores": "stores.csv", "products": "products.csv", "sales": "sales.csv.gz"}
REFERENCE_DAY = date(2022, 10, 31)  # the last day of the window: what its recency counts from


def take(store: Store, data: Path, which: str) -> object:
    mapping = MAPS / f"des-moines-{which}.toml"
    return import_files(store, act_at(), load_policy(None), paths=[data / FILES[which]], map_file=mapping)[0]


@pytest.fixture(scope="module")
def area(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """The area's database, with the dump taken before the orders came."""
    store = create_store(tmp_path_factory.mktemp("area") / "area.db")
    with store.operation(act_at()):
        for code in ("CM1", "CM2"):
            people.add(store, code, code, Role.CUSTOMER_MANAGER)
    yield store, shared_data / "iowa-des-moines"
    store.close()


def test_the_files_as_they_are(area: tuple[Store, Path]) -> None:
    store, data = area
    results = {which: take(store, data, which) for which in FILES}
    assert all(not result.rejected for result in results.values())  # type: ignore[attr-defined]
    assert [results[w].counted for w in FILES] == [  # type: ignore[attr-defined]
        {Kind.CUSTOMERS: Counted(new=444)},
        {Kind.PRODUCTS: Counted(new=6482)},
        {Kind.ORDERS: Counted(new=539_541)},
    ]
    assert results["sales"].totals == Totals(539_541, 7_453_231_000, 10_895_488_510)  # type: ignore[attr-defined]
    assert store.value("SELECT count(*) FROM orders") == 21_821
    returned = (
        "SELECT count(*), max(l.volume), max(l.amount) FROM line l JOIN orders o ON o.id=l.orders "
        "WHERE o.number LIKE 'RINV-%'"
    )
    count, volume, amount = store.rows(returned)[0]
    assert count == 136
    assert volume < 0
    assert amount < 0
    repeated = "SELECT count(*) FROM (SELECT 1 FROM line GROUP BY orders, product HAVING count(*) > 1)"
    assert store.value(repeated) > 0  # never key lines on the item
    assert store.value("SELECT count(*) FROM category") == 49


def test_two_managers_share_the_stores(area: tuple[Store, Path]) -> None:
    store, _data = area
    counts = [len(customers.all(store, manager=person.id)) for person in people.of_role(store, Role.CUSTOMER_MANAGER)]
    assert sum(counts) == 444
    assert all(130 <= count <= 300 for count in counts)
    inactive = "SELECT count(DISTINCT c.id) FROM customer c JOIN orders o ON o.customer=c.id WHERE c.state<>'active'"
    assert store.value(inactive) == 14


def test_every_line_is_stored_as_the_file_has_it(area: tuple[Store, Path]) -> None:
    """An own reading of the file, a line at a time, against the rows of the store."""
    store, data = area
    stored = store.rows(
        """SELECT o.number, l.no, o.day, c.code, p.code, l.volume, l.amount FROM line l JOIN orders o ON o.id=l.orders
           JOIN customer c ON c.id=o.customer JOIN product p ON p.id=l.product"""
    )
    read = []
    with gzip.open(data / FILES["sales"], "rt", encoding="utf-8", newline="") as stream:
        for line, day, shop, item, bottles, dollars in list(csv.reader(stream))[1:]:
            amount = round(float(dollars) * 100)
            read.append((line[:-5], int(line[-5:]), day, shop, item, int(bottles) * 1000, amount))
    assert sorted(stored) == sorted(read)


def test_recency_lines_and_turnover_of_every_store(area: tuple[Store, Path]) -> None:
    store, data = area
    rows = store.rows(
        """SELECT c.code, max(o.day), count(*), sum(l.amount) FROM line l JOIN orders o ON o.id=l.orders
           JOIN customer c ON c.id=o.customer GROUP BY c.code"""
    )
    found = {code: ((REFERENCE_DAY - date.fromisoformat(day)).days, lines, amount) for code, day, lines, amount in rows}
    with (data / "reference_rfm_2022-10-31.csv").open(encoding="utf-8", newline="") as stream:
        reference = {
            row["Store Number"]: (int(row["Recency"]), int(row["Frequency"]), round(float(row["Monetary"]) * 100))
            for row in csv.DictReader(stream)
        }
    assert len(reference) == 398
    assert found == reference


def test_the_same_file_again_changes_nothing_and_undo_takes_it_all_back(area: tuple[Store, Path]) -> None:
    store, data = area
    log = store.value("SELECT count(*) FROM operation")
    assert take(store, data, "sales").already == 3  # type: ignore[attr-defined]
    assert store.value("SELECT count(*) FROM operation") == log
    tables = ("customer", "category", "product", "person", "seal")
    before = dump(store, tables[:-1])
    undo_import(store, act_at(), number=3)
    assert store.value("SELECT count(*) FROM orders") == 0
    assert store.value("SELECT count(*) FROM line") == 0
    assert dump(store, tables[:-1]) == before
    for number in (2, 1):
        undo_import(store, act_at(), number=number)
    assert [store.value(f"SELECT count(*) FROM {table}") for table in tables] == [0, 0, 0, 2, 0]
    assert all(batch.undone_by for batch in imports.all(store))
