"""What is exported imports back equal: hostile names, leading zeros, long codes, both formats, own cells guarded."""

import csv
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import act_at
from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import CellChange, Counted, Field, Kind, Notice, Reason
from crmkit.model.ownfield import FieldType
from crmkit.model.person import Role
from crmkit.model.policy import Policy
from crmkit.report.papers.imports import describe
from crmkit.sources.exports import ENCODINGS, encoding_of, readable, text_of
from crmkit.sources.layout import reader_of
from crmkit.sources.policy import shipped_policy
from crmkit.store import categories, customers, ownfields, people, products
from crmkit.store.connection import Store
from crmkit.store.opening import create_store
from crmkit.workflow.export_base_data import export_customers, export_products
from crmkit.workflow.import_files import import_files
from crmkit.workflow.keep_own_field import remove_own_field
from crmkit.workflow.set_customer import set_customers
from crmkit.workflow.undo_operation import undo_operation

POLICY: Policy = shipped_policy("standard")
FORMATS = [".csv", ".xlsx"]
WAYS = [(".csv", one) for one in (None, *ENCODINGS)] + [(".xlsx", None)]

hostile = st.sampled_from([
    "=1+1", "+86", "-x", "@x", "'=x", "a\",\"=1+1", "x;=1+1", "<script>", "{{7*7}}", "Robert'); DROP TABLE", "null",
    "True", "O'Brien", "𠮷野家 䶮", "㈱①Ⅳ々〇", "👨‍👩‍👧", "00123", "1E+18", "＝1", "a\\b", "  a", "%s", "－５",
])  # fmt: skip
plain = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
names = hostile | plain
codes = st.from_regex(r"0{0,3}[0-9A-Z]{1,20}|店[0-9]{1,4}|4{40}", fullmatch=True)
states = st.sampled_from(["active", "closed", "suspended", "revoked", "expired"])


def kept(field: Field, text: str | None) -> Any:
    """What an import keeps of a text; None for what it refuses."""
    value = reader_of(field)(text) if text else None
    return None if isinstance(value, Reason) else value


def rows(store: Store, table: str) -> list[tuple[Any, ...]]:
    return store.rows(f"SELECT * FROM {table} ORDER BY code")


def imported(path: Path, target: Path) -> Store:
    store = create_store(target)
    with store.operation(act_at()):
        people.add(store, "001", "张三", Role.CUSTOMER_MANAGER)
    import_files(store, act_at(), POLICY, paths=[path], describe=describe)
    return store


def refused_rightly(refusal: Refusal, encoding: str | None, texts: str) -> None:
    """Only GBK lacks characters, and those named are of the data and not of GBK."""
    assert (refusal.fault, encoding) == (Fault.NOT_ENCODABLE, "gbk")
    lacking = {one for one in refusal.facts["characters"] if one != " "}
    assert lacking
    assert lacking <= set(texts)
    assert lacking.isdisjoint(texts.encode("gbk", "ignore").decode("gbk"))


def equal_again(fill: Any, export: Any, table: str, way: tuple[str, str | None]) -> None:
    ending, encoding = way
    folder = Path(tempfile.mkdtemp())
    try:
        first = create_store(folder / "first.db")
        with first.operation(act_at()):
            people.add(first, "001", "张三", Role.CUSTOMER_MANAGER)
            fill(first)
        try:
            export(first, folder / f"x{ending}", encoding)
        except Refusal as refusal:
            stored = [*rows(first, table), *first.rows("SELECT name FROM category")]
            refused_rightly(refusal, encoding, "".join(str(cell) for row in stored for cell in row))
            assert [path.name for path in folder.glob("*x*")] == []
            first.close()
            return
        second = imported(folder / f"x{ending}", folder / "second.db")
        found = [[row[1:] for row in rows(store, table)] for store in (first, second)]
        assert found[0] == found[1]
        first.close()
        second.close()
    finally:
        shutil.rmtree(folder)


