"""The month plan as programs read it: codes, all customers."""

from typing import Any

from crmkit.model.document import DocumentState
from crmkit.model.planning import Foresight
from crmkit.model.strategy import KeyCandidate, TieBorder
from crmkit.report.figurewords import cartons
from crmkit.report.page import Column, Table, Term, coded
from crmkit.report.papers import headings
from crmkit.report.papers.plan_comparison import comparison_data
from crmkit.report.terms import word
from crmkit.report.words import _
from crmkit.workflow.generate_month_plan import MonthPlan


def frequency_table(plan: MonthPlan) -> Table:
    """Every customer's frequency and what gave it, for spreadsheets."""
    columns = (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("frequency", _("Visit frequency")),
        Column("source", _("From")),
        Column("rank", _("Rank"), "number"),
        Column("strategies", _("Strategies"), "number"),
        Column("volume", _("Volume"), "number"),
        Column("tied", _("Tied"), "number"),
        Column("note", _("Note")),
    )
    owned = plan.portfolio.owned
    rows = tuple(
        (
            owned[line.customer].code,
            owned[line.customer].name,
            Term(line.frequency.value, word(line.frequency)),
            Term(line.source.value, word(line.source)),
            line.rank,
            line.strategies,
            cartons(line.volume),
            line.tied,
            line.note,
        )
        for line in plan.lines
    )
    return Table(columns, rows)


def plan_data(plan: MonthPlan, *, dry_run: bool) -> dict[str, Any]:
    """Everything a month plan says."""
    owned = plan.portfolio.owned
    return {
        "month": str(plan.portfolio.month),
        "manager": plan.portfolio.manager.code,
        "state": (plan.state or DocumentState.DRAFT).value,
        "valid": len(plan.portfolio.valid),
        "methodless": headings.coded(plan.portfolio.parted.methodless),
        "problems": [
            {"customer": owned[p.customer].code, "problem": p.code, "actual": p.actual, "limit": p.limit}
            for p in plan.problems
        ],
        "abnormal": list(plan.area.abnormal),
        "not_analysed": [kind.value for kind in plan.area.missing],
        "area_problems": plan.texts[0],
        "area_focus": plan.texts[1],
        "key_limit": plan.key_limit,
        "key_customers": [_candidate(plan, candidate) for candidate in plan.candidates],
        "frequencies": frequency_table(plan).records(),
        "ties": [_tie(plan, border) for border in plan.borders],
        "overwritten": [owned[line.customer].code for line in plan.overwritten],
        "load": _load(plan.load) | {"from": plan.load_from.isoformat()},
        "over": plan.over,
        "shortage_accepted": plan.shortage,
        "visits": plan.visits and comparison_data(plan.visits),
        "dry_run": dry_run,
    }


def _candidate(plan: MonthPlan, candidate: KeyCandidate) -> dict[str, Any]:
    return {
        "customer": plan.portfolio.owned[candidate.customer].code,
        "rank": candidate.rank,
        "standing": candidate.standing.value,
        "reasons": list(candidate.reasons),
        "lost": coded(cartons(candidate.lost_volume)),
        "note": candidate.note,
    }


def _tie(plan: MonthPlan, border: TieBorder) -> dict[str, Any]:
    owned = plan.portfolio.owned
    return {
        "upper": border.upper.value,
        "lower": border.lower.value,
        "strategies": border.strategies,
        "went_up": border.went_up,
        "tied": border.tied,
        "by": border.by.value,
        "above": [owned[customer].code for customer in border.above],
        "below": [owned[customer].code for customer in border.below],
    }


def _load(load: Foresight) -> dict[str, Any]:
    return {
        "visits": load.visits,
        "fits": load.fits,
        "days_asked": coded(load.in_days(load.asked)),
        "days_room": coded(load.in_days(load.room)),
        "days_short": coded(load.in_days(load.short)),
        "weeks": [
            {
                "week": week.week.isoformat(),
                "days": week.days,
                "visits": week.visits,
                "needed": coded(load.in_days(week.bound)),
                "room": coded(load.in_days(week.room)),
            }
            for week in load.weeks
        ],
        "repairs": [
            {
                "customer": r.code,
                "number": r.number,
                "kind": r.kind.value,
                "week": r.week and r.week.isoformat(),
                "days_freed": coded(load.in_days(r.frees)),
            }
            for r in load.repairs
        ],
        "areas": [
            {
                "neighbourhood": area.neighbourhood,
                "customers": area.customers,
                "visits": area.visits,
                "days_asked": coded(load.in_days(area.asked)),
            }
            for area in load.areas
        ],
        "unfit": [
            {"customer": u.code, "number": u.number, "why": u.misfit.value, "week": u.week and u.week.isoformat()}
            for u in load.unfit
        ],
    }
