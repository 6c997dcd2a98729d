"""Week summary 周工作小结 and month summary 月度工作总结: the system's part filled, the person's asked for."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

from crmkit.model.summary import PARTS, Completion, Draft, Share, SummaryKind, SummaryPart, Told, Work
from crmkit.report.figurewords import percent, places
from crmkit.report.page import Bar, Block, Cell, Chart, Column, Fact, Facts, Heading, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import unwritten
from crmkit.report.papers.progress import orders_behind, progress_table
from crmkit.report.papers.summary_drafts import draft_words
from crmkit.report.terms import month_words, short_day, word
from crmkit.report.words import _
from crmkit.rules.summary import percent_of
from crmkit.workflow.show_progress import Progress
from crmkit.workflow.summarize import Summary

_JOINT = " · "
_SHOWN = 8
_BAR = 20


def summary_page(found: Summary, *, show_all: bool = False, dry_run: bool = False) -> Page:
    """The whole summary: figures, visits three ways, what was told and handled, the person's words or drafts."""
    week = found.period.kind is SummaryKind.WEEK
    return Page(
        title=_("Week summary") if week else _("Month summary"),
        subtitle=_JOINT.join((f"{found.manager.name} ({found.manager.code})", _when(found))),
        schema="week-summary/1" if week else "month-summary/1",
        facts=_head(found),
        blocks=tuple(_blocks(found, show_all=show_all, dry_run=dry_run)),
        generated_for=found.period.until,
        data=_data(found),
        rows=_visits_table(found),
        foot=_JOINT.join((found.manager.name, _when(found))),
    )


def next_step(found: Summary) -> str:
    """Which of the person's parts wait, and how they are written."""
    if not found.missing:
        return _("Every part is written.")
    names = _(", ").join(word(part) for part in found.missing)
    flags = " ".join(f"--{part} …" for part in found.missing)
    return _("To be written: {names}. With {flags}, or --write to be asked.").format(names=names, flags=flags)


def this_month_too() -> str:
    """At the end of a month this one may be meant."""
    return _("That was last month. This one: crmkit summarize month --month this")


def question(found: Summary, part: SummaryPart) -> str:
    """What a person is asked for one part: its word, what stands, what is offered."""
    lines = [f"{word(part)}"]
    offered = _offered(found, part)
    if part in found.own:
        lines.append(_("so far: {text}").format(text=found.own[part]))
    if offered:
        lines.append(_("draft: {text}").format(text=offered))
        lines.append(_("Your words, + to take the draft, Enter to leave it."))
    else:
        lines.append(_("Your words, Enter to leave it."))
    return "\n".join(lines)


def taken(found: Summary, part: SummaryPart) -> str:
    """The drafts of a part as one text."""
    return _offered(found, part)


def _when(found: Summary) -> str:
    period = found.period
    if period.kind is SummaryKind.MONTH:
        return month_words(period.months[0])
    year, number, _weekday = period.first.isocalendar()
    return _("{year}-W{week}, {first} to {last}").format(
        year=year, week=f"{number:02d}", first=short_day(period.first), last=short_day(period.last)
    )


def _head(found: Summary) -> tuple[Fact, ...]:
    facts = []
    if found.period.until < found.period.last:
        facts.append(Fact(_("Counted up to"), short_day(found.period.until)))
    if found.provisional:
        facts.append(Fact(_("Provisional"), _("the analyses of this month (steps 5 and 6) are not made yet")))
    return tuple(facts)


def _blocks(found: Summary, *, show_all: bool, dry_run: bool) -> list[Block]:
    blocks: list[Block] = [Heading(_("Figures"))]
    for one in found.progress:
        blocks += _figures(one, several=len(found.progress) > 1)
    blocks += [Heading(_("Visits")), _visits_table(found), Facts(tuple(_visit_facts(found)))]
    if len(found.work.per_day) > 1:
        blocks.append(_chart(found))
    for part in PARTS[found.period.kind]:
        blocks += [Heading(word(part)), *_part(found, part)]
    blocks += _lists(found.work, show_all=show_all)
    return [*blocks, *unwritten(dry_run=dry_run)]


