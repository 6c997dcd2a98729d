"""Step 9, the visit plan: how many visits on which day, what became a phone call, what stands nowhere."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from crmkit.model.customer import Customer
from crmkit.model.planning import Misfit, Repair, RepairKind, Unfit
from crmkit.model.visit import PlannedVisit
from crmkit.report.page import Block, Column, Fact, Heading, Page, Table, Term, Text
from crmkit.report.papers import headings
from crmkit.report.papers.headings import FIRST, following, named, unwritten, whose
from crmkit.report.papers.visit_debts import debt_line
from crmkit.report.terms import short_day, weekday, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.plan_visits import VisitPlan


def visit_plan(plan: VisitPlan, *, show_all: bool = False, dry_run: bool = False) -> Page:
    """The plan by day; each visit in JSON and CSV. Every name with --all."""
    told = warnings(plan, show_all=show_all)
    return Page(
        title=_("Visit plan (trial)") if plan.trial else _("Visit plan"),
        subtitle=whose(plan.manager, plan.month),
        schema="visit-plan/1",
        facts=tuple(_facts(plan)),
        blocks=(_days(plan), *_gentler(plan), *told, *_trial(plan), *unwritten(dry_run=dry_run)),
        data=_data(plan, dry_run=dry_run),
        rows=_visits(plan),
    )


def next_step(plan: VisitPlan) -> str:
    """What to type after it."""
    if plan.trial:
        return following(f"crmkit plan {'visits' if plan.approved else 'submit'} --month {plan.month}")
    ahead = sorted(day for day in plan.per_day if day >= plan.range.start)
    waits = plan.range.start > plan.month.first and ahead and ahead[-1] > plan.range.start
    if waits or not ahead:
        return following("crmkit visit sheet --date next -o sheet.pdf")
    return following(f"crmkit visit sheet --date {ahead[0]} -o sheet.pdf")


def fixed(plan: VisitPlan) -> str | None:
    """Days a new plan left as they were; None when it was free."""
    if not plan.fixed_days:
        return None
    days = "  ".join(short_day(day) for day in plan.fixed_days)
    return _("Printed or pinned, left as they are: {days}").format(days=days)


def _facts(plan: VisitPlan) -> list[Fact]:
    facts = [
        Fact(_("From and to"), f"{plan.range.first.isoformat()} - {plan.range.last.isoformat()}"),
        Fact(_("New visits"), str(len(plan.written))),
    ]
    told = (
        (_("Visits that stay"), len(plan.kept)),
        (_("Replaced"), plan.replaced),
        (_("Made by phone for want of room"), len(plan.settled.repairs)),
        (_("Without a day (visit debt)"), len(plan.settled.unfit)),
        (_("Of weeks gone by, no longer planned for"), plan.lapsed),
    )
    facts += [Fact(name, str(count)) for name, count in told if count]
    return [*facts, Fact(_("Seed"), str(plan.seed))]


def _days(plan: VisitPlan) -> Table:
    columns = (
        Column("date", _("Date")),
        Column("weekday", _("Weekday")),
        Column("visits", _("Visits"), "number"),
        Column("road", _("On the road"), "number"),
        Column("km", _("Km"), "number"),
    )
    rows = tuple(
        (day, weekday(day), plan.per_day[day], plan.road_per_day[day], kilometres(plan.metres.get(day)))
        for day in plan.days
    )
    return Table(columns, rows, title=_("Visits by day"), empty=_("No day can take visits."))


def kilometres(metres: int | None) -> int | None:
    """Whole kilometres."""
    return None if metres is None else (metres + 500) // 1000


def warnings(plan: VisitPlan, *, show_all: bool = False) -> list[Block]:
    """What the plan could not do, or did at a price."""
    blocks: list[Block] = []
    if plan.provisional:
        blocks.append(Text(_("Provisional: the official calendar is not published yet."), "warning"))
    if plan.untyped and plan.steady:
        taken = ngettext(
            "{count} visit of the days before is not typed in: counted as made; else: crmkit visit miss.",
            "{count} visits of the days before are not typed in: counted as made; else: crmkit visit miss.",
            plan.untyped,
        )
        blocks.append(Text(taken.format(count=plan.untyped), "note"))
    elif plan.untyped:
        told = ngettext(
            "{count} visit of the days before is not typed in: counted as not made and planned anew.",
            "{count} visits of the days before are not typed in: counted as not made and planned anew.",
            plan.untyped,
        )
        blocks.append(Text(told.format(count=plan.untyped), "warning"))
    kinds = {repair.kind for repair in plan.settled.repairs}
    blocks += [_repaired(plan, kind, show_all=show_all) for kind in RepairKind if kind in kinds]
    blocks += _unfit(plan, show_all=show_all)
    for said, who in (
        (_("Without a visit method, so not on daily sheets: "), plan.methodless),
        (_("To be phoned, but no phone number is known: "), plan.unreachable),
        (_("Coordinates far outside the area, not routed to: "), plan.far),
        (_("Moved since the ways to them were given, so measured anew; hand in their distances: "), plan.moved),
        (_("Stay on a day off, or while the shop is shut; move by hand (crmkit plan move): "), _stranded(plan)),
        (_("No longer valid, their open visits cancelled: "), _customers(plan, plan.cancelled)),
    ):
        if who:
            blocks.append(Text(said + named(who, show_all=show_all), "warning"))
    return [*blocks, *(debt_line(plan.debts.open) if plan.debts else ())]


def _stranded(plan: VisitPlan) -> tuple[Customer, ...]:
    return _customers(plan, plan.stranded)


def _gentler(plan: VisitPlan) -> tuple[Block, ...]:
    """A month that runs is better planned anew than from nothing."""
    if not plan.replaced or plan.trial or plan.range.start <= plan.month.first:
        return ()
    return (Text(_("To change as few visits as possible instead: crmkit db undo, then crmkit plan replan."), "note"),)


def _trial(plan: VisitPlan) -> tuple[Block, ...]:
    return (Text(_("A trial: nothing was written."), "note"),) if plan.trial else ()


def _repaired(plan: VisitPlan, kind: RepairKind, *, show_all: bool) -> Text:
    found = [repair for repair in plan.settled.repairs if repair.kind is kind]
    said = ngettext("{count} visit: ", "{count} visits: ", len(found)).format(count=len(found))
    return Text(f"{said}{word(kind)}{_(': ')}{_which_visits(plan, found, show_all=show_all)}")


def _unfit(plan: VisitPlan, *, show_all: bool) -> list[Block]:
    unfit = sorted(plan.settled.unfit, key=lambda one: (list(Misfit).index(one.misfit), one.code))
    if not unfit:
        return []
    blocks: list[Block] = [Heading(_("Owed visits without a day become visit debt"))]
    for misfit, found in groupby(unfit, key=lambda one: one.misfit):
        who = _which_visits(plan, list(found), show_all=show_all)
        blocks.append(Text(f"{word(misfit)}{_(': ')}{who}", "warning"))
    return blocks


def _which_visits(plan: VisitPlan, found: list[Repair] | list[Unfit], *, show_all: bool) -> str:
    """Whose visits, and which of the month: one shop may have one by phone and another without a day."""
    who = [f"{one.code} {plan.known[one.customer].name}{_which(one)}" for one in found]
    shown = who if show_all else who[:FIRST]
    more = _(" and {count} more").format(count=len(who) - len(shown)) if len(who) > len(shown) else ""
    return f"{_('; ').join(shown)}{more}"


def _which(one: Unfit | Repair) -> str:
    if one.week:
        return _(" (week of {day})").format(day=short_day(one.week))
    return _(" (visit {number})").format(number=one.number)


def _customers(plan: VisitPlan, visits: Iterable[PlannedVisit | Repair]) -> tuple[Customer, ...]:
    """Each customer once, in the order given."""
    return tuple(plan.known[customer] for customer in dict.fromkeys(visit.customer for visit in visits))


def _visits(plan: VisitPlan) -> Table:
    """Every visit of the plan, by day and road."""
    columns = (
        Column("date", _("Date")),
        Column("position", _("No."), "number"),
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("method", _("Way")),
    )
    listed = sorted((*plan.written, *plan.kept), key=lambda v: (v.day, v.position == 0, v.position, v.customer))
    rows = tuple(
        (
            visit.day,
            visit.position,
            plan.known[visit.customer].code,
            plan.known[visit.customer].name,
            Term(visit.method.value, word(visit.method)),
        )
        for visit in listed
    )
    return Table(columns, rows)


def _data(plan: VisitPlan, *, dry_run: bool) -> dict[str, Any]:
    return {
        "month": str(plan.month),
        "manager": plan.manager.code,
        "from": plan.range.first.isoformat(),
        "to": plan.range.last.isoformat(),
        "trial": plan.trial,
        "seed": plan.seed,
        "provisional": plan.provisional,
        "new": len(plan.written),
        "kept": len(plan.kept),
        "replaced": plan.replaced,
        "untyped": plan.untyped,
        "days": [
            {"date": day.isoformat(), "visits": plan.per_day[day], "metres": plan.metres.get(day)} for day in plan.days
        ],
        "visits": _visits(plan).records(),
        "repairs": [
            {"customer": r.code, "number": r.number, "kind": r.kind.value, "week": r.week and r.week.isoformat()}
            for r in plan.settled.repairs
        ],
        "unfit": [
            {"customer": u.code, "number": u.number, "why": u.misfit.value, "week": u.week and u.week.isoformat()}
            for u in plan.settled.unfit
        ],
        "methodless": headings.coded(plan.methodless),
        "far": headings.coded(plan.far),
        "moved": headings.coded(plan.moved),
        "cancelled": headings.coded(_customers(plan, plan.cancelled)),
        "stranded": headings.coded(_stranded(plan)),
        "fixed_days": [day.isoformat() for day in plan.fixed_days],
        "lapsed": plan.lapsed,
        "dry_run": dry_run,
    }