shops = st.fixed_dictionaries({
    "name": names, "contact": names | st.none(), "address": names | st.none(), "neighbourhood": names | st.none(),
    "grade": st.integers(1, 30) | st.none(), "state": states,
    "market_type": st.sampled_from(["urban", "rural", None]), "online": st.sampled_from([0, 1, None]),
    "business_type": st.sampled_from(["mall", "tobacco_liquor", "other", None]),
    "visit_method": st.sampled_from(["onsite", "meeting", None]),
    "order_weekday": st.integers(1, 7) | st.none(), "closed_weekdays": st.sampled_from(["67", "1", None]),
    "hours": st.sampled_from(["09:00-21:30", "00:00-24:00", "08:00-12:00,14:00-20:00", None]),
    "phone": st.sampled_from(["13800138000", "0531-8888888", "13800138000;0531-8888888", None]),
    "licence": codes | st.none(),
    "opened_on": st.dates(date(1990, 1, 1), date(2026, 12, 31)).map(str) | st.none(),
    "place": st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)) | st.none(),
})  # fmt: skip
READ_AS = {
    "name": Field.CUSTOMER_NAME, "contact": Field.CONTACT, "address": Field.ADDRESS,
    "neighbourhood": Field.NEIGHBOURHOOD, "licence": Field.LICENCE,
}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(codes, shops, min_size=1, max_size=6), st.sampled_from(WAYS))
def test_customers_come_back_equal(found: dict[str, dict[str, Any]], way: tuple[str, str | None]) -> None:
    found = {kept(Field.CUSTOMER_CODE, code): shop for code, shop in found.items() if kept(Field.CUSTOMER_CODE, code)}
    for shop in found.values():
        shop.update({name: kept(field, shop[name]) for name, field in READ_AS.items()})
        shop["name"] = shop["name"] or "店"

    def fill(store: Store) -> None:
        for code, shop in found.items():
            latitude, longitude = shop["place"] or (None, None)
            cells = {name: value for name, value in shop.items() if name != "place"}
            cells |= {"latitude_e6": latitude, "longitude_e6": longitude}
            customers.put(store, ["code", *cells], [(code, *cells.values())], {"manager": 1})

    equal_again(fill, export_customers, "customer", way)


OWN = {"面积": FieldType.NUMBER, "下次盘点": FieldType.DATE, "性格": FieldType.CHOICE, "备注": FieldType.TEXT}


@settings(max_examples=10, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["C1", "C2", "C3"]), st.fixed_dictionaries({
        "面积": st.sampled_from(["35.5", "-2", "0", None]), "下次盘点": st.sampled_from(["2026-03-01", None]),
        "性格": st.sampled_from(["热情", "=慢", None]), "备注": names | st.none(),
    }), min_size=1),
    st.sampled_from(FORMATS),
)  # fmt: skip
def test_own_fields_come_back_equal(shops_of: dict[str, dict[str, str | None]], ending: str) -> None:
    def made(path: Path) -> Store:
        store = create_store(path)
        with store.operation(act_at()):
            people.add(store, "001", "张三", Role.CUSTOMER_MANAGER)
            for name, kind in OWN.items():
                ownfields.add(store, name, kind, ["热情", "=慢"] if kind is FieldType.CHOICE else [])
        return store

    folder = Path(tempfile.mkdtemp())
    try:
        first, second = made(folder / "a.db"), made(folder / "b.db")
        with first.operation(act_at()):
            customers.put(first, ["code", "name"], [(code, "店") for code in sorted(shops_of)], {"manager": 1})
            for place, name in enumerate(OWN, 1):
                cells = [(key, shops_of[code][name]) for code, key in customers.keys(first).items()]
                kept_cells = [(key, kept(Field.ADDRESS, text) if name == "备注" else text) for key, text in cells]
                ownfields.put(first, place, kept_cells)
        export_customers(first, folder / f"x{ending}")
        done = import_files(second, act_at(), POLICY, paths=[folder / f"x{ending}"])[-1]
        assert (done.rejected, [notice for notice, _ in done.notices]) == ((), [])
        assert ownfields.by_customer(second) == ownfields.by_customer(first)
        first.close()
        second.close()
    finally:
        shutil.rmtree(folder)


