"""Fields a user adds to the customers, and their values: text in one spelling per type, logged like all base data."""

from collections.abc import Iterable

from crmkit.model.ownfield import FieldType, OwnField
from crmkit.store.connection import Store

_BETWEEN = "\n"  # between the words of a choice; no word holds a line end


def all(store: Store) -> list[OwnField]:  # noqa: A001 - ownfields.all reads as it should
    """Every own field, in the order they were added."""
    rows = store.rows("SELECT id, name, type, choices FROM own_field ORDER BY id")
    return [OwnField(key, name, FieldType(kind), _words(choices)) for key, name, kind, choices in rows]


def add(store: Store, name: str, kind: FieldType, choices: Iterable[str]) -> int:
    """Add a field; returns its key."""
    cells = (name, kind.value, _BETWEEN.join(choices) or None)
    cursor = store.execute("INSERT INTO own_field(name, type, choices) VALUES (?,?,?)", cells)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def remove(store: Store, field: int) -> int:
    """Take a field away with its values; returns how many these were."""
    store.execute("DELETE FROM own_held WHERE field=?", (field,))
    gone = store.execute("DELETE FROM own_value WHERE field=?", (field,)).rowcount
    store.execute("DELETE FROM own_field WHERE id=?", (field,))
    return gone


def of_customer(store: Store, customer: int) -> dict[str, str]:
    """Field name → value of one customer, in the order of the fields."""
    sql = "SELECT f.name, v.value FROM own_value v JOIN own_field f ON f.id=v.field WHERE v.customer=? ORDER BY f.id"
    return dict(store.rows(sql, (customer,)))


def by_customer(store: Store) -> dict[int, dict[str, str]]:
    """Customer → field name → value, for the whole file."""
    found: dict[int, dict[str, str]] = {}
    sql = "SELECT v.customer, f.name, v.value FROM own_value v JOIN own_field f ON f.id=v.field ORDER BY f.id"
    for customer, name, value in store.rows(sql):
        found.setdefault(customer, {})[name] = value
    return found


def put(store: Store, field: int, values: Iterable[tuple[int, str | None]]) -> int:
    """Write values of one field as (customer, value), read by sources.ownfields; None takes a value away.

    Rows that hold the value already are not touched. Returns how many changed.
    """
    before = store.connection.total_changes
    given = list(values)
    store.executemany(
        "INSERT INTO own_value(customer, field, value) VALUES (?,?,?) ON CONFLICT(customer, field) "
        "DO UPDATE SET value=excluded.value WHERE value<>excluded.value",
        [(customer, field, value) for customer, value in given if value is not None],
    )
    gone = [(customer, field) for customer, value in given if value is None]
    store.executemany("DELETE FROM own_value WHERE customer=? AND field=?", gone)
    return store.connection.total_changes - before


def hold(store: Store, customer: int, fields: Iterable[int], release: Iterable[int] = ()) -> None:
    """Keep fields of a customer as they are, filled or not, whatever a file says, until `release` names them."""
    keys = [(customer, field) for field in fields]
    store.executemany("INSERT INTO own_held(customer, field) VALUES (?,?) ON CONFLICT DO NOTHING", keys)
    freed = [(customer, field) for field in release]
    store.executemany("DELETE FROM own_held WHERE customer=? AND field=?", freed)


def held(store: Store, field: int) -> frozenset[int]:
    """The customers whose field a person set by hand."""
    return frozenset(key for (key,) in store.rows("SELECT customer FROM own_held WHERE field=?", (field,)))


def held_of(store: Store, customer: int) -> tuple[str, ...]:
    """The names of the fields of one customer that a person set by hand."""
    sql = "SELECT f.name FROM own_held h JOIN own_field f ON f.id=h.field WHERE h.customer=? ORDER BY f.id"
    return tuple(name for (name,) in store.rows(sql, (customer,)))


def _words(choices: str | None) -> tuple[str, ...]:
    return tuple((choices or "").split(_BETWEEN)) if choices else ()
