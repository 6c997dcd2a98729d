"""Exports as they are found in the wild, read with the mapping files of examples/maps, against a count of our own.

The slow counter opens the files with csv, xlrd and openpyxl directly and knows nothing of crmkit's readers.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd
from conftest import act_at
from import_examples import load, with_team, write
from test_import_office_files import gcj02

from crmkit.model.errors import Refusal
from crmkit.model.importing import Counted, ImportResult, Kind, Notice, Reason, Totals
from crmkit.store import categories, customers
from crmkit.store.connection import Store

MAPS = Path(__file__).resolve().parents[1] / "examples" / "maps"
Rows = list[dict[str, Any]]


@pytest.fixture
def team(store: Store) -> Store:
    return with_team(store, act_at())


def taken(store: Store, path: Path, mapping: str) -> ImportResult:
    return load(store, act_at(), path, map_file=MAPS / f"{mapping}.toml")


def of_csv(path: Path, encoding: str) -> Rows:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def of_xls(path: Path, name: str) -> Rows:
    sheet = xlrd.open_workbook(str(path)).sheet_by_name(name)
    head = sheet.row_values(0)
    return [dict(zip(head, sheet.row_values(row), strict=True)) for row in range(1, sheet.nrows)]


def fen(value: object) -> int:
    # a spreadsheet's number is what its 15 digits show: 0.285 is stored as 0.28499999999999998
    text = f"{value:.15g}" if isinstance(value, float) else str(value).replace("$", "").replace(",", "")
    return int((Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def sums(rows: Iterable[dict[str, Any]], quantity: str, amount: str) -> Totals:
    kept = list(rows)
    return Totals(
        len(kept), sum(int(Decimal(str(row[quantity])) * 1000) for row in kept), sum(fen(row[amount]) for row in kept)
    )


Line = tuple[str, str, str, int, int]  # day, customer, product, thousandths, minor units


def stored(store: Store) -> list[Line]:
    """Every line of the database, in one order."""
    return sorted(store.rows(
        "SELECT o.day, c.code, p.code, l.volume, l.amount FROM line l JOIN orders o ON o.id=l.orders "
        "JOIN customer c ON c.id=o.customer JOIN product p ON p.id=l.product"
    ))  # fmt: skip


def wanted(rows: Iterable[dict[str, Any]], day: Any, *names: str) -> list[Line]:
    """The same out of the file: `names` are the columns of customer, product, quantity and amount."""
    customer, product, quantity, amount = names
    return sorted(
        (day(row), str(row[customer]), str(row[product]), int(Decimal(str(row[quantity])) * 1000), fen(row[amount]))
        for row in rows
    )


def day_of(text: str, form: str) -> str:
    return datetime.strptime(text.split(maxsplit=1)[0], form).date().isoformat()  # noqa: DTZ007 - a day has no zone


def two_names(rows: Rows, code: str, name: str) -> set[str]:
    seen: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        seen[row[code]].add(row[name])
    return {key for key, names in seen.items() if len(names) > 1}


@pytest.mark.parametrize("source", ["xls", "csv"])
def test_the_supermarket_as_old_workbook_and_as_text(team: Store, shared_data: Path, source: str) -> None:
    path = shared_data / ("cn-superstore/示例 - 超市.xls" if source == "xls" else "cn-marketmind/order_2.csv")
    rows = of_xls(path, "订单") if source == "xls" else of_csv(path, "utf-8-sig")
    result = taken(team, path, "superstore")
    doubtful = two_names(rows, "产品 ID", "产品名称")
    good = [row for row in rows if row["产品 ID"] not in doubtful]
    assert result.totals == sums(good, "数量", "销售额")
    assert (result.rows, len(result.rejected)) == (len(rows), len(rows) - len(good))
    assert {reject.reason for reject in result.rejected} == {Reason.TWO_NAMES}
    assert result.counted[Kind.CUSTOMERS] == Counted(new=len({row["客户 ID"] for row in rows})) == Counted(new=790)
    columns = ("客户 ID", "产品 ID", "数量", "销售额")
    if source == "xls":
        assert stored(team) == wanted(
            good, lambda row: xlrd.xldate_as_datetime(row["订单日期"], 0).date().isoformat(), *columns
        )
        assert dict(result.notices)[Notice.SHEETS_LEFT] == "退货, 销售人员"
        first = xlrd.xldate_as_datetime(min(row["订单日期"] for row in good), 0).date().isoformat()
        assert team.value("SELECT min(day) FROM orders") == first
    else:
        assert stored(team) == wanted(good, lambda row: day_of(row["订单日期"], "%Y/%m/%d"), *columns)
    assert customers.with_code(team, "曾惠-14485").name == "曾惠"  # type: ignore[union-attr]


def test_orders_in_gbk_with_times_and_none(team: Store, shared_data: Path) -> None:
    path = shared_data / "cn-marketmind/order_1.csv"
    rows = of_csv(path, "gb18030")
    result = taken(team, path, "marketmind-orders")
    assert (result.encoding, result.rejected) == ("gb18030", ())
    assert result.totals == sums(rows, "quantity", "amount")
    assert result.counted[Kind.PRODUCTS] == Counted(new=len({row["product_id"] for row in rows}))
    columns = ("user_id", "product_id", "quantity", "amount")
    assert stored(team) == wanted(rows, lambda row: day_of(row["order_time"], "%Y/%m/%d"), *columns)
    assert result.counted[Kind.CUSTOMERS] == Counted(new=len({row["user_id"] for row in rows}))
    assert team.value("SELECT name FROM product WHERE code='200068'") == "MUJI 收纳盒"


def test_6138_items_with_a_tree_of_three_levels(team: Store, shared_data: Path) -> None:
    path = shared_data / "cn-marketmind/product_profile.csv"
    rows = of_csv(path, "utf-8-sig")
    result = taken(team, path, "marketmind-products")
    assert (result.counted[Kind.PRODUCTS], result.rejected) == (Counted(new=6138), ())
    paths = {(row["cat_l1_name"], row["cat_l2_name"], row["cat_l3_name"]) for row in rows}
    found = {category.path for category in categories.all(team)}
    assert found == {path[:depth] for path in paths for depth in (1, 2, 3)}
    hung = categories.of_products(team)
    tree = {row["item_id"]: (row["cat_l1_name"], row["cat_l2_name"], row["cat_l3_name"]) for row in rows}
    assert hung == tree


def test_places_of_hainan_as_gbk_text_and_as_workbook(team: Store, shared_data: Path) -> None:
    folder = shared_data / "cn-hainan-poi"
    result = taken(team, folder / "hainanWGS_84.csv", "hainan-places")
    rows = of_csv(folder / "hainanWGS_84.csv", "gb18030")
    assert (result.encoding, result.rows, len(result.rejected)) == ("gb18030", len(rows), 2)
    last = {row["名称"]: row for row in rows}  # of rows of one name the last counts
    assert result.counted[Kind.CUSTOMERS] == Counted(new=len(last) - 2)
    found = {c.code: (c.place.latitude_e6, c.place.longitude_e6) for c in customers.all(team) if c.place}
    places = {name.strip().upper(): (e6(row["纬度_84"]), e6(row["经度_84"])) for name, row in last.items()}
    same = sum(found.get(name) == place for name, place in places.items())
    assert (len(found), same) == (len(last) - 2, len(last) - 2)
    sheet = openpyxl.load_workbook(folder / "Hainan POI_cleaned.xlsx", read_only=True).worksheets[0]
    sheet.reset_dimensions()  # type: ignore[union-attr]
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    result = taken(team, folder / "Hainan POI_cleaned.xlsx", "hainan-places-xlsx")
    assert (result.encoding, result.rows) == ("xlsx", len(lines))
    assert result.counted[Kind.CUSTOMERS].accepted == len({line[0] for line in lines}) - len(result.rejected)


def e6(degrees: str) -> int:
    return int((Decimal(degrees) * 1_000_000).quantize(Decimal(1), ROUND_HALF_UP))


def test_raw_records_of_a_map_service_become_wgs84(team: Store, shared_data: Path, tmp_path: Path) -> None:
    """GCJ-02 as the service gives it; turned forward again by the published formula each place is where it was."""
    records = json.loads((shared_data / "cn-hainan-poi/data_amap.json").read_text("utf-8"))
    places = {one["id"]: one["location"].split(",") for one in records}
    text = "id,name,lng,lat\n" + "".join(f"{key},店,{lng},{lat}\n" for key, (lng, lat) in places.items())
    mapping = 'system = "gcj02"\n[customers]\ncode = "id"\nname = "name"\nlongitude = "lng"\nlatitude = "lat"\n'
    result = load(team, act_at(), write(tmp_path, "amap.csv", text), map_file=write(tmp_path, "m.toml", mapping))
    assert (result.rejected, result.counted[Kind.CUSTOMERS]) == ((), Counted(new=len(places)))
    for one in customers.all(team):
        assert one.place is not None
        again = gcj02(one.place.longitude_e6 / 1e6, one.place.latitude_e6 / 1e6)
        wanted_place = [float(value) for value in places[one.code]]
        assert max(abs(a - b) for a, b in zip(again, wanted_place, strict=True)) < 2e-6
        assert abs(one.place.longitude_e6 / 1e6 - wanted_place[0]) > 1e-3  # it was moved


RETAIL = """
[customers]
code = "顾客编号"
name = "顾客编号"

