"""The second import: mended rows, corrected files, next month's list. What is stored is found again, never doubled."""

from datetime import date
from pathlib import Path

import pytest
import xlwt
from import_examples import load, load_base, reasons, with_team, write

from crmkit.commands.times import day_of
from crmkit.context import Context, Options
from crmkit.model.customer import Place
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Kind, Notice, Reason, Totals
from crmkit.model.operation import Act
from crmkit.model.person import Role
from crmkit.report import faults
from crmkit.report.fieldwords import field_word
from crmkit.report.formats.table import render_table
from crmkit.report.page import Column, Page, Table, Text
from crmkit.report.papers import imports
from crmkit.report.typesetting import width_of
from crmkit.report.words import LANGUAGES, use_language
from crmkit.report.wrapping import wrap
from crmkit.rules.completeness import COUNTED
from crmkit.store import customers, orders, people
from crmkit.store.connection import Store
from crmkit.workflow.typed_fields import target_of

HEAD = "订单号,订货日期,客户编码,商品编码,数量,金额\n"


def lines(store: Store) -> list[tuple[str, str, int, int]]:
    """Order, product, thousandths of a carton, fen: of every line, in their order."""
    return [(line[0], line[4], line[5], line[6]) for line in orders.every_line(store)]


@pytest.mark.parametrize("number", ["A1", ""])
def test_a_mended_line_goes_beside_the_others_of_its_order(store: Store, act: Act, tmp_path: Path, number: str) -> None:
    load_base(store, act, tmp_path)
    day = f"{number},2026-09-01,00123,"
    load(store, act, write(tmp_path, "o.csv", f"{HEAD}{day}0001,5,10\n{day}0009,7,70\n{day}0001,1,2\n"))
    mended = load(store, act, write(tmp_path, "o-rejects.csv", f"{HEAD}{day}0002,7,70\n"))
    assert (mended.counted[Kind.ORDERS].new, mended.changes) == (1, ())
    assert lines(store) == [(number, "0001", 5000, 1000), (number, "0001", 1000, 200), (number, "0002", 7000, 7000)]


