"""What is abnormal, in words: problems and focus as drafted, states and figures as people read them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from crmkit.model.brand import RateState
from crmkit.model.figures import decimal_of
from crmkit.model.judgement import Judgement
from crmkit.model.market import AnalysisKind, Indicator, IndicatorState, IndicatorTarget
from crmkit.model.product import Product
from crmkit.report.page import Block, Fact, Heading, Term, Text
from crmkit.report.terms import word
from crmkit.report.words import _
from crmkit.workflow.area_findings import AreaFindings

_PERCENT = (Indicator.KEY_BRAND_GROWTH, Indicator.VOLUME_GROWTH, Indicator.KEY_BRAND_SHARE)
_MONEY = (Indicator.CARTON_VALUE, Indicator.AMOUNT)
_STEP = {AnalysisKind.BRAND: 5, AnalysisKind.MARKET: 6}


def percent(value: Fraction | Decimal | None) -> str:
    """To two places; what is judged is exact."""
    return "-" if value is None else f"{_decimal(value):.2f}%"


def bare(value: Fraction | Decimal | None) -> Decimal | None:
    """For a table: two places."""
    return None if value is None else round(_decimal(value), 2)


def figure(indicator: Indicator, value: Fraction | Decimal | None) -> str:
    """An indicator in its own unit: cartons, money, percent, a count."""
    if value is None:
        return "-"
    number = _decimal(value)
    if indicator in _PERCENT:
        return f"{number:+.2f}%" if indicator.is_growth else f"{number:.2f}%"
    if indicator in _MONEY:
        return f"{number:,.2f}"
    return f"{number:,.1f}".removesuffix(".0")


def exact(value: Fraction | Decimal | None) -> Decimal | None:
    """For programs: all digits there are, at most 28."""
    return None if value is None else _decimal(value)


def _decimal(value: Fraction | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else decimal_of(value)


def state_term(computed: Judgement, final: Judgement) -> Term:
    """normal; or normal (computed: abnormal) where the manager changed it."""
    said = word(final)
    if computed is not final:
        said = _("{state} (computed: {computed})").format(state=said, computed=word(computed))
    return Term(final.value, said, "bad" if final is Judgement.ABNORMAL else "")


def any_judged(states: Sequence[RateState] | Sequence[IndicatorState]) -> bool:
    """Was anything judged at all? Without it nothing can be called normal."""
    return any(one.final is not Judgement.NOT_JUDGED for one in states)


def unjudged(states: Sequence[IndicatorState]) -> tuple[Text, ...]:
    """The indicators nothing is said about, by name: they are not normal, they are not known."""
    names = [word(one.indicator) for one in states if one.final is Judgement.NOT_JUDGED]
    told = _("Not judged, for want of a target or of data: {names}")
    return (Text(told.format(names=_(", ").join(names)), "note"),) if names and len(names) < len(states) else ()


def by_hand(states: Sequence[RateState] | Sequence[IndicatorState]) -> tuple[Fact, ...]:
    """How many states the manager changed; nothing where none."""
    count = sum(one.by_hand for one in states)
    return (Fact(_("Changed by hand"), str(count)),) if count else ()


def rate_problems(states: Iterable[RateState], products: Mapping[int, Product]) -> list[str]:
    """Each abnormal rate as one problem: what is aimed at, what was found."""
    told = _("{product}: {rate} {actual}, target {target} ({numerator} of {denominator})")
    return [
        told.format(
            product=_named(products[one.product]),
            rate=word(one.kind),
            actual=percent(one.rate.value),
            target=percent(one.target),
            numerator=one.rate.numerator,
            denominator=one.rate.denominator,
        )
        for one in states
    ]


def rate_focus(states: Iterable[RateState], products: Mapping[int, Product]) -> list[str]:
    """Each abnormal rate as something to bring about."""
    return [
        _aim(one).format(product=_named(products[one.product]), rate=word(one.kind), target=percent(one.target))
        for one in states
    ]


def _aim(one: RateState) -> str:
    if one.target is None:
        return _("{product}: bring the {rate} back to normal")
    if one.kind.is_worse_higher:
        return _("{product}: bring the {rate} down to {target}")
    return _("{product}: lift the {rate} to {target}")


def indicator_problems(states: Iterable[IndicatorState]) -> list[str]:
    return [_indicator_problem(one) for one in states]


def _indicator_problem(one: IndicatorState) -> str:
    actual = figure(one.indicator, one.actual)
    if one.ratio is not None:
        told = _("{indicator} {actual}; against its peers {ratio}")
        return told.format(indicator=word(one.indicator), actual=actual, ratio=bare(one.ratio))
    told = _("{indicator} {actual}, target {target}")
    return told.format(indicator=word(one.indicator), actual=actual, target=figure(one.indicator, one.target))


def indicator_focus(
    states: Iterable[IndicatorState], aims: Mapping[Indicator, IndicatorTarget]
) -> list[str]:
    """Each abnormal indicator with what M aims at, where that is set."""
    with_aim, plain = _("{indicator}: reach {target} this month"), _("{indicator}: bring it back to normal")
    return [
        with_aim.format(indicator=word(one.indicator), target=figure(one.indicator, aims[one.indicator].target))
        if one.indicator in aims
        else plain.format(indicator=word(one.indicator))
        for one in states
    ]


def texts(
    problems: str | None, focus: str | None, drafted: tuple[list[str], list[str]], *, judged: bool
) -> tuple[Block, ...]:
    """Problems and focus: the manager's words, else the draft from what is abnormal; `judged`: something was."""
    blocks: list[Block] = []
    nothing = _("Nothing is abnormal.") if judged else word(Judgement.NOT_JUDGED)
    for head, own, draft in ((_("Problems"), problems, drafted[0]), (_("Focus"), focus, drafted[1])):
        blocks += [Heading(head), Text(own or "\n".join(f"· {line}" for line in draft) or nothing)]
    return tuple(blocks)


def area_texts(area: AreaFindings, written: tuple[str | None, str | None]) -> tuple[Block, ...]:
    """Problems of the area and focus of the month, and which analysis is not there to draft them from."""
    missing = [Text(_missing(kind), "warning") for kind in area.missing]
    return (*texts(*written, area_drafts(area), judged=not area.missing), *missing)


def area_drafts(area: AreaFindings) -> tuple[list[str], list[str]]:
    """Problems and focus of the month plan, drafted from the abnormal indicators and products."""
    problems = [*indicator_problems(area.indicators), *rate_problems(area.rates, area.products)]
    return problems, [*indicator_focus(area.indicators, area.aims), *rate_focus(area.rates, area.products)]


def _missing(kind: AnalysisKind) -> str:
    told = _("Step {step} ({name}) is not done: it gives no problems of the area and no matches.")
    return told.format(step=_STEP[kind], name=word(kind))


def _named(product: Product) -> str:
    return f"{product.code} {product.name}"
