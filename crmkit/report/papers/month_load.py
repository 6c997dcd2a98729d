"""What a month plan asks of its working days: visits against room, week by week, repairs, what does not fit."""

from itertools import groupby

from crmkit.model.planning import Foresight, Repair, RepairKind, Unfit, WeekLoad
from crmkit.report.page import Block, Cell, Column, Heading, Table, Term, Text
from crmkit.report.papers.headings import named
from crmkit.report.terms import short_day, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.generate_month_plan import MonthPlan

_MOST = 12  # neighbourhoods shown without --all


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
    blocks: list[Block] = [_weeks(load), *_areas(load, show_all=show_all), *_accepted(plan)]
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
        Column("visits", _("Visits"), "number"),
        Column("bound", _("Needed"), "number"),
        Column("room", _("Room"), "number"),
        Column("full", _("Full, %"), "number"),
    )
    rows = [_week_row(load, week) for week in load.weeks]
    visits, asked = load.anywhere
    rows.append((Term("any", _("in any of several")), None, visits, load.in_days(asked), None, None))
    told = Term("all", _("Together"))
    days = sum(week.days for week in load.weeks)
    full = _percent(load.asked, load.room)
    rows.append((told, days, load.visits, load.in_days(load.asked), load.in_days(load.room), full))
    return Table(columns, tuple(rows), title=_("Room by week, in full days; needed: what can stand in that week only"))


def _week_row(load: Foresight, week: WeekLoad) -> tuple[Cell, ...]:
    needed, room = load.in_days(week.bound), load.in_days(week.room)
    return (week.week.isoformat(), week.days, week.visits, needed, room, _percent(week.bound, week.room))


def _percent(part: int, whole: int) -> int | None:
    """So many in a hundred, rounded up: 101 is more than there is room for."""
    return -(-part * 100 // whole) if whole else None


def _areas(load: Foresight, *, show_all: bool) -> list[Block]:
    """What each neighbourhood asks for of the month's room; nothing where all customers are of one."""
    if len(load.areas) < 2:
        return []
    columns = (
        Column("neighbourhood", _("Neighbourhood")),
        Column("customers", _("Customers"), "number"),
        Column("visits", _("Visits"), "number"),
        Column("asked", _("Full days"), "number"),
        Column("share", _("Of the room, %"), "number"),
    )
    shown = load.areas if show_all else load.areas[:_MOST]
    rows = tuple(
        (
            area.neighbourhood or _("without a neighbourhood"),
            area.customers,
            area.visits,
            load.in_days(area.asked),
            _percent(area.asked, load.room),
        )
        for area in shown
    )
    more = len(load.areas) - len(shown)
    told = [Text(_("and {count} more neighbourhoods (--all)").format(count=more), "note")] if more else []
    return [Table(columns, rows, title=_("Visits by neighbourhood")), *told]


def _of_kind(repairs: tuple[Repair, ...], kind: RepairKind) -> tuple[Repair, ...]:
    return tuple(repair for repair in repairs if repair.kind is kind)


def _repairs(plan: MonthPlan, kind: RepairKind, *, show_all: bool) -> Text:
    found = _of_kind(plan.load.repairs, kind)
    who = tuple(plan.portfolio.owned[repair.customer] for repair in found)
    said = ngettext("{count} visit: ", "{count} visits: ", len(found)).format(count=len(found))
    freed = plan.load.in_days(sum(repair.frees for repair in found))
    effect = _(" (gives back {days} full days)").format(days=freed)
    return Text(f"{said}{word(kind)}{effect}{_(': ')}{named(who, show_all=show_all)}")


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