def test_a_corrected_file_finds_its_lines_wherever_they_stand(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    rows = ["A1,2026-09-01,00123,0001,5,10\n", "A1,2026-09-01,00123,0002,7,70\n", "A2,2026-09-01,00124,0002,1,10\n"]
    load(store, act, write(tmp_path, "o.csv", HEAD + "".join(rows)))
    rows[1] = "A1,2026-09-01,00123,0002,8,80\n"
    again = load(store, act, write(tmp_path, "o2.csv", HEAD + "".join(reversed(rows))))
    counted = again.counted[Kind.ORDERS]
    assert (counted.new, counted.changed, counted.unchanged) == (0, 1, 2)
    assert sorted(lines(store)) == [("A1", "0001", 5000, 1000), ("A1", "0002", 8000, 8000), ("A2", "0002", 1000, 1000)]


def test_the_same_product_twice_in_an_order_stays_twice(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    row = "A1,2026-09-01,00123,0001,5,10\n"
    load(store, act, write(tmp_path, "o.csv", HEAD + row + row))
    again = load(store, act, write(tmp_path, "o2.csv", HEAD + row + row + row))
    counted = again.counted[Kind.ORDERS]
    assert (counted.new, counted.changed, counted.unchanged) == (1, 0, 2)
    assert len(lines(store)) == 3


def test_the_running_number_of_a_print_is_no_line_number(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    first, second = "A1,2026-09-01,00123,0001,5,10\n", "A2,2026-09-02,00124,0002,7,70\n"
    load(store, act, write(tmp_path, "o.csv", f"序号,{HEAD}1,{first}2,{second}"))
    again = load(store, act, write(tmp_path, "o2.csv", f"序号,{HEAD}1,{second}2,{first}"))
    assert again.counted[Kind.ORDERS].unchanged == 2
    assert again.totals == Totals()
    assert len(lines(store)) == 2


def test_refused_rows_of_a_workbook_keep_their_blank_cells(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    book = xlwt.Workbook()
    sheet = book.add_sheet("客户")
    for place, row in enumerate(
        [("客户编码", "客户名称", "档位", "备注"), ("001", "甲", "三等", ""), ("002", "乙", "5", "x")]
    ):
        for column, cell in enumerate(filter(None, row)):
            sheet.write(place, column, cell)
    book.save(tmp_path / "c.xls")
    refused = load(store, act, tmp_path / "c.xls").rejects_file
    assert refused is not None
    Path(refused).write_text(Path(refused).read_text("utf-8-sig").replace(",三等,", ",三档,"), "utf-8")
    assert load(store, act, Path(refused)).counted[Kind.CUSTOMERS].new == 1


def test_what_a_mended_file_leaves_is_named_like_the_first(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    path = write(tmp_path, "c.csv", "客户编码,客户名称,档位\n001,甲,5\n002,乙,无\n003,丙,无\n")
    refused = load(store, act, path).rejects_file
    assert refused == str(tmp_path / "c-rejects.csv")
    mended = Path(refused).read_text("utf-8-sig").replace("乙,无", "乙,6")
    Path(refused).write_text(mended, "utf-8")
    assert load(store, act, Path(refused)).rejects_file == str(tmp_path / "c-rejects-2.csv")


@pytest.mark.parametrize(("stored", "given"), [("1001", "001001"), ("001001", "1001")])
def test_zeros_in_front_never_make_a_second_customer(
    store: Store, act: Act, tmp_path: Path, stored: str, given: str
) -> None:
    load_base(store, act, tmp_path)
    load(store, act, write(tmp_path, "c1.csv", f"客户编码,客户名称\n{stored},丙\n"))
    reason = Reason.LOST_ZEROS if stored.startswith("0") else Reason.STORED_WITHOUT_ZEROS
    again = load(store, act, write(tmp_path, "c2.csv", f"客户编码,客户名称\n{given},丙\n00999,丁\n"))
    assert reasons(again) == [(2, "客户编码", reason)]
    ordered = load(
        store, act, write(tmp_path, "o.csv", f"{HEAD}A1,2026-09-01,{given},0001,5,10\nA2,2026-09-01,00123,0001,5,10\n")
    )
    assert reasons(ordered) == [(2, "客户编码", reason)]
    assert stored in ordered.rejected[0].detail


def test_codes_of_other_lengths_are_other_customers(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    load(store, act, write(tmp_path, "c1.csv", "客户编码,客户名称\n1001,丙\n0A1,戊\n"))
    assert load(store, act, write(tmp_path, "c2.csv", "客户编码,客户名称\n01002,丁\nA1,己\n")).rejected == ()


def test_new_customers_nobody_looks_after_are_named(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    with store.operation(act):
        people.add(store, "002", "李四", Role.CUSTOMER_MANAGER)
    text = "客户编码,客户名称,客户经理\n001,甲,张三\n002,乙,\n"
    notices = load(store, act, write(tmp_path, "c.csv", text)).notices
    assert (Notice.NO_MANAGER, "002") in notices
    assert Notice.NO_MANAGER not in dict(load(store, act, write(tmp_path, "c2.csv", text + "001,甲,\n")).notices)


def test_coordinates_say_what_they_were_read_as(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    path = write(tmp_path, "c.csv", "客户编码,客户名称,经度,纬度\n001,甲,110.32,20.02\n")
    assert (Notice.COORDINATES, "WGS-84") in load(store, act, path).notices
    named = load(store, act, path, system="gcj02", save_map="places")
    assert Notice.COORDINATES not in dict(named.notices)
    assert customers.all(store)[0].place == Place(20_022_068, 110_315_664)
    later = write(tmp_path, "c2.csv", "客户编码,客户名称,经度,纬度\n002,乙,110.32,20.02\n")
    assert Notice.COORDINATES not in dict(load(store, act, later).notices)
    assert customers.all(store)[1].place == Place(20_022_068, 110_315_664)


def test_order_lines_that_lack_a_column_are_no_list_of_products(store: Store, act: Act, tmp_path: Path) -> None:
    text = "订单号,出库,客户编码,商品编码,商品名称,数量,金额\nA1,2026-09-01,00123,0001,红,1,1\n"
    path = write(tmp_path, "o.csv", text)
    with pytest.raises(Refusal) as caught:
        load(store, act, path)
    assert (caught.value.fault, caught.value.facts["expected"]) == (Fault.HALF_ORDERS, "订货日期")
    assert caught.value.facts["kinds"] == "--kind products"
    assert load(store, act, path, kinds=(Kind.PRODUCTS,)).counted[Kind.PRODUCTS].new == 1


@pytest.mark.parametrize("months", ["1月,2月,3月", "2026年1月销量,2026年2月销量,2026年3月销量", "202601,202602,202603"])
def test_a_column_a_month_is_not_read_in_silence(store: Store, act: Act, tmp_path: Path, months: str) -> None:
    with_team(store, act)
    result = load(store, act, write(tmp_path, "c.csv", f"客户编码,客户名称,{months},合计\n001,甲,1,2,3,6\n"))
    assert Notice.MONTH_COLUMNS in dict(result.notices)
    assert result.is_warned
    one = load(store, act, write(tmp_path, "c2.csv", "客户编码,客户名称,11月\n001,甲,1\n"))
    assert Notice.MONTH_COLUMNS not in dict(one.notices)


def test_a_changed_product_of_a_line_is_told_by_its_code(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    head = "订单号,行号,订货日期,客户编码,商品编码,数量,金额\nA1,1,2026-09-01,00123,"
    load(store, act, write(tmp_path, "o.csv", head + "0001,5,10\n"))
    changes = load(store, act, write(tmp_path, "o2.csv", head + "0002,5,10\n")).changes
    assert [(change.field, change.old, change.new) for change in changes] == [("product", "0001", "0002")]


def test_orders_before_their_customers_say_what_comes_first(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "o.csv", f"{HEAD}A1,2026-09-01,00123,0001,5,10\n")
    with pytest.raises(Refusal) as caught:
        load(store, act, path, describe=imports.describe)
    assert caught.value.fault is Fault.MASTERS_FIRST
    assert "Line 2 客户编码: not a customer of the database: 00123" in faults.lines(caught.value)[1]
    assert list(tmp_path.glob("*rejects*")) == []


def test_a_typed_field_may_be_the_word_a_page_shows() -> None:
    shown = [name for name in COUNTED if name != "place"]
    for language in LANGUAGES:
        use_language(language)
        assert [target_of(Kind.CUSTOMERS, field_word(name)).column for name in shown] == shown


def test_a_field_that_is_set_elsewhere_is_named_in_words() -> None:
    refusal = Refusal(Fault.RULE, rule="field-elsewhere", value="code", way_out="crmkit customer merge")
    assert faults.lines(refusal)[0] == "Not allowed: Code is not set here."


def test_a_number_stays_with_its_word() -> None:
    assert wrap("共计 10月, 11月, 12月", 14) == ["共计 10月,", "11月, 12月"]
    assert wrap("共计 10月，11月", 8) == ["共计", "10月，", "11月"]


def test_more_changes_than_shown_are_not_passed_over(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    shops = [f"{n:03},店{n},{n}号" for n in range(1, 31)]
    load(store, act, write(tmp_path, "c1.csv", "客户编码,客户名称,地址\n" + "\n".join(shops)))
    moved = [f"{shop.replace('7号', '9号')},5" for shop in shops]
    result = load(store, act, write(tmp_path, "c2.csv", "客户编码,客户名称,地址,档位\n" + "\n".join(moved)))
    table, note = imports.imported([result]).blocks[-2:]
    assert isinstance(table, Table)
    assert [row[3] for row in table.rows[:4]] == ["7号", "17号", "27号", ""]
    assert isinstance(note, Text)
    assert note.text.startswith("The first 20 changed cells")


def test_lines_a_corrected_file_leaves_out_stay_and_are_named(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    rows = ["A1,2026-09-01,00123,0001,5,10\n", "A1,2026-09-01,00123,0002,7,70\n", "A2,2026-09-02,00124,0002,1,10\n"]
    load(store, act, write(tmp_path, "o.csv", HEAD + "".join(rows)))
    again = load(store, act, write(tmp_path, "o2.csv", HEAD + rows[0] + rows[2]))
    assert (Notice.LINES_STANDING, "2026-09-01/00123/A1") in again.notices
    assert len(lines(store)) == 3
    mended = f"#line,#column,#reason,{HEAD}4,,,A1,2026-09-01,00123,0001,1,1\n"
    assert Notice.LINES_STANDING not in dict(load(store, act, write(tmp_path, "o-rejects.csv", mended)).notices)
    whole = load(store, act, write(tmp_path, "o3.csv", HEAD + "A2,2026-09-02,00124,0002,2,20\n"))
    assert Notice.LINES_STANDING not in dict(whole.notices)


def test_the_total_at_the_foot_is_told_in_the_unit_of_its_column(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = "订货日期,客户编码,商品编码,数量,金额(万元)\n2026-09-01,00123,0001,5,1.25\n合计,,,5,1.25\n"
    told = [detail for notice, detail in load(store, act, write(tmp_path, "o.csv", text)).notices if "=" in detail]
    assert told == ["数量: 5 = 5", "金额(万元): 1.25 = 1.25"]


def test_a_column_that_is_not_used_can_be_kept(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    path = write(tmp_path, "c.csv", "客户编码,客户名称,终端类型\n001,甲,现代终端\n")
    said = imports.imported([load(store, act, path, dry_run=True)]).blocks
    assert any(isinstance(block, Text) and "crmkit customer field add" in block.text for block in said)


def test_a_code_is_not_broken_over_two_lines() -> None:
    columns = (Column("code", "Code"), Column("name", "Name"), Column("path", "Category"))
    table = Table(columns, (("6901028075763", "云烟 软珍品 " * 4, "卷烟 > 一类烟"),))
    shown = render_table(Page(title="t", schema="t/1", blocks=(table,)), width=40)
    assert "6901028075763" in shown
    assert max(map(width_of, shown.splitlines())) <= 40


@pytest.mark.parametrize("typed", ["2026/12/1", "2026.12.01", "2026年12月1日", "２０２６－１２－０１", "2026-12-1"])
def test_a_date_with_its_year_in_front_is_understood(typed: str) -> None:
    assert day_of(Context(Options()), typed) == date(2026, 12, 1)


@pytest.mark.parametrize("typed", ["12-1", "2/3/2026", "2026-W09-6", "20261201", "2026年2月30日", "1026-01-01"])
def test_a_date_that_may_be_another_is_not_guessed(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        day_of(Context(Options()), typed)
    assert caught.value.fault is Fault.BAD_VALUE


def test_a_web_page_called_a_workbook_is_named_so_in_chinese(store: Store, act: Act, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        load(store, act, write(tmp_path, "c.xls", "<html><table><tr><td>客户编码</td></tr></table></html>"))
    use_language("zh")
    assert "是 网页或 XML，不是 xls" in faults.lines(caught.value)[0]
