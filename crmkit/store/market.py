"""What areas ordered in stretches of days, the state of the market indicators, and that a month was analysed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from crmkit.model.judgement import Judgement
from crmkit.model.market import (
    Analysis,
    AnalysisKind,
    AreaSum,
    Base,
    BaseKind,
    Indicator,
    IndicatorState,
)
from crmkit.model.month import Month
from crmkit.store.connection import Store
from crmkit.store.figures import EACH_ORDER, EACH_ORDER_OF

_AREAS = f"""
WITH own AS (
  SELECT customer, sum(volume) AS volume, sum(amount) AS amount, sum(key_volume) AS key_volume, count(*) AS orders
  FROM ({EACH_ORDER}) GROUP BY customer)
SELECT c.manager, sum(own.volume), sum(own.amount), sum(own.key_volume), sum(own.volume>0), sum(own.orders)
FROM own JOIN customer c ON c.id=own.customer WHERE c.manager IS NOT NULL GROUP BY c.manager"""


def areas(store: Store, first: date, last: date, manager: int | None = None) -> dict[int, AreaSum]:
    """What each manager's customers ordered from first to last, both included; who had no order is not in it."""
    rows = store.rows(_AREAS, (first.isoformat(), last.isoformat(), manager))
    return {row[0]: AreaSum(*row[1:]) for row in rows}


_SERIES = f"""
WITH own AS (
  SELECT substr(day,1,7) AS month, customer, sum(volume) AS volume, sum(amount) AS amount,
         sum(key_volume) AS key_volume, count(*) AS orders
  FROM ({EACH_ORDER_OF}) GROUP BY month, customer)
SELECT month, sum(volume), sum(amount), sum(key_volume), sum(volume>0), sum(orders) FROM own GROUP BY month"""


def by_month(
    store: Store,
    first: date,
    last: date,
    manager: int | None = None,
    *,
    customer: int | None = None,
    product: int | None = None,
) -> dict[Month, AreaSum]:
    """Month by month what an area, a customer or the takers of a product ordered; months without orders left out."""
    rows = store.rows(_SERIES, (first.isoformat(), last.isoformat(), manager, customer, product))
    return {Month.parse(row[0]): AreaSum(*row[1:]) for row in rows}


def area(store: Store, first: date, last: date, manager: int) -> AreaSum:
    """What one manager's customers ordered in these days."""
    return areas(store, first, last, manager).get(manager, AreaSum())


def products(store: Store, first: date, last: date, manager: int) -> dict[int, int]:
    """The area's net volume of each product in these days."""
    rows = store.rows(
        """SELECT l.product, sum(l.volume) FROM orders o JOIN line l ON l.orders=o.id WHERE o.day BETWEEN ?1 AND ?2
           AND o.customer IN (SELECT id FROM customer WHERE manager=?3) GROUP BY l.product""",
        (first.isoformat(), last.isoformat(), manager),
    )
    return dict(rows)


def first_order(store: Store, manager: int) -> date | None:
    """The day of the first order of any of a manager's customers."""
    found = store.value(
        "SELECT min(o.day) FROM orders o WHERE o.customer IN (SELECT id FROM customer WHERE manager=?)", (manager,)
    )
    return date.fromisoformat(found) if found else None


def last_order(store: Store, first: date, last: date, manager: int) -> date | None:
    """The last day from first to last on which any of a manager's customers ordered."""
    found = store.value(
        """SELECT max(o.day) FROM orders o WHERE o.day BETWEEN ?1 AND ?2
           AND o.customer IN (SELECT id FROM customer WHERE manager=?3)""",
        (first.isoformat(), last.isoformat(), manager),
    )
    return date.fromisoformat(found) if found else None


def states(store: Store, manager: int, month: Month) -> list[IndicatorState]:
    """The kept states of a working month (judging the month before), in the order they were computed."""
    rows = store.rows(
        """SELECT indicator, target, numerator, denominator, computed, final, base, base_first, base_last, ratio, note
           FROM market_state WHERE manager=? AND month=? ORDER BY id""",
        (manager, str(month)),
    )
    return [_state(row) for row in rows]


def replace_states(store: Store, manager: int, month: Month, wanted: Iterable[IndicatorState]) -> None:
    """Write the states of a working month in place of those kept; what is equal stays untouched."""
    listed = list(wanted)
    asked = {one.indicator for one in listed}
    gone = [
        (manager, str(month), one.indicator.value)
        for one in states(store, manager, month)
        if one.indicator not in asked
    ]
    store.executemany("DELETE FROM market_state WHERE manager=? AND month=? AND indicator=?", gone)
    store.executemany(
        """INSERT INTO market_state(manager, month, indicator, target, numerator, denominator, base, base_first,
           base_last, ratio, computed, final, note) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
           ON CONFLICT(manager, month, indicator) DO UPDATE SET target=excluded.target, numerator=excluded.numerator,
           denominator=excluded.denominator, base=excluded.base, base_first=excluded.base_first,
           base_last=excluded.base_last, ratio=excluded.ratio, computed=excluded.computed, final=excluded.final,
           note=excluded.note""",
        [(manager, str(month), *_cells(one)) for one in listed],
    )


def analysis(store: Store, manager: int, month: Month, kind: AnalysisKind) -> Analysis | None:
    """What is kept of a working month's analysis; None before it was made."""
    row = store.one(
        "SELECT through, problems, focus FROM analysis WHERE manager=? AND month=? AND kind=?",
        (manager, str(month), kind.value),
    )
    return None if row is None else Analysis(kind, date.fromisoformat(row[0]), row[1], row[2])


def write_analysis(store: Store, manager: int, month: Month, wanted: Analysis) -> None:
    store.execute(
        """INSERT INTO analysis(manager, month, kind, through, problems, focus) VALUES (?,?,?,?,?,?)
           ON CONFLICT(manager, month, kind) DO UPDATE SET through=excluded.through, problems=excluded.problems,
           focus=excluded.focus""",
        (manager, str(month), wanted.kind.value, wanted.through.isoformat(), wanted.problems, wanted.focus),
    )


def _cells(one: IndicatorState) -> tuple[Any, ...]:
    exact, base = one.actual, one.base
    return (
        one.indicator.value,
        None if one.target is None else f"{one.target:f}",
        exact.numerator if exact is not None else None,
        exact.denominator if exact is not None else None,
        base.kind.value if base else None,
        base.first.isoformat() if base else None,
        base.last.isoformat() if base else None,
        None if one.ratio is None else str(one.ratio),
        one.computed.value,
        one.final.value,
        one.note,
    )


def _state(row: tuple[Any, ...]) -> IndicatorState:
    indicator, target, numerator, denominator, computed, final, base, first, last, ratio, note = row
    return IndicatorState(
        Indicator(indicator),
        None if target is None else Decimal(target),
        None if numerator is None else Fraction(numerator, denominator),
        Judgement(computed),
        Judgement(final),
        Base(BaseKind(base), date.fromisoformat(first), date.fromisoformat(last)) if base else None,
        None if ratio is None else Fraction(ratio),
        note,
    )
