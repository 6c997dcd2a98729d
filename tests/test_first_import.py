"""A first import: what an office's own files say otherwise than crmkit, stumble by stumble."""

from pathlib import Path

import pytest
from import_examples import load, load_base, reasons, with_team, write

from crmkit.model.customer import BusinessType, CustomerState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import CellChange, Field, Kind, Reason, Totals
from crmkit.model.operation import Act
from crmkit.report import faults
from crmkit.report.page import Term
from crmkit.report.papers import imports
from crmkit.sources.headers import recognise
from crmkit.store import customers, products
from crmkit.store.connection import Store
from crmkit.workflow.acting import whose_month

FILED = (
    "XX市局零售客户基本信息表,,,,,,\n制表单位：营销中心,,,制表日期,2026-11-01,,\n"
    "客户编码,企业（字号）名称,经营者信息,,经营信息,,\n,,负责人,联系电话,客户档位,经营业态,经营状态\n"
    "00200,甲食杂店,王五,13800138000,十五档,食杂店（N）,正常\n00201,乙超市,赵六,13800138001,三档,S-超市,停歇业\n"
)


def test_a_register_with_titles_and_groups_over_its_columns(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    result = load(store, act, write(tmp_path, "c.csv", FILED))
    first, second = customers.all(store)
    assert result.rejected == ()
    assert (first.name, first.grade, first.contact, first.phone) == ("甲食杂店", 15, "王五", "13800138000")
    assert (first.business_type, second.business_type) == (BusinessType.GROCERY, BusinessType.SUPERMARKET)
    assert (first.state, second.state) == (CustomerState.ACTIVE, CustomerState.SUSPENDED)


@pytest.mark.parametrize("header", ["客户经理信息 联系电话", "送货员信息 电话", "许可证信息 状态", "vendor name"])
def test_a_group_that_is_not_the_customers_gives_no_field(header: str) -> None:
    assert recognise((header,), Kind.CUSTOMERS) == {}


def test_a_group_never_makes_a_column_of_figures() -> None:
    assert recognise(("订货情况 数量", "订货情况 金额", "订货情况 日期"), Kind.ORDERS) == {Field.ORDER_DAY: 2}


def test_a_letter_beside_a_word_of_another_meaning_is_still_unknown(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    path = write(tmp_path, "c.csv", "客户编码,客户名称,业态\n1,甲,超市(N)\n2,乙,修车铺(N)\n")
    assert reasons(load(store, act, path)) == [(3, "业态", Reason.UNKNOWN_WORD)]


def test_price_classes_are_the_category(store: Store, act: Act, tmp_path: Path) -> None:
    load(store, act, write(tmp_path, "p.csv", "卷烟编码,卷烟名称,价类,在销状态\n0009,黄(硬),一类烟,在销\n"))
    assert [product.active for product in products.all(store)] == [True]
    assert store.rows("SELECT name FROM category") == [("一类烟",)]


@pytest.mark.parametrize("unit", ["包", "盒", "packs"])
def test_packs_are_tenths_of_a_carton(store: Store, act: Act, tmp_path: Path, unit: str) -> None:
    load_base(store, act, tmp_path)
    text = f"业务日期,客户编码,商品编码,数量({unit}),金额\n2026-09-01,00123,0001,10,200\n2026-09-01,00123,0002,8,1\n"
    assert load(store, act, write(tmp_path, "o.csv", text)).totals == Totals(2, 2000, 20100)


def test_a_customer_whose_row_is_refused_is_not_missing(store: Store, act: Act, tmp_path: Path) -> None:
    with_team(store, act)
    head = "客户编码,客户名称,客户经理,电话\n"
    rows = [f"{n:03},店{n},张三,\n" for n in range(1, 41)]
    load(store, act, write(tmp_path, "c1.csv", head + "".join(rows)))
    rows[6], rows[7] = "007,店7,张三,13800138000/1380013\n", "008,店8,无此人,\n"
    path = write(tmp_path, "c2.csv", head + "".join(rows[:-1]))
    result = load(store, act, path, archive_missing=True)
    assert len(result.rejected) == 2
    shut = [customer.code for customer in customers.all(store) if customer.state is CustomerState.CLOSED]
    assert shut == ["040"]


def test_the_message_shows_the_header_and_what_it_lacks(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "XX市局基本信息表,,,\n客户编码,店招,档位,地址\n1,甲,5,x\n")
    with pytest.raises(Refusal) as caught:
        load(store, act, path)
    assert caught.value.fault is Fault.NO_HEADER
    assert (caught.value.facts["found"], caught.value.facts["expected"]) == ("客户编码 店招 档位 地址", "客户名称")
    assert 'customers = { code = "Nr", name = "Shop" }' in faults.lines(caught.value)[1]


def test_orders_without_a_quantity_lack_the_quantity(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "o.csv", "业务日期,订单号,零售户编码,商品编码,实发,销售金额\n2026-09-01,A1,00123,0001,1,1\n")
    with pytest.raises(Refusal) as caught:
        load(store, act, path)
    assert caught.value.facts["expected"] == "数量"


def test_nothing_usable_names_the_line_the_column_and_the_way(store: Store, act: Act, tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "客户编码,客户名称,客户经理\n1,甲,张三\n")
    with pytest.raises(Refusal) as caught:
        load(store, act, path, describe=imports.describe, dry_run=True)
    said = faults.lines(caught.value)[1]
    assert said == "Line 2 客户经理: no customer manager of this file: 张三 (crmkit team add)"


def test_a_change_is_told_in_words() -> None:
    change = CellChange(Kind.CUSTOMERS, "1", "state", "active", "revoked")
    old, new = imports._change_row(change)[3:]
    assert isinstance(old, Term)
    assert isinstance(new, Term)
    assert (old.code, new.word != new.code) == ("active", True)


def test_without_a_team_the_way_is_to_enter_one(store: Store) -> None:
    with pytest.raises(Refusal) as caught:
        whose_month(store, None, "root")
    assert (caught.value.fault, caught.value.facts["rule"]) == (Fault.RULE, "no-team")