def test_an_own_field_of_a_file_is_read_checked_and_told(store: Store, tmp_path: Path) -> None:
    def load(name: str, text: str, **options: Any) -> Any:
        (tmp_path / name).write_text(text, "utf-8")
        return import_files(store, act_at(), POLICY, paths=[tmp_path / name], **options)[-1]

    with store.operation(act_at()):
        people.add(store, "001", "张三", Role.CUSTOMER_MANAGER)
    head = "客户编码,客户名称,面积\n"
    assert load("c.csv", f"{head}C1,店,12\n").notices[0][0] is Notice.COLUMNS_IGNORED
    with store.operation(act_at()):
        ownfields.add(store, "面积", FieldType.NUMBER, [])
    again = load("c.csv", f"{head}C1,店,12\n", save_map="mine")  # the field is new: the same file brings more
    assert (again.already, again.counted[Kind.CUSTOMERS].changed) == (None, 1)
    assert Notice.COLUMNS_IGNORED not in dict(again.notices)
    done = load("d.csv", f"{head}C1,店,12.50\nC2,店二,大\n")  # by the saved mapping
    assert ownfields.by_customer(store) == {1: {"面积": "12.5"}}
    assert done.changes == (CellChange(Kind.CUSTOMERS, "C1", "面积", "12", "12.5"),)
    assert [(one.column, one.reason) for one in done.rejected] == [("面积", Reason.BAD_NUMBER)]
    assert load("e.csv", f"{head}C1,店,\n").counted[Kind.CUSTOMERS].unchanged == 1
    load("f.csv", f"{head}C1,店,\n ,,\n", clear_blanks=True)
    assert ownfields.by_customer(store) == {}


goods_of = st.tuples(names, st.booleans(), st.sampled_from(["8", "0.5", None]), st.integers(1, 1000))


@settings(max_examples=20, deadline=None)
@given(
    st.dictionaries(codes, goods_of, min_size=1, max_size=6),
    st.lists(names.filter(lambda name: ">" not in name and "＞" not in name), min_size=1, max_size=3),
    st.sampled_from(WAYS),
)  # fmt: skip
def test_products_and_their_tree_come_back_equal(
    goods: dict[str, Any], levels: list[str], way: tuple[str, str | None]
) -> None:
    path = tuple(level for level in (kept(Field.CATEGORY_1, level) for level in levels) if level)
    known = {kept(Field.PRODUCT_CODE, code): one for code, one in goods.items() if kept(Field.PRODUCT_CODE, code)}

    def fill(store: Store) -> None:
        tree = categories.grow(store, [path]) if path and known else {}
        for code, (name, key, tar, units) in known.items():
            cells = (code, kept(Field.PRODUCT_NAME, name) or "品", int(key), tar, units, tree.get(path))
            products.put(store, ["code", "name", "key_brand", "tar", "units_per_carton", "category"], [cells])

    if known:
        equal_again(fill, export_products, "product", way)


@given(names)
def test_no_exported_text_is_a_formula_and_each_is_read_back(name: str) -> None:
    value = kept(Field.CUSTOMER_NAME, name)
    if value is not None:
        cell = readable(Field.CUSTOMER_NAME, value)
        assert reader_of(Field.CUSTOMER_NAME)(cell) == value
        assert cell[0] not in "=+-@" or cell.startswith('="') or cell.lstrip("+-").replace(".", "").isdigit()


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (Field.STATE, "closed", "歇业"),
        (Field.CLOSED_WEEKDAYS, "67", "周六、周日"),
        (Field.ORDER_WEEKDAY, 7, "周日"),
        (Field.LATITUDE, -36_650_001, "-36.650001"),
        (Field.ONLINE, 0, "否"),
        (Field.PRODUCT_ACTIVE, 0, "停产"),
        (Field.GRADE, None, ""),
    ],
)
def test_values_are_written_in_words_the_import_knows(field: Field, value: Any, text: str) -> None:
    assert text_of(field, value) == text
    assert kept(field, text) == value


