"""A month's plan beside round-robin by code and beside last month's: road, hours, evenness, spacing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crmkit.model.comparing import PlanFigures
from crmkit.model.distance import Had
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Text
from crmkit.report.papers.headings import coded, following, named, whose
from crmkit.report.terms import short_day
from crmkit.report.words import _
from crmkit.workflow.compare_plans import PlanComparison

_Row = tuple[str, str, Callable[[PlanFigures], Cell]]


def comparison(found: PlanComparison) -> Page:
    """All figures of all plans, and what is proven."""
    return Page(
        title=_("Plan compared"),
        subtitle=whose(found.manager, found.month),
        schema="plan-comparison/1",
        facts=plan_facts(found),
        blocks=(_table(found), *_notes(found)),
        data=comparison_data(found),
        rows=_table(found),
    )


def next_step(found: PlanComparison) -> str:
    """What to type after it."""
    return following(f"crmkit plan show --month {found.month}")


def plan_facts(found: PlanComparison) -> tuple[Fact, ...]:
    """The plan in a few lines: also on the month plan."""
    this, facts = found.this, []
    road = _("{km} km, {hours} h with visits; a day's minutes vary by {percent} %")
    figures = {"km": _km(this), "hours": _hours(this), "percent": _percent(this.variation_minutes)}
    facts.append(Fact(_("Road"), road.format(**figures)))
    if found.by_code and found.by_code.metres:
        less = 100 - Decimal(100 * this.metres) / found.by_code.metres
        told = _("{percent} % less road than round-robin by code ({km} km)")
        if found.since:
            told = _("from {day} on {said}").format(day=short_day(found.since), said=told)
        if found.had.is_guessed:
            told = _("{said}, by assumed ways").format(said=told)
        facts.append(Fact(_("Compared"), told.format(percent=f"{less:.0f}", km=_km(found.by_code))))
    if found.newer:
        told = _("ways were given since the plan was made; measured with them: {command}")
        facts.append(Fact(_("Compared"), told.format(command=f"crmkit plan compare --month {found.month}")))
    facts.append(Fact(_("Proven"), _proven(found)))
    if found.had.all:
        facts.append(Fact(_("Ways"), _ways(found)))
    if found.stale:
        facts.append(Fact(_("Moved since ways to them were given; those are not used"), named(found.stale)))
    return tuple(facts)


def _proven(found: PlanComparison) -> str:
    """How far the day tours can be from the shortest, and what no plan can do without."""
    this, bounds = found.this, found.bounds
    if not bounds.tours or found.had.is_guessed:
        return _("nothing: no road is known")
    above = Decimal(100 * (this.metres - bounds.tours)) / bounds.tours
    said = _("the days' tours are at most {percent} % above the shortest possible")
    tours = said.format(percent=f"{_up(above):.1f}") if above > 0 else _("the days' tours are the shortest possible")
    month = _("no plan of these visits drives less than {km} km").format(km=bounds.month // 1000)
    return _("; ").join([tours, month])


def _ways(found: PlanComparison) -> str:
    """How the ways driven were had."""
    times = f"{Decimal(100 + found.detour_percent) / 100:f}"
    words = {
        Had.GIVEN: _("{percent} % of the ways driven are given"),
        Had.STRAIGHT: _("{percent} % straight line × {times}"),
        Had.ADDRESS: _("{percent} % by neighbourhood and address"),
    }
    told = found.had.percents().items()
    return _(", ").join(words[had].format(percent=percent, times=times) for had, percent in told)


def _up(percent: Decimal) -> Decimal:
    """Rounded up to a tenth: "at most" stays true."""
    return percent.quantize(Decimal("0.1"), rounding="ROUND_CEILING")


def _table(found: PlanComparison) -> Table:
    plans = [("this", _("This plan"), found.this)]
    if found.by_code:
        plans.append(("by_code", _("Round-robin by code"), found.by_code))
    if found.last:
        plans.append(("last", _("Last month"), found.last))
    columns = (Column("figure", _("Measure")), *(Column(key, said, "number") for key, said, _plan in plans))
    rows = tuple((said, *(value(plan) for _key, _said, plan in plans)) for said, value in _rows())
    return Table(columns, rows)


def _rows() -> tuple[tuple[str, Callable[[PlanFigures], Cell]], ...]:
    return (
        (_("Visits on the road"), lambda plan: plan.visits),
        (_("Visits without a road"), lambda plan: plan.calls),
        (_("Days with visits"), lambda plan: plan.days),
        (_("Km"), _km),
        (_("Km per visit"), lambda plan: f"{plan.metres / 1000 / plan.visits:.2f}" if plan.visits else "-"),
        (_("Hours"), _hours),
        (_("Variation of a day's visits, %"), lambda plan: _percent(plan.variation_visits)),
        (_("Variation of a day's minutes, %"), lambda plan: _percent(plan.variation_minutes)),
        (_("Gaps as they must be, %"), lambda plan: _share(plan.held, plan.gaps)),
        (_("Gaps as preferred, %"), lambda plan: _share(plan.preferred, plan.gaps)),
        (_("Weekly visits on the same weekday, %"), lambda plan: _share(plan.same_weekday, plan.pairs)),
    )


def _notes(found: PlanComparison) -> tuple[Block, ...]:
    begun = _("Planned from {day} on: round-robin too; last month's whole plan is not set beside it.")
    return (
        *((Text(begun.format(day=short_day(found.since)), "note"),) if found.since else ()),
        Text(
            _(
                "Round-robin deals the same customers to the days in order of their codes, holds the same rules, and "
                "drives each day by its shortest tour. Hours: visits and road at the policy's times and speed. "
                "Variation: standard deviation against the mean."
            ),
            "note",
        ),
    )


def _km(plan: PlanFigures) -> str:
    return str((plan.metres + 500) // 1000)


def _hours(plan: PlanFigures) -> str:
    return str((plan.minutes + 30) // 60)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}"


def _share(part: int, whole: int) -> str:
    return f"{Decimal(100 * part) / whole:.0f}" if whole else "-"


def comparison_data(found: PlanComparison) -> dict[str, Any]:
    """All figures for programs."""
    return {
        "month": str(found.month),
        "manager": found.manager.code,
        "since": found.since and found.since.isoformat(),
        "this": figures_data(found.this),
        "by_code": found.by_code and figures_data(found.by_code),
        "last": found.last and figures_data(found.last),
        "ways": {"given": found.had.given, "straight": found.had.straight, "address": found.had.address},
        "moved": coded(found.stale),
        "bounds": {"tours": found.bounds.tours, "month": found.bounds.month},
    }


def figures_data(plan: PlanFigures) -> dict[str, Any]:
    """The figures for programs."""
    return {
        "visits": plan.visits,
        "calls": plan.calls,
        "days": plan.days,
        "metres": plan.metres,
        "minutes": plan.minutes,
        "variation_visits": f"{plan.variation_visits:f}",
        "variation_minutes": f"{plan.variation_minutes:f}",
        "gaps": plan.gaps,
        "held": plan.held,
        "preferred": plan.preferred,
        "pairs": plan.pairs,
        "same_weekday": plan.same_weekday,
    }
