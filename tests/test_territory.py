"""The invented territory: same bytes everywhere, the shape of a real one, and few enough problems.

What is checked is read back from the written files with the csv module; nothing of the generator's own figures.
"""

import csv
import hashlib
import io
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from crmkit.model.month import Month
from crmkit.sources.territory import (
    CUSTOMER_FILE,
    CUSTOMER_HEADER,
    DEMO_SEED,
    ORDER_FILE,
    ORDER_HEADER,
    PRODUCT_FILE,
    PRODUCT_HEADER,
    Territory,
    file_contents,
    territory,
    write_files,
)

MONTH = Month(2026, 11)
ENCODINGS = {CUSTOMER_FILE: "utf-8-sig", PRODUCT_FILE: "gb18030", ORDER_FILE: "utf-8"}
REAL_BRANDS = (
    "中华|云烟|玉溪|红塔山|红河|黄鹤楼|芙蓉王|白沙|利群|南京|苏烟|大重九|贵烟|黄山|双喜|七匹狼|金圣|泰山|"
    "长白山|娇子|兰州|延安|好猫|钻石|红旗渠|黄金叶|帝豪|散花|真龙|牡丹|熊猫|中南海|大前门|石狮|天子|龙凤呈祥|"
    "宏声|都宝|哈德门|红金龙|呼伦贝尔|金桥|大丰收|雪莲|宝岛|椰王|五指山|三沙|羊城|将军|茶花|石林|阿诗玛|国宾|"
    "恭贺新禧|长城|王冠|狮牌|红梅|大红鹰|雄狮|渡江|红三环|万宝路|骆驼|云斯顿|希尔顿|健牌|三五|七星"
)

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def demo() -> Territory:
    return territory(DEMO_SEED, MONTH)


@pytest.fixture(scope="module")
def files(demo: Territory) -> dict[str, Rows]:
    return read_back(demo)


def read_back(invented: Territory) -> dict[str, Rows]:
    """The rows of each file as a stranger reads them."""
    return {
        name: list(csv.DictReader(io.StringIO(content.decode(ENCODINGS[name]), newline=""), strict=True))
        for name, content in file_contents(invented)
    }


def fingerprint(invented: Territory) -> str:
    return hashlib.sha256(b"".join(content for _, content in file_contents(invented))).hexdigest()


