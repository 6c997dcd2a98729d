"""C2 to C5 of the bad input: the siblings of the listed cases, memory as the system counts it, and an index of all.

Names carry the numbers of bad-input.md; the even ones are the listed cases' neighbours.
"""

import gzip
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import act_at
from import_examples import CUSTOMERS, dump, load, load_base, reasons, with_team, write

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted, Kind, Notice, Reason, Totals
from crmkit.model.operation import Act
from crmkit.report import faults
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.store import customers
from crmkit.store.connection import Store
from crmkit.store.opening import create_store, open_store

HEAD = "订货日期,客户编码,商品编码,数量,金额\n"
SHOP = "客户编码,客户名称\n"


@pytest.fixture
def known(store: Store, act: Act, tmp_path: Path) -> Store:
    load_base(store, act, tmp_path)
    return store


def refused(store: Store, *paths: Path, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        load(store, act_at(), *paths, **options)
    return caught.value


# an index: no case of C2 to C5 without a test that bears its number

TESTS = Path(__file__).parent


def numbers_of_tests() -> set[int]:
    found: set[int] = set()
    for path in TESTS.glob("test_*.py"):
        for name in re.findall(r"^def test_((?:c[0-9]+_)?[0-9]+\w*)\(", path.read_text(encoding="utf-8"), re.M):
            plain = re.sub(r"^c[0-9]+_", "", name)
            found |= {int(part) for part in re.match(r"[0-9_]+", plain)[0].split("_") if part}  # type: ignore[index]
            found |= {int(part) for part in re.findall(r"_and_([0-9]+)_", plain)}
    return found


def test_every_case_of_c2_to_c5_has_a_test_under_its_number() -> None:
    assert sorted(set(range(31, 130, 2)) - numbers_of_tests()) == []


# C2

@pytest.mark.parametrize("language", LANGUAGES)
def test_32_a_header_without_rows_is_refused(store: Store, tmp_path: Path, language: Language) -> None:
    use_language(language)
    for name, text in (("a.csv", SHOP), ("b.csv", f"{SHOP}\n,\n\n"), ("c.csv", f"{SHOP}合计,,\n制表人：张三,\n")):
        refusal = refused(store, write(tmp_path, name, text))
        assert (refusal.fault, refusal.exit) == (Fault.NO_ROWS, 4)
        assert name in faults.lines(refusal)[0]
    assert store.rows("SELECT * FROM operation") == []
    done = load(with_team(store, act_at()), act_at(), tmp_path / "a.csv", write(tmp_path, "d.csv", f"{SHOP}1,甲\n"))
    assert done.rows == 1  # beside a file with rows an empty one stops nothing


def test_32_an_empty_gzip_and_an_empty_workbook_are_empty_files(store: Store, tmp_path: Path) -> None:
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress(b""))
    openpyxl.Workbook().save(tmp_path / "e.xlsx")
    for name in ("e.csv.gz", "e.xlsx"):
        assert refused(store, tmp_path / name).fault is Fault.FILE_EMPTY


def test_38_of_two_columns_of_one_heading_the_first_is_read_and_the_other_named(store: Store, tmp_path: Path) -> None:
    result = load(store, act_at(), write(tmp_path, "c.csv", "客户编码,客户名称,客户名称\n1,甲,乙\n"))
    assert customers.all(store)[0].name == "甲"
    assert (Notice.COLUMNS_IGNORED, "客户名称") in result.notices


@pytest.mark.parametrize("heading", ["数量(瓶)", "数量（实发）", "金额(USD)"])
def test_40_a_unit_nobody_knows_is_said(known: Store, tmp_path: Path, heading: str) -> None:
    text = HEAD.replace(heading[:2], heading) + "2026-09-01,00123,0001,1,10\n"
    result = load(known, act_at(), write(tmp_path, "o.csv", text))
    assert (Notice.STRANGE_UNIT, heading) in result.notices
    assert result.totals == Totals(1, 1000, 1000)


