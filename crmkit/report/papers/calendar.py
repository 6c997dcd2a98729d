"""Pages about working days."""

from datetime import date

from crmkit.model.calendar import DayOff
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.report import terms
from crmkit.report.page import Column, Fact, Page, Table, Text
from crmkit.report.papers.headings import following, unwritten
from crmkit.report.words import _, ngettext
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


def day_off(off: DayOff, whose: Person | None, planned: int = 0, *, dry_run: bool = False) -> Page:
    """A day off that was noted."""
    name = f"{whose.code} {whose.name}" if whose else _("the whole company")
    told = ngettext("{count} visit is planned on this day.", "{count} visits are planned on this day.", planned)
    waiting = (Text(told.format(count=planned), "warning"),) if planned else ()
    return Page(
        title=_("Day off: {day}").format(day=terms.day_words(off.day)),
        schema="day-off/1",
        facts=(Fact(_("For"), name), Fact(_("Reason"), off.reason or "-")),
        blocks=(*waiting, *unwritten(dry_run=dry_run)),
        data={
            "date": off.day.isoformat(),
            "person": whose.code if whose else None,
            "reason": off.reason,
            "planned": planned,
            "dry_run": dry_run,
        },
    )


def replanning(off: DayOff) -> str:
    """What to type when visits were planned on a day off."""
    return following(f"crmkit plan visits --month {Month.of(off.day)}")
