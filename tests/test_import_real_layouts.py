"""Exports as they are found in the wild, read with the mapping files of examples/maps, against a count of our own.

The slow counter opens the files with csv, xlrd and openpyxl directly and knows nothing of crmkit's readers.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd
from conftest import act_at
from import_examples import load, with_team

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
    if source == "xls":
        assert dict(result.notices)[Notice.SHEETS_LEFT] == "退货, 销售人员"
        first = xlrd.xldate_as_datetime(min(row["订单日期"] for row in good), 0).date().isoformat()
        assert team.value("SELECT min(day) FROM orders") == first
    assert customers.with_code(team, "曾惠-14485").name == "曾惠"  # type: ignore[union-attr]


def test_orders_in_gbk_with_times_and_none(team: Store, shared_data: Path) -> None:
    path = shared_data / "cn-marketmind/order_1.csv"
    rows = of_csv(path, "gb18030")
    result = taken(team, path, "marketmind-orders")
    assert (result.encoding, result.rejected) == ("gb18030", ())
    assert result.totals == sums(rows, "quantity", "amount")
    assert result.counted[Kind.PRODUCTS] == Counted(new=len({row["product_id"] for row in rows}))
    assert team.value("SELECT name FROM product WHERE code='200068'") == "MUJI 收纳盒"


def test_6138_items_with_a_tree_of_three_levels(team: Store, shared_data: Path) -> None:
    path = shared_data / "cn-marketmind/product_profile.csv"
    rows = of_csv(path, "utf-8-sig")
    result = taken(team, path, "marketmind-products")
    assert (result.counted[Kind.PRODUCTS], result.rejected) == (Counted(new=6138), ())
    paths = {(row["cat_l1_name"], row["cat_l2_name"], row["cat_l3_name"]) for row in rows}
    found = {category.path for category in categories.all(team)}
    assert found == {path[:depth] for path in paths for depth in (1, 2, 3)}
    stored = categories.of_products(team)
    wanted = {row["item_id"]: (row["cat_l1_name"], row["cat_l2_name"], row["cat_l3_name"]) for row in rows}
    assert stored == wanted


def test_places_of_hainan_as_gbk_text_and_as_workbook(team: Store, shared_data: Path) -> None:
    folder = shared_data / "cn-hainan-poi"
    result = taken(team, folder / "hainanWGS_84.csv", "hainan-places")
    rows = of_csv(folder / "hainanWGS_84.csv", "gb18030")
    assert (result.encoding, result.rows, len(result.rejected)) == ("gb18030", len(rows), 2)
    last = {row["名称"]: row for row in rows}  # of rows of one name the last counts
    for name in ("海南大学", "海口技师学院"):
        place = customers.with_code(team, name).place  # type: ignore[union-attr]
        degrees = (Decimal(last[name]["纬度_84"]), Decimal(last[name]["经度_84"]))
        wanted = tuple(int((value * 1_000_000).quantize(Decimal(1), ROUND_HALF_UP)) for value in degrees)
        assert (place.latitude_e6, place.longitude_e6) == wanted  # type: ignore[union-attr]
    sheet = openpyxl.load_workbook(folder / "Hainan POI_cleaned.xlsx", read_only=True).worksheets[0]
    sheet.reset_dimensions()  # type: ignore[union-attr]
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    result = taken(team, folder / "Hainan POI_cleaned.xlsx", "hainan-places-xlsx")
    assert (result.encoding, result.rows) == ("xlsx", len(lines))
    assert result.counted[Kind.CUSTOMERS].accepted == len({line[0] for line in lines}) - len(result.rejected)


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
    if mapping != "iowa-2012":
        located = {row[store_column] for row in rows if "(" in row.get("STORE LOCATION", row.get("Store Location", ""))}
        assert {c.code for c in customers.all(team) if c.place} == located
