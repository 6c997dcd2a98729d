"""The facts of the street: one visit as it was kept, and a day's visits together."""

from typing import Any

from crmkit.model.evening import FieldSeen
from crmkit.model.visit import PlannedState, Visit
from crmkit.report.fieldwords import field_word, value_word
from crmkit.report.page import Block, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.headings import unwritten
from crmkit.report.terms import day_words, word
from crmkit.report.words import _
from crmkit.workflow.list_visits import DayVisit, VisitsOfDay
from crmkit.workflow.log_visit import Logged

_AD_HOC = "●"
_JOINT = " · "


def logged(result: Logged, *, dry_run: bool = False) -> Page:
    """One visit, made or missed."""
    visit = result.visit
    return Page(
        title=_("Visit logged") if visit.visited else _("Missed visit logged"),
        subtitle=_JOINT.join((f"{result.customer.code} {result.customer.name}", day_words(visit.day))),
        schema="visit/1",
        facts=tuple(_facts(result)),
        blocks=(*_notes(result), *unwritten(dry_run=dry_run)),
        data={
            "customer": result.customer.code,
            **_visit_data(visit),
            "fulfils": result.fulfils.day.isoformat() if result.fulfils else None,
            "verified": [{"field": one.field, "before": one.before, "after": one.after} for one in result.seen],
            "done": [{"code": s.code, "cause": s.cause} for s in result.done],
            "corrected": result.corrected is not None and not result.unchanged,
            "unchanged": result.unchanged,
            "repays": result.repays.since.isoformat() if result.repays else None,
            "dry_run": dry_run,
        },
        generated_for=visit.day,
    )


def seen_words(seen: FieldSeen) -> str:
    """Phone 13800000000 → 13900001111, or the field alone where all was right."""
    told = field_word(seen.field)
    if not seen.changes:
        return told
    before, after = (value_word(seen.field, value) for value in (seen.before, seen.after))
    return f"{told} {before} → {after}"


def day_list(found: VisitsOfDay) -> Page:
    """A day's visits: planned, made, missed, extra."""
    columns = (
        Column("position", _("No."), "number"),
        Column("short_code", _("Short")),
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("state", _("State")),
        Column("method", _("Way")),
        Column("ad_hoc", _AD_HOC),
        Column("note", _("Note")),
    )
    table = Table(columns, tuple(map(_row, found.visits)), empty=_("No visits are planned for this day."))
    counts = [f"{word(state)} {found.counts[state]}" for state in PlannedState if found.counts[state]]
    return Page(
        title=_("Visits of the day"),
        subtitle=_JOINT.join((found.manager.name, day_words(found.day))),
        schema="visits/1",
        facts=(Fact(_("Together"), _(", ").join(counts)),) if counts else (),
        blocks=(table,),
        generated_for=found.day,
    )


def _facts(result: Logged) -> list[Fact]:
    visit = result.visit
    facts = [Fact(_("Way"), word(visit.method))] if visit.visited else []
    if visit.miss_reason:
        facts.append(Fact(_("Why not"), word(visit.miss_reason)))
    if visit.arrived or visit.left:
        facts.append(Fact(_("arrived"), f"{visit.arrived or '…'} - {visit.left or '…'}"))
    told = (
        (_("Market anomaly"), visit.anomaly),
        (_("Opinions and wishes"), visit.opinion),
        (_("Effect and impressions") if visit.visited else _("Note"), visit.effect),
    )
    facts += [Fact(name, text) for name, text in told if text]
    facts += [Fact(_("Verified"), seen_words(one)) for one in result.seen]
    if result.done:
        facts.append(Fact(_("Finished ★"), str(len(result.done))))
    return facts


def _notes(result: Logged) -> list[Block]:
    return [*_how(result), *_repaid(result)]


def _repaid(result: Logged) -> list[Block]:
    """An owed visit that this one makes up for."""
    if result.repays is None:
        return []
    day = day_words(result.repays.since)
    return [Text(_("Repays the visit owed since {day} ({why}).").format(day=day, why=word(result.repays.why)), "note")]


def _how(result: Logged) -> list[Block]:
    if result.unchanged:
        return [Text(_("The same was logged before; nothing changed."), "note")]
    if result.corrected:
        return [Text(_("What was logged before was corrected; the change log keeps it."), "note")]
    if result.fulfils and result.fulfils.day != result.visit.day:
        told = _("Takes the place of the visit planned for {day}.").format(day=day_words(result.fulfils.day))
        return [Text(f"{_AD_HOC} {told}", "note"), *_textless(result)]
    if result.visit.ad_hoc and result.visit.visited:
        return [Text(f"{_AD_HOC} " + _("Not planned: kept as an ad hoc visit."), "note"), *_textless(result)]
    return _textless(result)


def _textless(result: Logged) -> list[Block]:
    """Said where nothing but the visit itself was kept: the effect is what the month is judged by."""
    visit = result.visit
    if not visit.visited or result.done or visit.anomaly or visit.opinion or visit.effect:
        return []
    return [Text(_("No text was kept. To add one: type it again with --effect TEXT --correct"), "note")]


def _row(visit: DayVisit) -> tuple[int | str | Term | None, ...]:
    fact, method = visit.fact, visit.method
    return (
        visit.plan.position if visit.plan and visit.plan.position else None,
        visit.short_code or None,
        visit.customer.code,
        visit.customer.name,
        Term(visit.state.value, word(visit.state)),
        Term(method.value, word(method)) if method else None,
        Term("ad_hoc", _AD_HOC) if fact and fact.ad_hoc else None,
        _note(fact) if fact else None,
    )


def _note(fact: Visit) -> str:
    reason = (word(fact.miss_reason),) if fact.miss_reason else ()
    return _("; ").join(text for text in (*reason, fact.anomaly, fact.opinion, fact.effect) if text)


def _visit_data(visit: Visit) -> dict[str, Any]:
    return {
        "date": visit.day.isoformat(),
        "visited": visit.visited,
        "method": visit.method.value,
        "miss_reason": visit.miss_reason.value if visit.miss_reason else None,
        "ad_hoc": visit.ad_hoc,
        "arrived": visit.arrived,
        "left": visit.left,
        "anomaly": visit.anomaly,
        "opinion": visit.opinion,
        "effect": visit.effect,
    }
