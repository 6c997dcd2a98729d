"""Did it help: flagged customers visited and not, before and after, with an honest word."""

from collections.abc import Iterator
from fractions import Fraction

from crmkit.model.helped import Contrast, FlaggedGroup, Helped, HelpLine, HelpVerdict
from crmkit.report.figurewords import percent, places
from crmkit.report.page import Block, Cell, Column, Page, Table, Term, Text, coded
from crmkit.report.papers.headings import whose
from crmkit.report.terms import month_words, problem_words, word
from crmkit.report.words import _, later


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
    for one in line.contrasts:
        told = Term(one.verdict.value, _(_CONTRAST_WORDS[one.verdict]))
        yield Term(line.code, ""), Term(one.kind.value, word(one.kind)), *_figures(one.these), told
        yield Term(line.code, ""), Term(f"not_{one.kind.value}", _(_AGAINST[one.kind])), *_figures(one.others), None


_AGAINST = {Contrast.EARLY: later("later or not visited"), Contrast.SEVERAL: later("visited once")}
_CONTRAST_WORDS = {
    HelpVerdict.UNLIKE: later("groups differed before"),
    HelpVerdict.BETTER: later("more of these improved"),
    HelpVerdict.SAME: later("no difference"),
    HelpVerdict.WORSE: later("fewer of these improved"),
}


def _figures(group: FlaggedGroup) -> tuple[Cell, ...]:
    if not group.customers:
        return 0, None, None, None, None
    before, after = (None if mean is None else places(mean, 2) for mean in (group.before, group.after))
    return group.customers, before, after, group.improved, percent(group.share)


def _notes(found: Helped) -> list[Block]:
    unfinished = Text(_("The month's orders are not complete: all of it is provisional."), "warning")
    notes = [] if found.whole else [unfinished]
    notes += [Text(told, "note") for told in _no_comparison(found)]
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


def _no_comparison(found: Helped) -> Iterator[str]:
    """Why nothing can be compared, and what would make it so."""
    bare = [line for line in found.lines if line.verdict is HelpVerdict.TOO_FEW and not line.contrasts]
    few = [problem_words(line.code) for line in bare if line.flagged < 2 * found.least]
    alike = [problem_words(line.code) for line in bare if line.flagged >= 2 * found.least]
    if few:
        yield _("No comparison, fewer than {count} customers have it: {problems}").format(
            count=2 * found.least, problems=_("; ").join(few)
        )
    if alike:
        told = _(
            "No comparison, nearly all were visited alike: {problems}. It takes {count} customers on either side: "
            "visited or not, in the first half of the month or later, twice or once."
        )
        yield told.format(problems=_("; ").join(alike), count=found.least)
    if any(line.contrasts for line in found.lines):
        yield _(
            "Where hardly anybody was left unvisited, those visited early or often stand against the others; that too "
            "was chosen: who does badly may be visited sooner and more often."
        )


def _data(line: HelpLine) -> dict[str, object]:
    return {
        "problem": line.code,
        "visited": _group_data(line.visited),
        "others": _group_data(line.others),
        "verdict": line.verdict.value,
        "contrasts": [
            {
                "kind": one.kind.value,
                "these": _group_data(one.these),
                "others": _group_data(one.others),
                "verdict": one.verdict.value,
            }
            for one in line.contrasts
        ],
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
