"""The imported rows behind a figure: which batch and file brought them, and the lines themselves."""

from datetime import date

from crmkit.model.provenance import Behind, OrderRow, Source
from crmkit.store.connection import Store

_OF = """FROM orders o JOIN line l ON l.orders=o.id WHERE o.day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR o.customer=?3)
    AND (?4 IS NULL OR o.customer IN (SELECT id FROM customer WHERE manager=?4)) AND (?5 IS NULL OR l.product=?5)"""
_BROUGHT = "FROM batch b WHERE b.op=l.op AND instr(b.kinds, 'orders')"  # one command may import several files
_BATCH = f"(SELECT max(b.id) {_BROUGHT})"
_SOURCES = f"""SELECT {_BATCH}, ifnull((SELECT group_concat(b.file, ', ') {_BROUGHT}), ''),
    count(DISTINCT l.orders), count(*), sum(l.volume), sum(l.amount) {_OF} GROUP BY l.op ORDER BY l.op"""
_ROWS = f"""SELECT day, c.code, number, no, p.code, volume, amount, batch FROM (
    SELECT o.day AS day, o.customer AS customer, o.number AS number, l.no AS no, l.product AS product,
           l.volume AS volume, l.amount AS amount, {_BATCH} AS batch {_OF}) x
    JOIN customer c ON c.id=x.customer JOIN product p ON p.id=x.product
    ORDER BY day, c.code, number, no LIMIT ?6"""


def behind(
    store: Store,
    first: date,
    last: date,
    *,
    customer: int | None = None,
    manager: int | None = None,
    product: int | None = None,
    limit: int = 0,
) -> Behind:
    """The rows of a customer, an area, a product from first to last; `limit` of them one by one, by day."""
    asked = (first.isoformat(), last.isoformat(), customer, manager, product)
    sources = tuple(Source(*row) for row in store.rows(_SOURCES, asked))
    rows = store.rows(_ROWS, (*asked, limit)) if limit else []
    return Behind(first, last, sources, tuple(OrderRow(date.fromisoformat(row[0]), *row[1:]) for row in rows))
