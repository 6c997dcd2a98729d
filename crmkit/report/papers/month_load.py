"""What a month plan asks of its working days: visits against room, week by week, repairs, what does not fit."""

from itertools import groupby

from crmkit.model.planning import Foresight, Repair, RepairKind, Unfit
from crmkit.report.page import Block, Column, Heading, Table, Text
from crmkit.report.papers.headings import named
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.generate_month_plan import MonthPlan


def load_words(plan: MonthPlan) -> str:
    """480 visits ask for 18.20 days of 20.00; of a month that runs, those of the days that are left."""
    load = plan.load
    said = _("{visits} visits ask for {asked} full days of {room}").format(
        visits=load.visits, asked=load.in_days(load.asked), room=load.in_days(load.room)
    )
    if plan.load_from != plan.portfolio.month.first:
        said = _("from {day} on {said}").format(day=short_day(plan.load_from), said=said)
    return said if load.fits else said + _("; they do not fit")


def load_blocks(plan: MonthPlan, *, show_all: bool) -> list[Block]:
    """Room week by week; then what does not fit, by how much, and the repairs cheapest first."""
    load = plan.load
    blocks: list[Block] = [_weeks(load), *_accepted(plan)]
    if load.fits:
        return [*blocks, *_fits(plan)]
    blocks.append(Heading(_cannot(plan)))
    if load.short:
        blocks.append(Text(_("{days} full days are missing.").format(days=load.in_days(load.short)), "warning"))
    blocks += [_repairs(plan, kind, show_all=show_all) for kind in RepairKind if _of_kind(load.repairs, kind)]
    blocks += [_unfit(plan, tuple(found), show_all=show_all) for found in _by_misfit(load.unfit)]
    return blocks


def _accepted(plan: MonthPlan) -> list[Block]:
    """A month submitted although it could not fit stays one, whatever the policy says since."""
    if plan.shortage is None:
        return []
    told = _("Submitted although not every visit fitted: {reason}").format(reason=plan.shortage)
    return [Text(told, "warning")]


def _fits(plan: MonthPlan) -> list[Block]:
    """That every visit has room, where that can still be said."""
    if plan.over:
        return [Text(_("The month is over: no day is left; the figures are those of before it began."), "note")]
    if plan.shortage is not None:
        return [Text(_("By the policy and the data of now every visit would have room."), "note")]
    if plan.load_from == plan.portfolio.month.first:
        return [Text(_("The month can hold every visit."))]
    return [Text(_("The days that are left can hold every visit still owed; weeks gone by are not owed."))]


def _cannot(plan: MonthPlan) -> str:
    if plan.over or plan.load_from == plan.portfolio.month.first:
        return _("The month cannot hold every visit")
    return _("The days that are left cannot hold every visit still owed")


def _weeks(load: Foresight) -> Table:
    columns = (
        Column("week", _("Week of")),
        Column("days", _("Days"), "number"),
        Column("bound", _("Needed"), "number"),
        Column("room", _("Room"), "number"),
    )
    rows = tuple(
        (week.week.isoformat(), week.days, load.in_days(week.bound), load.in_days(week.room)) for week in load.weeks
    )
    return Table(columns, rows, title=_("Room by week, in full days; needed: what can stand in that week only"))


def _of_kind(repairs: tuple[Repair, ...], kind: RepairKind) -> tuple[Repair, ...]:
    return tuple(repair for repair in repairs if repair.kind is kind)


def _repairs(plan: MonthPlan, kind: RepairKind, *, show_all: bool) -> Text:
    found = _of_kind(plan.load.repairs, kind)
    who = tuple(plan.portfolio.owned[repair.customer] for repair in found)
    said = ngettext("{count} visit: ", "{count} visits: ", len(found)).format(count=len(found))
    return Text(f"{said}{word(kind)}{_(': ')}{named(who, show_all=show_all)}")


def _by_misfit(unfit: tuple[Unfit, ...]) -> list[list[Unfit]]:
    ordered = sorted(unfit, key=lambda one: one.misfit.value)
    return [list(found) for _misfit, found in groupby(ordered, key=lambda one: one.misfit)]


def _unfit(plan: MonthPlan, found: tuple[Unfit, ...], *, show_all: bool) -> Text:
    who = tuple(plan.portfolio.owned[one.customer] for one in found)
    said = ngettext(
        "{count} visit stands on no day and becomes visit debt ({why}): ",
        "{count} visits stand on no day and become visit debt ({why}): ",
        len(found),
    ).format(count=len(found), why=word(found[0].misfit))
    return Text(said + named(who, show_all=show_all), "warning")
