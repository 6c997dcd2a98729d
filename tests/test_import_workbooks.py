"""C4 of the bad input: workbooks as offices keep them, and what pretends to be one."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from import_examples import CUSTOMERS, ORDERS, PRODUCTS, dump, load, load_base, reasons, with_team, write

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted, Kind, Notice, Reason, Totals
from crmkit.model.operation import Act
from crmkit.sources import zipped
from crmkit.store import customers
from crmkit.store.connection import Store
from crmkit.store.opening import create_store

HEAD = ["订单号", "行号", "订货日期", "客户编码", "商品编码", "数量(条)", "金额(元)"]
LINE: list[Any] = ["A1", 1, date(2026, 9, 1), "00123", "0001", 1, 10]
Change = Callable[[Any], None]


def book(path: Path, *rows: Sequence[Any], change: Change | None = None) -> Path:
    """An XLSX of one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    if change:
        change(made)
    made.save(path)
    return path


def rewritten(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """The same zip with one entry's bytes replaced."""
    with zipfile.ZipFile(path) as source:
        entries = {entry: source.read(entry) for entry in source.namelist()}
    assert old in entries[name]
    entries[name] = entries[name].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry, content in entries.items():
            target.writestr(entry, content)
    return path


def table(text: str) -> list[list[str]]:
    import csv

    return list(csv.reader(io.StringIO(text)))


def old_book(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("表")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            sheet.write(y, x, value)
    made.save(str(path))
    return path


def refused(store: Store, act: Act, *paths: Path, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        load(store, act, *paths, **options)
    return caught.value


@pytest.fixture
def known(store: Store, act: Act, tmp_path: Path) -> Store:
    load_base(store, act, tmp_path)
    return store


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_59_workbooks_give_the_same_rows_as_text(store: Store, act: Act, tmp_path: Path, kind: str) -> None:
    load_base(store, act, tmp_path)
    load(store, act, write(tmp_path, "o.csv", ORDERS))
    other = with_team(create_store(tmp_path / "other.db"), act)
    for name, text in (("c2", CUSTOMERS), ("p2", PRODUCTS), ("o2", ORDERS)):
        path = tmp_path / f"{name}.{kind}"
        made = book(path, *table(text)) if kind == "xlsx" else old_book(path, table(text))
        result = load(other, act, made)
        assert (result.encoding, result.rejected) == (kind, ())
    assert dump(other) == dump(store)
    assert list(tmp_path.glob(".crmkit-*")) == []
    other.close()


def test_75_a_code_kept_as_a_number(store: Store, act: Act, tmp_path: Path) -> None:
    rows = [["客户编码", "客户名称"], [110101199001, "甲"], [110101199002.0, "乙"], [float(7), "丙"]]
    load(store, act, book(tmp_path / "c.xlsx", *rows))
    assert [c.code for c in customers.all(store)] == ["110101199001", "110101199002", "7"]


def test_75_digits_lost_and_zeros_shown_by_a_format(store: Store, act: Act, tmp_path: Path) -> None:
    def zeros(made: Any) -> None:
        made.active["A3"].number_format = "00000"

    path = book(tmp_path / "c.xlsx", ["客户编码", "客户名称"], [1.23456789012345e18, "甲"], [9, "乙"], change=zeros)
    result = load(store, act, path)
    assert reasons(result) == [(2, "客户编码", Reason.DIGITS_LOST)]
    assert [c.code for c in customers.all(store)] == ["00009"]


def test_77_a_code_that_lost_its_zeros_makes_no_second_customer(known: Store, act: Act, tmp_path: Path) -> None:
    result = load(known, act, book(tmp_path / "c2.xlsx", ["客户编码", "客户名称"], [123, "甲"], [900, "乙"]))
    assert [(r.line, r.reason, r.detail) for r in result.rejected] == [(2, Reason.LOST_ZEROS, "123 (00123?)")]
    orders = load(known, act, book(tmp_path / "o.xlsx", HEAD, [*LINE[:3], 123, 1, 1, 1], LINE))
    assert reasons(orders) == [(2, "客户编码", Reason.LOST_ZEROS)]
    assert [c.code for c in customers.all(known)] == ["00123", "00124", "900"]


@pytest.mark.parametrize("shown", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "m/d", "[$-804]aaaa", "General", "[$-F800]dddd"])
@pytest.mark.parametrize("epoch", [1900, 1904])
def test_79_81_days_of_any_format_and_epoch(known: Store, act: Act, tmp_path: Path, shown: str, epoch: int) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def dates(made: Any) -> None:
        if epoch == 1904:
            made.epoch = CALENDAR_MAC_1904
        made.active["C2"].value = 46266 - (1462 if epoch == 1904 else 0)
        made.active["C2"].number_format = shown

    load(known, act, book(tmp_path / "o.xlsx", HEAD, LINE, change=dates))
    assert known.value("SELECT day FROM orders") == "2026-09-01"


def test_83_a_time_before_midnight_stays_on_its_day(known: Store, act: Act, tmp_path: Path) -> None:
    late = datetime(2026, 9, 1, 23, 59, 59, 999_000)  # noqa: DTZ001 - a workbook's times have no zone
    load(known, act, book(tmp_path / "o.xlsx", HEAD, [*LINE[:2], late, *LINE[3:]]))
    load(known, act, old_book(tmp_path / "o2.xls", [HEAD, ["A2", 1, 46266.999999, *LINE[3:]]]))
    assert {day for (day,) in known.rows("SELECT day FROM orders")} == {"2026-09-01"}


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!"])
def test_85_error_cells_reject_their_row(known: Store, act: Act, tmp_path: Path, error: str) -> None:
    before = dump(known)
    rows = [["客户编码", "客户名称", "档位"], ["00123", error, 5], ["00124", "䶮记烟酒①", error]]
    assert refused(known, act, book(tmp_path / "c2.xlsx", *rows)).facts["rejected"] == 2
    assert dump(known) == before


def test_85_a_formula_without_a_result_is_no_blank_cell(known: Store, act: Act, tmp_path: Path) -> None:
    path = book(tmp_path / "o.xlsx", HEAD, LINE, ["A1", 2, *LINE[2:6], "=F2*2"])
    assert reasons(load(known, act, path)) == [(3, "金额(元)", Reason.ERROR_CELL)]


def test_35_87_merged_headers_below_a_title(known: Store, act: Act, tmp_path: Path) -> None:
    def merge(made: Any) -> None:
        for cells in ("A1:G1", "F3:G3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4"):
            made.active.merge_cells(cells)

    rows = [
        ["九月销售明细"], [],
        ["订单号", "行号", "订货日期", "客户编码", "商品编码", "金额", None, "数量"],
        [None, None, None, None, None, "计划", "实际", None],
        [*LINE[:5], 99, 10, 1], ["合计", None, None, None, None, 99, 11, 1],
    ]  # fmt: skip
    result = load(known, act, book(tmp_path / "o.xlsx", *rows, change=merge))
    assert result.totals == Totals(1, 1000, 1000)
    notices = dict(result.notices)
    assert notices[Notice.TITLE_ROWS] == "1"
    assert "金额 实际" in notices[Notice.JOINED_HEADER]
    assert notices[Notice.COLUMNS_IGNORED] == "金额 计划"
    assert notices[Notice.TOTAL_DIFFERS] == "金额 实际: 11 ≠ 10"
    assert notices[Notice.TOTAL_AGREES] == "数量: 1 = 1"
    assert result.is_warned


def test_89_hidden_rows_and_columns(store: Store, act: Act, tmp_path: Path) -> None:
    def hide(made: Any) -> None:
        made.active.row_dimensions[3].hidden = True
        made.active.column_dimensions["C"].hidden = True
        made.active.auto_filter.ref = "A1:C4"

    rows = [["客户编码", "客户名称", "档位"], ["1", "甲", 3], ["2", "乙", 4], ["3", "丙", 5]]
    path = book(tmp_path / "c.xlsx", *rows, change=hide)
    seen = load(store, act, path, visible_only=True, dry_run=True)
    assert (seen.counted[Kind.CUSTOMERS], seen.columns[-1][0]) == (Counted(new=2), "客户名称")
    result = load(store, act, path)
    wanted = {Notice.HIDDEN_ROWS: "1", Notice.HIDDEN_COLUMNS: "1", Notice.FILTERED: "1"}
    assert wanted.items() <= dict(result.notices).items()
    assert [c.grade for c in customers.all(store)] == [3, 4, 5]


def test_91_a_wrong_dimension_hides_no_rows(store: Store, act: Act, tmp_path: Path) -> None:
    path = book(tmp_path / "c.xlsx", ["客户编码", "客户名称"], *([n, f"店{n}"] for n in range(1, 301)))
    rewritten(path, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:B301"', b'<dimension ref="A1"')
    assert load(store, act, path).counted[Kind.CUSTOMERS] == Counted(new=300)


def test_93_formatted_empty_rows_are_none(store: Store, act: Act, tmp_path: Path) -> None:
    """A million of them: test_bad_input_files."""
    path = book(tmp_path / "c.xlsx", ["客户编码", "客户名称"], ["1", "甲"])
    empty = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(3, 50_001))
    rewritten(path, "xl/worksheets/sheet1.xml", b"</sheetData>", empty + b"</sheetData>")
    result = load(store, act, path)
    assert (result.rows, result.skipped) == (1, 0)


def test_95_money_as_binary_fractions_is_rounded_to_fen(known: Store, act: Act, tmp_path: Path) -> None:
    rows = [[*LINE[:6], 0.1 + 0.2], ["A1", 2, *LINE[2:6], 19.999999999], ["A1", 3, *LINE[2:5], 0.1 + 0.2, 1.005]]
    result = load(known, act, book(tmp_path / "o.xlsx", HEAD, *rows))
    assert (result.totals, result.rejected) == (Totals(3, 2300, 30 + 2000 + 101), ())


def zip_of(path: Path, *entries: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return path


def test_97_other_formats_are_named(store: Store, act: Act, tmp_path: Path) -> None:
    ods = ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    locked = ole + "EncryptedPackage".encode("utf-16-le")
    cases = {
        zip_of(tmp_path / "b.xlsx", ("xl/workbook.bin", b"x")): "xlsb",
        zip_of(tmp_path / "o.xlsx", *ods): "ods",
        zip_of(tmp_path / "w.xlsx", ("word/document.xml", b"x")): "docx",
        zip_of(tmp_path / "z.xlsx", ("a.txt", b"x")): "zip",
        write(tmp_path, "l.xlsx", locked): "xlsx with a password",
        write(tmp_path, "p.xls", b"<html><table><tr><td>1</td></tr></table></html>"): "web page or XML",
    }
    for path, found in cases.items():
        refusal = refused(store, act, path)
        assert (refusal.fault, refusal.facts["found"]) == (Fault.WRONG_FILE_TYPE, found)
    assert refused(store, act, write(tmp_path, "e.xls", ole)).fault in (Fault.DAMAGED_BOOK, Fault.WRONG_FILE_TYPE)


def test_99_101_bombs_and_paths_outside_are_refused_before_parsing(store: Store, act: Act, tmp_path: Path) -> None:
    bomb = zip_of(tmp_path / "bomb.xlsx", ("xl/workbook.xml", b"x"), ("xl/worksheets/sheet1.xml", b" " * (64 << 20)))
    many = zip_of(tmp_path / "many.xlsx", *((f"xl/{n}", b"") for n in range(zipped.MOST_ENTRIES + 1)))
    twice = zip_of(tmp_path / "twice.xlsx", ("xl/workbook.xml", b"x" * 99), ("xl/b.xml", b"y" * 99))
    content = bytearray(twice.read_bytes())
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    twice.write_bytes(content)
    for path in (bomb, many, twice):
        assert refused(store, act, path).facts["found"] == "zip bomb"
    for name in ("../../x", "/etc/x", "xl\\..\\..\\x"):
        outside = zip_of(tmp_path / "outside.xlsx", ("xl/workbook.xml", b"x"), (name, b"x"))
        assert refused(store, act, outside).facts["found"] == "zip with paths outside"


def test_an_entity_in_the_xml_is_never_followed(store: Store, act: Act, tmp_path: Path) -> None:
    path = book(tmp_path / "c.xlsx", ["客户编码", "客户名称"], ["1", "甲"])
    bad = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet '
    rewritten(path, "xl/worksheets/sheet1.xml", b"<worksheet ", bad)
    assert refused(store, act, path).fault is Fault.DAMAGED_BOOK


def test_103_lock_files_are_left_out(store: Store, act: Act, tmp_path: Path) -> None:
    path = book(tmp_path / "c.xlsx", ["客户编码", "客户名称"], ["1", "甲"])
    lock = write(tmp_path, "~$c.xlsx", b"\x05lock")
    from crmkit.sources.policy import load_policy
    from crmkit.workflow.import_files import import_files

    first, second = import_files(store, act, load_policy(None), paths=[lock, path])
    assert first.notices == ((Notice.LOCK_FILE, "~$c.xlsx"),)
    assert second.counted[Kind.CUSTOMERS] == Counted(new=1)


def test_sheets_by_name_and_all_that_are_understood(store: Store, act: Act, tmp_path: Path) -> None:
    def sheets(made: Any) -> None:
        for name, rows in (("客户", table(CUSTOMERS)), ("商品", table(PRODUCTS)), ("说明", [["随便写写"]])):
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.remove(made.worksheets[0])

    with_team(store, act)
    path = book(tmp_path / "all.xlsx", change=sheets)
    from crmkit.sources.policy import load_policy
    from crmkit.workflow.import_files import import_files

    results = import_files(store, act, load_policy(None), paths=[path], dry_run=True)
    assert [result.kinds for result in results] == [(Kind.CUSTOMERS,), (Kind.PRODUCTS,)]
    assert load(store, act, path, sheets=("商品",)).counted[Kind.PRODUCTS] == Counted(new=2)
    assert customers.all(store) == []
    refusal = refused(store, act, path, sheets=("没有",))
    assert (refusal.fault, refusal.facts["value"]) == (Fault.NOT_FOUND, "没有")
    assert refusal.facts["known"] == "客户, 商品, 说明"
    again = import_files(store, act, load_policy(None), paths=[path])
    assert [result.already is None for result in again] == [True, False]
    assert refused(store, act, path, sheets=("说明",)).fault is Fault.NO_HEADER
    assert refused(store, act, path, rejects=tmp_path / "mend.csv").fault is Fault.CONFLICTING_OPTIONS


def test_a_workbook_in_the_users_folder_cannot_bring_its_own_modules(store: Store, act: Act, tmp_path: Path) -> None:
    write(tmp_path, "openpyxl.py", "raise SystemExit(9)")
    result = load(store, act, book(tmp_path / "c.xlsx", ["客户编码", "客户名称"], ["1", "甲"]))
    assert result.counted[Kind.CUSTOMERS] == Counted(new=1)


def test_cells_beyond_the_header_and_short_rows_keep_their_place(store: Store, act: Act, tmp_path: Path) -> None:
    path = book(
        tmp_path / "c.xlsx", ["客户编码", "客户名称", "档位"], ["1", "甲"], ["2", "乙", 3, "旁注"], ["3\n", "丙\n丁"]
    )
    load(store, act, path)
    assert [(c.code, c.name, c.grade) for c in customers.all(store)] == [
        ("1", "甲", None), ("2", "乙", 3), ("3", "丙 丁", None),
    ]  # fmt: skip
