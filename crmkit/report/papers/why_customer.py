"""Pages that say why: a customer's effect, problems, place on the key list, strategies."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from crmkit.model.customer import Customer
from crmkit.model.operating import AbilityItem, EffectItem
from crmkit.model.strategy import KeyCandidate, Problem, Strategy, StrategyOrigin
from crmkit.report import terms
from crmkit.report.figurewords import cartons, money, percent, places
from crmkit.report.page import Block, Cell, Column, Fact, Facts, Page, Table, Term, Text, coded
from crmkit.report.papers.daily_sheet_data import words_of
from crmkit.report.papers.explanations import problem_figures
from crmkit.report.papers.operating import item_value
from crmkit.report.papers.rows_behind import behind_data, rows_behind
from crmkit.report.words import _
from crmkit.workflow.explain_effect import WhyEffect
from crmkit.workflow.explain_problems import WhyKey, WhyProblems
from crmkit.workflow.explain_strategies import WhyStrategies

Number = TypeVar("Number", Fraction, Decimal)
_ITEMS = frozenset(AbilityItem)


def effect(why: WhyEffect) -> Page:
    """Each item's value, its place among the peers, its weight; the figures and the rows they were counted from."""
    shown = why.shown
    rule = _(
        "Each item is ranked among {count} peers ({peers}): (below + half of the equal ones) / all x 100; the effect "
        "is their mean by weight. Items without data leave, the others are re-weighted."
    ).format(count=shown.effect.peer_count, peers=terms.word(shown.effect.peers))
    inputs = tuple(
        (str(month), cartons(one.figures.volume), money(one.figures.amount), one.days, one.figures.products,
         one.figures.key_products, cartons(one.figures.ordered_limited), cartons(one.figures.allowed))
        for month, one in sorted(why.inputs.items())
    )  # fmt: skip
    return Page(
        title=_("{customer}: operating effect {score}").format(
            customer=_who(shown.customer), score="-" if shown.effect.score is None else percent(shown.effect.score)
        ),
        subtitle=terms.month_words(shown.month),
        schema="why-effect/1",
        blocks=(
            Text(rule),
            _items(why),
            Table(_input_columns(), inputs, title=_("Counted when it was computed")),
            *rows_behind(why.behind),
        ),
        data={
            "customer": shown.customer.code,
            "month": str(shown.month),
            "effect": coded(shown.effect.score),
            "items": _items(why).records(),
            "inputs": Table(_input_columns(), inputs).records(),
            "behind": behind_data(why.behind),
        },
    )


def _input_columns() -> tuple[Column, ...]:
    return (
        Column("month", _("Month")),
        Column("volume", _("Volume"), "number"),
        Column("amount", _("Amount"), "number"),
        Column("days", _("Ordering days"), "number"),
        Column("products", _("Products"), "number"),
        Column("key_products", _("Key brands"), "number"),
        Column("limited", _("Ordered"), "number"),
        Column("allowed", _("Allowed"), "number"),
    )


def _items(why: WhyEffect) -> Table:
    columns = (
        Column("item", _("Item")),
        Column("value", _("Value"), "number"),
        Column("below", _("Below"), "number"),
        Column("equal", _("Equal"), "number"),
        Column("all", _("All"), "number"),
        Column("score", _("Percentile"), "number"),
        Column("weight", _("Weight %"), "number"),
    )
    rows = []
    for line in why.shown.lines:
        item, place = line.detail.item, why.places.get(line.detail.item)
        score = line.detail.score
        counts: tuple[Cell, ...] = (place.below, place.equal, place.all) if place else (None, None, None)
        rows.append(
            (Term(item.value, terms.word(item)), item_value(item, line.detail.value), *counts,
             None if score is None else places(Fraction(score), 1), line.weight)
        )  # fmt: skip
    return Table(columns, tuple(rows))


