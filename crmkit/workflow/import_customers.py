"""Customers out of a file into the store."""

from collections import defaultdict
from collections.abc import Container, Mapping, Set
from dataclasses import replace

from crmkit.model.code import normal_code
from crmkit.model.errors import Fault, Refusal
from crmkit.model.importing import CellChange, Field, Kind, Notice, Reason
from crmkit.model.ownfield import OwnField
from crmkit.model.person import Person, Role
from crmkit.model.visit import PlannedState
from crmkit.rules.importing import MOST_MISSING_PERCENT, far_points, is_full_list, too_many_missing
from crmkit.sources.coordinates import to_wgs84
from crmkit.sources.delimited import rows_on
from crmkit.store import customers, ownfields, people, planned
from crmkit.store.base_data import Cell
from crmkit.workflow.import_base_data import (
    SHOWN_CHANGES,
    Gathered,
    Row,
    Why,
    changes_of,
    finish,
    gather,
    listed,
    suspect,
)
from crmkit.workflow.import_source import Brought, Run, Source
from crmkit.workflow.set_customer import open_visits

_COLUMN = {Field.LATITUDE: "latitude_e6", Field.LONGITUDE: "longitude_e6"}


def import_customers(run: Run) -> Brought:
    """Write the customers of a file; a manager's cell holds the code or the name of a known customer manager.

    Raises Refusal(TOO_MANY_MISSING) when more would be marked closed than one import may.
    """
    store, managers = run.store, people.of_role(run.store, Role.CUSTOMER_MANAGER)
    by_word = _by_word(managers)
    found = gather(run, Kind.CUSTOMERS, lambda rows, row: _check(rows, row, by_word, managers))
    known, active = customers.keys(store), customers.active_codes(store).keys()
    suspect(found, known, customers.names(store), Field.CUSTOMER_NAME)
    for code in [code for code, row in found.merged.items() if code not in known and not _named(found, row)]:
        found.refuse(code, (Field.CUSTOMER_NAME, Reason.BLANK, ""))
    _place_all(found, run.source)
    defaults = _default_manager(found, managers)
    fields = [field for field in found.fields if isinstance(field, Field)]  # own fields stand behind them
    columns = [_COLUMN.get(field, field.key) for field in fields]
    rows = [_with_manager(found, row, by_word)[: len(fields)] for row in found.merged.values()]
    cells: list[Cell] = []
    found.brought.counted = customers.put(store, columns, rows, defaults, clear=run.choices.clear_blanks, cells=cells)
    codes = {person.id: person.code for person in managers}
    found.brought.changes = changes_of(Kind.CUSTOMERS, [_told(cell, codes) for cell in cells])
    _put_own(run, found, {cell[0] for cell in cells} | (found.merged.keys() - known.keys()))
    _ownerless(run, found, known)
    _missing(run, found, by_word)
    _cancel_visits(run, found, active, known)
    return finish(found, run.source, Kind.CUSTOMERS, known)


def _told(cell: Cell, managers: Mapping[int, str]) -> Cell:
    """A changed cell with people's codes instead of keys."""
    code, column, old, new = cell
    return (code, column, managers.get(old), managers.get(new)) if column == "manager" else cell


def _place_all(found: Gathered, source: Source) -> None:
    """Turn the coordinates into WGS-84 and name places far from the others of their neighbourhood, or of the file."""
    if not {Field.LATITUDE, Field.LONGITUDE} <= set(found.fields):
        return
    lat, lon = found.fields.index(Field.LATITUDE), found.fields.index(Field.LONGITUDE)
    areas: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for code, row in found.merged.items():
        if row[lat] is not None:
            cells = list(row)
            cells[lat], cells[lon] = to_wgs84(source.layout.system, row[lat], row[lon])
            found.merged[code] = tuple(cells)
            areas[found.cell(row, Field.NEIGHBOURHOOD) or ""][code] = (cells[lat], cells[lon])
    if areas and not source.names_system:
        found.brought.notices.append((Notice.COORDINATES, "WGS-84"))
    far = [code for points in areas.values() for code in far_points(points)]
    if far:
        found.brought.notices.append((Notice.FAR_AWAY, listed(far)))


def _ownerless(run: Run, found: Gathered, known: Container[str]) -> None:
    """New customers nobody plans for: they have no customer manager."""
    owners = customers.active_codes(run.store)
    codes = [code for code in found.merged if code not in known and owners.get(code, 0) is None]
    if codes:
        found.brought.notices.append((Notice.NO_MANAGER, listed(codes)))


