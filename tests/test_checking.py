"""`db check`: silent on a healthy file, the check's name and the row on a damaged one."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from conftest import act_at

from crmkit.model.checking import Check, Finding
from crmkit.store import changes, checking, sealing
from crmkit.store.connection import Store
from crmkit.store.opening import open_store
from crmkit.workflow.check_database import check_database
from crmkit.workflow.undo_operation import undo_operation

ORDER = "INSERT INTO orders(id,day,customer,number,op) VALUES (?,'2026-10-01',1,?,?)"
LINE = "INSERT INTO line(orders,no,product,volume,amount,allowed,op) VALUES (?,?,?,?,?,?,?)"


@pytest.fixture
def filled(store: Store) -> Store:
    """Two customers, two imports of orders, a line changed and one deleted since."""
    store.execute("PRAGMA synchronous=OFF")  # damage is asked here, not power cuts
    with store.operation(act_at()):
        store.execute("INSERT INTO customer(code,name,phone) VALUES ('A','a','13800000000'), ('B','b',NULL)")
        store.execute("INSERT INTO product(code,name) VALUES ('p','p'), ('q','q')")
    for first in (1, 11):
        bring(store, first)
    with store.operation(act_at()):
        store.execute("UPDATE line SET volume=volume+1, amount=-5 WHERE orders=1 AND no=1")
        store.execute("UPDATE customer SET phone='13900000000' WHERE code='A'")
    with store.operation(act_at()):
        store.execute("DELETE FROM line WHERE orders=2 AND no=2")
        store.execute("UPDATE orders SET number='renamed' WHERE id=12")
    return store


def bring(store: Store, first: int) -> int:
    """An import of five orders with three lines each."""
    with store.operation(act_at(command="import")) as op:
        for order in range(first, first + 5):
            store.execute(ORDER, (order, f"N{order}", op))
            for no in (1, 2, 3):
                store.execute(LINE, (order, no, no % 2 + 1, order * 1000, no * 100, None if no == 3 else 7, op))
        sealing.seal(store, op)
        return op


def rot(store: Store, sql: str) -> list[Finding]:
    """Change the file as a flipped byte would, behind the log's back, and check it fully."""
    changes.drop_triggers(store)
    store.execute("PRAGMA foreign_keys=OFF")
    store.execute(sql)
    changes.create_triggers(store)
    return checking.findings(store, full=True)


@pytest.mark.parametrize("full", [False, True])
def test_253_a_healthy_file_is_checked_in_silence(filled: Store, full: bool) -> None:
    assert checking.findings(filled, full=full) == []


def test_a_check_changes_nothing(filled: Store) -> None:
    before = filled.path.read_bytes()
    checking.findings(filled, full=True)
    assert filled.path.read_bytes() == before


def test_undoing_an_import_and_importing_again_stays_healthy(filled: Store) -> None:
    undo_operation(filled, act_at(), op=5)  # the deletion and the new number
    undo_operation(filled, act_at(), op=3)  # the second import
    assert checking.findings(filled, full=True) == []
    bring(filled, 11)  # the same numbers in a new life
    with filled.operation(act_at()):
        filled.execute("UPDATE line SET product=3-product WHERE orders=12")
    assert checking.findings(filled, full=True) == []


@pytest.mark.parametrize(
    ("sql", "table", "key", "column"),
    [
        ("UPDATE customer SET phone='13900000001' WHERE code='A'", "customer", "1", "phone"),
        ("UPDATE customer SET phone='1' WHERE code='B'", "customer", "2", "phone"),
        ("UPDATE customer SET name=NULLIF(name||'x','') WHERE code='B'", "customer", "2", "name"),
        ("DELETE FROM product WHERE code='q'", "product", "2", ""),
    ],
)
def test_149_a_rotten_row_is_named_by_its_last_logged_values(
    filled: Store, sql: str, table: str, key: str, column: str
) -> None:
    logged = [f for f in rot(filled, sql) if f.check is Check.LOGGED]
    assert [(f.table, f.key, f.column) for f in logged] == [(table, key, column)]


@pytest.mark.parametrize("column", ["product", "volume", "amount", "allowed", "no"])
@pytest.mark.parametrize("row", ["orders=3 AND no=1", "orders=1 AND no=1"])
def test_149_a_rotten_order_line_is_found_by_its_digest(filled: Store, column: str, row: str) -> None:
    value = "no+7" if column == "no" else "3-product" if column == "product" else f"ifnull({column},0)+1"
    found = rot(filled, f"UPDATE line SET {column}={value} WHERE {row}")
    assert ("line", "op 2", "line_digest") in [(f.table, f.key, f.column) for f in found]
    assert {f.key for f in found} == {"op 2"}
    assert column == "no" or any(f.check is Check.TOTALS for f in found) == (column in ("volume", "amount"))