def problems(why: WhyProblems) -> Page:
    """The customer's base, month by month beside the area, and each reason with its limit."""
    base, policy = why.baseline, why.policy
    facts = [
        Fact(_("Months in the base"), str(base.months) if base.months else _("too few: not judged")),
        Fact(_("Expected volume"), _or_dash(base.expected_volume, cartons)),
        Fact(_("Relative volume"), _or_dash(base.relative_volume, lambda value: f"{percent(100 * value)}%")),
        Fact(_("Carton value, base"), _or_dash(base.carton_value, money)),
        Fact(_("Carton value, now"), _or_dash(base.current_carton_value, money)),
        Fact(_("Lost volume"), str(cartons(why.lost))),
    ]
    if why.ratio is not None:
        facts.insert(3, Fact(_("Growth against peers"), f"{percent(100 * why.ratio)}%"))
    rule = _(
        "Problem customer: at or below {relative} of the expected volume (own base x the area's volume now / in the "
        "base, per ordering day), nothing ordered after a month with orders, or carton value {drop} % or more below "
        "the base."
    ).format(relative=policy.problem.relative_volume, drop=policy.problem.carton_value_drop_percent)
    return Page(
        title=_("{customer}: problems").format(customer=_who(why.customer)),
        subtitle=terms.month_words(why.month),
        schema="why-problems/1",
        blocks=(Text(rule), Facts(tuple(facts)), _reasons(why.problems), _months(why), *rows_behind(why.behind)),
        data={
            "customer": why.customer.code,
            "month": str(why.month),
            "base_months": base.months,
            "expected_volume": None if base.expected_volume is None else coded(cartons(base.expected_volume)),
            "relative_volume": coded(base.relative_volume),
            "carton_value_base": coded(money(base.carton_value)),
            "carton_value": coded(money(base.current_carton_value)),
            "problems": [{"code": one.code, "actual": one.actual, "limit": one.limit} for one in why.problems],
            "lost_volume": coded(cartons(why.lost)),
            "months": _months(why).records(),
            "behind": behind_data(why.behind),
        },
    )


def _or_dash(value: Number | None, said: Callable[[Number], object]) -> str:
    return "-" if value is None else str(said(value))


def _reasons(found: tuple[Problem, ...]) -> Block:
    """What was found and what it was held against, in the measure of each problem."""
    if not found:
        return Text(_("No problem: nothing is at or beyond its limit."))
    return Facts(tuple(Fact(terms.problem_words(one.code), problem_figures(one)) for one in found))


def _months(why: WhyProblems) -> Table:
    columns = (
        Column("month", _("Month")),
        Column("volume", _("Volume"), "number"),
        Column("amount", _("Amount"), "number"),
        Column("days", _("Ordering days"), "number"),
        Column("area", _("Area"), "number"),
        Column("area_days", _("Area's days"), "number"),
        Column("base", _("In the base")),
    )
    rows = tuple(
        (str(one.month), cartons(one.own.volume), money(one.own.amount), one.own_days, cartons(one.area), one.area_days,
         Term("yes", _("yes")) if one.in_base else Term("no", _("no")))
        for one in why.months
    )  # fmt: skip
    return Table(columns, rows, title=_("Month by month beside the area"))


def key(why: WhyKey) -> Page:
    """The rank among the candidates, its neighbours, the line."""
    mine = why.candidate
    if mine is None:
        verdict = _("Not on the key list: no reason makes this customer a candidate.")
    else:
        verdict = _("Rank {rank} with {count} reasons and {lost} cartons lost; {standing}.").format(
            rank=mine.rank, count=len(mine.reasons), lost=cartons(mine.lost_volume), standing=terms.word(mine.standing)
        )
    rule = _(
        "Candidates are ranked by number of reasons, then lost volume, then customer code; the first {limit} are "
        "proposed ({share} % of {valid} valid customers, not rounded up)."
    ).format(limit=why.limit, share=why.policy.key.max_share_percent, valid=why.valid)
    around = (*why.above, *(((why.customer, mine),) if mine else ()), *why.below)
    note = [Text(_("By hand: {note}").format(note=mine.note), "note")] if mine and mine.note else []
    return Page(
        title=_("{customer}: key customer?").format(customer=_who(why.customer)),
        subtitle=terms.month_words(why.month),
        schema="why-key/1",
        blocks=(Text(verdict), *note, Text(rule), _reasons(why.problems), _around(around)),
        data={
            "customer": why.customer.code,
            "month": str(why.month),
            "rank": mine.rank if mine else None,
            "standing": mine.standing.value if mine else None,
            "reasons": list(mine.reasons) if mine else [],
            "lost_volume": coded(cartons(mine.lost_volume)) if mine else None,
            "limit": why.limit,
            "around": _around(around).records(),
        },
    )


