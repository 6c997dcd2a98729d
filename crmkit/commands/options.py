"""Options that many commands of the month take, and whose month is meant."""

from typing import Annotated

import typer

from crmkit.context import Context
from crmkit.model.customer import Customer
from crmkit.model.person import Person
from crmkit.report.words import _
from crmkit.workflow.acting import manager_of as manager_of_customer
from crmkit.workflow.acting import refuse_foreign, whose_month
from crmkit.workflow.find_customer import actors_customer

MonthWord = Annotated[str | None, typer.Option("--month", metavar="M", help=_("2026-11, this, last or next."))]
ManagerWord = Annotated[
    str | None, typer.Option("--manager", metavar="CODE", help=_("Whose month, when the file holds several managers."))
]
DayWord = Annotated[
    str | None, typer.Option("--date", metavar="D", help=_("2026-11-20 in full, today, tomorrow or 周三."))
]
EncodingWord = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help=_("Of a CSV: utf-8-sig (default), gb18030, gbk, utf-16 …")),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))]
All = Annotated[bool, typer.Option("--all", help=_("Name every customer, not only the first ones."))]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=_("Why it is changed; kept beside both states."))]
Problems = Annotated[
    str | None,
    typer.Option("--problems", metavar="TEXT", help=_("Problems in your own words; '' brings the draft back.")),
]
Focus = Annotated[
    str | None, typer.Option("--focus", metavar="TEXT", help=_("Focus in your own words; '' brings the draft back."))
]
Items = Annotated[list[str], typer.Argument(metavar="ITEM…", help=_("K7M-2 a strategy, ●12 (or A12) an ad hoc item."))]
CustomerWord = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help=_("Code, code on the sheet, or a unique part of code or name."))
]


def manager_of(context: Context, word: str | None) -> Person:
    """Whose month is meant: --manager, else the one who acts, else the only manager of the file."""
    return whose_month(context.store(), word, context.act().actor)


def own_month_of(context: Context, word: str | None) -> Person:
    """The same for a command that writes: his own, or of whom he stands in for. Raises Refusal(RULE)."""
    manager = manager_of(context, word)
    refuse_foreign(context.store(), context.act(), context.policy, manager)
    return manager


def own_customer(context: Context, word: str) -> Customer:
    """The customer meant by a command that writes in the month of his manager. Raises Refusal(RULE)."""
    act = context.act()
    found = actors_customer(context.store(), word, act.actor)
    if found.manager is not None:
        refuse_foreign(context.store(), act, context.policy, manager_of_customer(context.store(), found))
    return found