def _figures(found: Progress, *, several: bool) -> list[Block]:
    area, pace = found.areas[0], found.pace
    passed = Fraction(100 * pace.passed, pace.days) if pace.days else None
    bars = [_pace_bar(_("Working time"), passed, f"{pace.passed}/{pace.days}")]
    volume = area.lines[0]
    if volume.reached is not None:
        bars.append(_pace_bar(_("Volume against its target"), volume.reached, ""))
    title = [Text(month_words(found.month), "note")] if several else []
    return [*title, Facts(tuple(bars)), *orders_behind(found), progress_table(found, area)]


def _pace_bar(name: str, share: Fraction | None, behind: str) -> Fact:
    if share is None:
        return Fact(name, "-")
    full = min(_BAR, max(0, round(share * _BAR / 100)))
    told = f"{'█' * full}{'░' * (_BAR - full)} {places(share, 1)} %"
    return Fact(name, f"{told} ({behind})" if behind else told)


def _visits_table(found: Summary) -> Table:
    now, before = found.work.completion, found.before
    earlier = _("week before %") if found.period.kind is SummaryKind.WEEK else _("month before %")
    columns = (
        Column("how", _("Counted")),
        Column("done", _("Made"), "number"),
        Column("of", _("Of"), "number"),
        Column("percent", "%", "number"),
        Column("before", earlier, "number"),
        Column("means", _("That is")),
    )
    ways = (
        (_("on the day"), now.on_day, before and before.on_day, _("planned visits made on their day")),
        (_("in the period"), now.in_period, before and before.in_period, _("planned visits made on any day of it")),
        (
            _("by frequency"),
            now.by_frequency,
            before and before.by_frequency,
            _("visits the frequencies ask for, of weeks and months that are over"),
        ),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (how, share.done, share.of, _share(share), _share(then) if then else None, means)
        for how, share, then, means in ways
    )
    return Table(columns, rows)


def _share(share: Share) -> Decimal | None:
    return percent(percent_of(share))


def _visit_facts(found: Summary) -> list[Fact]:
    work, now = found.work, found.work.completion
    made = [_("{count} visits made").format(count=now.made)]
    if now.by_phone:
        made.append(_("{count} of them by phone or other ways").format(count=now.by_phone))
    if now.extra:
        made.append(_("{count} extra ●").format(count=now.extra))
    facts = [Fact(_("Visits in all"), _(", ").join(made))]
    if now.missed:
        reasons = sorted(now.missed.items(), key=lambda one: (-one[1], one[0]))
        facts.append(Fact(_("Missed"), _(", ").join(f"{word(reason)} {count}" for reason, count in reasons)))
    if now.untyped:
        facts.append(Fact(_("Not typed in yet"), str(now.untyped)))
    if work.key.of:
        facts.append(Fact(_("Key customers visited"), _of(work.key)))
    if work.strategies.of:
        facts.append(Fact(_("Service strategies done ★"), _strategies(found)))
    return facts


def _strategies(found: Summary) -> str:
    """Of a week: those of it, and how far the month is."""
    share = found.work.strategies
    if found.period.kind is SummaryKind.MONTH:
        return _of(share)
    told = _("{count} this week; {done} of {all} of the month so far")
    return told.format(count=found.work.marked, done=share.done, all=share.of)


def _of(share: Share) -> str:
    return _("{done} of {all}").format(done=share.done, all=share.of)


def _chart(found: Summary) -> Chart:
    """Visits made by day; days that are still to come are hollow."""
    until = found.period.until
    bars = tuple(
        Bar(str(day.day), "", Decimal(share.of if day > until else share.done), hollow=day > until)
        for day, share in sorted(found.work.per_day.items())
    )
    return Chart(_("Visits by day"), bars)