def test_a_file_of_another_kind_is_refused_and_nothing_is_left(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        export_customers(store, tmp_path / "x.pdf")
    assert refused.value.fault is Fault.BAD_VALUE
    assert not list(tmp_path.glob("x*"))


def test_the_header_is_the_default_layout(store: Store, tmp_path: Path) -> None:
    export_products(store, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert next(csv.reader(handle))[:3] == ["商品编码", "商品名称", "重点品牌"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_59_the_same_table_in_every_encoding(store: Store, tmp_path: Path, encoding: str) -> None:
    with store.operation(act_at()):
        people.add(store, "001", "张三", Role.CUSTOMER_MANAGER)
        shops = [("00123", "甲店①", "=1+1"), ("4" * 20, "々〇", "—·")]
        customers.put(store, ["code", "name", "address"], shops, {"manager": 1})
    done = export_customers(store, tmp_path / "c.csv", encoding.upper())
    assert done.encoding == encoding
    content = (tmp_path / "c.csv").read_bytes()
    marks = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    assert content.startswith(marks.get(encoding, b""))
    text = content.decode({"utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding))
    assert [row[:2] for row in csv.reader(text.splitlines())][1:] == [["00123", "甲店①"], ["4" * 20, "々〇"]]
    again = imported(tmp_path / "c.csv", tmp_path / "again.db")
    assert rows(again, "customer") == rows(store, "customer")
    again.close()


def test_gbk_is_read_as_the_gb18030_it_is_part_of() -> None:
    for first in range(0x81, 0xFF):
        for second in range(0x40, 0xFF):
            pair = bytes((first, second))
            try:
                character = pair.decode("gbk")
            except UnicodeDecodeError:
                continue
            assert pair.decode("gb18030") == character


def test_a_character_gbk_lacks_is_named_and_nothing_is_written(store: Store, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("old")
    with store.operation(act_at()):
        customers.put(store, ["code", "name"], [("1", "店"), ("2", "𠮷野家😀"), ("3", "䶮")], {})
    with pytest.raises(Refusal) as refused:
        export_customers(store, tmp_path / "c.csv", "gbk")
    assert refused.value.fault is Fault.NOT_ENCODABLE
    assert (refused.value.facts["characters"], refused.value.facts["code"]) == ("𠮷 😀", "2")
    assert {path.name: path.read_text() for path in tmp_path.glob("*.csv")} == {"c.csv": "old"}
    assert list(tmp_path.glob(".crmkit*")) == []


@pytest.mark.parametrize(
    ("name", "encoding", "fault"),
    [
        ("c.csv", "latin-1", Fault.BAD_VALUE),
        ("c.csv", "", Fault.BAD_VALUE),
        ("c.xlsx", "gbk", Fault.CONFLICTING_OPTIONS),
    ],
)
def test_an_encoding_no_office_reads_is_refused(name: str, encoding: str, fault: Fault) -> None:
    with pytest.raises(Refusal) as refused:
        encoding_of(Path(name), encoding)
    assert refused.value.fault is fault


def test_an_own_field_set_by_hand_survives_files_until_it_is_released(store: Store, tmp_path: Path) -> None:
    def load(name: str, text: str, **options: Any) -> Any:
        (tmp_path / name).write_text("客户编码,客户名称,面积,备注\n" + text, "utf-8")
        return import_files(store, act_at(), POLICY, paths=[tmp_path / name], **options)[-1]

    def by_hand(*words: str, release: tuple[str, ...] = ()) -> None:
        set_customers(store, act_at(), customers.all(store)[:1], words, release=release)

    with store.operation(act_at()):
        people.add(store, "001", "张三", Role.CUSTOMER_MANAGER)
        ownfields.add(store, "面积", FieldType.NUMBER, [])
        ownfields.add(store, "备注", FieldType.TEXT, [])
    load("c.csv", "C1,店,12,旧\nC2,店二,20,旧\n")
    before = rows(store, "customer"), ownfields.by_customer(store)
    by_hand("面积=30", "备注=清空")
    done = load("d.csv", "C1,店,13,新\nC2,店二,21,新\n")
    assert ownfields.by_customer(store) == {1: {"面积": "30"}, 2: {"面积": "21", "备注": "新"}}
    assert done.counted[Kind.CUSTOMERS] == Counted(0, 1, 1, (("C1", "面积"), ("C1", "备注")))
    assert ownfields.held_of(store, 1) == ("面积", "备注")
    load("e.csv", "C1,店,,\nC2,店二,21,新\n", clear_blanks=True)
    assert ownfields.of_customer(store, 1) == {"面积": "30"}
    assert load("f.csv", "C1,店,30,\n").counted[Kind.CUSTOMERS].held == ()  # the file agrees
    by_hand(release=("备注",))
    load("g.csv", "C1,店,14,新\n")
    assert ownfields.of_customer(store, 1) == {"面积": "30", "备注": "新"}
    for _time in range(6):  # g, release, e and f have changed little or nothing; then d and the hand
        if (rows(store, "customer"), ownfields.by_customer(store)) != before:
            undo_operation(store, act_at())
    assert (rows(store, "customer"), ownfields.by_customer(store)) == before
    assert ownfields.held_of(store, 1) == ()


def test_a_field_taken_away_leaves_no_mark_behind(store: Store) -> None:
    with store.operation(act_at()):
        customers.put(store, ["code", "name"], [("C1", "店")], {})
        ownfields.add(store, "面积", FieldType.NUMBER, [])
    set_customers(store, act_at(), customers.all(store), ["面积=3"])
    remove_own_field(store, act_at(), "面积")
    assert store.rows("SELECT * FROM own_held") == []
    undo_operation(store, act_at())
    assert ownfields.held_of(store, 1) == ("面积",)