def test_40_known_units_and_marks_are_nothing_to_say(known: Store, tmp_path: Path) -> None:
    text = "订货日期(必填),客户编码,商品编码,数量(条),金额(元)\n2026-09-01,00123,0001,1,10\n"
    result = load(known, act_at(), write(tmp_path, "o.csv", text))
    assert Notice.STRANGE_UNIT not in dict(result.notices)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_44_a_quote_that_nothing_closes_swallows_no_rows(
    store: Store, tmp_path: Path, end: str, encoding: str
) -> None:
    before = dump(store)
    text = end.join(["客户编码,客户名称", '1,"甲', "2,乙", "3,丙"]) + end
    refusal = refused(store, write(tmp_path, "c.csv", text, encoding))
    assert (refusal.fault, refusal.facts["line"]) == (Fault.OPEN_QUOTE, 2)
    assert dump(store) == before


def test_44_a_quoted_cell_of_several_lines_at_the_end_is_no_open_quote(store: Store, tmp_path: Path) -> None:
    for name, end in (("a.csv", "\n"), ("b.csv", "")):
        load(store, act_at(), write(tmp_path, name, f'{SHOP}1,甲\n{name[0]},"乙\n丙""丁"{end}'))
    assert [c.name for c in customers.all(store)] == ["甲", '乙 丙"丁', '乙 丙"丁']


def test_44_an_open_quote_on_the_last_line_costs_its_own_row_only(store: Store, tmp_path: Path) -> None:
    load(store, act_at(), write(tmp_path, "c.csv", f'{SHOP}1,甲\n2,"乙'))
    assert [c.name for c in customers.all(store)] == ["甲", "乙"]


def test_48_the_separator_line_may_name_a_tab(store: Store, tmp_path: Path) -> None:
    load(store, act_at(), write(tmp_path, "c.csv", "sep=\t\n客户编码\t客户名称\n1\t甲,乙\n"))
    assert customers.all(store)[0].name == "甲,乙"


def test_50_rows_of_blanks_of_every_width_are_blank(store: Store, tmp_path: Path) -> None:
    result = load(store, act_at(), write(tmp_path, "c.csv", f"{SHOP}1,甲\n  ,\u3000\n\t,\n,,,\n2,乙\n"))
    assert (result.rows, result.skipped, result.rejected) == (2, 3, ())


@pytest.mark.parametrize(
    ("cell", "code"), [("'00123", "00123"), ('"=""00123"""', "00123"), ('="00123"', "00123"), ("'=\"00123\"", None)]
)
def test_53_excels_text_tricks_through_a_file(store: Store, tmp_path: Path, cell: str, code: str | None) -> None:
    path = write(tmp_path, "c.csv", f"{SHOP}{cell},甲\n7,乙\n")
    result = load(store, act_at(), path)
    assert [c.code for c in customers.all(store)] == ([code, "7"] if code else ["7"])
    assert len(result.rejected) == (code is None)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no /dev/stdin")