def _lists(work: Work, *, show_all: bool) -> Iterator[Block]:
    """What was told and what was handled, a row each, behind what the person says of it."""
    anomalies = [(one.visit.day, one.customer.name, one.visit.anomaly or "") for one in work.anomalies]
    opinions = [(one.visit.day, one.customer.name, one.visit.opinion or "") for one in work.opinions]
    handled = [(item.done_on or item.since, item.customer.name, item.words.zh) for item in work.handled]
    waiting = [(item.since, item.customer.name, item.words.zh) for item in work.waiting]
    for title, told in (
        (_("Market anomalies"), anomalies),
        (_("Opinions and wishes of customers"), opinions),
        (_("Matters handled"), handled),
        (_("Matters open"), waiting),
    ):
        if told:
            yield Heading(f"{title} ({len(told)})")
            yield _list(told if show_all else told[:_SHOWN])
        if len(told) > _SHOWN and not show_all:
            yield Text(_("… and {count} more: --all").format(count=len(told) - _SHOWN), "note")


def _list(told: Sequence[tuple[date, str, str]]) -> Table:
    columns = (Column("date", _("Date")), Column("name", _("Name")), Column("text", _("What")))
    return Table(columns, tuple((Term(day.isoformat(), short_day(day)), name, text) for day, name, text in told))


def _part(found: Summary, part: SummaryPart) -> list[Block]:
    """The person's words; while there are none, what is offered, marked as a draft."""
    if part in found.own:
        return [Text(found.own[part])]
    offered = _offered(found, part)
    if offered:
        return [Text(_("Draft, not yet yours: {text}").format(text=offered), "note")]
    return [Text(_("(to be written)"), "note")]


def _offered(found: Summary, part: SummaryPart) -> str:
    return _sentences([draft for draft in found.drafts if draft.part is part])


def _sentences(some: Sequence[Draft]) -> str:
    joint = _("{one} {next}")
    said = [draft_words(draft) for draft in some]
    return reduce(lambda one, other: joint.format(one=one, next=other), said) if said else ""


def _data(found: Summary) -> dict[str, Any]:
    work = found.work
    return {
        "manager": found.manager.code,
        "kind": found.period.kind.value,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "until": found.period.until.isoformat(),
        "provisional": found.provisional,
        "months": [
            {
                "month": str(one.month),
                "working_days_passed": one.pace.passed,
                "working_days": one.pace.days,
                "volume": coded(places(one.areas[0].lines[0].actual, 3)) if one.areas[0].lines[0].actual else None,
                "volume_reached": coded(percent(one.areas[0].lines[0].reached)),
            }
            for one in found.progress
        ],
        "completion": _completion_data(work.completion),
        "before": _completion_data(found.before) if found.before else None,
        "strategies": {"done": work.strategies.done, "of": work.strategies.of, "marked": work.marked},
        "key_customers": {"done": work.key.done, "of": work.key.of},
        "anomalies": [_told_data(one, one.visit.anomaly) for one in work.anomalies],
        "opinions": [_told_data(one, one.visit.opinion) for one in work.opinions],
        "handled": [item.code for item in work.handled],
        "waiting": [item.code for item in work.waiting],
        "days": [{"day": d.isoformat(), "made": s.done, "planned": s.of} for d, s in work.per_day.items()],
        "abnormal": list(found.findings.abnormal),
        "drafts": [{"part": d.part.value, "code": d.code.value, "facts": dict(d.facts)} for d in found.drafts],
        "own": {part.value: text for part, text in found.own.items()},
        "missing": [part.value for part in found.missing],
    }


def _completion_data(found: Completion) -> dict[str, Any]:
    return {
        **{
            name: {"done": share.done, "of": share.of}
            for name, share in (
                ("on_day", found.on_day),
                ("in_period", found.in_period),
                ("by_frequency", found.by_frequency),
            )
        },
        "made": found.made,
        "by_phone": found.by_phone,
        "extra": found.extra,
        "missed": {reason.value: count for reason, count in sorted(found.missed.items())},
        "untyped": found.untyped,
    }


def _told_data(told: Told, text: str | None) -> dict[str, str | None]:
    return {"date": told.visit.day.isoformat(), "customer": told.customer.code, "text": text}
