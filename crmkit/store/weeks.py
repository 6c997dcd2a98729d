"""Week schedules as their manager wrote them: focus of the week, route and notes of its days."""

from collections.abc import Mapping
from datetime import date

from crmkit.model.operation import Act
from crmkit.model.week import Week
from crmkit.model.week_schedule import WeekTexts
from crmkit.store.connection import Store


def texts(store: Store, manager: int, week: Week) -> WeekTexts:
    """What was written of a week; empty texts where nothing was."""
    sql = "SELECT id, market, brand, done_at, done_by FROM week_schedule WHERE manager=? AND monday=?"
    row = store.one(sql, (manager, week.monday.isoformat()))
    if row is None:
        return WeekTexts()
    days = store.rows("SELECT day, route, note FROM week_day WHERE schedule=? ORDER BY day", (row[0],))
    routes = {date.fromisoformat(day): route for day, route, _note in days if route}
    notes = {date.fromisoformat(day): note for day, _route, note in days if note}
    return WeekTexts(row[1], row[2], routes, notes, row[3], row[4])


def write(store: Store, act: Act, manager: int, week: Week, wanted: WeekTexts) -> None:
    """Make the schedule of a week read as `wanted`; the same stays untouched, and when it was first done."""
    monday = week.monday.isoformat()
    at = act.now.isoformat(timespec="seconds") if wanted.is_done else None
    store.execute(
        "INSERT INTO week_schedule(manager, monday, market, brand, done_at, done_by) VALUES (?,?,?,?,?,?) "
        "ON CONFLICT(manager, monday) DO UPDATE SET market=excluded.market, brand=excluded.brand, "
        "done_at=ifnull(done_at, excluded.done_at), done_by=ifnull(done_by, excluded.done_by) "
        "WHERE market IS NOT excluded.market OR brand IS NOT excluded.brand",
        (manager, monday, wanted.market, wanted.brand, at, act.actor if at else None),
    )
    key = store.value("SELECT id FROM week_schedule WHERE manager=? AND monday=?", (manager, monday))
    for day in week.days:
        _write_day(store, key, day, wanted.routes, wanted.notes)


def _write_day(
    store: Store, schedule: int, day: date, routes: Mapping[date, str], notes: Mapping[date, str]
) -> None:
    route, note = routes.get(day), notes.get(day)
    if route is None and note is None:
        store.execute("DELETE FROM week_day WHERE schedule=? AND day=?", (schedule, day.isoformat()))
        return
    store.execute(
        "INSERT INTO week_day(schedule, day, route, note) VALUES (?,?,?,?) "
        "ON CONFLICT(schedule, day) DO UPDATE SET route=excluded.route, note=excluded.note "
        "WHERE route IS NOT excluded.route OR note IS NOT excluded.note",
        (schedule, day.isoformat(), route, note),
    )
