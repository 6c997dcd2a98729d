"""A sheet written as a table, filled in by a person and read back: the same as typing the lines."""

import csv
import io
import sqlite3
from datetime import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from evening_examples import DAY, planned_month
from month_examples import Typist

from crmkit.model.errors import Exit
from crmkit.report.papers.daily_sheet_data import to_fill
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.sources.filled_sheet import HEADS

Row = dict[str, str]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typist:
    return planned_month(tmp_path, monkeypatch, capsys)


def printed(typed: Typist, lang: Language = "zh", day: str = DAY) -> list[Row]:
    assert typed("visit", "sheet", "--date", day, "-o", "sheet.csv", lang=lang).code == 0
    text = (typed.folder / "sheet.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def filled(typed: Typist, rows: list[Row], name: str = "sheet.csv") -> Path:
    path = typed.folder / name
    if path.suffix == ".xlsx":
        book: Any = openpyxl.Workbook()
        for row in (list(rows[0]), *(list(row.values()) for row in rows)):
            book.active.append(row)
        book.save(path)
        return path
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def stored(typed: Typist, sql: str) -> list[tuple[object, ...]]:
    return sqlite3.connect(typed.folder / "crmkit.db").execute(sql).fetchall()


VISITS = "SELECT c.code, v.visited, v.miss_reason, v.arrived, v.left_, v.anomaly, v.opinion, v.effect FROM visit v \
JOIN customer c ON c.id=v.customer ORDER BY v.id"


def filled_day(rows: list[Row]) -> list[Row]:
    first, second, *_others = rows
    first.update(拜访情况="已拜访", 到店="9:05", 离店="09:30", 市场异常信息="有假烟", 拜访效果及感受="配合；可再来")
    first["★完成序号"], first["●临时任务"], first["承诺事项"] = "1", "贴价签；换海报", "带册子"
    second.update(拜访情况="关门 装修")
    return rows


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_a_filled_sheet_is_kept_in_one_operation_and_twice_changes_nothing(typed: Typist, name: str) -> None:
    rows = filled_day(printed(typed))
    first, second = rows[0]["客户编码"], rows[1]["客户编码"]
    filled(typed, rows, name)
    before = stored(typed, "SELECT max(seq) FROM operation")[0][0]
    assert typed("visit", "import", name, "--dry-run").code == 0
    assert stored(typed, VISITS) == []
    answer = typed("visit", "import", name)
    assert answer.code == 0, answer
    assert stored(typed, VISITS) == [
        (first, 1, None, "09:05", "09:30", "有假烟", None, "配合；可再来"),
        (second, 0, "closed", None, None, None, None, "装修"),
    ]
    assert stored(typed, "SELECT text, done_on FROM ad_hoc_item ORDER BY id") == [
        ("贴价签", DAY), ("换海报", DAY), ("带册子", None),
    ]  # fmt: skip
    assert stored(typed, "SELECT count(*) FROM strategy WHERE state='done'") == [(1,)]
    assert stored(typed, "SELECT max(seq) FROM operation") == [(before + 1,)]  # type: ignore[operator]
    assert "nothing changed" in typed("visit", "import", name).out
    assert stored(typed, "SELECT max(seq) FROM operation") == [(before + 1,)]  # type: ignore[operator]
    assert typed("db", "undo").code == 0
    assert stored(typed, VISITS) == []


def test_the_day_is_that_of_the_sheet_and_another_day_is_refused(typed: Typist) -> None:
    filled(typed, filled_day(printed(typed)))
    typed.now = "2026-11-04T08:00"  # the morning after
    refused = typed("visit", "import", "sheet.csv", "--date", "2026-11-04")
    assert refused.code == Exit.INPUT_REFUSED
    assert stored(typed, VISITS) == []
    assert typed("visit", "import", "sheet.csv").code == 0
    assert stored(typed, "SELECT DISTINCT day FROM visit") == [(DAY,)]


def test_what_cannot_be_kept_is_named_by_its_row_and_nothing_is_kept(typed: Typist) -> None:
    rows = filled_day(printed(typed))
    rows[1].update(拜访情况="", **{"★完成序号": "0"})
    rows[0].update(到店="上午")
    rows.append({**rows[0], "短码": "AAA", "到店": ""})
    filled(typed, rows)
    refused = typed("visit", "import", "sheet.csv")
    assert refused.code == Exit.INPUT_REFUSED
    assert all(f"Line {line}" in refused.out for line in (2, 3, len(rows) + 1)), refused.out
    assert stored(typed, VISITS) == []


def test_another_table_is_no_sheet(typed: Typist) -> None:
    refused = typed("visit", "import", "customers.csv")
    assert refused.code not in (0, 1)
    assert "Traceback" not in refused.err


def test_an_untouched_sheet_says_nothing(typed: Typist) -> None:
    filled(typed, printed(typed))
    assert typed("visit", "import", "sheet.csv").code == 0
    assert stored(typed, VISITS) == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_column_to_fill_is_known_by_its_word(spoken: Language) -> None:
    use_language(spoken)
    known = {word.casefold() for words in HEADS.values() for word in words.split("|")}
    assert {head.casefold() for _key, head in to_fill()} <= known


def test_an_english_sheet_is_read_back(typed: Typist) -> None:
    rows = printed(typed, "en")
    rows[0]["visited, or why not"] = "yes"
    rows[0]["Effect and impressions"] = "=cmd|' /C calc'!A0"
    rows[1]["visited, or why not"] = "owner away"
    filled(typed, rows)
    assert typed("visit", "import", "sheet.csv").code == 0
    assert stored(typed, "SELECT visited, miss_reason, effect FROM visit ORDER BY id") == [
        (1, None, "=cmd|' /C calc'!A0"), (0, "owner_away", None),
    ]  # fmt: skip


def workbook(typed: Typist, lang: Language = "zh") -> Any:
    assert typed("visit", "sheet", "--date", DAY, "-o", "day.xlsx", lang=lang).code == 0
    return openpyxl.load_workbook(typed.folder / "day.xlsx")


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_workbook_is_text_with_its_head_on_each_page_of_a4(typed: Typist, spoken: Language) -> None:
    name = "=1+1 店"
    assert typed("customer", "set", "1001", f"name={name}").code == 0
    sheet = workbook(typed, spoken).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.number_format for cell in cells} == {"@"}
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert (sheet.print_title_rows, sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == ("$1:$1", 9, 1)
    heads = [cell.value for cell in sheet[1]]
    use_language(spoken)
    assert {head for _key, head in to_fill()} <= set(heads)
    assert stored(typed, "SELECT format FROM printing")[-1][0] == "xlsx"  # printed: the day is frozen


def test_a_workbook_saved_by_another_office_is_read_back(typed: Typist) -> None:
    """Numbers as numbers, a time of day as such, blanks behind words, empty rows below; nothing else changed."""
    book = workbook(typed)
    sheet = book.active
    at = {cell.value: cell.column for cell in sheet[1]}
    codes = [sheet.cell(row, at["客户编码"]).value for row in (2, 3)]
    said: list[tuple[int, str, object]] = [
        (2, "拜访情况", "已拜访  "), (2, "★完成序号", 1), (2, "到店", time(9, 5)), (2, "离店", 0.4),
        (2, "核实结果", 1), (2, "拜访效果及感受", "500ml*2；+5元 "), (3, "拜访情况", "关门 "),
    ]  # fmt: skip
    for row, head, value in said:
        cell = sheet.cell(row, at[head])
        cell.number_format = "General"
        cell.value = value
    for row in range(sheet.max_row + 1, sheet.max_row + 30):
        sheet.cell(row, 2).value = ""
    book.save(typed.folder / "day.xlsx")
    answer = typed("visit", "import", "day.xlsx")
    assert answer.code == 0, answer
    assert stored(typed, VISITS) == [
        (codes[0], 1, None, "09:05", "09:36", None, None, "500ml*2；+5元"),
        (codes[1], 0, "closed", None, None, None, None, None),
    ]
    assert stored(typed, "SELECT count(*) FROM strategy WHERE state='done'") == [(1,)]
    assert stored(typed, "SELECT count(*), min(day) FROM verified") == [(1, DAY)]
    assert "nothing changed" in typed("visit", "import", "day.xlsx").out


def test_a_workbook_needs_a_file(typed: Typist) -> None:
    assert typed("visit", "sheet", "--date", DAY, "--format", "xlsx").code == Exit.USAGE
