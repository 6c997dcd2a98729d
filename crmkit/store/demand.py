"""Questionnaires of direct demand (step 1), and which of their lines were served."""

from collections.abc import Iterable, Mapping
from datetime import date

from crmkit.model.demand import Channel, DemandLine, ProductDemand, Questionnaire, Wish
from crmkit.model.month import Month
from crmkit.store.connection import Store

_SELECT = """SELECT q.id, q.customer, q.month, q.came_on, q.channel, q.confirmed, q.confirmed_by, q.confirmed_at
             FROM questionnaire q JOIN customer c ON c.id=q.customer"""
# a line is served when the customer's net volume of the product in the month is above nothing (our default)
_NET = """WITH net AS (
  SELECT o.customer AS customer, l.product AS product, sum(l.volume) AS volume
  FROM orders o JOIN line l ON l.orders=o.id WHERE o.day BETWEEN ?2 AND ?3
  AND o.customer IN (SELECT customer FROM questionnaire WHERE month=?1) GROUP BY o.customer, l.product)"""
_ASKED = """FROM demand_line d JOIN questionnaire q ON q.id=d.questionnaire JOIN customer c ON c.id=q.customer
            LEFT JOIN net n ON n.customer=q.customer AND n.product=d.product
            WHERE q.month=?1 AND q.confirmed=1 AND (?4 IS NULL OR c.manager=?4)"""


def of_month(store: Store, month: Month, manager: int | None = None) -> dict[int, Questionnaire]:
    """The questionnaires of a month, by customer, in the order of their codes; of one manager's customers or all."""
    sql = f"{_SELECT} WHERE q.month=? AND ? IN (c.manager, -1) ORDER BY c.code"
    rows = store.rows(sql, (str(month), -1 if manager is None else manager))
    lines, wishes = _lines(store, month), _wishes(store, month)
    found = [_questionnaire(row, lines, wishes) for row in rows]
    return {one.customer: one for one in found}


def of_customer(store: Store, customer: int, month: Month) -> Questionnaire | None:
    row = store.one(f"{_SELECT} WHERE q.customer=? AND q.month=?", (customer, str(month)))
    return _questionnaire(row, _lines(store, month), _wishes(store, month)) if row else None


def write(store: Store, wanted: Questionnaire) -> None:
    """Write a questionnaire in place of the one that was there; rows that stay the same are not touched."""
    store.execute(
        """INSERT INTO questionnaire(customer, month, came_on, channel, confirmed, confirmed_by, confirmed_at)
           VALUES (?,?,?,?,?,?,?) ON CONFLICT(customer, month) DO UPDATE SET came_on=excluded.came_on,
           channel=excluded.channel, confirmed=excluded.confirmed, confirmed_by=excluded.confirmed_by,
           confirmed_at=excluded.confirmed_at""",
        (wanted.customer, str(wanted.month), wanted.came_on.isoformat(), wanted.channel.value,
         int(wanted.confirmed), wanted.confirmed_by, wanted.confirmed_at),
    )  # fmt: skip
    sql = "SELECT id FROM questionnaire WHERE customer=? AND month=?"
    key = int(store.value(sql, (wanted.customer, str(wanted.month))))
    _replace(store, "demand_line", "product", "volume", key, {line.product: line.volume for line in wanted.lines})
    _replace(store, "wish", "kind", "note", key, {wish.kind: wish.note for wish in wanted.wishes})


def confirm(store: Store, questionnaires: Iterable[Questionnaire], by: str, at: str) -> None:
    """Mark questionnaires confirmed; those that are stay as they are."""
    sql = "UPDATE questionnaire SET confirmed=1, confirmed_by=?, confirmed_at=? WHERE id=? AND confirmed=0"
    store.executemany(sql, [(by, at, one.id) for one in questionnaires])


def served(store: Store, month: Month, manager: int | None = None) -> list[ProductDemand]:
    """Per product the confirmed demand lines of a month and how many were served with nothing, by product.

    A line is unserved when the customer's orders of that product in the month the demand was for add up to nothing
    or less (our default): a return in the same month takes back what was delivered.
    """
    counted = "count(*), sum(ifnull(n.volume,0)<=0)"
    sql = f"{_NET} SELECT d.product, {counted} {_ASKED} GROUP BY d.product ORDER BY d.product"
    return [ProductDemand(*row) for row in store.rows(sql, _span(month, manager))]


def unserved(store: Store, month: Month, manager: int | None = None) -> list[tuple[int, int]]:
    """(customer, product) of every confirmed demand line of a month that was served with nothing."""
    sql = f"{_NET} SELECT q.customer, d.product {_ASKED} AND ifnull(n.volume,0)<=0 ORDER BY c.code, d.product"
    return store.rows(sql, _span(month, manager))


def _span(month: Month, manager: int | None) -> tuple[str, str, str, int | None]:
    return str(month), month.first.isoformat(), month.last.isoformat(), manager


def _replace(store: Store, table: str, name: str, cell: str, key: int, wanted: Mapping[int | str, object]) -> None:
    kept = dict(store.rows(f"SELECT {name}, {cell} FROM {table} WHERE questionnaire=?", (key,)))
    gone = [(key, one) for one in kept if one not in wanted]
    store.executemany(f"DELETE FROM {table} WHERE questionnaire=? AND {name}=?", gone)
    sql = (
        f"INSERT INTO {table}(questionnaire, {name}, {cell}) VALUES (?,?,?) "
        f"ON CONFLICT(questionnaire, {name}) DO UPDATE SET {cell}=excluded.{cell}"
    )
    changed = [(key, one, value) for one, value in wanted.items() if one not in kept or kept[one] != value]
    store.executemany(sql, changed)


def _lines(store: Store, month: Month) -> dict[int, list[DemandLine]]:
    found: dict[int, list[DemandLine]] = {}
    sql = """SELECT d.questionnaire, d.product, d.volume FROM demand_line d JOIN questionnaire q ON q.id=d.questionnaire
             JOIN product p ON p.id=d.product WHERE q.month=? ORDER BY d.questionnaire, p.code"""
    for key, product, volume in store.rows(sql, (str(month),)):
        found.setdefault(key, []).append(DemandLine(product, volume))
    return found


def _wishes(store: Store, month: Month) -> dict[int, list[Wish]]:
    found: dict[int, list[Wish]] = {}
    sql = """SELECT w.questionnaire, w.kind, w.note FROM wish w JOIN questionnaire q ON q.id=w.questionnaire
             WHERE q.month=? ORDER BY w.questionnaire, w.kind"""
    for key, kind, note in store.rows(sql, (str(month),)):
        found.setdefault(key, []).append(Wish(kind, note))
    return found


def _questionnaire(
    row: tuple[int, int, str, str, str, int, str | None, str | None],
    lines: Mapping[int, list[DemandLine]],
    wishes: Mapping[int, list[Wish]],
) -> Questionnaire:
    key, customer, month, came_on, channel, confirmed, by, at = row
    return Questionnaire(
        customer, Month.parse(month), date.fromisoformat(came_on), Channel(channel),
        tuple(lines.get(key, ())), tuple(wishes.get(key, ())), bool(confirmed), by, at, key,
    )  # fmt: skip