def test_two_processes_give_the_same_bytes(demo: Territory) -> None:
    program = (
        "import hashlib\n"
        "from crmkit.model.month import Month\n"
        "from crmkit.sources.territory import *\n"
        f"made = territory({DEMO_SEED}, Month(2026, 11))\n"
        "print(hashlib.sha256(b''.join(c for _, c in file_contents(made))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/Lima"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == fingerprint(demo)


def test_the_bytes_of_a_small_territory_are_known() -> None:
    """Machines, Pythons and years may change; these bytes may not, unless the generator is changed on purpose."""
    small = territory(7, Month(2026, 3), customers=10)
    assert fingerprint(small) == "03a99d30926eddd7dfe20a1617ba576c644e053a7f6f5b78dd62374d4da06b58"


def test_another_seed_gives_another_territory(demo: Territory) -> None:
    other = territory(DEMO_SEED + 1, MONTH)
    assert other.orders != demo.orders
    assert [row[1] for row in other.customers] != [row[1] for row in demo.customers]


def test_every_row_has_every_cell_and_codes_are_unique(files: dict[str, Rows]) -> None:
    headers = {CUSTOMER_FILE: CUSTOMER_HEADER, PRODUCT_FILE: PRODUCT_HEADER, ORDER_FILE: ORDER_HEADER}
    keys = {CUSTOMER_FILE: ("客户编码",), PRODUCT_FILE: ("商品编码",), ORDER_FILE: ("订单号", "行号")}
    for name, rows in files.items():
        assert all(tuple(row) == headers[name] and None not in row.values() for row in rows)
        assert len({tuple(row[key] for key in keys[name]) for row in rows}) == len(rows)


def test_orders_name_only_customers_and_products_of_the_files(files: dict[str, Rows]) -> None:
    orders = files[ORDER_FILE]
    assert {row["客户编码"] for row in orders} <= {row["客户编码"] for row in files[CUSTOMER_FILE]}
    assert {row["商品编码"] for row in orders} <= {row["商品编码"] for row in files[PRODUCT_FILE]}


def test_the_territory_has_the_shape_of_one(files: dict[str, Rows]) -> None:
    customers = files[CUSTOMER_FILE]
    assert len(customers) == 240
    assert Counter(row["市场类型"] for row in customers) == {"城镇": 168, "乡村": 72}
    assert Counter(row["状态"] for row in customers) == {"正常": 231, "歇业": 7, "停业": 2}
    assert all((row["歇业日期"] != "") == (row["状态"] == "歇业") for row in customers)
    assert Counter(row["拜访方式"] for row in customers)[""] == 2
    assert {row["订货日"] for row in customers} == {"周一", "周二", "周三", "周四", "周五"}
    assert all(1 <= int(row["档位"]) <= 30 for row in customers)
    assert sum(8 <= int(row["档位"]) <= 20 for row in customers) > 140
    assert all(row["客户编码"].startswith("0") and row["电话"].startswith("1390000") for row in customers)
    assert 5 <= sum(row["开业日期"] >= "2026-06-01" for row in customers) <= 12


def test_odd_names_are_among_the_customers(files: dict[str, Rows]) -> None:
    names = "\n".join(row["客户名称"] for row in files[CUSTOMER_FILE])
    assert all(sign in names for sign in ("𠮷", "䶮", "&"))
    assert max(map(len, names.split("\n"))) > 30
    assert any("," in row["地址"] for row in files[CUSTOMER_FILE])


def test_shops_stand_in_one_district_close_to_their_neighbours(files: dict[str, Rows]) -> None:
    south, north, west, east = 25.15, 25.56, 101.09, 101.55
    grounds = defaultdict(list)
    for row in files[CUSTOMER_FILE]:
        place = float(row["纬度"]), float(row["经度"])
        assert south < place[0] < north
        assert west < place[1] < east
        grounds[row["市场类型"], row["小片"]].append(place)
    assert len(grounds) == 18
    for (market, _), places in grounds.items():
        reach = 0.03 if market == "乡村" else 0.008
        for axis in (0, 1):
            assert max(p[axis] for p in places) - min(p[axis] for p in places) < 2 * reach


def test_products_hang_on_the_leaves_of_a_three_level_tree(files: dict[str, Rows]) -> None:
    products = files[PRODUCT_FILE]
    paths = {(row["一级品类"], row["二级品类"], row["三级品类"]) for row in products}
    assert len(products) == 150
    assert all(all(path) for path in paths)
    assert {path[0] for path in paths} == {"卷烟", "雪茄烟", "其他"}
    assert {path[1] for path in paths if path[0] == "卷烟"} == {"一类", "二类", "三类", "四类", "五类"}
    assert Counter(row["重点品牌"] for row in products) == {"是": 15, "否": 135}
    assert sum(row["状态"] == "停产" for row in products) >= 5
    assert len({row["支/条"] for row in products}) >= 4
    assert len({row["商品名称"] for row in products}) == 150


def test_no_real_brand_is_named(files: dict[str, Rows]) -> None:
    for row in files[PRODUCT_FILE]:
        assert not [brand for brand in REAL_BRANDS.split("|") if brand in row["商品名称"]]


def test_lines_are_whole_cartons_at_the_price_of_the_product(files: dict[str, Rows]) -> None:
    prices: dict[str, set[Fraction]] = defaultdict(set)
    for row in files[ORDER_FILE]:
        assert re.fullmatch(r"-?\d+\.\d\d", row["金额(元)"])
        prices[row["商品编码"]].add(Fraction(row["金额(元)"]) / int(row["数量(条)"]))
        assert not row["可订量"] or int(row["可订量"]) >= int(row["数量(条)"]) > 0
    assert {len(found) for found in prices.values()} == {1}
    returned = sum(row["数量(条)"].startswith("-") for row in files[ORDER_FILE])
    assert 10 < returned < 150


def test_discontinued_products_are_not_ordered_any_more(files: dict[str, Rows]) -> None:
    ended = {row["商品编码"] for row in files[PRODUCT_FILE] if row["状态"] == "停产"}
    days = [row["订货日期"] for row in files[ORDER_FILE] if row["商品编码"] in ended]
    assert days
    assert max(days) < "2026-09-01"


def test_orders_come_on_open_weekdays_of_fourteen_months(files: dict[str, Rows]) -> None:
    days = {date.fromisoformat(row["订货日期"]) for row in files[ORDER_FILE]}
    assert (Month.of(min(days)), Month.of(max(days))) == (Month(2025, 9), Month(2026, 10))
    assert all(day.isoweekday() <= 5 for day in days)
    festival = {date(2026, 2, 16) + timedelta(days=n) for n in range(7)}
    assert not days & (festival | {date(2026, 10, n) for n in range(1, 8)})


def test_the_season_is_visible(files: dict[str, Rows]) -> None:
    """Weeks before Spring Festival (17 February) sell most, February as a month least; Mid-autumn lifts September."""
    by_month: Counter[str] = Counter()
    by_week: Counter[date] = Counter()
    for row in files[ORDER_FILE]:
        day, cartons = date.fromisoformat(row["订货日期"]), int(row["数量(条)"])
        by_month[row["订货日期"][:7]] += cartons
        by_week[day - timedelta(days=day.weekday())] += cartons
    ordinary = by_week[date(2026, 5, 18)]
    assert by_week[date(2026, 2, 9)] > ordinary * Fraction(125, 100)
    after = by_week[date(2026, 3, 2)] + by_week[date(2026, 3, 9)]
    assert after < (by_week[date(2026, 5, 4)] + by_week[date(2026, 5, 11)]) * Fraction(97, 100)
    assert by_week[date(2026, 2, 16)] == 0
    assert by_month["2026-02"] == min(by_month.values())
    assert by_week[date(2026, 9, 14)] > by_week[date(2026, 8, 17)] * Fraction(110, 100)


def problem_customers(files: dict[str, Rows], month: Month) -> tuple[dict[str, set[str]], int]:
    """Problems by the method's rule, slowly and on its own: customer → reasons, and the number of valid customers.

    Volume of M-1 over the mean of the complete months since the first order, against the same ratio of the area;
    carton value of M-1 over that of these months; ordered in M-2 and nothing in M-1.
    """
    cartons: dict[str, Counter[str]] = defaultdict(Counter)
    money: dict[str, Counter[str]] = defaultdict(Counter)
    for row in files[ORDER_FILE]:
        cartons[row["客户编码"]][row["订货日期"][:7]] += int(row["数量(条)"])
        money[row["客户编码"]][row["订货日期"][:7]] += int(row["金额(元)"].replace(".", ""))
    now, before = str(month.plus(-1)), str(month.plus(-2))
    recent = {str(month.plus(-n)) for n in (1, 2, 3)}
    area = sum(cartons.values(), Counter())
    found: dict[str, set[str]] = {}
    valid = 0
    for row in files[CUSTOMER_FILE]:
        own, paid = cartons[row["客户编码"]], money[row["客户编码"]]
        if row["状态"] != "正常" and not recent & own.keys():
            continue
        valid += 1
        reasons = {"stopped"} if own[before] > 0 >= own[now] else set()
        base = [m for m in sorted(own) if m < now and m > row["开业日期"][:7]]
        if len(base) >= 2:
            own_ratio = Fraction(own[now] * len(base), sum(own[m] for m in base))
            area_ratio = Fraction(area[now] * len(base), sum(area[m] for m in base))
            reasons |= {"volume"} if own_ratio / area_ratio <= Fraction(80, 100) else set()
            value = Fraction(sum(paid[m] for m in base), sum(own[m] for m in base))
            if own[now] > 0 and Fraction(paid[now], own[now]) <= value * Fraction(90, 100):
                reasons.add("carton_value")
        if reasons:
            found[row["客户编码"]] = reasons
    return found, valid


@pytest.mark.parametrize(
    "month", [Month(2024, 11), Month(2026, 3), Month(2026, 11), Month(2027, 1), Month(2033, 2)], ids=str
)
def test_at_most_eight_percent_are_problem_customers(month: Month) -> None:
    invented = territory(DEMO_SEED, month)
    found, valid = problem_customers(read_back(invented), month)
    assert set(invented.troubled) <= found.keys()
    assert valid * 4 <= len(found) * 100 <= valid * 8
    kinds = Counter(reason for reasons in found.values() for reason in reasons)
    assert kinds["volume"] >= 5
    assert kinds["stopped"] >= 1
    assert kinds["carton_value"] >= 4


@pytest.mark.parametrize("customers", [1, 2, 7, 10, 33])
def test_small_territories_for_tests(customers: int) -> None:
    invented = territory(3, MONTH, customers=customers)
    found = read_back(invented)
    assert len(found[CUSTOMER_FILE]) == customers
    assert len(found[PRODUCT_FILE]) == 150
    assert len({row["客户编码"] for row in found[ORDER_FILE]}) >= customers - 2
    if customers >= 8:
        assert invented.troubled
        assert "歇业" in {row["状态"] for row in found[CUSTOMER_FILE]}


def test_several_managers_own_neighbouring_quarters() -> None:
    invented = territory(DEMO_SEED, MONTH, customers=120, managers=2)
    owned = Counter(row[3] for row in invented.customers)
    assert tuple(owned) == invented.managers
    assert set(owned.values()) == {60}
    shared = {row[8] for row in invented.customers if row[3] == invented.managers[0]} & {
        row[8] for row in invented.customers if row[3] == invented.managers[1]
    }
    assert len(shared) <= 2


def test_orders_of_the_running_month_are_added_at_the_end(demo: Territory) -> None:
    running = territory(DEMO_SEED, MONTH, until=date(2026, 11, 13))
    assert running.customers == demo.customers
    assert running.orders[: len(demo.orders)] == demo.orders
    added = {row[2] for row in running.orders[len(demo.orders) :]}
    assert (min(added), max(added)) == ("2026-11-02", "2026-11-13")


def test_files_are_written_through_the_given_writer(tmp_path: Path) -> None:
    small = territory(1, MONTH, customers=2)
    paths = write_files(small, tmp_path)
    assert [path.name for path in paths] == [CUSTOMER_FILE, PRODUCT_FILE, ORDER_FILE]
    assert [path.read_bytes() for path in paths] == [content for _, content in file_contents(small)]
    kept: dict[Path, bytes] = {}
    assert write_files(small, tmp_path / "elsewhere", kept.__setitem__) == list(kept)


@pytest.mark.parametrize(("customers", "managers"), [(0, 1), (3, 4), (5, 0)])
def test_impossible_sizes_are_refused(customers: int, managers: int) -> None:
    with pytest.raises(ValueError, match="cannot be dealt"):
        territory(1, MONTH, customers=customers, managers=managers)