def test_55_what_comes_by_the_standard_input(store: Store, tmp_path: Path) -> None:
    with_team(store, act_at())
    store.close()
    words = [sys.executable, "-m", "crmkit", "--db", str(store.path), "import", "/dev/stdin"]
    done = subprocess.run(words, input=CUSTOMERS.encode("gb18030"), capture_output=True, env=clean(), check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert len(names_in(store.path)) == 2


def clean() -> dict[str, str]:
    return {**os.environ, "CRMKIT_NOW": "2026-11-02T08:30", "CRMKIT_ACTOR": "001", "CRMKIT_LANG": "en"}


def names_in(path: Path) -> list[str]:
    store = open_store(path)
    found = [customer.name for customer in customers.all(store)]
    store.close()
    return found


# a small process between: a child starts with the peak of the one that made it
MEASURE = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_pid, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


def peak(store: Store, path: Path) -> tuple[int, int, str]:
    """Exit code, peak megabytes of the command and its children, and what it said."""
    store.close()
    command = [sys.executable, "-m", "crmkit", "--db", str(store.path), "import", str(path)]
    words = [sys.executable, "-c", MEASURE, *command]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", env=clean(), check=True)
    code, kilobytes = done.stdout.split()
    return int(code), int(kilobytes) >> 10, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows counts memory otherwise")
def test_51_a_line_of_fifty_megabytes_takes_no_memory(store: Store, tmp_path: Path) -> None:
    with_team(store, act_at())
    path = tmp_path / "c.csv"
    with path.open("wb") as stream:
        stream.write(f"{SHOP}1,甲\n2,".encode())
        for _chunk in range(50):
            stream.write(b"x" * (1 << 20))
    code, megabytes, said = peak(store, path)
    assert (code, "line 3" in said) == (4, True)
    assert megabytes < 300


@pytest.mark.skipif(os.name == "nt", reason="Windows counts memory otherwise")
def test_93_formatted_empty_rows_take_no_memory(store: Store, tmp_path: Path) -> None:
    with_team(store, act_at())
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    path, rows = tmp_path / "c.xlsx", b"".join(b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(3, 1_048_577))
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{a}</t></is></c>'
        f'<c r="B{n}" t="inlineStr"><is><t>{b}</t></is></c></row>'
        for n, (a, b) in enumerate([("客户编码", "客户名称"), ("1", "甲")], 1)
    )
    with zipfile.ZipFile(tmp_path / "empty.xlsx") as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(
                    rb"<sheetData ?/>|<sheetData>.*</sheetData>",
                    lambda _found: b"<sheetData>" + cells.encode() + rows + b"</sheetData>", content, flags=re.S,
                )  # fmt: skip
            target.writestr(name, content)
    code, megabytes, said = peak(store, path)
    assert (code, said.count("Traceback")) == (0, 0)
    assert names_in(store.path) == ["甲"]
    assert megabytes < 500


@pytest.mark.skipif(os.name == "nt", reason="Windows counts memory otherwise")
def test_99_a_bomb_of_four_hundred_megabytes_takes_no_memory(store: Store, tmp_path: Path) -> None:
    with_team(store, act_at())
    path = tmp_path / "c.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"x")
        with made.open("xl/worksheets/sheet1.xml", "w") as stream:
            for _chunk in range(400):
                stream.write(b" " * (1 << 20))
    code, megabytes, _said = peak(store, path)
    assert code == 4
    assert megabytes < 200


def test_58_a_folder_and_a_web_page_are_named(store: Store, tmp_path: Path) -> None:
    assert refused(store, tmp_path).facts["found"] == "folder"
    page = write(tmp_path, "c.csv", "\n <HTML><table><tr><td>客户编码</td></tr></table></html>")
    assert refused(store, page).facts["found"] == "web page or XML"


def test_106_rows_of_one_code_that_differ_name_their_columns(store: Store, tmp_path: Path) -> None:
    text = "客户编码,客户名称,城市,档位\n1,甲,济南,3\n1,甲,青岛,\n2,乙,济南,4\n2,乙,济南,5\n2,乙,,5\n"
    result = load(store, act_at(), write(tmp_path, "c.csv", text))
    assert (Notice.LATER_ROW, "2 (城市, 档位)") in result.notices
    assert [(c.city, c.grade) for c in customers.all(store)] == [("青岛", 3), ("济南", 5)]


# C3

def test_60_gbk_packed_and_with_a_hint_is_the_same(store: Store, tmp_path: Path) -> None:
    plain = CUSTOMERS.replace("𠮷", "吉").replace("䶮", "龙")
    with_team(store, act_at())
    load(store, act_at(), write(tmp_path, "a.csv.gz", plain, "gbk"))
    for name, options in (("b.csv", {"encoding": "gbk"}), ("c.csv.gz", {"encoding": "gb18030"})):
        again = load(store, act_at(), write(tmp_path, name, plain + "\n", "gbk"), **options)
        assert again.counted[Kind.CUSTOMERS] == Counted(unchanged=2)


