"""What the demo made, told in lines under its sheet."""

from crmkit.model.strategy import Standing
from crmkit.report import terms
from crmkit.report.words import _
from crmkit.workflow.run_demo import Demo


def sheet_name(demo: Demo) -> str:
    """The name of the sheet's files, without suffix."""
    return _("sheet-{day}").format(day=demo.sheet.day.isoformat())


def told(demo: Demo) -> list[str]:
    """The story so far and what to type next."""
    plan = demo.plan
    keys = sum(one.standing is Standing.PROPOSED for one in plan.candidates)
    lines = [
        "",
        _(
            "This territory is invented: {customers} valid customers, {lines} order lines, imported from {folder}."
        ).format(
            customers=len(plan.portfolio.valid),
            lines=sum(result.totals.lines for result in demo.imported),
            folder=demo.folder / "exports",
        ),
        _("{month}: {strategies} strategies, {keys} key customers, {visits} visits planned, {logged} logged.").format(
            month=terms.month_words(plan.portfolio.month),
            strategies=len(plan.strategies),
            keys=keys,
            visits=len(demo.visits.written),
            logged=demo.logged,
        ),
        _("The sheet to print: {file}.pdf").format(file=demo.folder / sheet_name(demo)),
        _("Look around: cd {folder}; crmkit status; crmkit plan show --month {month}").format(
            folder=demo.folder, month=plan.portfolio.month
        ),
    ]
    if demo.fixed:
        lines.insert(1, _("Today's official calendar is not published in this version: a fixed demo month is shown."))
    return lines
