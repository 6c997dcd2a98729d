"""What offices' files hold beside plain rows: units by the row, signatures at the foot, Excel days, two phones."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import act_at
from fresh_stores import fresh_store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_examples import dump, load, load_base, reasons, with_team, write

from crmkit.model.customer import Customer, Likeness
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted, Kind, Notice, Reason, Totals
from crmkit.model.operation import Act
from crmkit.model.personal import masked_phone
from crmkit.report.papers import imports, mapping_help
from crmkit.report.typesetting import width_of
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.rules.duplicates import likely_duplicates
from crmkit.sources.foot_rows import is_foot
from crmkit.store import customers
from crmkit.store.connection import Store

HEAD = "订货日期,客户编码,商品编码,数量,单位,金额\n"


@pytest.fixture
def known(store: Store, act: Act, tmp_path: Path) -> Store:
    load_base(store, act, tmp_path)
    return store


def line(quantity: object, unit: str, product: str = "0001", day: str = "2026-09-01") -> str:
    return f"{day},00123,{product},{quantity},{unit},10\n"


def volumes(store: Store) -> list[int]:
    return [volume for (volume,) in store.rows("SELECT volume FROM line ORDER BY no")]


# 39, siblings: the unit of each row

UNITS = {
    "条": 3000, "包": 300, "盒": 300, "支": 15, "件": 150_000, "万支": 150_000, "箱": 750_000, "大箱": 750_000,
    "Carton": 3000, "packs": 300, "（包）": None, "": 3000, "stick": 15, " 条 ": 3000, "cases": 750_000,
}  # fmt: skip


@pytest.mark.parametrize(("unit", "thousandths"), UNITS.items())
def test_39_each_row_is_counted_by_its_own_unit(
    known: Store, act: Act, tmp_path: Path, unit: str, thousandths: int | None
) -> None:
    path = write(tmp_path, "o.csv", HEAD + line(3, unit) + line(1, "条"))
    result = load(known, act, path)
    if thousandths is None:
        assert reasons(result) == [(2, "单位", Reason.UNKNOWN_WORD)]
        thousandths = 0
    assert result.totals.volume == thousandths + 1000


def test_39_units_of_all_kinds_in_one_file_by_each_products_sticks(known: Store, act: Act, tmp_path: Path) -> None:
    rows = line(2, "条") + line(8, "包", "0002") + line(160, "支", "0002") + line(1, "箱") + line(1, "件") + line(5, "")
    result = load(known, act, write(tmp_path, "o.csv", HEAD + rows))
    # 0002 has 160 sticks a carton: 8 packs of 20 are one carton, 160 sticks one more
    assert volumes(known) == [2000, 1000, 1000, 250_000, 50_000, 5000]
    assert (Notice.ROW_UNITS, "carton 2, case 1, crate 1, stick 1, pack 1") in result.notices
    assert Notice.COLUMNS_IGNORED not in dict(result.notices)
    use_language("en")
    said = imports._notice_words(Notice.ROW_UNITS, dict(result.notices)[Notice.ROW_UNITS])
    assert "1 in packs of 20 sticks" in said
    assert "fixed in crmkit" in said


def test_129_an_unknown_unit_is_refused_with_the_known_ones(known: Store, act: Act, tmp_path: Path) -> None:
    result = load(known, act, write(tmp_path, "o.csv", HEAD + line(1, "瓶") + line(1, "条")))
    assert reasons(result) == [(2, "单位", Reason.UNKNOWN_WORD)]
    assert result.rejected[0].detail == "瓶 (条 箱 件 支 包)"


def test_39_a_row_against_its_header_is_refused(known: Store, act: Act, tmp_path: Path) -> None:
    text = HEAD.replace("数量", "数量(包)") + line(10, "包") + line(1, "条") + line(20, "")
    result = load(known, act, write(tmp_path, "o.csv", text))
    assert reasons(result) == [(3, "单位", Reason.UNIT_CONFLICT)]
    assert result.rejected[0].detail == "条 ≠ 包"
    assert volumes(known) == [1000, 2000]


def test_39_what_may_be_ordered_keeps_the_unit_of_its_own_header(known: Store, act: Act, tmp_path: Path) -> None:
    text = "订货日期,客户编码,商品编码,数量,单位,金额,可订量(条)\n2026-09-01,00123,0001,10,包,10,5\n"
    load(known, act, write(tmp_path, "o.csv", text))
    load(known, act, write(tmp_path, "o2.csv", text.replace("可订量(条)", "可订量").replace("09-01", "09-02")))
    assert known.rows("SELECT volume, allowed FROM line ORDER BY orders") == [(1000, 5000), (1000, 500)]


def test_39_a_saved_mapping_counts_by_the_rows_too(known: Store, act: Act, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    load(known, act, write(folder, "a.csv", HEAD + line(10, "包")), save_map="月")
    rows = line(10, "包", day="2026-09-02") + line(1, "条", day="2026-09-02")
    again = load(known, act, write(folder, "b.csv", HEAD + rows))
    assert (Notice.SAVED_MAP, "月.toml") in again.notices
    assert again.totals.volume == 2000


def test_39_a_mapping_translates_units(known: Store, act: Act, tmp_path: Path) -> None:
    mapping = write(tmp_path, "m.toml", 'others = "headings"\n[orders.unit]\ncolumn = "单位"\nvalues."瓶" = "条"\n')
    assert load(known, act, write(tmp_path, "o.csv", HEAD + line(2, "瓶")), map_file=mapping).totals.volume == 2000


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.integers(-900, 900), st.sampled_from(["条", "包", "支", "件", "箱", ""]),
                               st.sampled_from(["0001", "0002"])), min_size=1, max_size=12))  # fmt: skip
def test_39_quantities_by_an_independent_count(
    known: Store, tmp_path: Path, rows: list[tuple[int, str, str]]
) -> None:
    sticks = {"包": 20, "支": 1, "件": 10_000, "箱": 50_000}
    wanted = refused = 0
    for quantity, unit, product in rows:
        carton = {"0001": 200, "0002": 160}[product]
        thousandths, rest = divmod(quantity * 1000 * sticks.get(unit, carton), carton)
        wanted, refused = (wanted, refused + 1) if rest else (wanted + thousandths, refused)
    path = write(tmp_path, "h.csv", HEAD + "".join(line(*row) for row in rows))
    try:
        result = load(known, act_at(), path, dry_run=True)
    except Refusal as refusal:
        result = refusal.facts["result"]
    assert (len(result.rejected), result.totals.volume) == (refused, wanted)


# 49, siblings: rows that people sign

FEET = [
    "制表人：张三,,,审核：李四,,", "制表人,张三,,审核,李四,", "填表日期：2026-10-01,,,,,",
    "打印时间,2026-10-01 08:00,,,,", "单位负责人：王五,,,,,", "共 2 条,,,,,", "共2条记录,,,,,",
    "第 1 页 共 3 页,,,,,", "第1页/共3页", ",,,第 2 页,共 3 页,", "制 表：张三  审 核：李四",
    "Prepared by: Li,,,Approved by:,,", "Page 1 of 3,,,,,", "审核：,,,,,", "备注：以上为暂估数,,,,,",
    "总记录数：2,,,,,", "经办人：,,负责人：,,日期：,",
]  # fmt: skip


@pytest.mark.parametrize("foot", FEET)
def test_49_a_row_that_people_sign_is_left_out_and_counted(known: Store, act: Act, tmp_path: Path, foot: str) -> None:
    text = HEAD + line(1, "条") + line(2, "条") + foot + "\n"
    result = load(known, act, write(tmp_path, "o.csv", text))
    assert (result.rejected, result.rows, result.skipped) == ((), 2, 1)
    assert (Notice.FOOT_ROWS, "1 (4)") in result.notices


def test_49_nobody_becomes_a_customer_by_signing(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    text = "客户编码,客户名称,档位,地址\n1,甲,3,x\n制表人,张三,,\n审核,李四,负责人,王五\n共 1 户,,,\n"
    result = load(store, act, write(tmp_path, "c.csv", text))
    assert [c.code for c in customers.all(store)] == ["1"]
    assert (Notice.FOOT_ROWS, "3 (3, 4, 5)") in result.notices


SHOPS = ["审核烟酒店", "制表人", "审核", "制表人：张三", "第1页", "共 3 条", "负责人", "备注：无", "合计", "日期"]
CODES = st.from_regex(r"[0-9A-Z]{1,12}|审核烟酒店|制表[0-9]{1,3}|共和[0-9]|第一店", fullmatch=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shops=st.dictionaries(
        CODES, st.sampled_from(SHOPS) | st.text(st.sampled_from("制表人审核：:共第页条1 店"), min_size=1),
        min_size=1, max_size=8,
    ),
    grade=st.integers(1, 30), bad=st.booleans(),
)  # fmt: skip
def test_49_no_real_row_is_ever_left_out(tmp_path: Path, shops: dict[str, str], grade: int, bad: bool) -> None:
    """Each row is taken or refused by its line, whatever its words; none goes the way of a signature."""
    path = tmp_path / "shops.db"
    path.unlink(missing_ok=True)
    store = with_team(fresh_store(path), act_at())
    cell = "x" if bad else str(grade)
    rows = "".join(f'{code},"{name}",{cell}\n' for code, name in shops.items())
    content = f"客户编码,客户名称,档位\nZ,店,1\n{rows}"
    try:
        result = load(store, act_at(), write(tmp_path, "c.csv", content), dry_run=True)
    except Refusal as refusal:
        result = refusal.facts["result"]
    store.close()
    named = [name for name in shops.values() if name.strip()]
    assert Notice.FOOT_ROWS not in dict(result.notices)
    assert result.rows == 1 + len(shops)
    if not bad and len(named) == len(shops):
        assert result.counted[Kind.CUSTOMERS] == Counted(new=result.rows - len(result.rejected))


@given(st.lists(st.sampled_from(["制表人", "张三", "审核：李四", "共 3 条", ""]), max_size=5), st.integers(0, 5))
def test_one_cell_that_is_no_label_makes_a_row_data(cells: list[str], place: int) -> None:
    row = [*cells[:place], "00123", "0001", *cells[place:]]
    assert not is_foot(row)


# 79 and 81, siblings: Excel days in a text

def dated(*days: object) -> str:
    return HEAD + "".join(line(1, "条", day=str(day)) for day in days)


@pytest.mark.parametrize("ending", ["", ".0", ".75"])
def test_79_a_column_of_excel_days_in_a_text_is_read_and_said(
    known: Store, act: Act, tmp_path: Path, ending: str
) -> None:
    result = load(known, act, write(tmp_path, "o.csv", dated(f"46266{ending}", f"46267{ending}") + "合计,,,2,,20\n"))
    assert {day for (day,) in known.rows("SELECT day FROM orders")} == {"2026-09-01", "2026-09-02"}
    assert (Notice.SERIAL_DATES, f"订货日期: 46266{ending} = 2026-09-01") in result.notices
    use_language("en")
    assert "--dates excel-1904" in imports._notice_words(Notice.SERIAL_DATES, "")


def test_79_a_bare_number_among_dates_is_refused(known: Store, act: Act, tmp_path: Path) -> None:
    result = load(known, act, write(tmp_path, "o.csv", dated("2026-09-01", "46267", 46268)))
    assert reasons(result) == [(3, "订货日期", Reason.SERIAL_DATE), (4, "订货日期", Reason.SERIAL_DATE)]
    both = load(known, act, write(tmp_path, "o2.csv", dated("2026-09-01", "46267")), order="excel")
    assert (both.rejected, both.counted[Kind.ORDERS].accepted) == ((), 2)


def test_79_a_bare_number_far_below_among_five_thousand_days(known: Store, act: Act, tmp_path: Path) -> None:
    days = [46266] * 6000
    result = load(known, act, write(tmp_path, "o.csv", dated(*days, "2026-09-01")), dry_run=True)
    assert (result.totals.lines, {r.reason for r in result.rejected}) == (1, {Reason.SERIAL_DATE})
    path = write(tmp_path, "o2.csv", dated(*days))
    assert load(known, act, path, dry_run=True).totals.lines == 6000


def test_79_numbers_out_of_range_are_no_days(known: Store, act: Act, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        load(known, act, write(tmp_path, "o.csv", dated("12345", "46266")))
    assert [reject.reason for reject in caught.value.facts["result"].rejected] == [Reason.BAD_DATE, Reason.SERIAL_DATE]


def test_81_a_1904_text_needs_to_be_told(known: Store, act: Act, tmp_path: Path) -> None:
    text = dated(46266 - 1462)
    load(known, act, write(tmp_path, "o.csv", text), order="excel-1904", save_map="mac")
    assert known.value("SELECT day FROM orders") == "2026-09-01"
    load(known, act, write(tmp_path, "o2.csv", dated(46267 - 1462)))
    assert known.rows("SELECT day FROM orders ORDER BY day") == [("2026-09-01",), ("2026-09-02",)]


def test_79_blank_closing_days_beside_excel_days(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    text = "客户编码,客户名称,开业日期,歇业日期\n1,甲,45231,\n2,乙,,45232.0\n3,丙,45233,\n"
    load(store, act, write(tmp_path, "c.csv", text), save_map="店")
    found = [(str(c.opened_on), str(c.closed_on)) for c in customers.all(store)]
    assert found == [("2023-11-01", "None"), ("None", "2023-11-02"), ("2023-11-03", "None")]
    load(store, act, write(tmp_path, "c2.csv", text.replace("1,甲", "4,丁")))
    assert str(customers.all(store)[3].opened_on) == "2023-11-01"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.dates(date(1990, 1, 1), date(2026, 10, 31)), min_size=1, max_size=6))
def test_79_any_days_come_as_their_serials(known: Store, tmp_path: Path, days: list[date]) -> None:
    numbers = [(day - date(1899, 12, 30)) // timedelta(1) for day in days]
    texts = [load(known, act_at(), write(tmp_path, f"{name}.csv", dated(*cells)), dry_run=True, save_map=None)
             for name, cells in (("a", numbers), ("b", days))]  # fmt: skip
    assert texts[0].totals == texts[1].totals == Totals(len(days), 1000 * len(days), 1000 * len(days))
    first = dict(texts[0].notices)[Notice.SERIAL_DATES]
    assert first.endswith(f"= {days[0]}")


# 121: more than one phone

def test_121_two_phones_are_kept_masked_and_found_twice(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    text = "客户编码,客户名称,电话\n1,甲,13800138000/0898-66554433\n2,乙,13900139000、13800138000\n"
    result = load(store, act, write(tmp_path, "c.csv", text))
    one, two = customers.all(store)
    assert (result.rejected, one.phone, two.phone) == ((), "13800138000;0898-66554433", "13900139000;13800138000")
    assert masked_phone(one.phone) == "138****8000;089****4433"
    assert [pair.reasons for pair in likely_duplicates([one, two], 50)] == [(Likeness.PHONE,)]
    assert masked_phone("13800138000") == "138****8000"
    assert masked_phone(None) is None


def test_121_a_change_of_two_phones_shows_no_digits(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    text = "客户编码,客户名称,电话\n1,甲,{}\n"
    load(store, act, write(tmp_path, "c.csv", text.format("13800138000")))
    result = load(store, act, write(tmp_path, "c2.csv", text.format("13800138000;13900139000")))
    (row,) = imports._change_table(result).rows
    assert row[3:] == ("138****8000", "138****8000;139****9000")


def test_121_a_customer_without_phones_is_nobodys_duplicate() -> None:
    pair = [Customer(id=n, code=str(n), name=f"店{n}{'甲乙'[n]}") for n in (0, 1)]
    assert likely_duplicates(pair, 50) == ()


# 129: words, and the way to translate them

TYPES = "客户编码,客户名称,业态,档位\n1,甲,铺子,三十档\n2,乙,超市,30档\n3,丙,\"修(车)铺 (N)\",第30档\n"


def translations(result: Any) -> str:
    return "\n".join(getattr(block, "text", "") for block in imports.imported([result]).blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_129_unknown_words_come_with_the_lines_that_translate_them(
    store: Store, act: Act, tmp_path: Path, language: Language
) -> None:
    use_language(language)
    with_team(store, act)
    result = load(store, act, write(tmp_path, "c.csv", TYPES))
    page = translations(result)
    assert "crmkit help mapping" in page
    written = page[page.index('others = "headings"') :].split("\n\n")[0]
    assert 'values."铺子" = "?"' in written
    assert imports.describe(result.rejected[0]).count("铺子") == 2
    mapping = write(tmp_path, "words.toml", written.replace('"?"', '"食杂店"'))
    again = load(store, act, write(tmp_path, "c2.csv", TYPES), map_file=mapping)
    assert (again.rejected, again.counted[Kind.CUSTOMERS].accepted) == ((), 3)
    assert [c.business_type for c in customers.all(store)] == ["grocery", "supermarket", "grocery"]
    assert {c.grade for c in customers.all(store)} == {30}


def test_129_a_file_of_unknown_words_only_names_the_way(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    with pytest.raises(Refusal) as caught:
        load(store, act, write(tmp_path, "c.csv", "客户编码,客户名称,业态\n1,甲,铺子\n"), describe=imports.describe)
    assert caught.value.fault is Fault.NOTHING_USABLE
    assert 'customers.business_type.values."铺子"' in caught.value.facts["why"]


def test_the_examples_of_help_mapping_work(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    shops = "店号,招牌,类型,级别,联系电话\nK1,甲店,铺子,甲等,NULL\nK2,乙店,超市,别的,13800138000\n"
    mapping = write(tmp_path, "c.toml", mapping_help.EXAMPLE)
    load(store, act, write(tmp_path, "c.csv", shops), map_file=mapping)
    one, two = customers.all(store)
    assert (one.business_type, one.grade, one.phone, one.visit_method) == ("grocery", 30, None, "onsite")
    assert (two.business_type, two.grade, two.phone) == ("supermarket", 1, "13800138000")
    load(store, act, write(tmp_path, "p.csv", "商品编码,商品名称\nP1,红\n"))
    orders = "流水号,开票日,店号,货号,箱数,货款\nA7001,2/9/2026,K1,P1,0.004,0.12\n"
    mapping = write(tmp_path, "o.toml", mapping_help.ORDERS_EXAMPLE)
    result = load(store, act, write(tmp_path, "o.csv", orders), map_file=mapping)
    assert (result.rejected, result.totals) == ((), Totals(1, 1000, 120_000))
    assert dump(store)["orders"][0][1:4] == ("2026-09-02", 1, "A7")


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_mapping_is_a_command_of_both_languages(language: Language) -> None:
    words = [sys.executable, "-m", "crmkit", "--lang", language, "help", "mapping"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True, env={**os.environ, "COLUMNS": "80"})
    assert mapping_help.EXAMPLE.rstrip() in done.stdout
    assert ("对照文件" in done.stdout) == (language == "zh")
    assert max(map(width_of, done.stdout.splitlines())) <= 80


def test_help_mapping_tells_every_word_a_mapping_knows() -> None:
    from crmkit.sources import mapping

    assert set(mapping_help._WORDS) == set(mapping._SPEC)
    assert set(mapping_help._SETTINGS) | {"fingerprint"} == {*mapping._TEXTS, "nulls"}
