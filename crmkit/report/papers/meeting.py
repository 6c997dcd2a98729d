"""The Saturday meeting on one page, to be read aloud: last week's visits, next week's focus, what is open."""

from collections import Counter
from collections.abc import Sequence

from crmkit.model.meeting import Heard, ManagerReport, Meeting, MissedVisit, OpenMatters, VisitCounts
from crmkit.report.page import Block, Cell, Column, Fact, Facts, Heading, Json, Page, Table, Text
from crmkit.report.papers.headings import rejected
from crmkit.report.papers.status import STEP_WORDS
from crmkit.report.papers.week_schedule import total_words
from crmkit.report.papers.week_schedule_data import totals_data
from crmkit.report.terms import short_day, week_words, weekday, word
from crmkit.report.words import _, ngettext
from crmkit.rules.meeting import together

_FIRST = 8  # of each list, shared by those who speak, so that the page stays one; all with --all
_LEAST = 2
_JOINT = " · "


def meeting(found: Meeting, *, show_all: bool = False) -> Page:
    """Each speaker's week, then what is open with him; a team begins with its table."""
    names = _(", ").join(report.manager.name for report in found.reports)
    blocks: list[Block] = [_team(found)] if len(found.reports) > 1 else []
    for report in found.reports:
        blocks += _report(report, alone=len(found.reports) == 1, first=None if show_all else _first(found))
    return Page(
        title=_("Saturday meeting"),
        subtitle=_JOINT.join((names, week_words(found.week))),
        schema="meeting/1",
        facts=tuple(_facts(found)),
        blocks=tuple(blocks),
        generated_for=found.today,
        data=_data(found),
        foot=_JOINT.join((_("Saturday meeting"), week_words(found.week))),
    )


def _facts(found: Meeting) -> list[Fact]:
    total = together(report.total for report in found.reports)
    return [Fact(_("Visits of the week"), counts_words(total)), Fact(_("Next week"), week_words(found.coming))]


def counts_words(counts: VisitCounts) -> str:
    """104 planned, 99 made, 3 missed, 2 not typed in, 4 extra."""
    said = [_("{count} planned").format(count=counts.planned), _("{count} made").format(count=counts.made)]
    more = (
        (counts.early, _("{count} made on another day")),
        (counts.missed, _("{count} missed")),
        (counts.untyped, _("{count} not typed in")),
        (counts.coming, _("{count} still to come")),
        (counts.extra, _("{count} extra")),
    )
    return _(", ").join([*said, *(text.format(count=count) for count, text in more if count)])


def _team(found: Meeting) -> Table:
    columns = (Column("manager", _("Customer manager")), *_counted())
    rows = tuple((report.manager.name, *_cells(report.total)) for report in found.reports)
    return Table(columns, rows)


def _counted() -> tuple[Column, ...]:
    return (
        Column("planned", _("Planned"), "number"),
        Column("made", _("Made"), "number"),
        Column("missed", _("Missed"), "number"),
        Column("untyped", _("Not typed in"), "number"),
        Column("extra", _("Extra"), "number"),
    )


def _cells(counts: VisitCounts) -> tuple[Cell, ...]:
    return counts.planned, counts.made + counts.early, counts.missed, counts.untyped, counts.extra


