"""The month of every customer manager side by side, as the market manager looks at it."""

from collections import Counter
from typing import Any

from crmkit.report.figurewords import cartons, percent, places
from crmkit.report.page import Cell, Column, Fact, Page, Table, Text, coded
from crmkit.report.terms import month_words, problem_words
from crmkit.report.words import _
from crmkit.workflow.analyze_team import AreaMonth, TeamMonth

_KEYS = ("manager", "name", "valid", "volume", "growth", "carton_value", "ordering", "problem_customers",
         "key_customers")  # fmt: skip


def team(found: TeamMonth) -> Page:
    """One row a manager; the reasons of problem customers below."""
    judged = found.month.previous
    table = _table(found)
    return Page(
        title=_("The team's month"),
        subtitle=month_words(found.month),
        schema="team-month/1",
        facts=(
            Fact(_("From the orders of"), month_words(judged)),
            Fact(_("Growth against"), month_words(judged.previous)),
        ),
        blocks=(
            table,
            _reasons(found),
            Text(
                _(
                    "Computed from the orders as they are now; nothing was written. Key customers here are the problem "
                    "customers only: what matches abnormal brands and indicators is in each manager's own month plan."
                ),
                "note",
            ),
        ),
        data={"month": str(found.month), "judged": str(judged), "managers": [_data(one) for one in found.areas]},
        rows=table,
    )


def _table(found: TeamMonth) -> Table:
    columns = (
        Column("manager", _("Code")),
        Column("name", _("Name")),
        Column("valid", _("Valid"), "number"),
        Column("volume", _("Volume"), "number"),
        Column("growth", _("On last month %"), "number"),
        Column("carton_value", _("Carton value"), "number"),
        Column("ordering", _("Ordering"), "number"),
        Column("problem_customers", _("Problem"), "number"),
        Column("key_customers", _("Key customers"), "number"),
    )
    return Table(columns, tuple(_row(one) for one in found.areas))


def _row(area: AreaMonth) -> tuple[Cell, ...]:
    manager, sums = area.portfolio.manager, area.sums
    return (
        manager.code,
        manager.name,
        len(area.portfolio.valid),
        cartons(sums.volume),
        percent(area.growth),
        None if sums.carton_value is None else places(sums.carton_value, 2),
        sums.customers,
        len(area.findings.problems),
        area.key_count,
    )


def _reasons(found: TeamMonth) -> Table:
    columns = (Column("reason", _("Problem")), Column("customers", _("Customers"), "number"))
    counts = Counter[str]()
    for area in found.areas:
        counts += area.problem_counts
    rows = tuple((problem_words(code), count) for code, count in sorted(counts.items()))
    return Table(columns, rows, title=_("Problem customers by reason"), empty=_("Nobody is a problem customer."))


def _data(area: AreaMonth) -> dict[str, Any]:
    problems = dict(sorted(area.problem_counts.items()))
    return dict(zip(_KEYS, map(coded, _row(area)), strict=True)) | {"problems": problems}
