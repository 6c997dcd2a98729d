"""Did it help: flagged customers visited and not, before and after, with an honest word."""

from collections.abc import Iterator
from fractions import Fraction

from crmkit.model.helped import FlaggedGroup, Helped, HelpLine, HelpVerdict
from crmkit.report.figurewords import percent, places
from crmkit.report.page import Block, Cell, Column, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import whose
from crmkit.report.terms import month_words, problem_words, word
from crmkit.report.words import _


def helped_page(found: Helped) -> Page:
    """Two lines a problem, the customers visited and the others, and what can and cannot be said of them."""
    columns = (
        Column("problem", _("Problem")),
        Column("group", _("Customers")),
        Column("customers", _("How many"), "number"),
        Column("before", month_words(found.month.previous), "number"),
        Column("after", month_words(found.month), "number"),
        Column("improved", _("Improved"), "number"),
        Column("percent", "%", "number"),
        Column("verdict", _("That says")),
    )
    rows = tuple(row for line in found.lines for row in _rows(line))
    table = Table(columns, rows, empty=_("No problem of the month has a figure."))
    return Page(
        title=_("Did it help?"),
        subtitle=whose(found.manager, found.month),
        schema="helped/1",
        blocks=(table, *_notes(found)),
        data={
            "manager": found.manager.code,
            "month": str(found.month),
            "least": found.least,
            "whole": found.whole,
            "problems": [_data(line) for line in found.lines],
        },
        rows=table,
    )


def _rows(line: HelpLine) -> Iterator[tuple[Cell, ...]]:
    problem = Term(line.code, problem_words(line.code))
    yield problem, Term("visited", _("visited")), *_figures(line.visited), Term(line.verdict.value, word(line.verdict))
    yield Term(line.code, ""), Term("others", _("not visited")), *_figures(line.others), None


def _figures(group: FlaggedGroup) -> tuple[Cell, ...]:
    if not group.customers:
        return 0, None, None, None, None
    before, after = (None if mean is None else places(mean, 2) for mean in (group.before, group.after))
    return group.customers, before, after, group.improved, percent(group.share)


def _notes(found: Helped) -> list[Block]:
    unfinished = Text(_("The month's orders are not complete: all of it is provisional."), "warning")
    notes = [] if found.whole else [unfinished]
    if any(line.verdict is HelpVerdict.TOO_FEW for line in found.lines):
        told = _("Below {count} customers in a group nothing is said: chance alone moves that much.")
        notes.append(Text(told.format(count=found.least), "note"))
    if found.lines:
        told = _(
            "Means of one customer: volume in cartons an ordering day, a product in cartons a month, value of a "
            "carton. The problems were found in the first of the two months."
        )
        notes.append(Text(told, "note"))
    told = _(
        "Who was flagged had a bad month, and some recover without a visit: only the difference between the two "
        "groups says something, and who was visited was chosen, not drawn."
    )
    return [*notes, Text(told, "note")]


def _data(line: HelpLine) -> dict[str, object]:
    return {
        "problem": line.code,
        "visited": _group_data(line.visited),
        "others": _group_data(line.others),
        "verdict": line.verdict.value,
    }


def _group_data(group: FlaggedGroup) -> dict[str, object]:
    return {
        "customers": group.customers,
        "improved": group.improved,
        "before": _mean(group.before),
        "after": _mean(group.after),
    }


def _mean(value: Fraction | None) -> object:
    return None if value is None else coded(places(value, 3))
