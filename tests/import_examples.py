"""Small invented export files for the import tests."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crmkit.model.importing import ImportResult, Kind, Reason
from crmkit.model.operation import Act
from crmkit.model.person import Role
from crmkit.sources.policy import load_policy
from crmkit.store import people
from crmkit.store.connection import Store
from crmkit.workflow.import_files import import_files

CUSTOMERS = (
    "客户编码,客户名称,许可证号,客户经理,状态,档位,市场类型,业态,小片,线路,订货日,网上订货,拜访方式,经度,纬度,地址,联系人,电话,开业日期,歇业日期,休息日\n"
    "00123,𠮷祥食杂店,460100123456,张三,正常,三十档,城镇,食杂店,东片,线1,周一,是,实地,110.331234,20.031239,椰海路1号,王五,13800138000,2020-01-02,,周日\n"
    "00124,"
    "䶮记烟酒①,460100123457,001,歇业,5,乡村,烟酒商店,西片,线2,星期三,否,电话,,,椰海路2号,赵六,0898-66554433,2019/3/4,2026-01-01,\n"
)
PRODUCTS = (
    "商品编码,商品名称,一级品类,二级品类,三级品类,重点品牌,焦油含量,支/条,状态\n"
    "0001,红(硬),卷烟,一类烟,高端,是,11mg,200,正常\n"
    "0002,蓝(软),卷烟,二类烟,普通,否,8,160,停产\n"
)
ORDERS = (
    "订单号,行号,订货日期,客户编码,商品编码,数量(条),金额(元),可订量\n"
    'A1,1,2026-09-01,00123,0001,10,"1,234.50",20\n'
    "A1,2,2026-09-01,00123,0001,5,617.25,\n"
    "A2,1,2026年9月2日,00124,0002,-2,(100.00),3\n"
)
TABLES = ("customer", "category", "product", "orders", "line", "person")


def with_team(store: Store, act: Act) -> Store:
    with store.operation(act):
        people.add(store, "001", "张三", Role.CUSTOMER_MANAGER)
    return store


def write(folder: Path, name: str, text: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    content = text.encode(encoding) if isinstance(text, str) else text
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def load(store: Store, act: Act, *paths: Path, **options: Any) -> ImportResult:
    """Import and give the last file's result."""
    return import_files(store, act, load_policy(None), paths=paths, **options)[-1]


def load_base(store: Store, act: Act, folder: Path) -> None:
    load(with_team(store, act), act, write(folder, "c.csv", CUSTOMERS), write(folder, "p.csv", PRODUCTS))


def dump(store: Store, tables: Sequence[str] = TABLES) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables, without the operation that brought it."""
    found = {}
    for table in tables:
        columns = [row[1] for row in store.rows(f"PRAGMA table_info({table})") if row[1] != "op"]
        found[table] = store.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2")
    return found


def reasons(result: ImportResult) -> list[tuple[int, str, Reason]]:
    return [(reject.line, reject.column, reject.reason) for reject in result.rejected]


ALL_KINDS = (Kind.CUSTOMERS, Kind.PRODUCTS, Kind.ORDERS)
