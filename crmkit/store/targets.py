"""Brand targets with their target customers (steps 3 and 4), and the targets of the market indicators (step 6)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from crmkit.model.brand import BrandTarget, RateKind
from crmkit.model.market import Indicator, IndicatorTarget, TargetOrigin
from crmkit.model.month import Month
from crmkit.store.connection import Store

_SELECT = """SELECT t.id, t.manager, t.product, t.from_month, t.to_month, t.on_shelf, t.sell_through, t.repurchase,
             t.stock_out FROM brand_target t JOIN product p ON p.id=t.product"""


def of_manager(store: Store, manager: int) -> list[BrandTarget]:
    """Every brand target of a manager, by product code and first month."""
    rows = store.rows(f"{_SELECT} WHERE t.manager=? ORDER BY p.code, t.from_month", (manager,))
    return [_target(row) for row in rows]


def of_month(store: Store, manager: int, month: Month) -> dict[int, BrandTarget]:
    """The brand targets that hold in a month, by product; at most one each."""
    return {one.product: one for one in of_manager(store, manager) if one.holds(month)}


def write(store: Store, target: BrandTarget) -> int:
    """Write a brand target and return its key; one that begins in the same month is written over."""
    rates = [_text(target.rates.get(kind)) for kind in RateKind]
    store.execute(
        """INSERT INTO brand_target(manager, product, from_month, to_month, on_shelf, sell_through, repurchase,
           stock_out) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT(manager, product, from_month) DO UPDATE SET
           to_month=excluded.to_month, on_shelf=excluded.on_shelf, sell_through=excluded.sell_through,
           repurchase=excluded.repurchase, stock_out=excluded.stock_out""",
        (target.manager, target.product, str(target.first), str(target.last), *rates),
    )
    sql = "SELECT id FROM brand_target WHERE manager=? AND product=? AND from_month=?"
    return int(store.value(sql, (target.manager, target.product, str(target.first))))


def remove(store: Store, target: int) -> None:
    """Take a brand target away with its list of customers."""
    store.execute("DELETE FROM target_customer WHERE target=?", (target,))
    store.execute("DELETE FROM brand_target WHERE id=?", (target,))


def customers(store: Store, manager: int, month: Month) -> dict[int, frozenset[int]]:
    """The target customers of every product with a brand target in a month that still are the manager's."""
    found: dict[int, set[int]] = {}
    for product, customer in store.rows(
        """SELECT t.product, l.customer FROM brand_target t JOIN target_customer l ON l.target=t.id
           JOIN customer c ON c.id=l.customer AND c.manager=t.manager
           WHERE t.manager=?1 AND ?2 BETWEEN t.from_month AND t.to_month""",
        (manager, str(month)),
    ):
        found.setdefault(product, set()).add(customer)
    return {product: frozenset(listed) for product, listed in found.items()}


def listed(store: Store, target: int) -> list[int]:
    """Everybody on a target's list, by customer code."""
    rows = store.rows(
        "SELECT l.customer FROM target_customer l JOIN customer c ON c.id=l.customer WHERE l.target=? ORDER BY c.code",
        (target,),
    )
    return [customer for (customer,) in rows]


def add_customers(store: Store, target: int, customers: Iterable[int]) -> None:
    store.executemany(
        "INSERT INTO target_customer(target, customer) VALUES (?,?)", [(target, customer) for customer in customers]
    )


def drop_customers(store: Store, target: int, customers: Iterable[int]) -> None:
    store.executemany(
        "DELETE FROM target_customer WHERE target=? AND customer=?", [(target, customer) for customer in customers]
    )


def indicators(store: Store, manager: int, month: Month) -> dict[Indicator, IndicatorTarget]:
    """The targets of a month's indicators, proposed ones included."""
    rows = store.rows(
        "SELECT indicator, target, origin FROM indicator_target WHERE manager=? AND month=? ORDER BY id",
        (manager, str(month)),
    )
    return {Indicator(i): IndicatorTarget(Indicator(i), Decimal(t), TargetOrigin(o)) for i, t, o in rows}


def write_indicators(store: Store, manager: int, month: Month, targets: Iterable[IndicatorTarget]) -> None:
    """Write targets of indicators; equal ones stay untouched."""
    store.executemany(
        """INSERT INTO indicator_target(manager, month, indicator, target, origin) VALUES (?,?,?,?,?)
           ON CONFLICT(manager, month, indicator) DO UPDATE SET target=excluded.target, origin=excluded.origin
           WHERE target<>excluded.target OR origin<>excluded.origin""",
        [(manager, str(month), one.indicator.value, f"{one.target:f}", one.origin.value) for one in targets],
    )


def _target(row: tuple[Any, ...]) -> BrandTarget:
    key, manager, product, first, last, *typed = row
    rates: Mapping[RateKind, Decimal] = {
        kind: Decimal(text) for kind, text in zip(RateKind, typed, strict=True) if text is not None
    }
    return BrandTarget(key, manager, product, Month.parse(first), Month.parse(last), rates)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
