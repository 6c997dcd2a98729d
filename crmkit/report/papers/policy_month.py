"""What another policy would make of a month: states, frequencies, visits, old and new side by side."""

from collections import Counter
from typing import Any

from crmkit.model.customer import Frequency
from crmkit.model.market import Indicator
from crmkit.report.page import Block, Cell, Column, Fact, Facts, Heading, Page, Table, Term, Text
from crmkit.report.papers.headings import whose
from crmkit.report.papers.policy import headline
from crmkit.report.terms import month_words, problem_words, word
from crmkit.report.words import _
from crmkit.workflow.compare_months import AreaChange, ComparedMonth, CustomerChange, CustomerState, MonthUnder

ARROW = "→"


def compared(months: tuple[ComparedMonth, ...], other: str, first: str | None) -> Page:
    """For each manager the visits, what is judged otherwise in the area, and every customer who changes."""
    rows = tuple(row for one in months for row in _rows(one))
    return Page(
        title=headline(other, first),
        subtitle=month_words(months[0].month),
        schema="policy-diff-month/1",
        blocks=tuple(block for one in months for block in _blocks(one)),
        data={"month": str(months[0].month), "managers": [_data(one) for one in months]},
        rows=Table((Column("manager", _("Customer manager")), *_columns()), rows),
    )


def _blocks(one: ComparedMonth) -> list[Block]:
    blocks: list[Block] = [Heading(whose(one.manager, one.month)), Facts(_facts(one))]
    if one.area:
        blocks.append(_area_table(one.area))
    rows = tuple(row[1:] for row in _rows(one))
    blocks.append(Table(_columns(), rows, title=_("Customers"), empty=_("No customer changes.")))
    if one.before.unscored:
        told = _("{count} customers have no ability scores: they have no quadrant and no strategies of it.")
        blocks.append(Text(told.format(count=one.before.unscored), "note"))
    return blocks


def _facts(one: ComparedMonth) -> tuple[Fact, ...]:
    moved = sum(change.moves_frequency for change in one.changes)
    visits = _("{before} {arrow} {after} ({more:+})").format(
        before=one.before.visits, arrow=ARROW, after=one.after.visits, more=one.after.visits - one.before.visits
    )
    return (
        Fact(_("Visits of the month"), visits),
        Fact(_("Key customers"), f"{len(one.before.plan.keys)} {ARROW} {len(one.after.plan.keys)}"),
        Fact(_("Visit frequency"), _counts(one)),
        Fact(_("Customers with another frequency"), str(moved)),
        Fact(_("Customers with another state"), str(len(one.changes))),
    )


def _counts(one: ComparedMonth) -> str:
    counts = [Counter(line.frequency for line in side.plan.lines) for side in (one.before, one.after)]
    parts = (f"{word(each)} {counts[0][each]} {ARROW} {counts[1][each]}" for each in Frequency)
    return _(", ").join(parts)


def _area_table(changes: tuple[AreaChange, ...]) -> Table:
    columns = (Column("code", _("Judged of the area")), Column("before", _("Now")), Column("after", _("There")))
    rows = tuple((Term(one.code, _code_words(one.code)), word(one.before), word(one.after)) for one in changes)
    return Table(columns, rows, title=_("Judged otherwise"))


def _code_words(code: str) -> str:
    return problem_words(code) if ":" in code else word(Indicator(code))


def _columns() -> tuple[Column, ...]:
    return (
        Column("customer", _("Code")),
        Column("name", _("Name")),
        Column("frequency", _("Frequency")),
        Column("key", _("Key customer")),
        Column("problems", _("Problems")),
        Column("quadrant", _("Quadrant")),
    )


def _rows(one: ComparedMonth) -> list[tuple[Cell, ...]]:
    """Who changes frequency first."""
    ordered = sorted(one.changes, key=lambda change: not change.moves_frequency)
    return [(one.manager.code, *_row(change)) for change in ordered]


def _row(change: CustomerChange) -> tuple[Cell, ...]:
    before, after = _said(change.before), _said(change.after)
    return (
        change.customer.code,
        change.customer.name,
        *(old if old == new else f"{old or '-'} {ARROW} {new or '-'}" for old, new in zip(before, after, strict=True)),
    )


def _said(state: CustomerState | None) -> tuple[str, ...]:
    """Frequency, key, problems and quadrant as words; a dash for who is not valid."""
    if state is None:
        return _("not valid"), "", "", ""
    return (
        word(state.frequency),
        _("yes") if state.key else _("no"),
        _(", ").join(map(problem_words, state.problems)),
        word(state.quadrant) if state.quadrant else "",
    )


def _data(one: ComparedMonth) -> dict[str, Any]:
    return {
        "manager": one.manager.code,
        "visits": [one.before.visits, one.after.visits],
        "key_customers": [len(one.before.plan.keys), len(one.after.plan.keys)],
        "frequencies": [_frequencies(one.before), _frequencies(one.after)],
        "area": [{"code": a.code, "before": a.before.value, "after": a.after.value} for a in one.area],
        "customers": [
            {"customer": c.customer.code, "before": _state(c.before), "after": _state(c.after)} for c in one.changes
        ],
        "unscored": one.before.unscored,
    }


def _frequencies(side: MonthUnder) -> dict[str, int]:
    counts = Counter(line.frequency for line in side.plan.lines)
    return {each.value: counts[each] for each in Frequency}


def _state(state: CustomerState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {
        "frequency": state.frequency.value,
        "key": state.key,
        "problems": list(state.problems),
        "quadrant": state.quadrant.value if state.quadrant else None,
    }