def test_66_gbk_with_a_broken_byte_names_its_line(store: Store, tmp_path: Path) -> None:
    content = f"{SHOP}1,甲店\n2,乙店铺\n".encode("gbk").replace("乙".encode("gbk"), b"\xd2\xff")
    refusal = refused(store, write(tmp_path, "c.csv", content))
    assert (refusal.fault, refusal.facts["line"]) == (Fault.DAMAGED_TEXT, 3)


def test_66_a_wrong_hint_is_refused_and_not_guessed_away(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", f"{SHOP}1,甲\n", "gbk")
    assert refused(store, path, encoding="utf-8").fault is Fault.DAMAGED_TEXT
    assert refused(store, path, encoding="koi8-r").fault is Fault.BAD_VALUE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_67_double_encoded_text_is_named_with_the_way_out(
    store: Store, tmp_path: Path, language: Language, errors: str
) -> None:
    use_language(language)
    garbled = CUSTOMERS.encode().decode("gb18030", errors)
    refusal = refused(store, write(tmp_path, "c.csv", garbled))
    assert (refusal.fault, refusal.exit) == (Fault.TWICE_ENCODED, 4)
    said = faults.lines(refusal)
    assert "客户编码" in said[0]
    assert ("重新导出" if language == "zh" else "Export it again") in said[1]


def test_68_an_unknown_header_that_is_plain_is_not_called_garbled(store: Store, tmp_path: Path) -> None:
    for text in ("甲列,乙列\n1,2\n", "foo,bar\n1,2\n"):
        assert refused(store, write(tmp_path, "c.csv", text)).fault is Fault.NO_HEADER


# C4

@pytest.mark.parametrize("suffix", ["xlsb", "ods", "et", "wps", "numbers"])
@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04[Content_Types].xml", b"text"])
def test_97_spreadsheets_of_other_programs_go_by_their_name(
    store: Store, tmp_path: Path, suffix: str, content: bytes
) -> None:
    refusal = refused(store, write(tmp_path, f"c.{suffix}", content))
    assert (refusal.fault, refusal.facts["found"]) == (Fault.WRONG_FILE_TYPE, suffix)
    assert "CSV" in faults.lines(refusal)[1]


def test_98_a_workbook_called_csv_and_a_text_called_xlsx(store: Store, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.save(tmp_path / "c.xlsx")
    assert refused(store, write(tmp_path, "c.csv", (tmp_path / "c.xlsx").read_bytes())).facts["found"] == "xlsx"
    load(with_team(store, act_at()), act_at(), write(tmp_path, "d.xlsx", f"{SHOP}1,甲\n", "gbk"))
    assert [c.name for c in customers.all(store)] == ["甲"]


# C5

def test_106_two_names_for_one_product_are_refused_too(store: Store, tmp_path: Path) -> None:
    result = load(store, act_at(), write(tmp_path, "p.csv", "商品编码,商品名称\n1,红\n1,蓝\n2,白\n"))
    assert [(r.line, r.reason, r.detail) for r in result.rejected] == [
        (2, Reason.TWO_NAMES, "红 | 蓝"), (3, Reason.TWO_NAMES, "红 | 蓝"),
    ]  # fmt: skip


def test_109_hostile_codes_through_a_file_each_with_a_reason(store: Store, tmp_path: Path) -> None:
    codes = ['a"b', "a\\b", "x" * 41, "😀", "a b", "店1", "A/1", "<b>"]
    quoted = "".join('"{}",店\n'.format(code.replace('"', '""')) for code in codes)
    result = load(store, act_at(), write(tmp_path, "c.csv", SHOP + quoted))
    assert [c.code for c in customers.all(store)] == ["A/1", "店1"]
    assert {r.reason for r in result.rejected} == {Reason.BAD_CODE, Reason.TOO_LONG}
    assert len(result.rejected) == len(codes) - 2


HOSTILE = ["null", "True", "O'Brien", "Robert'); DROP TABLE customer;--", "=1+1", "{{7*7}}", "a|b|c|d"]


@pytest.mark.parametrize("name", HOSTILE)
def test_111_hostile_names_through_a_file_are_kept(store: Store, tmp_path: Path, name: str) -> None:
    load(store, act_at(), write(tmp_path, "c.csv", f"{SHOP}1,{name}\n"))
    assert customers.all(store)[0].name == name


@pytest.mark.parametrize("day", ["2/3/2026", "26-2-3", "03-04-26", "2026.2", "二月三日", "昨天"])
def test_113_doubtful_days_refuse_their_row_only(known: Store, tmp_path: Path, day: str) -> None:
    text = f"{HEAD}{day},00123,0001,1,10\n2026-09-01,00123,0001,1,10\n"
    result = load(known, act_at(), write(tmp_path, "o.csv", text))
    assert [(line, column) for line, column, _reason in reasons(result)] == [(2, "订货日期")]
    assert result.totals.lines == 1


def test_115_orders_before_the_day_of_opening_are_taken_and_said(known: Store, tmp_path: Path) -> None:
    rows = "2019-12-31,00123,0001,1,10\n2020-01-02,00123,0001,1,10\n2019-03-04,00124,0001,1,10\n"
    result = load(known, act_at(), write(tmp_path, "o.csv", HEAD + rows))
    assert (Notice.EARLY_ORDERS, "00123") in result.notices
    assert (result.rejected, result.totals.lines) == ((), 3)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [('"1,234.50"', 123450), ("１２３４．５０", 123450), ("¥1234.5", 123450), ("1234.5元", 123450),
     ("1.2万", 1_200_000), ("(12.00)", -1200), ("-12", -1200), ("-0", 0)],
)  # fmt: skip
def test_117_amounts_through_a_file(known: Store, tmp_path: Path, cell: str, amount: int) -> None:
    text = f"{HEAD}2026-09-01,00123,0001,1,{cell}\n"
    assert load(known, act_at(), write(tmp_path, "o.csv", text)).totals.amount == amount


@pytest.mark.parametrize("amount", [str(10**15), str(2**63), "9" * 50, "1e400", "NaN", "inf"])
def test_119_amounts_no_ledger_holds(known: Store, tmp_path: Path, amount: str) -> None:
    text = f"{HEAD}2026-09-01,00123,0001,1,{amount}\n2026-09-01,00123,0001,1,1\n"
    result = load(known, act_at(), write(tmp_path, "o.csv", text))
    assert [line for line, _column, _reason in reasons(result)] == [2]


@pytest.mark.parametrize("column", ["状态", "业态", "市场类型", "档位", "拜访方式", "订货日", "网上订货"])
def test_129_each_unknown_word_is_refused_with_the_known_ones(store: Store, tmp_path: Path, column: str) -> None:
    with_team(store, act_at())
    result = load(store, act_at(), write(tmp_path, "c.csv", f"客户编码,客户名称,{column}\n1,甲,胡说\n2,乙,\n"))
    assert reasons(result) == [(2, column, Reason.UNKNOWN_WORD)]
    assert re.fullmatch(r"胡说 \(.{3,}\)", result.rejected[0].detail)
    assert [c.code for c in customers.all(store)] == ["2"]


def test_six_encodings_of_hostile_names_give_the_same_rows(store: Store, tmp_path: Path) -> None:
    names = ["𠮷野家", "㈱①Ⅳ々〇", "👨‍👩‍👧", "null", "审核烟酒店", "鸦猫", "片园"]
    text = SHOP + "".join(f"{n},{name}\n" for n, name in enumerate(names, 1))
    found = []
    for place, encoding in enumerate(("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")):
        other = with_team(create_store(tmp_path / f"{place}.db"), act_at())
        mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
        load(other, act_at(), write(tmp_path, f"{place}.csv", mark + text, encoding))
        found.append(dump(other)["customer"])
        other.close()
    assert all(one == found[0] for one in found)
    assert len(found[0]) == len(names)
