"""The persons who work in this file."""

from crmkit.model.person import Person, Role
from crmkit.store.connection import Store

_SELECT = "SELECT id, code, name, role FROM person"


def everyone(store: Store) -> list[Person]:
    """All persons, by code."""
    return [_person(row) for row in store.rows(f"{_SELECT} ORDER BY code")]


def of_role(store: Store, role: Role) -> list[Person]:
    return [person for person in everyone(store) if person.role is role]


def named(store: Store, word: str) -> list[Person]:
    """Whom a code or a name means: one by code, else everyone of that name."""
    row = store.one(f"{_SELECT} WHERE code=?", (word,))
    if row:
        return [_person(row)]
    return [_person(row) for row in store.rows(f"{_SELECT} WHERE name=? ORDER BY code", (word,))]


def by_id(store: Store, key: int) -> Person:
    row = store.one(f"{_SELECT} WHERE id=?", (key,))
    assert row is not None, "a person that the store referred to"
    return _person(row)


def add(store: Store, code: str, name: str, role: Role) -> int:
    """Write a new person; returns its key."""
    cursor = store.execute("INSERT INTO person(code, name, role) VALUES (?,?,?)", (code, name, role.value))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def change(store: Store, key: int, name: str, role: Role) -> None:
    """Write a person's name and role."""
    sql = "UPDATE person SET name=?, role=? WHERE id=? AND (name<>? OR role<>?)"
    store.execute(sql, (name, role.value, key, name, role.value))


def _person(row: tuple[int, str, str, str]) -> Person:
    return Person(row[0], row[1], row[2], Role(row[3]))
