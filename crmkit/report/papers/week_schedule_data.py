"""The week schedule for programs: codes for JSON, one row a visit for spreadsheets."""

from crmkit.model.week_schedule import DayTotals, WeekDay, WeekSchedule, WeekStop
from crmkit.report.page import Cell, Column, Json, Table, Term
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.headings import coded
from crmkit.report.terms import word
from crmkit.report.words import _


def schedule_data(schedule: WeekSchedule) -> Json:
    """All of the week in codes: ISO dates, metres and minutes as whole numbers."""
    texts = schedule.texts
    return {
        "manager": {"code": schedule.manager.code, "name": schedule.manager.name},
        "week": str(schedule.week),
        "first": schedule.week.monday.isoformat(),
        "last": schedule.week.sunday.isoformat(),
        "zone": schedule.zone,
        "market": texts.market,
        "brand": texts.brand,
        "done_at": texts.done_at,
        "done_by": texts.done_by,
        "due": schedule.due.isoformat() if schedule.due else None,
        "late": schedule.late,
        "totals": totals_data(schedule.totals),
        "methodless": coded(schedule.methodless),
        "visit_debts": len(schedule.owed),
        "version": schedule.printing.version if schedule.printing else None,
        "changed": [day.isoformat() for day in schedule.changed],
        "days": [_day(day) for day in schedule.days],
    }


def totals_data(totals: DayTotals) -> Json:
    return {
        "visits": totals.visits,
        "onsite": totals.onsite,
        "calls": totals.calls,
        "metres": totals.metres,
        "minutes": totals.minutes,
        "percent": totals.percent,
    }


def schedule_rows(schedule: WeekSchedule) -> Table:
    """One row a visit."""
    columns = (
        Column("date", _("Date")),
        Column("position", _("No."), "number"),
        Column("short_code", _("Short")),
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("method", _("Way")),
        Column("state", _("State")),
        Column("pinned", _("Fixed")),
        Column("route", _("Route")),
        Column("tasks", _("Strategies still open")),
    )
    return Table(columns, tuple(_row(day, stop) for day in schedule.days for stop in day.stops))


def _row(day: WeekDay, stop: WeekStop) -> tuple[Cell, ...]:
    tasks = _("; ").join(f"{task.number} {words_of(task.words)}" for task in stop.tasks)
    return (
        day.day,
        stop.position,
        stop.short_code,
        stop.customer.code,
        stop.customer.name,
        Term(stop.method.value, word(stop.method)),
        Term(stop.state.value, word(stop.state)),
        stop.pinned,
        day.route or "",
        tasks,
    )


def _day(day: WeekDay) -> Json:
    return {
        "date": day.day.isoformat(),
        "state": day.state.value,
        "route": day.route,
        "note": day.note,
        "provisional": day.provisional,
        "sheet": day.sheet,
        "left_out": coded(day.left_out),
        "totals": totals_data(day.totals),
        "visits": [_stop(stop) for stop in day.stops],
    }


def _stop(stop: WeekStop) -> Json:
    return {
        "position": stop.position,
        "short_code": stop.short_code,
        "customer": stop.customer.code,
        "name": stop.customer.name,
        "method": stop.method.value,
        "state": stop.state.value,
        "pinned": stop.pinned,
        "note": stop.note,
        "frequency": stop.frequency.value if stop.frequency else None,
        "key": stop.key,
        "tasks": [
            {"number": task.number, "code": task.words.code, "origin": task.origin.value} for task in stop.tasks
        ],
    }
