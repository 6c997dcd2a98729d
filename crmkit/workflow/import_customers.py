"""Customers out of a file into the store."""

from collections.abc import Mapping

from crmkit.model.code import normal_code
from crmkit.model.importing import Field, Kind, Notice, Reason
from crmkit.model.person import Person, Role
from crmkit.store import customers, people
from crmkit.store.connection import Store
from crmkit.workflow.import_base_data import Gathered, Row, Why, finish, gather
from crmkit.workflow.import_source import Brought, Progress, Source

_COLUMN = {Field.LATITUDE: "latitude_e6", Field.LONGITUDE: "longitude_e6"}


def import_customers(store: Store, source: Source, progress: Progress) -> Brought:
    """Write the customers of a file; a manager's cell holds the code or the name of a known customer manager."""
    managers = people.of_role(store, Role.CUSTOMER_MANAGER)
    by_word = _by_word(managers)
    found = gather(source, Kind.CUSTOMERS, lambda rows, row: _check(rows, row, by_word, managers), progress)
    known = customers.keys(store)
    for code in [code for code, row in found.merged.items() if code not in known and not _named(found, row)]:
        found.refuse(code, (Field.CUSTOMER_NAME, Reason.BLANK, ""))
    defaults = _default_manager(found, managers)
    columns = [_COLUMN.get(field, field.key) for field in found.fields]
    rows = [_with_manager(found, row, by_word) for row in found.merged.values()]
    found.brought.counted = customers.put(store, columns, rows, defaults)
    return finish(found, source, Kind.CUSTOMERS, known)


def _by_word(managers: list[Person]) -> dict[str, int]:
    """Codes and names that mean one customer manager; a name two of them bear means none."""
    names = [manager.name for manager in managers]
    words = {manager.name: manager.id for manager in managers if names.count(manager.name) == 1}
    return words | {normal_code(manager.code): manager.id for manager in managers}


def _check(found: Gathered, row: Row, by_word: Mapping[str, int], managers: list[Person]) -> Why | None:
    manager = found.cell(row, Field.MANAGER)
    if manager is not None and _manager_of(manager, by_word) is None:
        known = " ".join(f"{person.code}={person.name}" for person in managers)
        return (Field.MANAGER, Reason.UNKNOWN_MANAGER, f"{manager} ({known})")
    if (found.cell(row, Field.LATITUDE) is None) != (found.cell(row, Field.LONGITUDE) is None):
        return (Field.LATITUDE, Reason.BAD_COORDINATE, "")
    return None


def _manager_of(word: str, by_word: Mapping[str, int]) -> int | None:
    return by_word.get(word) or by_word.get(normal_code(word))


def _named(found: Gathered, row: Row) -> bool:
    return found.cell(row, Field.CUSTOMER_NAME) is not None


def _default_manager(found: Gathered, managers: list[Person]) -> dict[str, int]:
    """Without a manager column the file's only customer manager owns the new customers."""
    if Field.MANAGER in found.fields or len(managers) != 1:
        return {}
    found.brought.notices.append((Notice.MANAGER_ASSUMED, managers[0].code))
    return {"manager": managers[0].id}


def _with_manager(found: Gathered, row: Row, by_word: Mapping[str, int]) -> Row:
    if Field.MANAGER not in found.fields:
        return row
    place = found.fields.index(Field.MANAGER)
    key = _manager_of(row[place], by_word) if row[place] is not None else None
    return (*row[:place], key, *row[place + 1 :])
