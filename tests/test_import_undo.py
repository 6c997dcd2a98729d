"""A batch is taken back around later edits: what stands goes, what was changed or is needed stays and is named."""

from pathlib import Path

import pytest
from import_examples import CUSTOMERS, ORDERS, PRODUCTS, dump, load, load_base, with_team, write

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted, Kind
from crmkit.model.operation import Act, KeptRow
from crmkit.store import checking, imports
from crmkit.store.connection import Store
from crmkit.workflow.list_imports import undo_import


@pytest.fixture
def known(store: Store, act: Act, tmp_path: Path) -> Store:
    load_base(store, act, tmp_path)
    return store


def test_lines_changed_since_stay_and_are_named(known: Store, act: Act, tmp_path: Path) -> None:
    first = load(known, act, write(tmp_path, "o.csv", ORDERS))
    load(known, act, write(tmp_path, "o2.csv", ORDERS.replace("617.25", "700")))
    assert first.batch
    with pytest.raises(Refusal) as caught:
        undo_import(known, act, number=first.batch)
    assert caught.value.fault is Fault.LATE_CHANGE
    undone = undo_import(known, act, number=first.batch, keep_later=True)
    assert undone.rows == 3  # two lines and one order
    late = known.value("SELECT op FROM batch WHERE file LIKE '%o2.csv'")
    assert undone.kept == (
        KeptRow("line", "2026-09-01/00123/A1/2", late), KeptRow("orders", "2026-09-01/00123/A1", None),
    )  # fmt: skip
    assert known.rows("SELECT no, amount FROM line") == [(2, 70_000)]
    op = imports.by_number(known, first.batch).op
    assert known.rows("SELECT orders, lines, amount FROM seal WHERE op=?", (op,)) == [(1, 1, 61_725)]  # as it came
    assert list(checking.findings(known, full=True)) == []
    assert imports.by_number(known, first.batch).undone_by is not None
    again = load(known, act, write(tmp_path, "o.csv", ORDERS))  # the file may come again
    assert again.counted[Kind.ORDERS] == Counted(2, 1, 0)
    assert list(checking.findings(known, full=True)) == []


def test_an_order_that_got_lines_later_stays(known: Store, act: Act, tmp_path: Path) -> None:
    first = load(known, act, write(tmp_path, "o.csv", ORDERS))
    head = ORDERS.split("\n")[0]
    load(known, act, write(tmp_path, "o2.csv", f"{head}\nA1,9,2026-09-01,00123,0002,1,50,\n"))
    undone = undo_import(known, act, number=first.batch or 0, keep_later=True)
    assert undone.kept == (KeptRow("orders", "2026-09-01/00123/A1", None),)
    assert known.rows("SELECT no FROM line") == [(9,)]
    assert list(checking.findings(known, full=True)) == []


def test_customers_that_order_or_were_edited_stay(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    text = CUSTOMERS + CUSTOMERS.split("\n")[1].replace("00123", "00125").replace("𠮷祥", "三兄") + "\n"
    first = load(store, act, write(tmp_path, "c.csv", text))
    load(store, act, write(tmp_path, "p.csv", PRODUCTS))
    load(store, act, write(tmp_path, "o.csv", "\n".join(ORDERS.split("\n")[:2]) + "\n"))
    load(store, act, write(tmp_path, "c2.csv", "客户编码,客户名称,档位\n00124,,6\n"))
    undone = undo_import(store, act, number=first.batch or 0, keep_later=True)
    assert {(row.table, row.key) for row in undone.kept} == {("customer", "00123"), ("customer", "00124")}
    assert [code for (code,) in store.rows("SELECT code FROM customer ORDER BY code")] == ["00123", "00124"]
    assert list(checking.findings(store, full=True)) == []


def test_without_later_changes_it_is_the_whole_undo(known: Store, act: Act, tmp_path: Path) -> None:
    before = dump(known)
    first = load(known, act, write(tmp_path, "o.csv", ORDERS))
    tried = undo_import(known, act, number=first.batch or 0, keep_later=True, dry_run=True)
    done = undo_import(known, act, number=first.batch or 0, keep_later=True)
    assert (done.kept, tried) == ((), done)
    assert dump(known) == before
    assert list(checking.findings(known, full=True)) == []
