"""The borderline list: what a point more or less would have judged otherwise."""

from dataclasses import replace

from crmkit.model.borderline import Border, Borderline
from crmkit.model.customer import Customer, Frequency
from crmkit.model.market import Indicator
from crmkit.model.operating import EffectItem
from crmkit.model.policy import Policy
from crmkit.report.figurewords import trimmed
from crmkit.report.page import Cell, Column, Fact, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import whose
from crmkit.report.terms import problem_words, word
from crmkit.report.words import _, later
from crmkit.workflow.list_borderline import BorderlineList

_STEPS = {
    2: later("step 2, operating state"),
    5: later("step 5, brand state"),
    6: later("step 6, market"),
    8: later("step 8, month plan"),
}
_OUTCOMES: dict[Border, tuple[str, str]] = {  # threshold reached, not reached
    Border.EFFECT_CUT: (later("effect high"), later("effect low")),
    Border.WEAK_ITEM: (later("not weak"), later("weak")),
    Border.ABILITY_CUT: (later("ability high"), later("ability low")),
    Border.INDICATOR: (later("abnormal"), later("normal")),
    Border.RATE: (later("abnormal"), later("normal")),
    Border.RELATIVE_VOLUME: (later("problem customer"), later("no problem")),
    Border.PEER_RATIO: (later("warning"), later("no warning")),
    Border.CARTON_VALUE_DROP: (later("problem customer"), later("no problem")),
    Border.KEY_LINE: (later("proposed"), later("below the line")),
}


_MANY = 5  # so many with one figure are a group: said in one row, all named with --all


def borderline(listed: BorderlineList, policy: Policy, *, show_all: bool = False) -> Page:
    """One row a judgement, in the order of the steps, the nearest first; JSON and spreadsheets carry every one."""
    table = _table(listed)
    shown = table if show_all else _grouped(table)
    return Page(
        title=_("Borderline judgements"),
        subtitle=whose(listed.portfolio.manager, listed.portfolio.month),
        schema="borderline/1",
        facts=(
            Fact(
                _("Near"),
                _("within {points} points of a threshold, on either side").format(points=policy.borderline.points),
            ),
            Fact(_("Judgements found"), str(len(listed.found))),
        ),
        blocks=(shown, *_unmade(listed)),
        data={
            "manager": listed.portfolio.manager.code,
            "month": str(listed.portfolio.month),
            "points": coded(policy.borderline.points),
            "judgements": table.records(),
            "not_made": list(listed.unmade),
        },
        rows=table,
    )


def _table(listed: BorderlineList) -> Table:
    columns = (
        Column("border", _("Judgement")),
        Column("customer", _("Code")),
        Column("name", _("Whose")),
        Column("value", _("Figure"), "number"),
        Column("threshold", _("Threshold"), "number"),
        Column("outcome", _("Judged")),
    )
    steps = list(Border)
    ordered = sorted(listed.found, key=lambda one: (steps.index(one.border), abs(one.distance), one.customer))
    return Table(columns, tuple(_row(one, listed) for one in ordered), empty=_("Nothing lies near a threshold."))


def _grouped(table: Table) -> Table:
    """Rows that say the same of many customers (scores set for a group in one act) as one."""
    groups: dict[tuple[Cell, ...], list[tuple[Cell, ...]]] = {}
    for row in table.rows:
        groups.setdefault((row[0], *row[3:]), []).append(row)
    rows: list[tuple[Cell, ...]] = []
    for (what, *figures), members in groups.items():
        many = _("{count} customers with this figure (--all)").format(count=len(members))
        rows += members if len(members) < _MANY else [(what, None, many, *figures)]
    return replace(table, rows=tuple(rows))


def _row(one: Borderline, listed: BorderlineList) -> tuple[Cell, ...]:
    customer = listed.portfolio.owned.get(one.customer)
    return (
        Term(one.border.value, _what(one)),
        customer.code if customer else None,
        _who(one, customer),
        trimmed(one.value),
        trimmed(one.threshold),
        _outcome(one),
    )


def _what(one: Borderline) -> str:
    if one.border is Border.WEAK_ITEM:
        return _("{border}: {item}").format(border=word(one.border), item=word(EffectItem(one.item)))
    return word(one.border)


def _who(one: Borderline, customer: Customer | None) -> str:
    if customer:
        return customer.name
    if one.border is Border.RATE:
        return problem_words(one.item)
    return word(Indicator(one.item))


def _outcome(one: Borderline) -> Term:
    if one.border is Border.FREQUENCY:
        return Term(one.item, word(Frequency(one.item)))
    reached, missed = _OUTCOMES[one.border]
    return Term("reached" if one.crossed else "not_reached", _(reached if one.crossed else missed))


def _unmade(listed: BorderlineList) -> tuple[Text, ...]:
    if not listed.unmade:
        return ()
    steps = _(", ").join(_(_STEPS[step]) for step in listed.unmade)
    return (Text(_("Not judged yet, so not in the list: {steps}.").format(steps=steps), "note"),)
