"""Who ordered the watched products, and the state of their rates (step 5). SQL counts, Python judges."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from crmkit.model.brand import ProductOrders, RateKind, RateState
from crmkit.model.judgement import Judgement, Rate
from crmkit.model.month import Month
from crmkit.store.connection import Store

# one pass over the days; a customer ordered a product in a month when its net volume is above nothing
_ORDERED = """
SELECT l.product, o.customer, substr(o.day,1,7) FROM orders o JOIN line l ON l.orders=o.id
WHERE o.day BETWEEN ?1 AND ?2 AND o.customer IN (SELECT id FROM customer WHERE manager=?3) AND l.product IN ({keys})
GROUP BY l.product, o.customer, substr(o.day,1,7) HAVING sum(l.volume)>0"""


def ordered(
    store: Store, products: Collection[int], first: Month, last: Month, manager: int
) -> dict[int, ProductOrders]:
    """Which of a manager's customers ordered each product in each month from first to last."""
    if not products:
        return {}
    keys = ",".join(str(int(key)) for key in sorted(products))
    days = (first.first.isoformat(), last.last.isoformat(), manager)
    found: dict[int, dict[Month, set[int]]] = {key: {} for key in products}
    known: dict[str, Month] = {}
    for product, customer, text in store.rows(_ORDERED.format(keys=keys), days):
        month = known.setdefault(text, Month.parse(text))
        found[product].setdefault(month, set()).add(customer)
    return {
        key: ProductOrders(key, {month: frozenset(who) for month, who in months.items()})
        for key, months in found.items()
    }


def states(store: Store, manager: int, month: Month) -> list[RateState]:
    """The kept states of a working month (judging the month before), by product code, in the order of the rates."""
    rows = store.rows(
        """SELECT s.product, s.rate, s.target, s.numerator, s.denominator, s.computed, s.final, s.note
           FROM brand_state s JOIN product p ON p.id=s.product WHERE s.manager=? AND s.month=?
           ORDER BY p.code, s.id""",
        (manager, str(month)),
    )
    return [
        RateState(
            product,
            RateKind(kind),
            None if target is None else Decimal(target),
            Rate(numerator, denominator),
            Judgement(computed),
            Judgement(final),
            note,
        )
        for product, kind, target, numerator, denominator, computed, final, note in rows
    ]


def replace_states(store: Store, manager: int, month: Month, wanted: Iterable[RateState]) -> None:
    """Write the states of a working month in place of those kept; what is equal stays untouched."""
    listed = list(wanted)
    asked = {(one.product, one.kind) for one in listed}
    gone = [
        (manager, str(month), one.product, one.kind.value)
        for one in states(store, manager, month)
        if (one.product, one.kind) not in asked
    ]
    store.executemany("DELETE FROM brand_state WHERE manager=? AND month=? AND product=? AND rate=?", gone)
    store.executemany(
        """INSERT INTO brand_state(manager, month, product, rate, target, numerator, denominator, computed, final, note)
           VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT(manager, month, product, rate) DO UPDATE SET target=excluded.target,
           numerator=excluded.numerator, denominator=excluded.denominator, computed=excluded.computed,
           final=excluded.final, note=excluded.note""",
        [
            (
                manager,
                str(month),
                one.product,
                one.kind.value,
                None if one.target is None else f"{one.target:f}",
                one.rate.numerator,
                one.rate.denominator,
                one.computed.value,
                one.final.value,
                one.note,
            )
            for one in listed
        ],
    )
