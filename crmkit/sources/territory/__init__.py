"""An invented but realistic Chinese tobacco-retail territory, as the export files an office would send.

One seed gives the same bytes on any machine, any Python from 3.11 and any day: nothing here asks the clock,
the published calendar or the order of a hash. The files go through the real import (demo, tests, examples).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crmkit.model.month import Month
from crmkit.sources.territory.orders import OrderLine, order_lines
from crmkit.sources.territory.products import articles
from crmkit.sources.territory.shops import TROUBLES, manager_names, shops

Row = tuple[str, ...]

CUSTOMER_FILE = "客户信息.csv"  # UTF-8 with BOM
PRODUCT_FILE = "商品信息.csv"  # GB18030
ORDER_FILE = "订单.csv"  # UTF-8
CUSTOMER_HEADER: Row = (
    "客户编码", "客户名称", "许可证号", "客户经理", "状态", "档位", "市场类型", "业态", "小片", "线路",
    "订货日", "网上订货", "拜访方式", "经度", "纬度", "地址", "联系人", "电话", "开业日期", "歇业日期",
    "休息日",
)  # fmt: skip
PRODUCT_HEADER: Row = (
    "商品编码", "商品名称", "一级品类", "二级品类", "三级品类", "重点品牌", "焦油含量", "支/条", "状态",
)  # fmt: skip
ORDER_HEADER: Row = ("订单号", "行号", "订货日期", "客户编码", "商品编码", "数量(条)", "金额(元)", "可订量")
DEMO_SEED = 135


@dataclass(frozen=True, slots=True)
class Territory:
    """The rows of the three files as texts, without headers.

    `managers` are the names in the column 客户经理; `troubled` the codes of the shops whose story makes them
    problem customers in M-1 (volume, no order, carton value), in order of code.
    """

    seed: int
    month: Month
    managers: tuple[str, ...]
    customers: tuple[Row, ...]
    products: tuple[Row, ...]
    orders: tuple[Row, ...]
    troubled: tuple[str, ...]


def territory(
    seed: int, month: Month, customers: int = 240, managers: int = 1, *, until: date | None = None
) -> Territory:
    """Invent a territory whose month `month` is to be planned.

    `customers` are all shops together, dealt to the managers by sectors; orders run over the 14 months
    before `month`, and on through `until` when that day lies in `month` or later. From eight customers on
    at least one declines, one has closed and one is new.

    Raises ValueError for fewer than one customer per manager or a month outside 1992-2099.
    """
    if not 1 <= managers <= customers:
        message = f"{customers} customers cannot be dealt to {managers} managers"
        raise ValueError(message)
    if not 1992 <= month.year <= 2099:
        message = f"the feasts around {month} are not in the table"
        raise ValueError(message)
    last = max(month.previous.last, until or date.min)
    goods = articles(seed, month)
    places = shops(seed, month, customers, managers)
    return Territory(
        seed=seed,
        month=month,
        managers=manager_names(managers),
        customers=tuple(shop.row for shop in places),
        products=tuple(article.row for article in goods),
        orders=tuple(_order_rows(order_lines(seed, month, places, goods, last))),
        troubled=tuple(shop.code for shop in places if shop.story in TROUBLES),
    )


def _order_rows(lines: list[OrderLine]) -> Iterator[Row]:
    """Number the orders of each day; a return is an order of its own, TH instead of DD."""
    order: tuple[date, str, bool] | None = None
    serial, number, day_text = 0, "", ""
    for line in lines:
        if order != line[:3]:
            serial = serial + 1 if order and order[0] == line.day else 1
            order = line[:3]
            day_text = line.day.isoformat()
            number = f"{'TH' if line.returned else 'DD'}{line.day:%Y%m%d}{serial:04d}"
        yield (
            number, str(line.number), day_text, line.customer, line.product,
            str(line.cartons), _yuan(line.amount), "" if line.allowed is None else str(line.allowed),
        )  # fmt: skip


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def file_contents(invented: Territory) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each export file: customers UTF-8 with BOM, products GB18030, orders UTF-8."""
    yield CUSTOMER_FILE, _csv(CUSTOMER_HEADER, invented.customers).encode("utf-8-sig")
    yield PRODUCT_FILE, _csv(PRODUCT_HEADER, invented.products).encode("gb18030")
    yield ORDER_FILE, _csv(ORDER_HEADER, invented.orders).encode()


def _csv(header: Row, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def write_files(
    invented: Territory, folder: Path, write: Callable[[Path, bytes], object] = Path.write_bytes
) -> list[Path]:
    """Write the export files into an existing folder and name them, in the order they are to be imported.

    A workflow passes the store's atomic writer as `write`.
    """
    written: list[Path] = []
    for name, content in file_contents(invented):
        write(folder / name, content)
        written.append(folder / name)
    return written
