"""What the day's shops ordered around their last visits: counted for the whole sheet at once."""

import json
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from crmkit.model.sheet import ProductsOf
from crmkit.store.connection import Store

# orders first: their key begins with the day, the few shops of the sheet are looked up
_AROUND = """WITH shop(customer, seen, start) AS MATERIALIZED (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
        FROM json_each(?1))
    SELECT o.customer, o.day>s.seen AS since, {what}
    FROM orders o CROSS JOIN shop s ON s.customer=o.customer AND o.day>=s.start {more}
    WHERE o.day BETWEEN ?2 AND ?3 GROUP BY o.customer, since{by}"""
_DAYS = _AROUND.format(what="count(DISTINCT o.day)", more="", by="")
_PRODUCTS = _AROUND.format(
    what="p.name, count(DISTINCT o.day), sum(l.volume), sum(l.amount)",
    more="CROSS JOIN line l ON l.orders=o.id CROSS JOIN product p ON p.id=l.product",
    by=", p.id ORDER BY o.customer, since, p.code",
)


class Around(NamedTuple):
    """The order days and the products of one shop before or since its visit."""

    days: int
    products: tuple[ProductsOf, ...]


Key = tuple[int, bool]  # customer, since the visit (else before it)


def orders_around(store: Store, visits: Mapping[int, tuple[date, date]], until: date) -> dict[Key, Around]:
    """By customer, before and since: what was ordered from the start of a shop's span to the last known day. `visits`
    are customer → (day of the visit, start of the span before it); the day of the visit itself is before.
    """
    if not visits:
        return {}
    shops = json.dumps([[one, seen.isoformat(), start.isoformat()] for one, (seen, start) in visits.items()])
    asked = (shops, min(start for _seen, start in visits.values()).isoformat(), until.isoformat())
    days = {(one, bool(since)): count for one, since, count in store.rows(_DAYS, asked)}
    products: dict[Key, list[ProductsOf]] = {}
    for customer, since, *row in store.rows(_PRODUCTS, asked):
        products.setdefault((customer, bool(since)), []).append(ProductsOf(*row))
    return {key: Around(count, tuple(products.get(key, ()))) for key, count in days.items()}


def orders_known_until(store: Store, manager: int, before: date) -> date | None:
    """The last day before a day on which any customer of a manager ordered."""
    sql = """SELECT max(o.day) FROM orders o JOIN customer c ON c.id=o.customer WHERE c.manager=? AND o.day<?"""
    found = store.value(sql, (manager, before.isoformat()))
    return None if found is None else date.fromisoformat(found)