def _missing(run: Run, found: Gathered, by_word: Mapping[str, int]) -> None:
    """Customers a full list does not hold: told, and marked closed only when asked for (bad-input.md 125)."""
    active = customers.active_codes(run.store)
    if Field.MANAGER in found.fields:
        place = found.fields.index(Field.MANAGER)
        named = {_manager_of(row[place], by_word) for row in found.merged.values() if row[place] is not None}
        active = {code: manager for code, manager in active.items() if manager in named}
    missing = [code for code in active if code not in found.merged and code not in found.refused_codes]
    if missing:
        refused = _codes_refused(run, found)
        missing = [code for code in missing if code not in refused]
    if run.choices.archive_missing and missing:
        if too_many_missing(len(missing), len(active)):
            facts = {"missing": len(missing), "known": len(active), "percent": MOST_MISSING_PERCENT}
            raise Refusal(Fault.TOO_MANY_MISSING, codes=listed(missing), **facts)
        customers.close(run.store, missing, run.today)
        found.brought.notices.append((Notice.CLOSED_MISSING, listed(missing)))
    elif missing and is_full_list(len(active) - len(missing), len(active)):
        found.brought.notices.append((Notice.MISSING_CUSTOMERS, listed(missing)))


def _put_own(run: Run, found: Gathered, counted: Set[str]) -> None:
    """Write the own fields; a customer that changed in nothing else (not in `counted`) is counted as changed."""
    store, before = run.store, ownfields.by_customer(run.store)
    keys, changes = customers.keys(store), list[CellChange]()
    merged = customers.aliases(store)
    rows = {code: row for code, row in found.merged.items() if code not in merged}
    for place, field in enumerate(found.fields):
        if not isinstance(field, OwnField):
            continue
        given = {code: row[place] for code, row in rows.items() if row[place] is not None or run.choices.clear_blanks}
        given = _not_held(run, found, field, given, keys, before)
        ownfields.put(store, field.id, [(keys[code], value) for code, value in given.items()])
        pairs = [(code, before.get(keys[code], {}).get(field.name), value) for code, value in given.items()]
        changes += [CellChange(Kind.CUSTOMERS, code, field.name, old, new) for code, old, new in pairs if old != new]
    more, was = len({change.key for change in changes} - counted), found.brought.counted
    found.brought.counted = replace(was, changed=was.changed + more, unchanged=was.unchanged - more)
    found.brought.changes += [change for change in changes if change.old is not None][:SHOWN_CHANGES]


def _not_held(
    run: Run,
    found: Gathered,
    field: OwnField,
    given: Mapping[str, str | None],
    keys: Mapping[str, int],
    before: Mapping[int, Mapping[str, str]],
) -> dict[str, str | None]:
    """The values without those a person set by hand; where the file says otherwise, the result names it."""
    held = ownfields.held(run.store, field.id)
    kept = {code: value for code, value in given.items() if keys[code] in held}
    names = tuple(
        (code, field.name) for code, value in kept.items() if before.get(keys[code], {}).get(field.name) != value
    )
    found.brought.counted = replace(found.brought.counted, held=found.brought.counted.held + names)
    return {code: value for code, value in given.items() if code not in kept}


def _cancel_visits(run: Run, found: Gathered, active: Set[str], known: Mapping[str, int]) -> None:
    """Open visits from today on of customers that this file closed; the note keeps the new state (method.md)."""
    states, told = customers.states(run.store), []
    for code in sorted(active - customers.active_codes(run.store).keys()):
        visits = open_visits(run.store, known[code], run.today)
        for visit in visits:
            planned.set_state(run.store, visit.id, PlannedState.CANCELLED, states[code])
        told += [f"{code} ({len(visits)})"] if visits else []
    if told:
        found.brought.notices.append((Notice.VISITS_CANCELLED, listed(told)))


def _codes_refused(run: Run, found: Gathered) -> set[str]:
    """The codes on rows that were not taken: these customers are in the file. Reads it once more."""
    column = next(column for column in run.source.layout.columns if column.field is Field.CUSTOMER_CODE)
    lines, codes = {reject.line for reject in found.brought.rejected}, {row[0] for row in found.refused_rows}
    if column.index is not None and lines:
        rows = [row for _line, row in rows_on(run.source.table, lines) if len(row) > column.index]
        codes |= {column.read[row[column.index][slice(*column.cut)]] for row in rows}
    return codes


def _by_word(managers: list[Person]) -> dict[str, int]:
    """Codes and names that mean one customer manager; a name two of them bear means none."""
    names = [manager.name for manager in managers]
    words = {manager.name: manager.id for manager in managers if names.count(manager.name) == 1}
    return words | {normal_code(manager.code): manager.id for manager in managers}


def _check(found: Gathered, row: Row, by_word: Mapping[str, int], managers: list[Person]) -> Why | None:
    manager = found.cell(row, Field.MANAGER)
    if manager is not None and _manager_of(manager, by_word) is None:
        known = " ".join(f"{person.code}={person.name}" for person in managers) or "crmkit team add"
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
