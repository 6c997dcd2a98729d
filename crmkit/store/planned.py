"""Planned visits, the ranges that visit plans cover, and what was printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crmkit.model.customer import VisitMethod
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.sheet import DAILY_SHEET, Printing
from crmkit.model.visit import PlannedState, PlannedVisit
from crmkit.store.connection import Store

_SELECT = "SELECT customer, manager, day, method, position, state, pinned, id FROM planned_visit"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The days one run of `plan visits` has planned."""

    month: Month
    first: date
    last: date
    seed: int
    provisional: bool


def between(store: Store, manager: int, first: date, last: date) -> list[PlannedVisit]:
    """A manager's planned visits by day and place in the route; cancelled ones too."""
    rows = store.rows(
        f"{_SELECT} WHERE manager=? AND day BETWEEN ? AND ? ORDER BY day, position, id",
        (manager, first.isoformat(), last.isoformat()),
    )
    return [_planned(row) for row in rows]


def of_customer(store: Store, customer: int, first: date, last: date) -> list[PlannedVisit]:
    rows = store.rows(
        f"{_SELECT} WHERE customer=? AND day BETWEEN ? AND ? ORDER BY day, id",
        (customer, first.isoformat(), last.isoformat()),
    )
    return [_planned(row) for row in rows]


def of_portfolio(store: Store, manager: int) -> list[PlannedVisit]:
    """All planned visits of the customers a manager has now, whoever had them then; cancelled ones too."""
    rows = store.rows(
        f"{_SELECT} WHERE customer IN (SELECT id FROM customer WHERE manager=?) ORDER BY day, id", (manager,)
    )
    return [_planned(row) for row in rows]


def write(store: Store, visits: Iterable[PlannedVisit]) -> None:
    store.executemany(
        "INSERT INTO planned_visit(customer, manager, day, method, position, pinned) VALUES (?,?,?,?,?,?)",
        [
            (v.customer, v.manager, v.day.isoformat(), v.method.value, v.position, int(v.pinned))
            for v in visits
        ],
    )


def remove(store: Store, visits: Iterable[PlannedVisit]) -> None:
    """Take open visits off the plan; facts that point to them would forbid it."""
    store.executemany("DELETE FROM planned_visit WHERE id=?", [(v.id,) for v in visits])


def place(store: Store, places: Iterable[tuple[int, int]]) -> None:
    """Give visits (key, place) another place on their day's road."""
    store.executemany("UPDATE planned_visit SET position=? WHERE id=?", [(at, key) for key, at in places])


def move(store: Store, key: int, day: date, method: VisitMethod, position: int) -> None:
    """Give a visit another day."""
    sql = "UPDATE planned_visit SET day=?, method=?, position=? WHERE id=?"
    store.execute(sql, (day.isoformat(), method.value, position, key))


def set_state(store: Store, key: int, state: PlannedState, note: str | None = None) -> None:
    store.execute(
        "UPDATE planned_visit SET state=?, note=ifnull(?, note) WHERE id=?", (state.value, note, key)
    )


def add_coverage(store: Store, manager: int, coverage: Coverage, figures: str) -> None:
    store.execute(
        "INSERT INTO visit_plan(manager, month, first, last, seed, provisional, figures) VALUES (?,?,?,?,?,?,?)",
        (manager, str(coverage.month), coverage.first.isoformat(), coverage.last.isoformat(), coverage.seed,
         int(coverage.provisional), figures),
    )  # fmt: skip


def coverages(store: Store, manager: int, month: Month) -> list[Coverage]:
    rows = store.rows(
        "SELECT first, last, seed, provisional FROM visit_plan WHERE manager=? AND month=? ORDER BY id",
        (manager, str(month)),
    )
    return [
        Coverage(month, date.fromisoformat(first), date.fromisoformat(last), seed, bool(provisional))
        for first, last, seed, provisional in rows
    ]


def note_of(store: Store, key: int) -> str | None:
    """What was written with a planned visit: why it was pinned, skipped or cancelled."""
    found: str | None = store.value("SELECT note FROM planned_visit WHERE id=?", (key,))
    return found


def newest_figures(store: Store, manager: int, month: Month) -> str | None:
    """What was kept beside the month's last visit plan, as JSON."""
    sql = "SELECT figures FROM visit_plan WHERE manager=? AND month=? ORDER BY id DESC LIMIT 1"
    found: str | None = store.value(sql, (manager, str(month)))
    return found


