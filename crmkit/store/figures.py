"""Counting queries: SQL counts, Python judges. Volumes are thousandths of a carton, amounts minor units."""

from datetime import date

from crmkit.model.figures import CustomerMonth, ProductMonth
from crmkit.model.month import Month
from crmkit.store.connection import Store

_OWNED = "(?3 IS NULL OR o.customer IN (SELECT id FROM customer WHERE manager=?3))"
_BY_CUSTOMER = f"""
WITH placed AS (
  SELECT o.customer AS customer, count(*) AS orders FROM orders o WHERE o.day BETWEEN ?1 AND ?2 AND {_OWNED}
  GROUP BY o.customer),
net AS (
  SELECT o.customer AS customer, l.product AS product, sum(l.volume) AS volume, sum(l.amount) AS amount,
         sum(l.volume) FILTER (WHERE l.allowed IS NOT NULL) AS limited, sum(l.allowed) AS allowed
  FROM orders o JOIN line l ON l.orders=o.id
  WHERE o.day BETWEEN ?1 AND ?2 AND {_OWNED}
  GROUP BY o.customer, l.product)
SELECT n.customer, sum(n.volume), sum(n.amount), placed.orders,
       sum(n.volume>0), sum(n.volume>0 AND p.key_brand), sum(CASE WHEN p.key_brand THEN n.volume ELSE 0 END),
       ifnull(sum(n.limited),0), ifnull(sum(n.allowed),0)
FROM net n JOIN product p ON p.id=n.product JOIN placed ON placed.customer=n.customer
GROUP BY n.customer ORDER BY n.customer"""

# one pass over the lines as they lie, each order added up before anything is sorted: NOT INDEXED and CROSS JOIN keep
# the lines in their own order, so ten million of them cost seconds
EACH_ORDER = f"""
SELECT o.day AS day, o.customer AS customer, sum(l.volume) AS volume, sum(l.amount) AS amount,
       ifnull(sum(l.volume) FILTER (WHERE l.product IN (SELECT id FROM product WHERE key_brand)), 0) AS key_volume
FROM orders o NOT INDEXED CROSS JOIN line l ON l.orders=o.id
WHERE o.day BETWEEN ?1 AND ?2 AND {_OWNED}{{more}} GROUP BY o.id"""
EACH_ORDER_OF = EACH_ORDER.format(more=" AND (?4 IS NULL OR o.customer=?4) AND (?5 IS NULL OR l.product=?5)")
EACH_ORDER = EACH_ORDER.format(more="")
_HISTORY = f"""
SELECT substr(day,1,7) AS month, customer, sum(volume), sum(amount), count(*), 0, 0, sum(key_volume)
FROM ({EACH_ORDER}) GROUP BY month, customer ORDER BY month, customer"""


def by_customer(store: Store, month: Month, manager: int | None = None) -> dict[int, CustomerMonth]:
    """What each customer ordered in a month; customers without an order are not in it."""
    return between(store, month.first, month.last, manager)


def between(store: Store, first: date, last: date, manager: int | None = None) -> dict[int, CustomerMonth]:
    """What each customer ordered from first to last, both included."""
    rows = store.rows(_BY_CUSTOMER, (first.isoformat(), last.isoformat(), manager))
    return {row[0]: CustomerMonth(*row) for row in rows}


def history(
    store: Store, first: Month, last: Month, manager: int | None = None
) -> dict[Month, dict[int, CustomerMonth]]:
    """Volume, amount, orders and key-brand volume of every month from first to last, a month without orders too.

    What needs products told apart (products, key_products, ordered and allowed) stays 0: `by_customer` counts that.
    """
    found: dict[Month, dict[int, CustomerMonth]] = {}
    month = first
    while month <= last:
        found[month] = {}
        month = month.next
    by_text = {str(month): counted for month, counted in found.items()}
    for text, customer, *counts in store.rows(_HISTORY, (first.first.isoformat(), last.last.isoformat(), manager)):
        by_text[text][customer] = CustomerMonth(customer, *counts)
    return found


def ordering(store: Store, first: date, last: date, manager: int | None = None) -> set[int]:
    """The customers whose net volume from first to last is above 0."""
    sql = f"SELECT customer FROM ({EACH_ORDER}) GROUP BY customer HAVING sum(volume)>0"
    return {customer for (customer,) in store.rows(sql, (first.isoformat(), last.isoformat(), manager))}


def any_order(store: Store, first: date, last: date, manager: int) -> bool:
    """Did any customer of a manager order from first to last?"""
    sql = f"SELECT EXISTS (SELECT 1 FROM orders o WHERE o.day BETWEEN ?1 AND ?2 AND {_OWNED})"
    return bool(store.value(sql, (first.isoformat(), last.isoformat(), manager)))


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
