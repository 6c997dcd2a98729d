"""Pages that say why: the state of a rate or an indicator."""

from collections.abc import Sequence
from fractions import Fraction

from crmkit.model.brand import RateKind
from crmkit.model.customer import Customer
from crmkit.model.judgement import Measure
from crmkit.model.policy import AnomalyPolicy
from crmkit.report import terms
from crmkit.report.figurewords import percent, trimmed
from crmkit.report.page import Block, Fact, Facts, Page, Text, coded
from crmkit.report.papers import headings
from crmkit.report.papers.rows_behind import behind_data, rows_behind
from crmkit.report.words import _, later
from crmkit.workflow.explain_state import WhyIndicator, WhyRate

_RATES = {
    RateKind.ON_SHELF: (later("target customers with an order in the month"), later("target customers")),
    RateKind.SELL_THROUGH: (
        later("customers ordering it"),
        later("customers who ordered it in the {months} months before"),
    ),
    RateKind.REPURCHASE: (
        later("customers ordering it in this month and the month before"),
        later("customers who ordered it in the month before"),
    ),
    RateKind.STOCK_OUT: (later("demand lines served with nothing"), later("demand lines")),
}


def rate(why: WhyRate) -> Page:
    """Numerator and denominator in words and names, the rule, both states."""
    state, kind = why.state, why.state.kind
    above, below = (_(text).format(months=why.policy.rates.sell_through_months) for text in _RATES[kind])
    count = _("{numerator} of {denominator} = {value}").format(
        numerator=state.rate.numerator, denominator=state.rate.denominator, value=_value(state.rate.value)
    )
    facts = (
        Fact(_("Counted above the line"), above),
        Fact(_("Counted below the line"), below),
        Fact(_("Rate"), count),
        Fact(_("Target"), "-" if state.target is None else f"{state.target:f}%"),
        Fact(_("Computed"), terms.word(state.computed)),
        Fact(_("State"), terms.word(state.final) + (f" · {state.note}" if state.note else "")),
    )
    return Page(
        title=f"{why.product.code} {why.product.name}: {terms.word(kind)}",
        subtitle=terms.month_words(why.judged),
        schema="why-rate/1",
        blocks=(
            Text(rule_words(kind.measure, why.policy.anomaly)),
            Facts(facts),
            *_names(_("In the count"), why.counted),
            *_names(_("Not in the count"), why.missing),
            *rows_behind(why.behind),
        ),
        data={
            "product": why.product.code,
            "rate": kind.value,
            "month": str(why.judged),
            "numerator": state.rate.numerator,
            "denominator": state.rate.denominator,
            "target": coded(state.target),
            "computed": state.computed.value,
            "final": state.final.value,
            "note": state.note,
            "counted": headings.coded(why.counted),
            "missing": headings.coded(why.missing),
            "behind": behind_data(why.behind),
        },
    )


def indicator(why: WhyIndicator) -> Page:
    """The figure, its base or its target, the rule, both states."""
    state = why.state
    is_growth = state.indicator.is_growth
    facts = [
        Fact(_("Counted up to"), terms.day_words(why.through)),
        Fact(_("Figure"), _value(state.actual) if is_growth else _plain(state.actual)),
        Fact(_("Target of the month"), "-" if state.target is None else f"{state.target:f}"),
    ]
    if why.due is not None and state.target is not None and why.due != state.target:
        facts.append(Fact(_("Due by then"), _plain(why.due)))
    if state.base:
        held = _("{kind}, {first} to {last}").format(
            kind=terms.word(state.base.kind), first=state.base.first, last=state.base.last
        )
        facts.append(Fact(_("Base"), held))
    if state.ratio is not None:
        facts.append(Fact(_("Growth against peers"), _value(100 * state.ratio)))
    facts += [
        Fact(_("Computed"), terms.word(state.computed)),
        Fact(_("State"), terms.word(state.final) + (f" · {state.note}" if state.note else "")),
    ]
    rule = rule_words(state.indicator.measure, why.policy.anomaly)
    if state.ratio is not None:
        told = _("Warning when (1 + own growth) / (1 + peers' growth) is at or below {limit}.")
        rule = told.format(limit=why.policy.ratio.warning)
    return Page(
        title=terms.word(state.indicator),
        subtitle=headings.whose(why.manager, why.judged),
        schema="why-indicator/1",
        blocks=(Text(rule), Facts(tuple(facts)), *rows_behind(why.behind)),
        data={
            "indicator": state.indicator.value,
            "manager": why.manager.code,
            "month": str(why.judged),
            "through": coded(why.through),
            "actual": None if state.actual is None else str(state.actual),
            "target": coded(state.target),
            "due": None if why.due is None else str(why.due),
            "ratio": None if state.ratio is None else str(state.ratio),
            "base": {"kind": state.base.kind.value, "first": coded(state.base.first), "last": coded(state.base.last)}
            if state.base
            else None,
            "computed": state.computed.value,
            "final": state.final.value,
            "note": state.note,
            "behind": behind_data(why.behind),
        },
    )


def rule_words(measure: Measure, policy: AnomalyPolicy) -> str:
    """The 5 % rule as it holds for a measure."""
    if measure is Measure.RELATIVE:
        told = _("Abnormal when {limit} % of the target or more below it; not judged without a target, or with 0.")
        return told.format(limit=policy.shortfall_percent)
    if measure is Measure.POINTS:
        told = _("Abnormal when {limit} percentage points or more below the target; 0 and below are targets too.")
        return told.format(limit=policy.growth_points)
    told = _("Abnormal when {limit} percentage points or more above the target: higher is worse.")
    return told.format(limit=policy.stock_out_points)


def _names(head: str, customers: Sequence[Customer]) -> tuple[Block, ...]:
    if not customers:
        return ()
    named = headings.named(customers, first=20)
    return (Facts((Fact(f"{head} ({len(customers)})", named),)),)


def _value(value: Fraction | None) -> str:
    return "-" if value is None else f"{percent(value)}%"


def _plain(value: Fraction | None) -> str:
    return "-" if value is None else f"{trimmed(value):f}"
