"""Invents the exports of this story: 44 shops of one manager and 12 of another on islands, five months of orders.

`python3 invent.py` writes customers.csv, products.csv, orders.csv and orders-november.csv beside itself, the same ones
every time.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ISLANDS = (  # name, middle, shops, urban or rural, order day, manager
    ("大屿", 122.100, 30.240, 20, "城镇", "周二", "001"),
    ("东礁", 122.210, 30.275, 12, "乡村", "周三", "001"),
    ("南湾", 122.140, 30.160, 12, "乡村", "周四", "001"),
    ("北沙", 122.030, 30.330, 12, "乡村", "周四", "002"),
)
WORDS = ("码头", "灯塔", "渔家", "听涛", "桥头", "榕树", "石阶", "望海", "老街", "盐场", "船坞", "菜场", "观音", "半山",
         "邮亭", "集市", "新村", "海神", "沙堤", "晒网")  # fmt: skip
KINDS = ("烟酒店", "便利店", "副食店", "杂货铺")
PRODUCTS = (  # code, name, key brand, yuan a carton
    ("P1", "海韵样品", "是", 180), ("P2", "云帆样品", "是", 260), ("P3", "岛城样品", "否", 95),
    ("P4", "渔歌样品", "否", 120), ("P5", "潮生样品", "否", 420), ("P6", "白鹭样品", "否", 60),
)  # fmt: skip
ORDER_DAYS = {  # two orders a month: the second and the fourth order day of the weekdays above
    month: {"周二": (second, second + 14), "周三": (second + 1, second + 15), "周四": (second + 2, second + 16)}
    for month, second in {7: 14, 8: 11, 9: 8, 10: 13, 11: 10}.items()
}


def main() -> None:
    header = ["客户编码", "客户名称", "客户经理", "状态", "档位", "市场类型", "订货日", "拜访方式", "小片", "线路",
              "经度", "纬度", "联系人", "电话"]  # fmt: skip
    shops = list(_shops(random.Random(6)))
    _write("customers.csv", header, shops)
    goods = [(code, name, "卷烟", key) for code, name, key, _price in PRODUCTS]
    _write("products.csv", ["商品编码", "商品名称", "一级品类", "重点品牌"], goods)
    header = ["订单号", "行号", "订货日期", "客户编码", "商品编码", "数量(条)", "金额(元)", "可订量"]
    orders = list(_orders(shops, random.Random(11)))
    _write("orders.csv", header, [one for one in orders if one[2] < "2026-11"])
    _write("orders-november.csv", header, [one for one in orders if one[2] > "2026-11"])


def _shops(chance: random.Random) -> Iterator[tuple[str, ...]]:
    number = 0
    for island, east, north, count, market, weekday, manager in ISLANDS:
        for place in range(count):
            number += 1
            name = f"{island}{WORDS[place]}{KINDS[number % len(KINDS)]}"
            where = (f"{east + chance.uniform(-0.03, 0.03):.5f}", f"{north + chance.uniform(-0.02, 0.02):.5f}")
            grade = str(8 + int(chance.random() * 8))
            yield (f"2{number:03d}", name, manager, "正常", grade, market, weekday, "实地", island, f"{island}线",
                   *where, f"店主{number}", f"1380000{number:04d}")  # fmt: skip


def _orders(shops: list[tuple[str, ...]], chance: random.Random) -> Iterator[tuple[str, ...]]:
    """Each shop orders twice a month; in October some stop, some fall; in November they are back."""
    for month, days in ORDER_DAYS.items():
        for shop in shops:
            code, grade, weekday = shop[0], int(shop[4]), shop[6]
            for line, (product, _name, _key, price) in enumerate(PRODUCTS[: 2 + grade % 5], 1):
                cartons = 4 + grade // 2 + int(chance.random() * 4)
                cartons = cartons * _part(int(code), month) // 10
                half = line % 2
                if cartons:
                    order, day = f"{month:02d}{code}{half}", f"2026-{month:02d}-{days[weekday][half]:02d}"
                    yield (order, str(line), day, code, product, str(cartons), f"{cartons * price}.00",
                           str(cartons + int(chance.random() * 6)))  # fmt: skip


def _part(number: int, month: int) -> int:
    """Tenths of what the shop usually takes."""
    if month < 10 or number % 6 not in (1, 4):
        return 10
    if month == 11:
        return 9
    return 0 if number % 18 == 1 else 4


def _write(name: str, header: list[str], rows: Iterable[tuple[str, ...]]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
