"""Mapping files: which column is which field, and what is refused with its line."""

from pathlib import Path

import pytest
from import_examples import dump, load, reasons, with_team, write

from crmkit.model.customer import MarketType
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import Counted, Kind, Reason
from crmkit.model.operation import Act
from crmkit.report.faults import lines
from crmkit.sources.mapping import read_mapping
from crmkit.store import categories, customers
from crmkit.store.connection import Store

WIDE_MAP = """
[customers]
code = "Shop"
name = "Shop Name"
grade = { column = "Band", values = { "A" = "30", "B" = "15" } }
market_type = { column = "Town", values = { "Oldtown" = "urban" }, default = "rural" }
visit_method = { value = "onsite" }

[products]
code = "Item"
name = "Item Name"
category = "Group"

[orders]
number = { column = "Line Id", without_last = 3 }
line = { column = "Line Id", last = 3 }
day = { column = "Day", order = "dmy" }
customer = "Shop"
product = "Item"
volume = { column = "Qty", unit = "case" }
amount = { column = "Value", times = 1000 }
"""
WIDE = """Line Id,Day,Shop,Shop Name,Band,Town,Item,Item Name,Group,Qty,Value
INV7001,2/9/2026,01,North,A,Oldtown,X1,Red,Wine > Dry,1,1.5
INV7002,2/9/2026,01,North,A,Oldtown,X2,White,Wine > Sweet,2,2
INV8001,3/9/2026,02,South,C,Hamlet,X1,Red,Wine > Dry,1,1
INV9001,3/9/2026,03,East,B,Hamlet,X1,Red,Wine > Dry,1,1
INV9002,3/9/2026,03,West,B,Hamlet,X1,Red,Wine > Dry,1,1
"""


