"""Imported calendar years and days off."""

from collections.abc import Iterable
from datetime import date

from crmkit.model.calendar import DayOff
from crmkit.store.connection import Store


def imported_days(store: Store, country: str, first: date, last: date) -> dict[date, bool]:
    """Days a person imported: True = working."""
    rows = store.rows(
        "SELECT day, working FROM calendar_day WHERE country=? AND day BETWEEN ? AND ?",
        (country, first.isoformat(), last.isoformat()),
    )
    return {date.fromisoformat(day): bool(working) for day, working in rows}


def write_days(store: Store, country: str, days: Iterable[tuple[date, bool, str | None]]) -> None:
    store.executemany(
        "INSERT INTO calendar_day(country, day, working, name) VALUES (?,?,?,?) "
        "ON CONFLICT(country, day) DO UPDATE SET working=excluded.working, name=excluded.name "
        "WHERE working<>excluded.working OR name IS NOT excluded.name",
        [(country, day.isoformat(), int(working), name) for day, working, name in days],
    )


def days_off(store: Store, first: date, last: date) -> list[DayOff]:
    rows = store.rows(
        "SELECT day, person, reason FROM day_off WHERE day BETWEEN ? AND ? ORDER BY day, person",
        (first.isoformat(), last.isoformat()),
    )
    return [DayOff(date.fromisoformat(day), person, reason or "") for day, person, reason in rows]


def add_day_off(store: Store, off: DayOff) -> None:
    # UNIQUE does not hold for NULL: the company's day off is looked for by hand
    known = store.one("SELECT 1 FROM day_off WHERE day=? AND person IS ?", (off.day.isoformat(), off.person))
    if known is None:
        store.execute(
            "INSERT INTO day_off(day, person, reason) VALUES (?,?,?)",
            (off.day.isoformat(), off.person, off.reason or None),
        )


def remove_day_off(store: Store, off: DayOff) -> None:
    store.execute("DELETE FROM day_off WHERE day=? AND person IS ?", (off.day.isoformat(), off.person))