def newest_coverage(store: Store, manager: int, day: date) -> Coverage | None:
    """The last visit plan that was made for that day; None: no plan covers it."""
    found = [one for one in coverages(store, manager, Month.of(day)) if one.first <= day <= one.last]
    return found[-1] if found else None


def last_day(store: Store, manager: int, month: Month) -> date | None:
    """The last day of the month a visit stands on that is not called off; None without one."""
    found = store.value(
        "SELECT max(day) FROM planned_visit WHERE manager=? AND day BETWEEN ? AND ? AND state<>'cancelled'",
        (manager, month.first.isoformat(), month.last.isoformat()),
    )
    return None if found is None else date.fromisoformat(found)


def covered(store: Store, manager: int, day: date) -> bool:
    """Has a visit plan been made for that day?"""
    return newest_coverage(store, manager, day) is not None


def printed_days(store: Store, manager: int, first: date, last: date) -> dict[date, int]:
    """Days whose sheet was printed, with the newest version. No other paper freezes a day."""
    rows = store.rows(
        "SELECT day, max(version) FROM printing WHERE manager=? AND paper=? AND day BETWEEN ? AND ? GROUP BY day",
        (manager, DAILY_SHEET, first.isoformat(), last.isoformat()),
    )
    return {date.fromisoformat(day): version for day, version in rows}


def record_printing(
    store: Store, act: Act, manager: int, day: date, paper: str, form: str, shown: str | None = None
) -> int:
    """Note that a paper went out, and the digests of what it shows; returns its version."""
    version = 1 + int(
        store.value(
            "SELECT ifnull(max(version),0) FROM printing WHERE manager=? AND day=? AND paper=?",
            (manager, day.isoformat(), paper),
        )
    )
    store.execute(
        "INSERT INTO printing(manager, day, paper, version, at, format, shown) VALUES (?,?,?,?,?,?,?)",
        (manager, day.isoformat(), paper, version, act.now.isoformat(timespec="seconds"), form, shown),
    )
    return version


def newest_printing(store: Store, manager: int, day: date, paper: str) -> tuple[Printing, str] | None:
    """The newest print of a paper, and the digests of what it shows."""
    row = store.one(
        "SELECT version, at, shown FROM printing WHERE manager=? AND day=? AND paper=? ORDER BY version DESC LIMIT 1",
        (manager, day.isoformat(), paper),
    )
    return (Printing(row[0], datetime.fromisoformat(row[1])), row[2] or "") if row else None


def notes(store: Store, manager: int, first: date, last: date) -> dict[int, str]:
    """What was written of planned visits (why they are held, skipped, cancelled), by visit."""
    sql = "SELECT id, note FROM planned_visit WHERE manager=? AND day BETWEEN ? AND ? AND note IS NOT NULL"
    return dict(store.rows(sql, (manager, first.isoformat(), last.isoformat())))


def _planned(row: tuple[Any, ...]) -> PlannedVisit:
    return PlannedVisit(
        customer=row[0], manager=row[1], day=date.fromisoformat(row[2]), method=VisitMethod(row[3]), position=row[4],
        state=PlannedState(row[5]), pinned=bool(row[6]), id=row[7],
    )  # fmt: skip


def hand_over(store: Store, keys: Iterable[int], manager: int) -> None:
    """Give planned visits to another manager; on his road they have no place yet."""
    store.executemany("UPDATE planned_visit SET manager=?, position=0 WHERE id=?", [(manager, key) for key in keys])


def pin(store: Store, key: int, *, pinned: bool, note: str | None) -> None:
    """Keep a visit on its day, or let planning move it again."""
    sql = "UPDATE planned_visit SET pinned=?1, note=?2 WHERE id=?3 AND (pinned<>?1 OR note IS NOT ?2)"
    store.execute(sql, (int(pinned), note, key))


def add(store: Store, visit: PlannedVisit) -> int:
    """Write one planned visit; returns its key."""
    cursor = store.execute(
        "INSERT INTO planned_visit(customer, manager, day, method, position) VALUES (?,?,?,?,?)",
        (visit.customer, visit.manager, visit.day.isoformat(), visit.method.value, visit.position),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid
