"""Pages about working days."""

from datetime import date

from crmkit.model.calendar import DayOff
from crmkit.model.month import Month
from crmkit.report import terms
from crmkit.report.page import Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.headings import unwritten
from crmkit.report.words import _
from crmkit.workflow.days_off import DaysOff, ListedDaysOff
from crmkit.workflow.working_calendar import ImportedCalendar


def month(wanted: Month, working: tuple[date, ...], *, provisional: bool) -> Page:
    """Every day of a month with what it is."""
    known = set(working)
    rows = tuple((day, terms.weekday(day), _("work") if day in known else _("off")) for day in wanted.days)
    note = (Text(_("Provisional: the official calendar is not published yet."), "warning"),) if provisional else ()
    return Page(
        title=_("Working days {month}").format(month=terms.month_words(wanted)),
        schema="calendar/1",
        facts=(Fact(_("Working days"), str(len(working))),),
        blocks=(
            *note,
            Table((Column("date", _("Date")), Column("weekday", _("Weekday")), Column("kind", _("Day"))), rows),
        ),
        data={"month": str(wanted), "working": [day.isoformat() for day in working], "provisional": provisional},
    )


def imported(result: ImportedCalendar, *, dry_run: bool) -> Page:
    """What a calendar file brought."""
    facts = (
        Fact(_("Country"), result.country),
        Fact(_("Days"), str(result.days)),
        Fact(_("From"), result.first.isoformat()),
        Fact(_("To"), result.last.isoformat()),
    )
    nothing = Text(_("Nothing was written (--dry-run).") if dry_run else _("These days were known already."), "note")
    return Page(
        title=_("Official calendar"),
        schema="calendar-import/1",
        facts=facts,
        blocks=() if result.changed else (nothing,),
        data={
            "country": result.country,
            "days": result.days,
            "first": result.first.isoformat(),
            "last": result.last.isoformat(),
            "changed": result.changed,
        },
    )


def doubts(result: ImportedCalendar) -> list[str]:
    """Years of which the file says suspiciously little."""
    said = _(
        "This file states only {count} days of {year}; an official year names about 25 days off. "
        "Months of {year} count as published now."
    )
    return [said.format(year=year, count=count) for year, count in result.thin]


def day_off(done: DaysOff, *, dry_run: bool) -> Page:
    """Days off that were noted or taken back."""
    first, last = done.days[0], done.days[-1]
    title = _("Day off taken back: {day}") if done.removed else _("Day off: {day}")
    facts = [
        Fact(_("For"), f"{done.whose.code} {done.whose.name}" if done.whose else _("the whole company")),
        Fact(_("Last day"), terms.day_words(last.day) if last.day != first.day else ""),
        Fact(_("Reason"), first.reason or "-"),
    ]
    notes = [
        (done.known, _("Known already: {count}")),
        (done.past, _("Over already: {count}")),
        (done.idle, _("Nobody works on them anyway: {count}")),
        (done.visits, _("Open visits on these days: {count}; then: {command}")),
    ]
    return Page(
        title=title.format(day=terms.day_words(first.day)),
        schema="day-off/1",
        facts=tuple(fact for fact in facts if fact.value),
        blocks=(
            *(Text(text.format(count=count, command=_replan(done)), "note") for count, text in notes if count),
            *unwritten(dry_run=dry_run),
        ),
        data={
            "date": first.day.isoformat(),
            "last": last.day.isoformat(),
            "person": done.whose.code if done.whose else None,
            "reason": first.reason,
            "known": done.known,
            "visits": done.visits,
            "removed": done.removed,
            "dry_run": dry_run,
        },
    )


def _replan(done: DaysOff) -> str:
    """A command for every month the days lie in."""
    months = dict.fromkeys(Month.of(off.day) for off in done.days)
    return "; ".join(f"crmkit plan replan --month {one}" for one in months)


def days_off(found: ListedDaysOff) -> Page:
    """The days off to come."""
    columns = (
        Column("date", _("Date")),
        Column("weekday", _("Weekday")),
        Column("person", _("For")),
        Column("reason", _("Reason")),
    )
    rows = tuple((off.day, _weekday(off.day), _whose(found, off), off.reason or None) for off in found.days)
    return Page(
        title=_("Days off"),
        schema="days-off/1",
        blocks=(Table(columns, rows, empty=_("No days off from today on.")),),
    )


def _weekday(day: date) -> Term:
    return Term(str(day.isoweekday()), terms.weekday(day))


def _whose(found: ListedDaysOff, off: DayOff) -> Term:
    if off.person is None:
        return Term("", _("the whole company"))
    return Term(found.people[off.person].code, found.people[off.person].name)