[products]
code = "商品编码"
name = "小类名称"

[orders]
day = "销售日期"
customer = "顾客编号"
product = "商品编码"
volume = "销售数量"
amount = "销售金额"
"""


def test_weights_are_no_unit_of_the_trade(team: Store, shared_data: Path, tmp_path: Path) -> None:
    """Rows in KG are refused by their unit, not read as cartons; the lines a refusal names take them."""
    path = shared_data / "cn-marketmind/retail_sales_raw_gbk.csv"
    rows = of_csv(path, "utf-8-sig")
    mapping = write(tmp_path, "m.toml", f'{RETAIL}unit = "单位"\n')
    with pytest.raises(Refusal) as caught:
        load(team, act_at(), path, map_file=mapping, dry_run=True)
    refused = caught.value.facts["result"].rejected
    units = {reject.line: reject.detail for reject in refused if reject.column == "单位"}
    assert len(refused) == len(rows)
    assert units
    assert all(units[line].startswith(f"{rows[line - 2]['单位']} (条 箱") for line in units)
    values = "".join(f'values."{row["单位"]}" = "条"\n' for row in {row["单位"]: row for row in rows}.values())
    mapping = write(tmp_path, "n.toml", f'{RETAIL}\n[orders.unit]\ncolumn = "单位"\n{values}')
    result = load(team, act_at(), path, map_file=mapping)
    assert {reject.column for reject in result.rejected} <= {"销售日期", "销售数量", "销售金额"}
    assert result.totals.lines == len(rows) - len(result.rejected) > 0


@pytest.mark.parametrize(
    ("name", "mapping", "quantity", "amount", "store_column"),
    [
        ("IA_liquor_sales_2012-01-31.csv", "iowa-2012", "bottles_sold", "sale_dollars", "store_number"),
        ("iowa-liquor-sample_2015-02-26.csv", "iowa-2015", "BOTTLE QTY", "TOTAL", "STORE"),
        ("sample_iowa_liquor_sales.csv", "iowa-wide", "Bottles Sold", "Sale (Dollars)", "Store Number"),
    ],
)
def test_the_three_layouts_of_iowa(
    team: Store, shared_data: Path, name: str, mapping: str, quantity: str, amount: str, store_column: str
) -> None:
    path = shared_data / "iowa-raw" / name
    rows = of_csv(path, "utf-8")
    good = [row for row in rows if row[amount]]
    result = taken(team, path, mapping)
    assert result.totals == sums(good, quantity, amount)
    assert [reject.reason for reject in result.rejected] == [Reason.BLANK] * (len(rows) - len(good))
    assert result.counted[Kind.CUSTOMERS] == Counted(new=len({row[store_column] for row in rows}))
    day, item, form = {
        "iowa-2012": ("date", "item_number", "%Y-%m-%d"), "iowa-2015": ("DATE", "ITEM", "%Y-%m-%d"),
        "iowa-wide": ("Date", "Item Number", "%m-%d-%Y"),
    }[mapping]  # fmt: skip
    lines = wanted(good, lambda row: day_of(row[day].replace("/", "-"), form), store_column, item, quantity, amount)
    assert stored(team) == lines
    if mapping != "iowa-2012":
        located = {row[store_column] for row in rows if "(" in row.get("STORE LOCATION", row.get("Store Location", ""))}
        assert {c.code for c in customers.all(team) if c.place} == located