def _around(listed: tuple[tuple[Customer, KeyCandidate], ...]) -> Table:
    columns = (
        Column("rank", _("Rank"), "number"),
        Column("code", _("Code")),
        Column("name", _("Name")),
        Column("reasons", _("Reasons"), "number"),
        Column("lost", _("Lost cartons"), "number"),
        Column("standing", _("Standing")),
    )
    rows = tuple(
        (one.rank, customer.code, customer.name, len(one.reasons), cartons(one.lost_volume),
         Term(one.standing.value, terms.word(one.standing)))
        for customer, one in listed
    )  # fmt: skip
    return Table(columns, rows, title=_("Around it on the list"), empty=_("Nobody stands beside it."))


def strategies(why: WhyStrategies) -> Page:
    """Each strategy with what caused it."""
    columns = (Column("code", _("Strategy")), Column("origin", _("From")), Column("because", _("Because")))
    rows = tuple(
        (
            Term(one.code, words_of(words)),
            Term(one.origin.value, terms.word(one.origin)),
            Term(one.cause, _cause(one, why)),
        )
        for one, words in zip(why.strategies, why.words, strict=True)
    )
    table = Table(columns, rows, empty=_("No strategy: last in the ranking, not left out."))
    told = _("{count} count for the visit frequency; dropped ones and ad hoc items do not.")
    return Page(
        title=_("{customer}: strategies").format(customer=_who(why.customer)),
        subtitle=terms.month_words(why.month),
        schema="why-strategies/1",
        blocks=(table, Text(told.format(count=why.counted), "note")),
        data={
            "customer": why.customer.code,
            "month": str(why.month),
            "counted": why.counted,
            "strategies": table.records(),
        },
    )


def _cause(one: Strategy, why: WhyStrategies) -> str:
    """The figure behind a strategy; carried ones and demands speak by their cause."""
    code = one.code.removeprefix("weak.").removeprefix("low.")
    if one.code.startswith("weak.") and why.effect:
        score = next((d.score for d in why.effect.details if d.item.value == code), None)
        words, below = terms.word(EffectItem(code)), why.policy.effect.weak_below
        said = "-" if score is None else places(Fraction(score), 1)
        return _("{item}: percentile {score}, weak below {limit}").format(item=words, score=said, limit=below)
    if one.code.startswith("low.") and code in _ITEMS and why.ability:
        item = AbilityItem(code)
        said_score = why.ability.scores.get(item, "-")
        limit = why.policy.ability.weak_at_most
        return _("{item}: scored {score}, low at {limit}").format(item=terms.word(item), score=said_score, limit=limit)
    if one.origin in (StrategyOrigin.QUADRANT, StrategyOrigin.CARRIED) and one.cause == "operating_state":
        return _quadrant_cause(why)
    return _asked(one) if one.code.startswith("demand.") else one.cause


def _asked(one: Strategy) -> str:
    """A demand speaks by its strategy; what tells several of a kind apart stands beside it."""
    carried = one.origin is StrategyOrigin.CARRIED
    said = _("asked for in an earlier questionnaire") if carried else _("asked for in the month's questionnaire")
    return said if one.cause == one.code.removeprefix("demand.") else f"{said}{_(': ')}{one.cause}"


def _quadrant_cause(why: WhyStrategies) -> str:
    if why.effect is None or why.effect.score is None or why.ability is None:
        return "-"
    return _("effect {effect} (cut {cut}), ability {ability} (cut {ability_cut})").format(
        effect=places(Fraction(why.effect.score), 1), cut=why.policy.effect.cut,
        ability=places(Fraction(why.ability.score), 1), ability_cut=why.policy.ability.cut,
    )  # fmt: skip


def _who(customer: Customer) -> str:
    return f"{customer.code} {customer.name}"
