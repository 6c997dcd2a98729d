"""Order lines that are exported import back equal: hostile codes and numbers, both formats, any figures."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import act_at
from hypothesis import given, settings
from hypothesis import strategies as st
from import_examples import ORDERS, dump, load, load_base, with_team, write

from crmkit.model.operation import Act
from crmkit.sources.exports import ENCODINGS
from crmkit.store import customers, products
from crmkit.store.connection import Store
from crmkit.store.opening import create_store
from crmkit.store.orders import Lines, OrderWriter
from crmkit.workflow.export_base_data import export_customers, export_products
from crmkit.workflow.export_orders import export_orders

FORMATS = [".csv", ".xlsx"]
WAYS = [(".csv", one) for one in ENCODINGS] + [(".xlsx", None)]
codes = st.from_regex(r"0{0,3}[0-9A-Z]{1,20}|店[0-9]{1,4}|4{40}|1E[0-9]{1,3}|TRUE|NULL|ＡＢ1", fullmatch=True).map(
    lambda text: text.translate({0xFF21: "A", 0xFF22: "B"})
)
line = st.tuples(
    st.integers(0, 40), codes, st.sampled_from(["C1", "00C2", "=x".strip("=")]), st.integers(1, 9),
    st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.none() | st.integers(0, 10**9),
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=5, deadline=None)
@given(lines=st.lists(line, min_size=1, max_size=30, unique_by=lambda one: (one[0], one[1], one[2], one[3])))
def test_orders_round_trip(
    way: tuple[str, str | None], lines: list[tuple[int, str, str, int, int, int, int | None]]
) -> None:
    ending, encoding = way
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = (with_team(create_store(folder / f"{n}.db"), act_at()) for n in "ab")
        for store in (source, target):
            load(store, act_at(), write(folder, "c.csv", "客户编码,客户名称\nC1,甲\n00C2,乙\nX,丙\n"))
            load(store, act_at(), write(folder, "p.csv", "商品编码,商品名称\n0001,红\n"))
        keys, product = customers.keys(source), products.keys(source)["0001"]
        with source.operation(act_at()) as op:
            OrderWriter(source, op).write(Lines(
                [(date(2026, 8, 1) + timedelta(one[0])).isoformat() for one in lines],
                [keys[one[2].upper()] for one in lines], [one[1] for one in lines], [one[3] for one in lines],
                [product] * len(lines), [one[4] for one in lines], [one[5] for one in lines],
                [one[6] for one in lines],
            ))  # fmt: skip
        exported = export_orders(source, folder / f"o{ending}", encoding)
        result = load(target, act_at(), exported.path)
        assert (exported.rows, result.rejected) == (len(lines), ())
        assert told(target) == told(source)
        source.close()
        target.close()


def told(store: Store) -> list[tuple[object, ...]]:
    return store.rows(
        "SELECT o.day, c.code, o.number, l.no, l.volume, l.amount, l.allowed FROM line l "
        "JOIN orders o ON o.id=l.orders JOIN customer c ON c.id=o.customer ORDER BY 1, 2, 3, 4"
    )


@pytest.mark.parametrize("ending", FORMATS)
def test_a_whole_database_comes_back_from_its_exports(store: Store, act: Act, tmp_path: Path, ending: str) -> None:
    load_base(store, act, tmp_path)
    load(store, act, write(tmp_path, "o.csv", ORDERS))
    other = with_team(create_store(tmp_path / "other.db"), act)
    for name, export in (("c", export_customers), ("p", export_products), ("o", export_orders)):
        written = export(store, tmp_path / f"out-{name}{ending}")
        assert load(other, act, written.path).rejected == ()
    assert dump(other) == dump(store)
    other.close()


def test_only_the_days_asked_for(store: Store, act: Act, tmp_path: Path) -> None:
    load_base(store, act, tmp_path)
    load(store, act, write(tmp_path, "o.csv", ORDERS))
    assert export_orders(store, tmp_path / "o1.csv", first=date(2026, 9, 2)).rows == 1
    assert export_orders(store, tmp_path / "o2.csv", last=date(2026, 9, 1)).rows == 2
    assert (tmp_path / "o2.csv").stat().st_mode & 0o777 == 0o600
