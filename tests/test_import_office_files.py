"""C2, C3 and C5 of the bad input as offices make it: titles, sums, two readings, saved mappings, previews."""

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from import_examples import ALL_KINDS, CUSTOMERS, ORDERS, PRODUCTS, dump, load, load_base, reasons, with_team, write

from crmkit.model.customer import VisitMethod
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import CellChange, Counted, Kind, Notice, Reason, Totals
from crmkit.model.operation import Act
from crmkit.model.visit import PlannedVisit
from crmkit.sources.coordinates import to_wgs84
from crmkit.store import customers, planned, products
from crmkit.store.connection import Store
from crmkit.store.opening import create_store
from crmkit.workflow.undo_operation import undo_operation

HEAD = "订货日期,客户编码,商品编码,数量,金额\n"


@pytest.fixture
def known(store: Store, act: Act, tmp_path: Path) -> Store:
    load_base(store, act, tmp_path)
    return store


def refused(store: Store, act: Act, *paths: Path, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        load(store, act, *paths, **options)
    return caught.value


def test_titles_above_and_sums_below(known: Store, act: Act, tmp_path: Path) -> None:
    text = (
        "2026年9月销售明细,,,,\n制表：张三，2026-10-01,,,,\n,,,,\n" + HEAD + "2026-09-01,00123,0001,1,10\n"
        "小计,,,1,10\n2026-09-02,00123,0002,2,20\n合计,,,3,30.00\n"
    )
    result = load(known, act, write(tmp_path, "o.csv", text))
    assert (result.totals, result.rejected, result.rows, result.skipped) == (Totals(2, 3000, 3000), (), 2, 2)
    assert dict(result.notices) == {
        Notice.TITLE_ROWS: "2",
        Notice.TOTAL_AGREES: "金额: 30 = 30",
        Notice.SUBTOTALS: "1",
    } | {Notice.TOTAL_AGREES: dict(result.notices)[Notice.TOTAL_AGREES]}
    assert not result.is_warned


def test_127_a_total_that_is_not_the_sum_is_told_with_both_figures(known: Store, act: Act, tmp_path: Path) -> None:
    result = load(known, act, write(tmp_path, "o.csv", HEAD + "2026-09-01,00123,0001,1,10\n总计,,,1,11\n"))
    assert (Notice.TOTAL_DIFFERS, "金额: 11 ≠ 10") in result.notices
    assert result.is_warned


def test_127_an_order_total_that_is_not_the_sum_of_its_lines(known: Store, act: Act, tmp_path: Path) -> None:
    head = "订单号,行号,订货日期,客户编码,商品编码,数量,金额,整单金额\n"
    rows = (
        "A1,1,2026-09-01,00123,0001,1,10,30\nA1,2,2026-09-01,00123,0002,2,20.00,30.00\n"  # on each line, and right
        "A2,1,2026-09-02,00123,0001,1,10,31.5\nA2,2,2026-09-02,00123,0002,2,20,\n"  # on the first only, and wrong
        "A3,1,2026-09-03,00123,0001,1,10,\n"  # none said
        "A1,2,2026-09-01,00123,0002,2,20,30\n"  # once more: no line of its own
    )
    result = load(known, act, write(tmp_path, "o.csv", head + rows))
    assert (Notice.ORDER_TOTALS_DIFFER, "A2: 31.5 ≠ 30") in result.notices
    assert (result.is_warned, result.rejected, result.totals.amount) == (True, (), 7000)
    right = load(known, act, write(tmp_path, "o2.csv", head + rows.replace("31.5", "30")))
    assert (dict(right.notices).get(Notice.ORDER_TOTALS_DIFFER), right.is_warned) == (None, False)


def test_127_order_totals_without_numbers_and_in_thousands(known: Store, act: Act, tmp_path: Path) -> None:
    head = "订货日期,客户编码,商品编码,数量,金额(元),order total(万元)\n"
    rows = "2026-09-01,00123,0001,1,10000,3\n2026-09-01,00123,0002,1,10000,2\n2026-09-02,00123,0002,1,10000,1\n"
    result = load(known, act, write(tmp_path, "o.csv", head + rows))
    assert (Notice.ORDER_TOTALS_DIFFER, "2026-09-01/00123: 20000, 30000 ≠ 20000") in result.notices


def test_35_a_header_of_two_rows_in_text(known: Store, act: Act, tmp_path: Path) -> None:
    text = "订单,,客户,商品,订货,\n编号,日期,编码,编码,数量,金额\nA1,2026-09-01,00123,0001,1,10\n"
    result = load(known, act, write(tmp_path, "o.csv", text))
    assert result.totals == Totals(1, 1000, 1000)
    assert "订单 日期" in dict(result.notices)[Notice.JOINED_HEADER]


def test_37_strict_columns(known: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c2.csv", "客户编码,客户名称,备注\n7,甲,x\n")
    refusal = refused(known, act, path, strict_columns=True)
    assert (refusal.fault, refusal.facts["columns"]) == (Fault.UNKNOWN_COLUMNS, "备注")


def test_59_big5_with_traditional_headers(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "客戶編碼,客戶名稱,電話\n1,臺北雜貨店,13800138000\n2,高雄煙酒,\n", "big5")
    result = load(store, act, path)
    assert (result.encoding, [c.name for c in customers.all(store)]) == ("big5", ["臺北雜貨店", "高雄煙酒"])


def test_63_two_readings_are_shown_and_asked_about(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "code,name\n1,鸦猫\n2,片园\n", "gbk")
    refusal = refused(store, act, path)
    assert refusal.fault is Fault.AMBIGUOUS_TEXT
    assert "鸦猫" in refusal.facts["gbk"]
    west = write(tmp_path, "w.csv", "code,name\n1,Café Ångström\n2,Añejo\n")
    assert load(store, act, west).encoding == "utf-8"
    assert load(store, act, path, encoding="gb18030").counted[Kind.CUSTOMERS].changed == 2


def test_71_rare_characters_are_kept(store: Store, act: Act, tmp_path: Path) -> None:
    names = ["㈱一番①", "Ⅳ々〇", "𠮷䶮𬭎", "店👨‍👩‍👧", "e\u0301cole"]
    rows = "".join(f"{n},{name}\n" for n, name in enumerate(names, 1))
    load(store, act, write(tmp_path, "c.csv", "客户编码,客户名称\n" + rows))
    assert [c.name for c in customers.all(store)] == ["㈱一番①", "Ⅳ々〇", "𠮷䶮𬭎", "店👨👩👧", "école"]


def test_77_lost_zeros_in_text_too(known: Store, act: Act, tmp_path: Path) -> None:
    result = load(known, act, write(tmp_path, "o.csv", HEAD + "2026-09-01,123,0001,1,10\n2026-09-01,00123,1,1,10\n"
                                    "2026-09-01,00123,0001,1,10\n"))  # fmt: skip
    assert reasons(result) == [(2, "客户编码", Reason.LOST_ZEROS), (3, "商品编码", Reason.LOST_ZEROS)]
    assert result.rejected[1].detail == "1 (0001?)"


def test_123_clear_blanks(known: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c2.csv", "客户编码,客户名称,档位,电话,状态\n00123,,,,\n")
    assert load(known, act, path).counted[Kind.CUSTOMERS] == Counted(unchanged=1)
    result = load(known, act, path, clear_blanks=True)
    assert {(c.field, c.new) for c in result.changes} == {("grade", None), ("phone", None)}
    first = customers.all(known)[0]
    assert (first.name, first.grade, first.phone, first.address) == ("𠮷祥食杂店", None, None, "椰海路1号")


def test_125_archive_missing_is_limited(store: Store, act: Act, tmp_path: Path) -> None:
    def full(*left_out: int) -> str:
        return "客户编码,客户名称\n" + "".join(f"C{n},店{n}\n" for n in range(40) if n not in left_out)

    load(store, act, write(tmp_path, "c.csv", full()))
    told = load(store, act, write(tmp_path, "c1.csv", full(7)))
    assert (Notice.MISSING_CUSTOMERS, "C7") in told.notices
    refusal = refused(store, act, write(tmp_path, "c2.csv", full(1, 2, 3)), archive_missing=True)
    assert (refusal.fault, refusal.facts["missing"]) == (Fault.TOO_MANY_MISSING, 3)
    done = load(store, act, write(tmp_path, "c3.csv", full(7, 8)), archive_missing=True)
    assert (Notice.CLOSED_MISSING, "C7; C8") in done.notices
    assert [c.code for c in customers.all(store) if c.state.value == "closed"] == ["C7", "C8"]


def test_c6_137_a_shop_that_a_file_closes_has_its_open_visits_cancelled(store: Store, act: Act, tmp_path: Path) -> None:
    def full(*left_out: int, state: str = "正常") -> str:
        lines = [f"C{n},店{n},{state if n == 1 else '正常'}\n" for n in range(40) if n not in left_out]
        return "客户编码,客户名称,状态\n" + "".join(lines)

    load(with_team(store, act), act, write(tmp_path, "c.csv", full()))
    keys = customers.keys(store)
    days = [act.today + timedelta(days=n) for n in (-1, 0, 9)]
    visits = [PlannedVisit(keys[code], 1, day, VisitMethod.ONSITE, 1) for code in ("C0", "C1", "C7") for day in days]
    with store.operation(act):
        planned.write(store, visits)
    before = store.rows("SELECT * FROM planned_visit")
    closing = write(tmp_path, "c1.csv", full(7, state="停业"))
    trial = load(store, act, closing, archive_missing=True, dry_run=True)
    assert store.rows("SELECT * FROM planned_visit") == before
    done = load(store, act, closing, archive_missing=True)
    assert (Notice.VISITS_CANCELLED, "C1 (2); C7 (2)") in done.notices
    assert done.notices == trial.notices
    sql = "SELECT code, day, note FROM planned_visit v JOIN customer c ON c.id=customer WHERE v.state='cancelled'"
    expected = {(code, str(day), why) for code, why in (("C1", "suspended"), ("C7", "closed")) for day in days[1:]}
    assert set(store.rows(sql)) == expected
    undo_operation(store, act)
    assert store.rows("SELECT * FROM planned_visit") == before


def test_a_preview_tells_old_and_new_and_what_is_suspicious(known: Store, act: Act, tmp_path: Path) -> None:
    text = "客户编码,客户名称,档位\n00123,大润发超市,29\n00124,,5\n00999,新店,1\n"
    before = dump(known)
    result = load(known, act, write(tmp_path, "c2.csv", text), dry_run=True)
    assert result.counted[Kind.CUSTOMERS] == Counted(1, 1, 1)
    assert result.changes == (
        CellChange(Kind.CUSTOMERS, "00123", "name", "𠮷祥食杂店", "大润发超市"),
        CellChange(Kind.CUSTOMERS, "00123", "grade", 30, 29),
    )
    assert (Notice.NEW_NAME, "00123: 𠮷祥食杂店 → 大润发超市") in result.notices
    assert result.is_warned
    assert dump(known) == before


def test_closed_shops_that_order_and_changed_lines_are_told(known: Store, act: Act, tmp_path: Path) -> None:
    result = load(known, act, write(tmp_path, "o.csv", ORDERS))
    assert (Notice.CLOSED_ORDERS, "00124") in result.notices
    again = load(known, act, write(tmp_path, "o2.csv", ORDERS.replace("617.25", "700")))
    assert again.changes == (CellChange(Kind.ORDERS, "2026-09-01/00123/A1/2", "amount", 61725, 70000),)


def test_a_mapping_saved_under_a_name_is_found_by_the_header(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    mapping = write(
        tmp_path, "m.toml",
        'nulls = ["NULL", "-"]\n[customers]\ncode = "店号"\nname = "招牌"\n'
        'grade = { column = "级", values = { "甲等" = "三十档" } }\n'
        'opened_on = { column = "开张", order = "dmy" }\nphone = "手机"\n',
    )  # fmt: skip
    text = "店号,招牌,级,开张,手机\nK1,甲店,甲等,2/3/2026,NULL\nK2,乙店,-,-,13800138001\n"
    folder = tmp_path / "in"
    folder.mkdir()
    first = load(store, act, write(folder, "a.csv", text), map_file=mapping, save_map="门店")
    assert (tmp_path / "maps" / "门店.toml").exists()
    again = load(store, act, write(folder, "b.csv", text.replace("店号,", " 店 号 ,").replace("K1", "K3")))
    assert (Notice.SAVED_MAP, "门店.toml") in again.notices
    assert (first.counted[Kind.CUSTOMERS], again.counted[Kind.CUSTOMERS]) == (Counted(new=2), Counted(1, 0, 1))
    kept = {c.code: c for c in customers.all(store)}
    assert (kept["K3"].grade, str(kept["K3"].opened_on), kept["K3"].phone) == (30, "2026-03-02", None)
    assert kept["K2"].grade is None


def test_dates_of_two_readings_by_an_option_that_is_saved(known: Store, act: Act, tmp_path: Path) -> None:
    text = HEAD + "2/3/2026,00123,0001,1,10\n"
    assert reasons_of(refused(known, act, write(tmp_path, "o.csv", text))) == [Reason.AMBIGUOUS_DATE]
    load(known, act, write(tmp_path, "o.csv", text), order="mdy", save_map="九月")
    load(known, act, write(tmp_path, "o2.csv", text.replace("2/3", "2/4")))
    assert [day for (day,) in known.rows("SELECT day FROM orders ORDER BY day")] == ["2026-02-03", "2026-02-04"]


def reasons_of(refusal: Refusal) -> list[Reason]:
    return [reject.reason for reject in refusal.facts["result"].rejected]


def gcj02(x: float, y: float) -> tuple[float, float]:
    """The published forward formula, written down again."""
    a, b = x - 105, y - 35
    waves = 20 * math.sin(6 * a * math.pi) + 20 * math.sin(2 * a * math.pi)
    north = -100 + 2 * a + 3 * b + 0.2 * b * b + 0.1 * a * b + 0.2 * math.sqrt(abs(a))
    north += (waves + 20 * math.sin(b * math.pi) + 40 * math.sin(b / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(b / 12 * math.pi) + 320 * math.sin(b * math.pi / 30)) * 2 / 3
    east = 300 + a + 2 * b + 0.1 * a * a + 0.1 * a * b + 0.1 * math.sqrt(abs(a))
    east += (waves + 20 * math.sin(a * math.pi) + 40 * math.sin(a / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(a / 12 * math.pi) + 300 * math.sin(a / 30 * math.pi)) * 2 / 3
    flat, axis, lat = 0.00669342162296594323, 6378245.0, math.radians(y)
    root = math.sqrt(1 - flat * math.sin(lat) ** 2)
    north_degrees = north * 180 / (axis * (1 - flat) / root**3 * math.pi)
    return x + east * 180 / (axis / root * math.cos(lat) * math.pi), y + north_degrees


def bd09(x: float, y: float) -> tuple[float, float]:
    x, y = gcj02(x, y)
    z = math.hypot(x, y) + 0.00002 * math.sin(y * math.pi * 3000 / 180)
    turn = math.atan2(y, x) + 0.000003 * math.cos(x * math.pi * 3000 / 180)
    return z * math.cos(turn) + 0.0065, z * math.sin(turn) + 0.006


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09"])
def test_coordinates_of_china_become_wgs84(store: Store, act: Act, tmp_path: Path, system: str) -> None:
    longitude, latitude = {"wgs84": lambda x, y: (x, y), "gcj02": gcj02, "bd09": bd09}[system](110.34, 20.05)
    mapping = write(
        tmp_path,
        "m.toml",
        f'system = "{system}"\n[customers]\ncode = "c"\nname = "n"\nlongitude = "x"\nlatitude = "y"\n',
    )
    load(store, act, write(tmp_path, "c.csv", f"c,n,x,y\n1,甲,{longitude:.6f},{latitude:.6f}\n"), map_file=mapping)
    place = customers.all(store)[0].place
    assert abs(place.latitude_e6 - 20_050_000) <= 2  # type: ignore[union-attr]
    assert abs(place.longitude_e6 - 110_340_000) <= 2  # type: ignore[union-attr]


def test_a_place_far_from_the_rest_is_named(store: Store, act: Act, tmp_path: Path) -> None:
    rows = "".join(f"{n},店{n},110.3{n % 10},20.0{n % 10}\n" for n in range(1, 30))
    result = load(store, act, write(tmp_path, "c.csv", "客户编码,客户名称,经度,纬度\n" + rows + "99,远,121.4,31.2\n"))
    assert (Notice.FAR_AWAY, "99") in result.notices


def test_outside_china_nothing_is_shifted() -> None:
    assert to_wgs84("gcj02", 41_600_000, -93_600_000) == (41_600_000, -93_600_000)


def test_the_rejects_of_a_workbook_name_its_rows(known: Store, act: Act, tmp_path: Path) -> None:
    import openpyxl

    made = openpyxl.Workbook()
    for row in (["客户编码", "客户名称", "档位"], [], ["7", "甲", 99], ["8", "=1+1", 3], ["9", "丙", 4]):
        made.active.append(row)  # type: ignore[union-attr]
    made.save(tmp_path / "c2.xlsx")
    result = load(known, act, tmp_path / "c2.xlsx", rejects=tmp_path / "mend.csv")
    assert [reject.line for reject in result.rejected] == [3, 4]
    text = (tmp_path / "mend.csv").read_text("utf-8-sig").replace("99", "9").replace("#FORMULA!", "乙")
    again = load(known, act, write(tmp_path, "mended.csv", "\ufeff" + text))
    assert again.counted[Kind.CUSTOMERS] == Counted(new=2)


def test_six_encodings_and_both_workbooks_are_one(store: Store, act: Act, tmp_path: Path) -> None:
    assert products.keys(store) == {}
    for place, encoding in enumerate(("gb18030", "utf-16", "utf-8-sig")):
        other = with_team(create_store(tmp_path / f"{place}.db"), act)
        for name, text in (("c", CUSTOMERS), ("p", PRODUCTS)):
            load(other, act, write(tmp_path, f"{name}{place}.csv", text, encoding))
        assert len(dump(other)["customer"]) == 2
        other.close()


def test_an_order_file_that_names_its_customers_says_how_to_bring_them(store: Store, act: Act, tmp_path: Path) -> None:
    text = "订单 ID,订单日期,客户 ID,客户名称,产品 ID,产品名称,销售额,数量\nA,2026-09-01,K1,甲,P1,红,10,1\n"
    path = write(tmp_path, "all.csv", text)
    refusal = refused(store, act, path)
    assert refusal.fault is Fault.MASTERS_UNKNOWN
    assert refusal.facts["kinds"] == "--kind customers --kind products --kind orders"
    assert load(store, act, path, kinds=ALL_KINDS).totals == Totals(1, 1000, 1000)
