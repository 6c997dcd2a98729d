"""Did it help: flagged customers visited and not, before and after, with an honest word."""

from fractions import Fraction

from crmkit.model.helped import FlaggedGroup, Helped, HelpLine, HelpVerdict
from crmkit.report.figurewords import percent, places
from crmkit.report.page import Block, Cell, Column, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import whose
from crmkit.report.terms import problem_words, word
from crmkit.report.words import _


def helped_page(found: Helped) -> Page:
    """A line a problem, and what can and cannot be said of it."""
    columns = (
        Column("problem", _("Problem")),
        Column("visited", _("Visited"), "number"),
        Column("visited_improved", _("Improved %"), "number"),
        Column("others", _("Not visited"), "number"),
        Column("others_improved", _("Improved %"), "number"),
        Column("verdict", _("That says")),
    )
    table = Table(columns, tuple(map(_row, found.lines)), empty=_("No problem of the month has a figure."))
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


def _row(line: HelpLine) -> tuple[Cell, ...]:
    return (
        Term(line.code, problem_words(line.code)),
        line.visited.customers,
        percent(line.visited.share),
        line.others.customers,
        percent(line.others.share),
        Term(line.verdict.value, word(line.verdict)),
    )


def _notes(found: Helped) -> list[Block]:
    unfinished = Text(_("The month's orders are not complete: all of it is provisional."), "warning")
    notes = [] if found.whole else [unfinished]
    if any(line.verdict is HelpVerdict.TOO_FEW for line in found.lines):
        told = _("Below {count} customers in a group nothing is said: chance alone moves that much.")
        notes.append(Text(told.format(count=found.least), "note"))
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
