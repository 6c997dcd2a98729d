"""Broken workbooks by the hundred: an answer each time, never a traceback, and no row silently lost.

CRMKIT_FUZZ=5000 runs that many of each kind; the short form runs always.
"""

import io
import os
import random
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from conftest import act_at
from import_examples import CUSTOMERS, ORDERS, load_base

from crmkit.model.errors import Refusal
from crmkit.sources.policy import load_policy
from crmkit.sources.workbook_reading import read
from crmkit.store.connection import Store
from crmkit.workflow.import_files import import_files

RUNS = int(os.environ.get("CRMKIT_FUZZ", "120"))
PIECES = [
    b"",
    b"<",
    b">",
    b'"',
    b"&",
    b"&#0;",
    b"]]>",
    b"\0",
    b"\xff",
    b"1",
    b"-1",
    b"9" * 20,
    b"1E400",
    b"<row>",
    b"</c>",
]


def seed_xlsx() -> bytes:
    made = openpyxl.Workbook()
    for row in [line.split(",") for line in CUSTOMERS.splitlines()]:
        made.active.append([*row, 12, 1.5])  # type: ignore[union-attr]
    made.active.merge_cells("A5:B6")  # type: ignore[union-attr]
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def seed_xls() -> bytes:
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("表")
    for y, line in enumerate(ORDERS.splitlines()):
        for x, cell in enumerate(line.split(",")):
            sheet.write(y, x, cell if (x + y) % 3 else y * 1.5)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def mutated(content: bytes, dice: random.Random) -> bytes:
    for _time in range(dice.randint(1, 5)):
        start = dice.randrange(len(content) + 1)
        content = content[:start] + dice.choice([*PIECES, dice.randbytes(4)]) + content[start + dice.randint(0, 9) :]
    return content


def mutated_inside(content: bytes, dice: random.Random) -> bytes:
    """An XLSX whose XML is broken, not its zip."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        chosen = dice.choice(source.namelist())
        for name in source.namelist():
            entry = source.read(name)
            target.writestr(name, mutated(entry, dice) if name == chosen else entry)
    return held.getvalue()


def rows_by_the_other_way(path: Path) -> int | None:
    """Rows with something in them, as openpyxl's full reader counts; None where it cannot read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, data_only=True)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        return sum(any(cell.value not in (None, "") for cell in row) for row in sheet.iter_rows())
    except Exception:
        return None


@pytest.mark.parametrize("kind", ["xlsx bytes", "xlsx inside", "xls"])
def test_a_broken_workbook_is_answered(tmp_path: Path, kind: str) -> None:
    seed = seed_xls() if kind == "xls" else seed_xlsx()
    path = tmp_path / ("b.xls" if kind == "xls" else "b.xlsx")
    compared = 0
    for run in range(RUNS):
        dice = random.Random(f"{kind} {run}")
        path.write_bytes((mutated_inside if kind == "xlsx inside" else mutated)(seed, dice))
        out = io.StringIO()
        report = read(path, out)
        assert len(report.keys() & {"other", "damaged", "no_sheet", "sheet"}) == 1, run
        other = rows_by_the_other_way(path) if kind != "xls" and "sheet" in report else None
        if other is not None:
            compared += 1
            assert sum(bool(line.strip()) for line in out.getvalue().splitlines()) >= other, run
    assert kind != "xlsx inside" or compared > RUNS // 10


def test_broken_workbooks_through_the_whole_import(store: Store, tmp_path: Path) -> None:
    load_base(store, act_at(), tmp_path)
    before = store.value("SELECT count(*) FROM change")
    for run in range(max(6, RUNS // 50)):
        path = tmp_path / "b.xlsx"
        path.write_bytes(mutated_inside(seed_xlsx(), random.Random(run)))
        try:
            results = import_files(store, act_at(), load_policy(None), paths=[path], dry_run=True)
            assert all(result.rows >= len(result.rejected) for result in results)
        except Refusal:
            pass
    assert store.value("SELECT count(*) FROM change") == before
    assert list(tmp_path.glob(".crmkit-*")) == []