@pytest.mark.parametrize("sql", ["day='2026-10-02'", "customer=2", "number='N13x'"])
def test_149_a_rotten_order_header_is_found(filled: Store, sql: str) -> None:
    found = rot(filled, f"UPDATE orders SET {sql} WHERE id=13")
    assert [(f.check, f.table, f.key) for f in found] == [(Check.DIGEST, "orders", "op 3")]


def test_149_values_swapped_between_two_lines_are_found(filled: Store) -> None:
    found = rot(filled, "UPDATE line SET amount=400-amount WHERE orders=3 AND no IN (1,3)")
    assert [f.check for f in found] == [Check.DIGEST]


def test_lost_lines_show_in_the_totals_without_full(filled: Store) -> None:
    rot(filled, "DELETE FROM line WHERE orders=4 AND no=1")
    found = checking.findings(filled, full=False)
    assert {(f.check, f.column) for f in found} == {
        (Check.TOTALS, "lines"),
        (Check.TOTALS, "volume"),
        (Check.TOTALS, "amount"),
    }
    assert check_database(filled, full=False).damaged


def test_orders_of_an_unknown_customer(filled: Store) -> None:
    found = rot(filled, "UPDATE orders SET customer=99 WHERE id=1")
    assert (Check.REFERENCES, "orders", "1") in [(f.check, f.table, f.key) for f in found]


DAMAGES: dict[str, tuple[Callable[[Store], object], Check, bool]] = {
    "absent trigger": (lambda s: s.execute("DROP TRIGGER log_customer_update"), Check.SCHEMA, False),
    "foreign trigger": (
        lambda s: s.execute("CREATE TRIGGER mine AFTER INSERT ON person BEGIN SELECT 1; END"), Check.SCHEMA, False,
    ),
    "added column": (lambda s: s.execute("ALTER TABLE person ADD COLUMN x TEXT"), Check.SCHEMA, False),
    "application": (lambda s: s.execute("PRAGMA application_id=1"), Check.IDENTITY, True),
    "version": (lambda s: s.execute("PRAGMA user_version=0"), Check.IDENTITY, True),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_253_every_check_says_its_name(filled: Store, damage: str) -> None:
    spoil, check, damaged = DAMAGES[damage]
    spoil(filled)
    result = check_database(filled, full=False)
    assert {finding.check for finding in result.findings} == {check}
    assert result.damaged == damaged


def test_253_a_torn_index_or_page_is_a_matter_of_structure(filled: Store, tmp_path: Path) -> None:
    root = filled.value("SELECT rootpage FROM sqlite_schema WHERE name='customer'")
    filled.close()
    page = (root - 1) * 4096
    whole = filled.path.read_bytes()
    filled.path.write_bytes(whole[:page] + b"\xff" * 4096 + whole[page + 4096 :])
    with closing(open_store(filled.path)) as store:
        for full in (False, True):
            result = check_database(store, full=full)
            assert {f.check for f in result.findings} == {Check.STRUCTURE}
            assert result.damaged


def test_149_one_flipped_payload_byte_in_the_file_names_its_row(filled: Store) -> None:
    filled.close()
    whole = filled.path.read_bytes()
    places = [i for i in range(len(whole)) if whole.startswith(b"13900000000", i)]
    found = []
    for place in places:
        filled.path.write_bytes(whole[: place + 10] + b"7" + whole[place + 11 :])
        with closing(open_store(filled.path)) as store:
            try:
                found.append([(f.check, f.table, f.key, f.column) for f in checking.findings(store, full=True)])
            except sqlite3.DatabaseError:
                found.append([])
    assert found == [[(Check.LOGGED, "customer", "1", "phone")]] * len(places)  # in the row or in its last log line
    assert len(places) == 2


@pytest.mark.parametrize(
    ("change", "table", "part"),
    [
        ("ALTER TABLE customer ADD COLUMN colour TEXT", "customer", "colour"),
        ("CREATE TABLE notes(text TEXT)", "notes", ""),
        ("DROP INDEX customer_manager", "customer", "customer_manager"),
    ],
)
def test_a_table_changed_by_another_tool_is_named(filled: Store, change: str, table: str, part: str) -> None:
    filled.execute(change)
    found = check_database(filled, full=False)
    assert (Check.SCHEMA, table, part) in [(one.check, one.table, one.column) for one in found.findings]
    assert not found.damaged