def test_one_wide_file_is_customers_products_and_orders(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    mapping = write(tmp_path, "wide.toml", WIDE_MAP)
    result = load(store, act, write(tmp_path, "wide.csv", WIDE), map_file=mapping)
    assert result.kinds == (Kind.CUSTOMERS, Kind.PRODUCTS, Kind.ORDERS)
    assert [(c.code, c.name, c.grade, c.market_type) for c in customers.all(store)] == [
        ("01", "North", 30, MarketType.URBAN)
    ]
    assert reasons(result) == [
        (4, "Band", Reason.UNKNOWN_WORD),
        (5, "Shop Name", Reason.TWO_NAMES),
        (6, "Shop Name", Reason.TWO_NAMES),
    ]
    assert result.rows == 5
    assert result.counted[Kind.ORDERS] == Counted(new=2)
    rows = store.rows("SELECT o.number, l.no, o.day, l.volume, l.amount FROM line l JOIN orders o ON o.id=l.orders")
    assert rows == [("INV7", 1, "2026-09-02", 250_000, 150_000), ("INV7", 2, "2026-09-02", 500_000, 200_000)]
    assert [category.path for category in categories.all(store)] == [("Wine",), ("Wine", "Dry"), ("Wine", "Sweet")]


def test_another_mapping_makes_it_another_import(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "a,b,c\n1,x,3\n")
    first = write(tmp_path, "1.toml", '[customers]\ncode = "a"\nname = "b"\n')
    second = write(tmp_path, "2.toml", '[customers]\ncode = "a"\nname = "b"\ngrade = "c"\n')
    load(store, act, path, map_file=first)
    assert load(store, act, path, map_file=first).already == 1
    assert load(store, act, path, map_file=second).counted[Kind.CUSTOMERS] == Counted(changed=1)


def test_columns_may_be_named_loosely(store: Store, act: Act, tmp_path: Path) -> None:
    mapping = write(tmp_path, "m.toml", '[customers]\ncode = "店 号"\nname = "名称"\n')
    load(store, act, write(tmp_path, "c.csv", "*店号(必填),名 称\n1,甲\n"), map_file=mapping)
    assert dump(store)["customer"][0][1:3] == ("1", "甲")


BAD = {
    '[customers]\ncode = "a"\nnmae = "b"\n': (3, "nmae"),
    '[customer]\ncode = "a"\n': (1, "customer"),
    'code = "a"\n': (1, "code"),
    "": (1, "no table"),
    '[customers]\ncode = "a\n': (2, ""),
    '[customers]\ncode = {column = "a", value = "b"}\n': (2, "either"),
    '[customers]\ncode = {colum = "a"}\n': (2, "colum"),
    "[customers]\ncode = 5\n": (2, "code"),
    '[customers]\n\n[customers.grade]\ncolumn = "a"\nvalues = {x = 3}\n': (3, "values"),
    '[orders]\nday = {column = "d", order = "xyz"}\n': (2, "order"),
    '[orders]\nvolume = {column = "d", unit = "barrel"}\n': (2, "unit"),
    '[orders]\nline = {column = "d", last = 0}\n': (2, "from 1"),
    '[orders]\nline = {column = "d", last = true}\n': (2, "last"),
    "[customers]\nencoding = 3\n": (2, "encoding"),
    "encoding = 3\n[customers]\n": (1, "encoding"),
}


@pytest.mark.parametrize(("text", "place"), BAD.items())
def test_a_bad_mapping_is_refused_with_its_line(tmp_path: Path, text: str, place: tuple[int, str]) -> None:
    with pytest.raises(Refusal) as caught:
        read_mapping(write(tmp_path, "m.toml", text))
    assert caught.value.fault is Fault.BAD_MAPPING
    assert caught.value.facts["line"] == place[0]
    assert place[1] in lines(caught.value)[0]


def test_a_mapping_that_does_not_fit_the_file_is_refused(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "a,b\n1,x\n")
    for text, word in (('[customers]\ncode = "a"\nname = "z"\n', "'z'"), ('[customers]\nname = "b"\n', "needs code")):
        with pytest.raises(Refusal) as caught:
            load(store, act, path, map_file=write(tmp_path, "m.toml", text))
        assert caught.value.fault is Fault.BAD_MAPPING
        assert word in lines(caught.value)[0]
    with pytest.raises(Refusal) as caught:
        load(store, act, path, map_file=tmp_path / "none.toml")
    assert caught.value.fault is Fault.FILE_MISSING


MAPS = Path(__file__).resolve().parents[1] / "examples" / "maps"
CHINESE_WIDE = """流水号,日期,客户编码,客户名称,区域,档位,规格编码,规格名称,品类,重点,数量,金额
A7001,2/9/2026,01,北店,城区,三十档,X1,红,卷烟 > 一类,★,0.004,0.12
A7002,2/9/2026,01,北店,城区,三十档,X2,白,卷烟 > 二类,,0.008,0.2
"""


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.toml")), ids=lambda path: path.name)
def test_the_shipped_mappings_are_sound(path: Path) -> None:
    assert read_mapping(path).kinds


def test_the_wide_example_reads_its_file(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    path = write(tmp_path, "明细.csv", CHINESE_WIDE, "gb18030")
    result = load(store, act, path, map_file=MAPS / "wide.toml")
    assert (result.rejected, result.orders, result.totals.lines) == ((), 1, 2)
    assert (result.totals.volume, result.totals.amount) == (3_000, 320_000)
    assert [(c.grade, c.market_type, c.manager) for c in customers.all(store)] == [(30, MarketType.URBAN, 1)]


def test_a_line_id_too_short_to_be_cut_is_refused(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    mapping = write(tmp_path, "wide.toml", WIDE_MAP)
    text = WIDE.split("INV8001", maxsplit=1)[0].replace("INV7002", "002")
    result = load(store, act, write(tmp_path, "wide.csv", text), map_file=mapping)
    assert reasons(result) == [(3, "Line Id", Reason.BLANK)]
