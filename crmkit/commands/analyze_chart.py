"""crmkit analyze chart: thirteen months as bars."""

from typing import Annotated

import typer

from crmkit.commands.analyze_progress import AsOf, Team
from crmkit.commands.options import ManagerWord, MonthWord, manager_of
from crmkit.commands.times import as_of_day, month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.report.papers import charts as papers
from crmkit.report.words import _
from crmkit.workflow.find_customer import find_customer
from crmkit.workflow.list_products import show_product
from crmkit.workflow.show_chart import Subject, show_chart

_WORDS = {"客户": Subject.CUSTOMER, "商品": Subject.PRODUCT, "片区": Subject.AREA} | {one.value: one for one in Subject}
_EXPECTED = "customer X | product P | area"


def hang_chart(app: typer.Typer) -> None:
    """Hang the command on `crmkit analyze`."""
    command(app, "chart", _("The last 13 months of a customer, a product or an area; -o FILE.svg or .png draws them."))(
        chart
    )


def chart(
    ctx: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar=_EXPECTED, help=_("Whose months: a customer, a product, or the whole area."))
    ],
    month: MonthWord = None,
    as_of: AsOf = None,
    manager: ManagerWord = None,
    team: Team = False,
) -> None:
    context = context_of(ctx, draws=True)
    subject, name = _subject_of(words)
    if team and (manager or subject is Subject.CUSTOMER):
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="--team", second="--manager" if manager else "customer")
    store, day = context.store(), as_of_day(context, as_of)
    wanted = month_of(context, month) if month else Month.of(day)
    whose = None if team else manager_of(context, manager)
    if subject is Subject.CUSTOMER:
        found = show_chart(store, wanted, day, whose, customer=find_customer(store, name, whose))
    elif subject is Subject.PRODUCT:
        found = show_chart(store, wanted, day, whose, product=show_product(store, name).product)
    else:
        found = show_chart(store, wanted, day, whose)
    context.show(papers.chart(found))


def _subject_of(words: list[str]) -> tuple[Subject, str]:
    """What is charted and its name; an area needs none."""
    subject = _WORDS.get(words[0])
    if subject is None or len(words) != (1 if subject is Subject.AREA else 2):
        raise Refusal(Fault.BAD_VALUE, option="chart", value=" ".join(words), expected=_EXPECTED)
    return subject, words[-1]
