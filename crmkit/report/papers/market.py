"""Step 6, the market: indicators, targets of M, the team side by side, the ratio policy's warnings."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crmkit.model.figures import VOLUME_SCALE
from crmkit.model.judgement import Judgement
from crmkit.model.market import Base, Indicator, IndicatorState
from crmkit.report.page import Block, Cell, Column, Fact, Page, Table, Term, Text, coded
from crmkit.report.papers.consequences import consequence_data, followed
from crmkit.report.papers.findings import (
    any_judged,
    bare,
    by_hand,
    exact,
    figure,
    indicator_focus,
    indicator_problems,
    percent,
    state_term,
    texts,
    unjudged,
)
from crmkit.report.papers.headings import following, pointer, unwritten, whose
from crmkit.report.terms import month_words, short_day, word
from crmkit.report.words import _
from crmkit.workflow.judge_market import JoinedMonths, MarketAnalysis, TeamLine, Warned

_SHOWN = 10


def market(result: MarketAnalysis, *, dry_run: bool = False) -> Page:
    """Step 6 as it stands."""
    aims = {one: target for one, target in result.targets.items() if target.in_force}
    drafts = indicator_problems(result.abnormal), indicator_focus(result.abnormal, aims)
    written = (result.analysis.problems, result.analysis.focus) if result.analysis else (None, None)
    return Page(
        title=_("Market"),
        subtitle=whose(result.portfolio.manager, result.portfolio.month),
        schema="market-state/1",
        facts=_facts(result),
        blocks=(
            _states(result),
            *_joined(result.joined),
            *texts(*written, drafts, judged=any_judged(result.states)),
            *unjudged(result.states),
            *pointer(result.near, result.portfolio.month),
            _targets(result),
            *_team(result.team),
            *_warned(result.warned),
            *_followed(result),
            *unwritten(dry_run=dry_run),
        ),
        data=_data(result, dry_run=dry_run),
        rows=_states(result),
    )


def targets(result: MarketAnalysis, *, dry_run: bool = False) -> Page:
    """The targets of M alone."""
    month = result.portfolio.month
    return Page(
        title=_("Targets of {month}").format(month=month_words(month)),
        subtitle=whose(result.portfolio.manager, month),
        schema="market-targets/1",
        blocks=(_targets(result), *_followed(result), *unwritten(dry_run=dry_run)),
        data={
            "month": str(month),
            "manager": result.portfolio.manager.code,
            "targets": _target_data(result),
            "consequences": consequence_data(result.consequences),
            "dry_run": dry_run,
        },
    )


def next_step(result: MarketAnalysis) -> str:
    """What to type after it."""
    month = result.portfolio.month
    if result.unconfirmed and result.targets:
        return following(f"crmkit analyze market target --confirm --month {month}")
    if result.analysis is None:
        return following(f"crmkit analyze market compute --month {month.next}")  # that one is judged by these targets
    return following(f"crmkit plan strategies --month {month} --satisfaction 90")


def _followed(result: MarketAnalysis) -> tuple[Block, ...]:
    return followed(result.consequences, {one.code: one.name for one in result.portfolio.owned.values()})


def _facts(result: MarketAnalysis) -> tuple[Fact, ...]:
    counts = {judgement: sum(one.final is judgement for one in result.states) for judgement in Judgement}
    judged = month_words(result.judged)
    if result.running and result.analysis:
        told = _("{month}, still running: orders up to {day}, {percent} of its working days")
        judged = told.format(month=judged, day=short_day(result.analysis.through), percent=percent(result.passed * 100))
    return (
        Fact(_("Month judged"), judged),
        Fact(_("Indicators"), _(", ").join(f"{word(one)} {count}" for one, count in counts.items())),
        *by_hand(result.states),
    )


def _states(result: MarketAnalysis) -> Table:
    columns = (
        Column("indicator", _("Indicator")),
        Column("target", _("Target"), "number"),
        Column("actual", _("Actual"), "number"),
        Column("base", _("Measured from")),
        *((Column("ratio", _("Against peers"), "number"),) if _has_ratios(result) else ()),
        Column("state", _("State")),
        Column("note", _("Note")),
    )
    rows = tuple(_state_row(one, with_ratio=_has_ratios(result)) for one in result.states)
    return Table(columns, rows, empty=_("Not computed yet."))


def _has_ratios(result: MarketAnalysis) -> bool:
    return result.warned is not None


def _state_row(one: IndicatorState, *, with_ratio: bool) -> tuple[Cell, ...]:
    return (
        Term(one.indicator.value, word(one.indicator)),
        figure(one.indicator, one.target),
        figure(one.indicator, one.actual),
        _base(one.base) if one.base else "",
        *((bare(one.ratio),) if with_ratio else ()),
        state_term(one.computed, one.final),
        one.note,
    )


def _base(base: Base) -> str:
    """August 2021, same month last year; of a running month: up to which day."""
    said = f"{month_words(base.month)} ({word(base.kind)})"
    whole = base.last == base.month.last or base.last.month != base.first.month
    return said if whole else said + _(", up to {day}").format(day=short_day(base.last))


def _joined(joined: JoinedMonths | None) -> tuple[Block, ...]:
    if joined is None:
        return ()
    told = _("January and February together: volume {growth}, key brands {key_growth} against last year.")
    grown = figure(Indicator.VOLUME_GROWTH, joined.growth), figure(Indicator.KEY_BRAND_GROWTH, joined.key_growth)
    return (Text(told.format(growth=grown[0], key_growth=grown[1])),)


def _targets(result: MarketAnalysis) -> Table:
    columns = (
        Column("indicator", _("Indicator")),
        Column("target", _("Target"), "number"),
        Column("origin", _("From")),
    )
    rows = tuple(
        (
            Term(one.value, word(one)),
            figure(one, result.targets[one].target) if one in result.targets else "-",
            Term(result.targets[one].origin.value, word(result.targets[one].origin)) if one in result.targets else "",
        )
        for one in result.asked
    )
    title = _("Targets of {month}").format(month=month_words(result.portfolio.month))
    return Table(columns, rows, title=title)


def _team(team: Sequence[TeamLine]) -> tuple[Block, ...]:
    if not team:
        return ()
    columns = (
        Column("manager", _("Customer manager")),
        Column("volume", _("Sales volume"), "number"),
        Column("growth", _("Growth"), "number"),
        Column("carton_value", _("Carton value"), "number"),
        Column("key_growth", _("Key-brand growth"), "number"),
        Column("ratio", _("Against the others"), "number"),
    )
    rows = tuple(
        (
            f"{one.manager.code} {one.manager.name}",
            figure(Indicator.VOLUME, bare_cartons(one.now.volume)),
            figure(Indicator.VOLUME_GROWTH, one.growth),
            figure(Indicator.CARTON_VALUE, one.now.carton_value),
            figure(Indicator.KEY_BRAND_GROWTH, one.key_growth),
            bare(one.ratio),
        )
        for one in team
    )
    return (Table(columns, rows, title=_("The team side by side, from the orders as they are now")),)


def _warned(warned: Warned | None) -> tuple[Block, ...]:
    if warned is None:
        return ()
    columns = (Column("what", _("Warning")), Column("count", _("Count"), "number"), Column("who", _("Named")))
    brands = [f"{one.code} {one.name} {bare(ratio)}" for one, ratio in warned.key_brands]
    behind = [f"{one.code} {one.name}" for one, _ratio in warned.customers]
    big = [f"{one.code} {one.name} {bare_cartons(volume):.0f}" for one, volume in warned.big]
    kinds = ((_("key brand"), brands), (_("customer"), behind), (_("big customer"), big))
    rows = tuple((kind, len(listed), _first(listed)) for kind, listed in kinds)
    return (Table(columns, rows, title=_("Warnings of the ratio policy")),)


def _first(listed: Sequence[str]) -> str:
    more = len(listed) - _SHOWN
    return _("; ").join(listed[:_SHOWN]) + (_(" and {count} more").format(count=more) if more > 0 else "")


def bare_cartons(volume: int) -> Decimal:
    """Thousandths as cartons."""
    return Decimal(volume) / VOLUME_SCALE


def _data(result: MarketAnalysis, *, dry_run: bool) -> dict[str, Any]:
    analysis, warned = result.analysis, result.warned
    return {
        "month": str(result.portfolio.month),
        "judged": str(result.judged),
        "manager": result.portfolio.manager.code,
        "through": coded(analysis.through) if analysis else None,
        "running": result.running,
        "indicators": [_state_data(one) for one in result.states],
        "targets": _target_data(result),
        "problems": analysis.problems if analysis else None,
        "focus": analysis.focus if analysis else None,
        "team": [_line_data(one) for one in result.team],
        "warnings": _warned_data(warned) if warned else None,
        "consequences": consequence_data(result.consequences),
        "dry_run": dry_run,
    }


def _state_data(one: IndicatorState) -> dict[str, Any]:
    base = one.base
    return {
        "indicator": one.indicator.value,
        "target": coded(one.target),
        "actual": coded(exact(one.actual)),
        "base": base.kind.value if base else None,
        "base_first": coded(base.first) if base else None,
        "base_last": coded(base.last) if base else None,
        "ratio": coded(exact(one.ratio)),
        "computed": one.computed.value,
        "state": one.final.value,
        "note": one.note,
    }


def _target_data(result: MarketAnalysis) -> list[dict[str, Any]]:
    return [
        {"indicator": one.value, "target": coded(target.target), "origin": target.origin.value}
        for one, target in result.targets.items()
    ]


def _line_data(one: TeamLine) -> dict[str, Any]:
    return {
        "manager": one.manager.code,
        "volume": coded(bare_cartons(one.now.volume)),
        "growth": coded(exact(one.growth)),
        "carton_value": coded(exact(one.now.carton_value)),
        "key_brand_growth": coded(exact(one.key_growth)),
        "ratio": coded(exact(one.ratio)),
    }


def _warned_data(warned: Warned) -> dict[str, Any]:
    return {
        "key_brands": [{"product": one.code, "ratio": coded(exact(ratio))} for one, ratio in warned.key_brands],
        "customers": [{"customer": one.code, "ratio": ratio} for one, ratio in warned.customers],
        "big_customers": [{"customer": one.code, "volume": coded(bare_cartons(v))} for one, v in warned.big],
    }
