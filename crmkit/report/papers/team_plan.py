"""A team in one area: who changes hands and why, and every manager's month before and after."""

from typing import Any

from crmkit.model.assigning import AreaFigures, Cause, Change, TeamFigures
from crmkit.model.document import DocumentState
from crmkit.model.person import Person
from crmkit.report.page import Block, Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.headings import following, unwritten
from crmkit.report.terms import month_words, word
from crmkit.report.words import _
from crmkit.workflow.assign_team import TeamPlan


def team_plan(plan: TeamPlan, *, dry_run: bool = False) -> Page:
    """The proposal, or what was handed over."""
    return Page(
        title=_("Who visits whom") if plan.applied else _("Who visits whom: a proposal"),
        subtitle=month_words(plan.month),
        schema="team-plan/1",
        facts=tuple(_facts(plan)),
        blocks=(_figures(plan), *_warnings(plan), _changes(plan), *_proposed(plan), *unwritten(dry_run=dry_run)),
        data=_data(plan, dry_run=dry_run),
        rows=_changes(plan),
    )


def next_step(plan: TeamPlan, repeat: str) -> str | None:
    """What to type after it; `repeat` is the same command that applies. None: all stays as it is."""
    if not plan.changes:
        return None
    if not plan.applied:
        return following(repeat)
    return following(f"crmkit plan visits --month {plan.month} --manager {plan.changes[0].to.code}")


def _facts(plan: TeamPlan) -> list[Fact]:
    count = len(plan.changes)
    told = [
        Fact(_("Managers"), _(", ").join(f"{one.name} ({one.code})" for one in plan.managers)),
        Fact(_("Planned from"), plan.first.isoformat()),
        Fact(_("Change hands"), _("{count} of {all}").format(count=count, all=plan.before.customers + plan.orphans)),
    ]
    for said, number in (
        (_("Had no manager"), plan.orphans),
        (_("Stay for an appointment or a printed visit"), plan.fixed),
    ):
        if number:
            told.append(Fact(said, str(number)))
    for said, before, after in (
        (_("Visits by phone for want of room"), plan.before.by_phone, plan.after.by_phone),
        (_("Visits without a day"), plan.before.unfit, plan.after.unfit),
    ):
        if before or after:
            told.append(Fact(said, _change(before, after)))
    return [*told, Fact(_("Most customers of a manager"), str(plan.limit)), Fact(_("Seed"), str(plan.seed))]


def _change(before: object, after: object) -> str:
    return f"{after}" if before == after else f"{before} → {after}"


def _figures(plan: TeamPlan) -> Table:
    columns = (
        Column("manager", _("Manager")),
        Column("customers", _("Customers"), "number"),
        Column("visits", _("Visits"), "number"),
        Column("hours", _("Hours"), "number"),
        Column("km", _("Km"), "number"),
        Column("spread", _("Days uneven %"), "number"),
    )
    rows = [
        _row(f"{before.person.name} ({before.person.code})", before, after)
        for before, after in zip(plan.before.areas, plan.after.areas, strict=True)
    ]
    rows.append(_row(_("The team"), plan.before, plan.after))
    return Table(columns, tuple(rows), title=_("Before and after"))


def _row(name: str, before: AreaFigures | TeamFigures, after: AreaFigures | TeamFigures) -> tuple[str, ...]:
    return (
        name,
        _change(before.customers, after.customers),
        _change(before.visits, after.visits),
        _change(_hours(before.minutes), _hours(after.minutes)),
        _change(before.kilometres, after.kilometres),
        _change(before.spread, after.spread),
    )


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _changes(plan: TeamPlan) -> Table:
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("from", _("From")),
        Column("to", _("To")),
        Column("visits", _("Visits"), "number"),
        Column("near_from", _("m to old area"), "number"),
        Column("near_to", _("m to new area"), "number"),
        Column("why", _("Why")),
    )
    return Table(
        columns,
        tuple(_changed(one) for one in plan.changes),
        title=_("Who changes hands"),
        empty=_("Nobody: no other sharing out is better than the present one."),
    )


def _changed(one: Change) -> tuple[Any, ...]:
    owner = one.owner.code if one.owner else None
    why = Term(one.cause.value, word(one.cause))
    return one.customer.code, one.customer.name, owner, one.to.code, one.visits, *one.near, why


def _warnings(plan: TeamPlan) -> list[Block]:
    blocks: list[Block] = []
    if plan.provisional:
        blocks.append(Text(_("Provisional: the official calendar is not published yet."), "warning"))
    if plan.unplaced:
        told = _("Customers without coordinates, whose ways are assumed and not measured: {count}")
        blocks.append(Text(told.format(count=plan.unplaced), "warning"))
    blocks += [Text(_settled(person, state), "warning") for person, state in plan.settled]
    reasons = [one.cause for one in plan.changes]
    said = [f"{word(cause)}{_(': ')}{reasons.count(cause)}" for cause in Cause if cause in reasons]
    return [*blocks, Text(_("; ").join(said))] if said else blocks


def _settled(person: Person, state: DocumentState) -> str:
    text = _("The month plan of {name} ({code}) is past its draft ({state}): frequencies go along, its days do not.")
    return text.format(name=person.name, code=person.code, state=word(state))


def _proposed(plan: TeamPlan) -> tuple[Block, ...]:
    if plan.applied or not plan.changes:
        return ()
    return (Text(_("A proposal: nothing was handed over. --apply does it, as one step that can be undone."), "note"),)


def _data(plan: TeamPlan, *, dry_run: bool) -> dict[str, Any]:
    return {
        "month": str(plan.month),
        "from": plan.first.isoformat(),
        "limit": plan.limit,
        "most_moved": plan.most_moved,
        "unassigned": plan.orphans,
        "fixed": plan.fixed,
        "managers": [
            {"manager": before.person.code, "before": _numbers(before), "after": _numbers(after)}
            for before, after in zip(plan.before.areas, plan.after.areas, strict=True)
        ],
        "team": {"before": _numbers(plan.before), "after": _numbers(plan.after)},
        "changes": _changes(plan).records(),
        "solver": plan.solver,
        "seed": plan.seed,
        "provisional": plan.provisional,
        "settled": [{"manager": person.code, "state": state.value} for person, state in plan.settled],
        "applied": plan.applied,
        "dry_run": dry_run,
    }


def _numbers(figures: AreaFigures | TeamFigures) -> dict[str, Any]:
    return {
        "customers": figures.customers,
        "visits": figures.visits,
        "minutes": figures.minutes,
        "kilometres": figures.kilometres,
        "spread_percent": f"{figures.spread:f}",
        "by_phone": figures.by_phone,
        "unfit": figures.unfit,
    }
