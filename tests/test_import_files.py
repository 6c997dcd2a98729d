"""Import through the use case: what is stored, what is refused, and that nothing is lost between the two."""

import csv
import io
import os
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from import_examples import ALL_KINDS, CUSTOMERS, ORDERS, PRODUCTS, dump, load, load_base, reasons, with_team, write

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted, Kind, Notice, Reason, Totals
from crmkit.model.operation import Act
from crmkit.model.person import Role
from crmkit.sources.policy import load_policy
from crmkit.store import categories, customers, imports, orders, people, products
from crmkit.store.connection import Store
from crmkit.store.opening import create_store
from crmkit.workflow.import_files import import_files
from crmkit.workflow.list_imports import undo_import


def refused(store: Store, act: Act, *paths: Path, **options: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        load(store, act, *paths, **options)
    return caught.value


def test_customers_products_and_orders_arrive_whole(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    result = load(store, act, write(tmp_path, "o.csv", ORDERS))
    first, second = customers.all(store)
    assert (first.code, first.name, first.grade, first.order_weekday, first.online) == (
        "00123",
        "𠮷祥食杂店",
        30,
        1,
        True,
    )
    assert (first.place.latitude_e6, first.place.longitude_e6) == (20031239, 110331234)  # type: ignore[union-attr]
    assert (first.manager, second.manager) == (1, 1)  # by name and by code
    assert (second.opened_on, second.closed_on, first.closed_weekdays) == (date(2019, 3, 4), date(2026, 1, 1), (7,))
    assert [category.path for category in categories.all(store)][-1] == ("卷烟", "二类烟", "普通")
    assert [(p.code, p.key_brand, str(p.tar), p.units_per_carton, p.active) for p in products.all(store)] == [
        ("0001", True, "11", 200, True),
        ("0002", False, "8", 160, False),
    ]
    assert result.totals == Totals(3, 13_000, 175_175)
    assert result.counted == {Kind.ORDERS: Counted(new=3)}
    assert result.orders == 2
    lines = store.rows(
        "SELECT o.day, o.number, l.no, l.volume, l.amount, l.allowed FROM line l JOIN orders o ON o.id=l.orders"
    )
    assert lines == [
        ("2026-09-01", "A1", 1, 10_000, 123_450, 20_000),
        ("2026-09-01", "A1", 2, 5_000, 61_725, None),
        ("2026-09-02", "A2", 1, -2_000, -10_000, 3_000),
    ]


def test_files_in_any_order_are_one_operation(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    texts = {"o.csv": ORDERS, "p.csv.gz": PRODUCTS, "c.csv": CUSTOMERS}
    paths = [write(tmp_path, name, text) for name, text in texts.items()]
    before = dump(store)
    results = import_files(store, act, load_policy(None), paths=paths)
    assert [result.kinds[0] for result in results] == list(ALL_KINDS)
    assert {batch.op for batch in imports.all(store)} == {2}
    undo_import(store, act, number=results[0].batch or 0)
    assert dump(store) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_59_the_same_rows_in_every_encoding(store: Store, act: Act, tmp_path: Path, encoding: str) -> None:
    load_base(store, act, tmp_path)
    wanted = dump(store)
    other = with_team(create_store(tmp_path / "other.db"), act)
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    for name, text in (("c2.csv", CUSTOMERS), ("p2.csv", PRODUCTS)):
        load(other, act, write(tmp_path, name, mark + text, encoding))
    assert dump(other) == wanted
    other.close()


def test_59_gbk_and_61_utf16_without_a_mark(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    plain = CUSTOMERS.replace("𠮷", "吉").replace("䶮", "龙")
    assert load(store, act, write(tmp_path, "g.csv", plain, "gbk")).encoding == "gb18030"
    wanted = dump(store)
    for encoding in ("utf-16-le", "utf-16-be"):
        result = load(store, act, write(tmp_path, f"{encoding}.csv", plain, encoding))
        assert (result.encoding, result.counted[Kind.CUSTOMERS]) == (encoding, Counted(unchanged=2))
    assert dump(store) == wanted


def test_65_damaged_text_names_line_and_byte(store: Store, act: Act, tmp_path: Path) -> None:
    content = bytearray(CUSTOMERS.encode())
    place = content.index("椰海路2号".encode())
    content[place] ^= 0x40
    refusal = refused(with_team(store, act), act, write(tmp_path, "c.csv", bytes(content)))
    assert (refusal.fault, refusal.facts["line"]) == (Fault.DAMAGED_TEXT, 3)
    assert abs(refusal.facts["byte"] - place) <= 3
    english = b"code,name\n1,plain\n2,bro\xe9ken\n"
    assert refused(store, act, write(tmp_path, "e.csv", english)).facts["line"] == 3
    cut = write(tmp_path, "cut.csv.gz", CUSTOMERS)
    cut.write_bytes(cut.read_bytes()[:-20])
    assert refused(store, act, cut).fault is Fault.DAMAGED_TEXT


def test_67_double_encoded_text_has_no_known_header(store: Store, act: Act, tmp_path: Path) -> None:
    garbled = CUSTOMERS.encode().decode("gb18030", "replace")
    assert refused(store, act, write(tmp_path, "c.csv", garbled)).fault is Fault.TWICE_ENCODED


def test_19_21_31_files_that_are_not_there_or_empty(store: Store, act: Act, tmp_path: Path) -> None:
    for name in ("没有 这个.csv", "*.csv", "-x"):
        assert refused(store, act, tmp_path / name).fault is Fault.FILE_MISSING
    assert refused(store, act, write(tmp_path, "e.csv", b"")).fault is Fault.FILE_EMPTY
    assert refused(store, act, write(tmp_path, "b.csv", "\ufeff\n\n")).fault is Fault.FILE_EMPTY


def test_33_no_header_says_what_was_expected_and_found(store: Store, act: Act, tmp_path: Path) -> None:
    refusal = refused(store, act, write(tmp_path, "c.csv", "00123,某店\n00124,别店\n"))
    assert refusal.fault is Fault.NO_HEADER
    assert "客户编码" in refusal.facts["expected"]
    assert "00123" in refusal.facts["found"]


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"\x1f\x8b\x08\x00abc", "gzip"), (b"PK\x03\x04\x14[Content_Types].xml", "xlsx"), (b"PK\x03\x04abc", "zip"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"), (b"SQLite format 3\x00", "sqlite")],
)  # fmt: skip
def test_57_other_files_called_csv_are_named(
    store: Store, act: Act, tmp_path: Path, content: bytes, found: str
) -> None:
    refusal = refused(store, act, write(tmp_path, "c.csv", content))
    assert (refusal.fault, refusal.facts["found"]) == (Fault.WRONG_FILE_TYPE, found)


def test_37_extra_columns_are_ignored_with_a_notice(store: Store, act: Act, tmp_path: Path) -> None:
    result = load(store, act, write(tmp_path, "c.csv", "客户编码,客户名称,备注\n1,甲,x\n"))
    assert (Notice.COLUMNS_IGNORED, "备注") in result.notices


def test_39_headers_with_noise_and_units(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = (
        "＊订 单 号,行号,订货日期(必填),客户编码 ,*商品编码,数量（箱）,金额（万元）\n"
        "B1,1,2026-09-01,00123,0001,0.004,1.25\n"
    )
    result = load(store, act, write(tmp_path, "o.csv", text))
    assert result.totals == Totals(1, 1_000, 1_250_000)  # 0.004 case = 200 sticks = 1 carton of 200
    assert {detail for notice, detail in result.notices if notice is Notice.UNIT} == {"数量（箱）", "金额（万元）"}


def test_a_quantity_that_is_no_whole_thousandth_of_a_carton_is_refused(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = "订货日期,客户编码,商品编码,数量(支),金额\n2026-09-01,00123,0002,160,1\n2026-09-01,00123,0002,0.001,1\n"
    result = load(store, act, write(tmp_path, "o.csv", text))
    assert reasons(result) == [(3, "数量(支)", Reason.TOO_FINE)]
    assert result.totals.volume == 1000


def test_41_rows_with_fewer_or_more_cells_never_shift(store: Store, act: Act, tmp_path: Path) -> None:
    text = 'code,name,grade\n1,"two\nlines",3\n2,b\n3,c,4,5\n4,d,6\n'
    result = load(store, act, write(tmp_path, "c.csv", text))
    assert reasons(result) == [(4, "", Reason.CELLS), (5, "", Reason.CELLS)]
    assert [(c.code, c.name, c.grade) for c in customers.all(store)] == [("1", "two lines", 3), ("4", "d", 6)]


def test_43_a_quote_inside_a_field_is_kept(store: Store, act: Act, tmp_path: Path) -> None:
    load(store, act, write(tmp_path, "c.csv", '客户编码,客户名称\n1,张"三\n2,李四\n'))
    assert [c.name for c in customers.all(store)] == ['张"三', "李四"]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_45_47_49_line_ends_separator_line_and_blank_rows(store: Store, act: Act, tmp_path: Path, end: str) -> None:
    text = end.join(["sep=;", "客户编码;客户名称", "1;甲", "", ";", "2;乙", *[""] * 5000])
    result = load(store, act, write(tmp_path, "c.csv", text))
    assert (result.rows, result.skipped, result.rejected) == (2, 5001 if not text.endswith(end) else 5000 + 1, ())
    assert [c.name for c in customers.all(store)] == ["甲", "乙"]


def test_45_mixed_line_ends(store: Store, act: Act, tmp_path: Path) -> None:
    load(store, act, write(tmp_path, "c.csv", "客户编码,客户名称\r1,甲\n2,乙\r\n3,丙"))
    assert [c.code for c in customers.all(store)] == ["1", "2", "3"]


def test_51_huge_fields_and_lines_are_refused_with_their_line(store: Store, act: Act, tmp_path: Path) -> None:
    start = "客户编码,客户名称\n1,甲\n"
    for size in (200_000, 5_000_000):
        refusal = refused(store, act, write(tmp_path, "c.csv", f"{start}2,{'乙' * size}\n"))
        assert (refusal.fault, refusal.facts["line"]) == (Fault.DAMAGED_TEXT, 3)
    assert customers.all(store) == []


def test_55_a_pipe_is_read_through_a_private_copy(store: Store, act: Act, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with_team(store, act)
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(CUSTOMERS,), kwargs={"encoding": "utf-8"})
    writer.start()
    result = load(store, act, tmp_path / "pipe")
    writer.join()
    assert result.counted[Kind.CUSTOMERS] == Counted(new=2)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_63_the_hint_wins(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "code,name\n1,鸦猫\n", "gbk")
    assert load(store, act, path, encoding="gb18030").encoding == "gb18030"
    assert customers.all(store)[0].name == "鸦猫"


def test_69_files_joined_end_to_end(store: Store, act: Act, tmp_path: Path) -> None:
    text = "\ufeff客户编码,客户名称\n1,甲\n\ufeff客户编码,客户名称\n\ufeff2,乙\n"
    result = load(store, act, write(tmp_path, "c.csv", text))
    assert (result.rows, result.skipped) == (2, 1)
    assert [c.code for c in customers.all(store)] == ["1", "2"]


def test_105_one_code_with_two_names_rejects_all_its_rows(store: Store, act: Act, tmp_path: Path) -> None:
    result = load(store, act, write(tmp_path, "c.csv", "客户编码,客户名称\n1,甲\n2,乙\n1,丙\n1,甲\n"))
    assert [(r.line, r.reason, r.detail) for r in result.rejected] == [
        (line, Reason.TWO_NAMES, "甲 | 丙") for line in (2, 4, 5)
    ]
    assert [c.code for c in customers.all(store)] == ["2"]


def test_107_lookalike_codes_are_a_warning(store: Store, act: Act, tmp_path: Path) -> None:
    result = load(store, act, write(tmp_path, "c.csv", "客户编码,客户名称\nA0,甲\nAO,乙\n"))
    assert (Notice.LOOKALIKE_CODES, "A0 AO") in result.notices
    assert len(customers.all(store)) == 2


def test_115_orders_of_the_future_are_refused(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = ORDERS.replace("2026年9月2日", "2026-11-03")
    result = load(store, act, write(tmp_path, "o.csv", text))
    assert reasons(result) == [(4, "订货日期", Reason.FUTURE_DATE)]


def test_123_a_blank_cell_keeps_what_is_stored(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    before = dump(store)
    text = "客户编码,客户名称,档位,电话,客户经理,状态\n00123,,,,,\n00124,新名,,,,\n"
    result = load(store, act, write(tmp_path, "c2.csv", text))
    assert result.counted[Kind.CUSTOMERS] == Counted(changed=1, unchanged=1)
    after = dump(store)
    assert after["customer"][0] == before["customer"][0]
    assert [(a, b) for a, b in zip(before["customer"][1], after["customer"][1], strict=True) if a != b] == [
        ("䶮记烟酒①", "新名")
    ]


def test_125_customers_missing_from_a_file_stay(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    load(store, act, write(tmp_path, "c2.csv", "客户编码,客户名称\n00125,新店\n"))
    assert [c.code for c in customers.all(store)] == ["00123", "00124", "00125"]


def test_127_what_sql_finds_must_be_what_the_file_held(
    store: Store, act: Act, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_base(store, act, tmp_path)
    before = dump(store)
    monkeypatch.setattr(
        orders, "_INSERT_LINE", orders._INSERT_LINE.replace("VALUES (?,?,?,?,?,", "VALUES (?,?,?,?,?+1,")
    )
    assert refused(store, act, write(tmp_path, "o.csv", ORDERS)).fault is Fault.BALANCE
    assert dump(store) == before
    assert store.value("SELECT count(*) FROM operation") == 2


def test_129_unknown_words_and_managers_are_refused_with_the_known_ones(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    text = "客户编码,客户名称,客户经理,业态\n1,甲,李四,超市\n2,乙,张三,铺子\n3,丙,张三,超市\n"
    result = load(store, act, write(tmp_path, "c.csv", text))
    assert reasons(result) == [(2, "客户经理", Reason.UNKNOWN_MANAGER), (3, "业态", Reason.UNKNOWN_WORD)]
    assert "001=张三" in result.rejected[0].detail
    assert "便利店" in result.rejected[1].detail


def test_the_only_customer_manager_owns_new_customers(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "客户编码,客户名称\n1,甲\n")
    result = load(with_team(store, act), act, path)
    assert customers.all(store)[0].manager == 1
    assert (Notice.MANAGER_ASSUMED, "001") in result.notices
    with store.operation(act):
        people.add(store, "002", "李四", Role.CUSTOMER_MANAGER)
    load(store, act, write(tmp_path, "c2.csv", "客户编码,客户名称\n2,乙\n"))
    assert [c.manager for c in customers.all(store)] == [1, None]


def test_one_coordinate_alone_is_refused(store: Store, act: Act, tmp_path: Path) -> None:
    text = "客户编码,客户名称,经度,纬度\n1,甲,110.1,\n2,乙,110.1,91\n3,丙,110.1,20\n"
    result = load(store, act, write(tmp_path, "c.csv", text))
    assert [(line, reason) for line, _c, reason in reasons(result)] == [
        (2, Reason.BAD_COORDINATE),
        (3, Reason.BAD_COORDINATE),
    ]


@pytest.mark.parametrize("header", ["纬度", "经度"])
def test_a_column_of_one_coordinate_only_refuses_what_it_fills(
    store: Store, act: Act, tmp_path: Path, header: str
) -> None:
    text = f"客户编码,客户名称,{header}\n1,甲,20\n2,乙,\n"
    result = load(store, act, write(tmp_path, "c.csv", text))
    assert [(line, reason) for line, _c, reason in reasons(result)] == [(2, Reason.BAD_COORDINATE)]
    assert [c.code for c in customers.all(store)] == ["2"]


def test_products_hang_on_leaves_only(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = (
        "商品编码,商品名称,一级品类,二级品类,三级品类\n"
        "P1,甲,卷烟,一类烟,\n"
        "P2,乙,卷烟,一类烟,高端\n"
        "P3,丙,雪茄,,\n"
        "P4,丁,雪茄,手工,\n"
        "P5,戊,,手工,\n"
    )
    result = load(store, act, write(tmp_path, "p2.csv", text))
    assert [(line, reason) for line, _c, reason in reasons(result)] == [
        (2, Reason.NOT_A_LEAF),
        (4, Reason.NOT_A_LEAF),
        (6, Reason.BLANK),
    ]
    text = (
        "商品编码,商品名称,一级品类,二级品类,三级品类\n"
        "P6,己,卷烟,一类烟,高端2\n"
        "P7,庚,卷烟,一类烟,高端>x\n"
        "P8,辛,雪茄,机制,\n"
    )
    assert load(store, act, write(tmp_path, "p3.csv", text)).rejected == ()


def test_a_category_above_held_by_a_stored_product_is_no_parent(store: Store, act: Act, tmp_path: Path) -> None:
    load(store, act, write(tmp_path, "p.csv", "商品编码,商品名称,品类\n1,甲,酒\n"))
    result = load(store, act, write(tmp_path, "p2.csv", "商品编码,商品名称,品类\n2,乙,酒>白酒\n3,丙,茶\n"))
    assert [r.detail for r in result.rejected] == ["酒"]
    moved = load(store, act, write(tmp_path, "p3.csv", "商品编码,商品名称,品类\n1,甲,酒>白酒\n2,乙,酒 > 白酒\n"))
    assert (moved.rejected, moved.counted[Kind.PRODUCTS]) == ((), Counted(1, 1, 0))


def test_order_lines_are_new_unchanged_or_changed(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    load(store, act, write(tmp_path, "o.csv", ORDERS))
    before = dump(store)
    text = ORDERS.replace("617.25,", "700,9") + "A1,3,2026-09-01,00123,0002,1,50,\nA3,1,2026-09-03,00123,0002,1,50,\n"
    result = load(store, act, write(tmp_path, "o2.csv", text))
    assert result.counted[Kind.ORDERS] == Counted(2, 1, 2)
    assert result.totals == Totals(3, 7_000, 80_000)
    assert store.value("SELECT sum(amount) FROM line") == 123_450 + 70_000 - 10_000 + 10_000
    undo_import(store, act, number=result.batch or 0)
    assert dump(store) == before


def test_a_line_repeated_in_one_file(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = ORDERS + "A1,2,2026-09-01,00123,0001,5,617.25,\nA1,2,2026-09-01,00123,0001,6,617.25,\n"
    result = load(store, act, write(tmp_path, "o.csv", text))
    assert result.counted[Kind.ORDERS] == Counted(new=3, unchanged=1)
    assert reasons(result) == [(6, "行号", Reason.REPEATED_LINE)]
    assert result.totals.lines == 3


def test_orders_without_numbers_and_line_numbers(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = (
        "日期,客户编码,商品编码,数量,金额\n"
        "2026-09-01,00123,0001,1,1\n"
        "2026-09-01,00123,0001,1,1\n"
        "2026-09-01,00124,0001,1,1\n"
    )
    result = load(store, act, write(tmp_path, "o.csv", text))
    assert (result.orders, result.totals.lines) == (2, 3)
    again = load(store, act, write(tmp_path, "o2.csv", text + "\n"))
    assert again.counted[Kind.ORDERS] == Counted(unchanged=3)


def test_unknown_customers_and_products_are_refused(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    text = ORDERS + "A3,1,2026-09-01,99999,0001,5,1,\nA3,2,2026-09-01,00123,9999,5,1,\n"
    result = load(store, act, write(tmp_path, "o.csv", text))
    assert reasons(result) == [(5, "客户编码", Reason.UNKNOWN_CUSTOMER), (6, "商品编码", Reason.UNKNOWN_PRODUCT)]


def test_rejects_are_mended_and_imported_again(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    good = write(tmp_path, "all.csv", ORDERS)
    broken = ORDERS.replace("00124,0002", "=1+1,0002").replace("A1,2,2026-09-01", "A1,2,昨天")
    result = load(store, act, write(tmp_path, "o.csv", broken), rejects=tmp_path / "mend.csv")
    assert (result.rows, len(result.rejected), result.totals.lines) == (3, 2, 1)
    text = (tmp_path / "mend.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows] == ["#line", "3", "4"]
    assert rows[2][6] == "'=1+1"  # no spreadsheet takes it for a formula
    mended = text.replace("昨天", "2026-09-01").replace("'=1+1", "00124")
    again = load(store, act, write(tmp_path, "mended.csv", "\ufeff" + mended))
    assert (again.rejected, again.totals.lines, again.notices) == ((), 2, ((Notice.CLOSED_ORDERS, "00124"),))
    assert load(store, act, good).counted[Kind.ORDERS] == Counted(unchanged=3)


def test_a_rejects_file_lies_beside_the_database_and_never_on_the_source(
    store: Store, act: Act, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = write(folder, "c.csv", "客户编码,客户名称,档位\n1,甲,99\n2,乙,3\n")
    assert load(store, act, path).rejects_file == str(tmp_path / "c-rejects.csv")
    assert (tmp_path / "c-rejects.csv").stat().st_mode & 0o777 == 0o600
    again = write(folder, "c.csv", "客户编码,客户名称,档位\n1,甲,97\n2,乙,3\n")
    assert load(store, act, again).rejects_file == str(tmp_path / "c-rejects-2.csv")  # the first is not mended yet
    other = write(folder, "d.csv", "客户编码,客户名称,档位\n1,甲,98\n2,乙,3\n")
    assert refused(store, act, other, rejects=other).fault is Fault.TARGET_EXISTS


def test_a_file_without_a_good_row_writes_nothing_but_its_rejects(store: Store, act: Act, tmp_path: Path) -> None:
    refusal = refused(store, act, write(tmp_path, "c.csv", "客户编码,客户名称,档位\n1,甲,99\n"))
    assert (refusal.fault, refusal.facts["rejected"]) == (Fault.NOTHING_USABLE, 1)
    assert Path(refusal.facts["rejects"]).exists()
    assert store.value("SELECT count(*) FROM batch") == 0


def test_the_same_file_again_changes_nothing(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    path = write(tmp_path, "o.csv", ORDERS)
    first = load(store, act, path)
    log = store.rows("SELECT * FROM operation")
    assert load(store, act, path).already == first.batch
    assert store.rows("SELECT * FROM operation") == log
    undo_import(store, act, number=first.batch or 0)
    assert load(store, act, path).already is None


def test_a_dry_run_reports_the_same_and_writes_nothing(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    before, files = dump(store, (*TABLES_ALL,)), set(tmp_path.rglob("*"))
    path = write(tmp_path, "o.csv", ORDERS.replace("00124", "99999"))
    tried = load(store, act, path, dry_run=True)
    assert dump(store, (*TABLES_ALL,)) == before
    assert set(tmp_path.rglob("*")) - files == {path}
    done = load(store, act, path)
    assert replace(done, batch=None, rejects_file=None, dry_run=True) == tried


TABLES_ALL = ("operation", "change", "batch", "customer", "category", "product", "orders", "line")


def test_an_import_is_not_undone_over_later_changes(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    result = load(store, act, write(tmp_path, "o.csv", ORDERS))
    load(store, act, write(tmp_path, "o2.csv", ORDERS.replace("617.25", "700")))
    before = dump(store)
    with pytest.raises(Refusal) as caught:
        undo_import(store, act, number=result.batch or 0)
    assert caught.value.fault is Fault.LATE_CHANGE
    assert dump(store) == before


def test_finding_customers(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    for text in ("00123", " ００１２３ ", "123", "𠮷祥", "食杂"):
        assert customers.find(store, text).code == "00123"
    with pytest.raises(Refusal) as caught:
        customers.find(store, "0012")
    assert caught.value.fault is Fault.AMBIGUOUS
    assert [candidate[2] for candidate in caught.value.facts["candidates"]] == ["138****8000", "089****4433"]
    for text in ("", "没有", "%", "_", '"foo', "a OR", "' OR 1=1"):
        with pytest.raises(Refusal) as caught:
            customers.find(store, text)
        assert caught.value.fault is Fault.NOT_FOUND
    assert products.find(store, "红").code == "0001"


def test_an_order_that_a_later_file_added_to_is_not_undone_before_it(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    before = dump(store)
    first = load(store, act, write(tmp_path, "o.csv", ORDERS))
    head = ORDERS.split("\n")[0]
    second = load(store, act, write(tmp_path, "o2.csv", f"{head}\nA1,9,2026-09-01,00123,0002,1,50,\n"))
    assert (second.orders, second.totals) == (1, Totals(1, 1_000, 5_000))
    with pytest.raises(Refusal) as caught:
        undo_import(store, act, number=first.batch or 0)
    assert caught.value.fault is Fault.LATE_CHANGE
    for result in (second, first):
        undo_import(store, act, number=result.batch or 0)
    assert dump(store) == before
