"""Pages about dates of one customer: appointments and days on which the shop is shut."""

from crmkit.model.month import Month
from crmkit.report.page import Block, Fact, Page, Text
from crmkit.report.papers.headings import unwritten
from crmkit.report.terms import day_words, short_day, word
from crmkit.report.words import _
from crmkit.workflow.close_days import ClosedDays
from crmkit.workflow.keep_appointment import Appointment


def appointment(kept: Appointment, *, dry_run: bool) -> Page:
    """A visit that must be made on its day."""
    notes = [
        (kept.known and not kept.removed, _("It was planned for that day already; now it stays there.")),
        (kept.printed, _("The sheet of that day is printed: print it again.")),
        (not kept.working, _("The manager does not work on that day.")),
    ]
    blocks: list[Block] = [Text(text, "note") for holds, text in notes if holds]
    title = _("Appointment taken back: {code} {name}") if kept.removed else _("Appointment: {code} {name}")
    return Page(
        title=title.format(code=kept.customer.code, name=kept.customer.name),
        schema="appointment/1",
        facts=tuple(
            Fact(name, value)
            for name, value in (
                (_("Date"), day_words(kept.visit.day)),
                (_("Way"), word(kept.visit.method)),
                (_("Reason"), kept.reason),
            )
            if value
        ),
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data={
            "customer": kept.customer.code,
            "date": kept.visit.day.isoformat(),
            "method": kept.visit.method.value,
            "reason": kept.reason,
            "removed": kept.removed,
            "printed": kept.printed,
            "working": kept.working,
            "dry_run": dry_run,
        },
    )


def closed(shut: ClosedDays, *, dry_run: bool) -> Page:
    """Days a shop is shut, or open again."""
    title = _("Open again: {code} {name}") if shut.removed else _("Shut: {code} {name}")
    blocks: list[Block] = []
    if shut.visits:
        days = _(", ").join(short_day(visit.day) for visit in shut.visits)
        months = dict.fromkeys(Month.of(visit.day) for visit in shut.visits)
        command = "; ".join(f"crmkit plan replan --month {one}" for one in months)
        text = _("Visits are planned on these days: {days}. Plan anew: {command}; move pinned ones by hand.")
        blocks.append(Text(text.format(days=days, command=command), "warning"))
    return Page(
        title=title.format(code=shut.customer.code, name=shut.customer.name),
        schema="closed-days/1",
        facts=tuple(
            Fact(name, value)
            for name, value in (
                (_("First day"), day_words(shut.first)),
                (_("Last day"), day_words(shut.last)),
                (_("Reason"), shut.reason),
            )
            if value
        ),
        blocks=(*blocks, *unwritten(dry_run=dry_run)),
        data={
            "customer": shut.customer.code,
            "first": shut.first.isoformat(),
            "last": shut.last.isoformat(),
            "reason": shut.reason,
            "removed": shut.removed,
            "planned": [visit.day.isoformat() for visit in shut.visits],
            "dry_run": dry_run,
        },
    )
