"""Counting queries: SQL counts, Python judges. Volumes are thousandths of a carton, amounts minor units."""

from datetime import date

from crmkit.model.figures import CustomerMonth, ProductMonth
from crmkit.model.month import Month
from crmkit.store.connection import Store

_BY_CUSTOMER = """
WITH placed AS (
  SELECT customer, count(*) AS orders FROM orders WHERE day BETWEEN ?1 AND ?2 GROUP BY customer),
net AS (
  SELECT o.customer AS customer, l.product AS product, sum(l.volume) AS volume, sum(l.amount) AS amount,
         sum(l.volume) FILTER (WHERE l.allowed IS NOT NULL) AS limited, sum(l.allowed) AS allowed
  FROM orders o JOIN line l ON l.orders=o.id
  WHERE o.day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR o.customer IN (SELECT id FROM customer WHERE manager=?3))
  GROUP BY o.customer, l.product)
SELECT n.customer, sum(n.volume), sum(n.amount), placed.orders,
       sum(n.volume>0), sum(n.volume>0 AND p.key_brand), sum(CASE WHEN p.key_brand THEN n.volume ELSE 0 END),
       ifnull(sum(n.limited),0), ifnull(sum(n.allowed),0)
FROM net n JOIN product p ON p.id=n.product JOIN placed ON placed.customer=n.customer
GROUP BY n.customer ORDER BY n.customer"""


def by_customer(store: Store, month: Month, manager: int | None = None) -> dict[int, CustomerMonth]:
    """What each customer ordered in a month; customers without an order are not in it."""
    return between(store, month.first, month.last, manager)


def between(store: Store, first: date, last: date, manager: int | None = None) -> dict[int, CustomerMonth]:
    """What each customer ordered from first to last, both included."""
    rows = store.rows(_BY_CUSTOMER, (first.isoformat(), last.isoformat(), manager))
    return {row[0]: CustomerMonth(*row) for row in rows}


def months(
    store: Store, first: Month, last: Month, manager: int | None = None
) -> dict[Month, dict[int, CustomerMonth]]:
    """Figures of every month from first to last."""
    found = {}
    month = first
    while month <= last:
        found[month] = by_customer(store, month, manager)
        month = month.next
    return found


def first_orders(store: Store, manager: int | None = None) -> dict[int, date]:
    """The day of each customer's first order."""
    rows = store.rows(
        """SELECT o.customer, min(o.day) FROM orders o JOIN customer c ON c.id=o.customer
           WHERE ?1 IS NULL OR c.manager=?1 GROUP BY o.customer""",
        (manager,),
    )
    return {customer: date.fromisoformat(day) for customer, day in rows}


def by_product(store: Store, month: Month, manager: int | None = None) -> list[ProductMonth]:
    """Net volume by customer and product in a month."""
    rows = store.rows(
        """SELECT o.customer, l.product, sum(l.volume) FROM orders o JOIN line l ON l.orders=o.id
           JOIN customer c ON c.id=o.customer WHERE o.day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR c.manager=?3)
           GROUP BY o.customer, l.product ORDER BY o.customer, l.product""",
        (month.first.isoformat(), month.last.isoformat(), manager),
    )
    return [ProductMonth(*row) for row in rows]


def order_span(store: Store) -> tuple[date, date] | None:
    """The first and the last day with an order."""
    row = store.one("SELECT min(day), max(day) FROM orders")
    return (date.fromisoformat(row[0]), date.fromisoformat(row[1])) if row and row[0] else None