def _first(found: Meeting) -> int:
    return max(_LEAST, _FIRST // max(1, len(found.reports)))


def _report(report: ManagerReport, *, alone: bool, first: int | None) -> list[Block]:
    blocks: list[Block] = [Heading(_("Visits of the week") if alone else report.manager.name)]
    if alone:
        blocks.append(_days(report))
    elif not report.total.planned and not report.total.extra:
        blocks.append(Text(_("No visit was planned or made.")))
    if report.missed:
        blocks.append(Text(_missed(report.missed, first)))
    blocks += _heard(_("Market anomalies"), report.anomalies, first)
    blocks += _heard(_("Opinions and wishes of customers"), report.opinions, first)
    if alone:
        blocks.append(Heading(_("Next week's focus")))
    blocks.append(_focus(report))
    matters = _matters(report.matters, report.total)
    if matters:
        blocks += [Heading(_("Open matters"))] if alone else []
        blocks += [Text("\n".join(f"· {line}" for line in matters)), *rejected(report.matters.rejection)]
    return blocks


def _days(report: ManagerReport) -> Table:
    columns = (Column("day", _("Date")), *_counted())
    rows = tuple((f"{weekday(day)} {short_day(day)}", *_cells(counts)) for day, counts in report.days)
    return Table(columns, rows, empty=_("No visit was planned or made."))


def _missed(missed: Sequence[MissedVisit], first: int | None) -> str:
    """Missed: shop shut 2, owner away 1 (4 Nov 1003 name: note; …)."""
    counted = Counter(one.reason for one in missed)
    said = _(", ").join(f"{word(reason)} {count}" for reason, count in counted.most_common())
    shown = missed[:first]
    names = _("; ").join(
        f"{short_day(one.day)} {one.customer.name}" + (f"{_(': ')}{one.note}" if one.note else "") for one in shown
    )
    more = len(missed) - len(shown)
    rest = _(" and {count} more").format(count=more) if more else ""
    return f"{_('Missed')}{_(': ')}{said}" + _(" ({text})").format(text=names + rest)


def _heard(head: str, heard: Sequence[Heard], first: int | None) -> list[Block]:
    if not heard:
        return []
    shown = heard[:first]
    lines = [f"· {short_day(one.day)} {one.customer.name}{_(': ')}{one.text}" for one in shown]
    more = len(heard) - len(shown)
    rest = [_("{count} more; all with --all").format(count=more)] if more else []
    return [Text("\n".join([f"{head}{_(': ')}{len(heard)}", *lines, *rest]))]


def _focus(report: ManagerReport) -> Facts:
    texts, none = report.coming_week.texts, _("Nothing is written yet.")
    facts = [
        Fact(_("Focus of market collection"), texts.market or none),
        Fact(_("Focus of brand work"), texts.brand or none),
        Fact(_("Planned"), _JOINT.join(total_words(report.coming_week.totals))),
    ]
    return Facts(tuple(facts))


def _matters(matters: OpenMatters, total: VisitCounts) -> list[str]:
    told = []
    if total.untyped:
        told.append(_("{count} visits not typed in").format(count=total.untyped))
    if matters.owed:
        owed = ngettext("{count} visit owed", "{count} visits owed", matters.owed)
        told.append(_("Visit debt") + _(": ") + owed.format(count=matters.owed))
    if matters.late_steps:
        told.append(_("late: ") + _(", ").join(_(STEP_WORDS[key]) for key in matters.late_steps))
    if matters.waiting_days:
        days = _(", ").join(f"{weekday(day)} {short_day(day)}" for day in matters.waiting_days)
        told.append(_("next week without approval or visit plan: ") + days)
    return told


def _data(found: Meeting) -> Json:
    return {
        "week": str(found.week),
        "coming": str(found.coming),
        "reports": [_report_data(report) for report in found.reports],
    }


def _report_data(report: ManagerReport) -> Json:
    texts = report.coming_week.texts
    return {
        "manager": report.manager.code,
        "total": _counts(report.total),
        "days": [{"date": day.isoformat(), **_counts(counts)} for day, counts in report.days],
        "missed": [
            {"customer": one.customer.code, "date": one.day.isoformat(), "reason": one.reason.value, "note": one.note}
            for one in report.missed
        ],
        "anomalies": [_heard_data(one) for one in report.anomalies],
        "opinions": [_heard_data(one) for one in report.opinions],
        "focus": {"market": texts.market, "brand": texts.brand, "totals": totals_data(report.coming_week.totals)},
        "open": {
            "late_steps": list(report.matters.late_steps),
            "owed": report.matters.owed,
            "waiting_days": [day.isoformat() for day in report.matters.waiting_days],
            "rejected": report.matters.rejection.reason if report.matters.rejection else None,
        },
    }


def _counts(counts: VisitCounts) -> dict[str, Json]:
    return {
        "planned": counts.planned,
        "made": counts.made,
        "early": counts.early,
        "missed": counts.missed,
        "untyped": counts.untyped,
        "coming": counts.coming,
        "extra": counts.extra,
    }


def _heard_data(one: Heard) -> Json:
    return {"customer": one.customer.code, "date": one.day.isoformat(), "text": one.text}
