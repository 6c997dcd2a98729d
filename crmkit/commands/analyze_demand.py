"""crmkit analyze demand: step 1, what customers asked for."""

from dataclasses import replace
from typing import Annotated

import typer

from crmkit.commands import typed
from crmkit.commands.analyze_prompts import ask_demand
from crmkit.commands.chosen import Named, Where, choice_of
from crmkit.commands.options import All, CustomerWord, DayWord, DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.times import as_of_day, day_of, month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.context import Context
from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.report.papers import demand as papers
from crmkit.report.words import _
from crmkit.workflow import take_demand as step
from crmkit.workflow.find_customer import find_customer

app = group(_("Step 1: what customers asked for, confirmed; who is missing."))

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="D", help=_("As it stood on that day."))]


@command(app, "list", _("The questionnaires of a month, or one customer's line by line."))
def list_(
    ctx: typer.Context,
    customer: Annotated[
        str | None, typer.Argument(metavar="[CUSTOMER]", help=_("One customer's questionnaire."))
    ] = None,
    month: MonthWord = None,
    manager: ManagerWord = None,
    as_of: AsOf = None,
) -> None:
    context = context_of(ctx)
    found = _found(context, month, manager, as_of)
    if customer:
        one = find_customer(context.store(), customer, found.portfolio.manager)
        context.show(papers.one(found, one))
    else:
        context.show(papers.listed(found))
        context.say(papers.next_step(found))


@command(app, "missing", _("Who has no questionnaire yet, and which are not confirmed."))
def missing(
    ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, all_: All = False, as_of: AsOf = None
) -> None:
    context = context_of(ctx)
    found = _found(context, month, manager, as_of)
    context.show(papers.missing(found, show_all=all_))
    context.say(papers.by_hand(found) if found.missing else papers.next_step(found))


@command(app, "enter", _("Enter one customer's questionnaire by hand, over what is there."))
def enter(
    ctx: typer.Context,
    customer: CustomerWord,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PRODUCT=N]… [wish=KIND]…", help=_("P1=5, P2=0 takes it away; 服务=送货：上午.")),
    ] = None,
    how: Annotated[
        str | None, typer.Option("--how", metavar="WAY", help=_("online, phone, visit, wechat, paper or other."))
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help=_("Confirm it at once."))] = False,
    none: Annotated[bool, typer.Option("--none", help=_("Nothing is wanted."))] = False,
    date_: DayWord = None,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, came_on = own_month_of(context, manager), day_of(context, date_)
    found = find_customer(context.store(), customer, whose)
    asked = _words(context, found, words or [], none=none)
    entry = replace(step.read_entry(context.store(), context.policy, asked), nothing=none)
    channel = typed.code_of(typed.CHANNELS, how, "--how") if how else None
    wanted = month_of(context, month) if month else None
    told = step.enter_demand(
        context.store(), context.act(), context.policy, whose, wanted, found, entry,
        channel=channel, came_on=came_on, confirm=confirm, dry_run=dry_run,
    )  # fmt: skip
    _tell(context, told, dry_run=dry_run)
    if wanted is None and told.portfolio.month != month_of(context, None):
        context.say(papers.other_month(told, month_of(context, None)))


@command(app, "confirm", _("Confirm questionnaires: of some customers, or of all that are there."))
def confirm(
    ctx: typer.Context,
    customers: Named = None,
    where: Where = None,
    all_: Annotated[bool, typer.Option("--all", help=_("All that are there; those missing are counted."))] = False,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    if all_ and (customers or where):
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="--all", second="CUSTOMER / --where")
    chosen = None if all_ else [one.id for one in choice_of(context, customers, where)]
    told = step.confirm_demand(
        context.store(), context.act(), context.policy, whose, wanted, chosen, named=not where, dry_run=dry_run
    )
    _tell(context, told, dry_run=dry_run)


def _found(context: Context, month: str | None, manager: str | None, as_of: str | None) -> step.DirectDemand:
    whose, wanted, today = manager_of(context, manager), month_of(context, month), as_of_day(context, as_of)
    return step.direct_demand(context.store(), context.policy, whose, wanted, today)


def _words(context: Context, customer: Customer, given: list[str], *, none: bool) -> list[str]:
    """What was typed, or what a person types now."""
    if given or none:
        return given
    if not context.interactive:
        raise Refusal(Fault.ANSWER_NEEDED, flag="P1=5 服务=送货 | --none")
    return ask_demand(context, customer)


def _tell(context: Context, told: step.DirectDemand, *, dry_run: bool) -> None:
    context.show(papers.written(told, dry_run=dry_run))
    context.say(papers.next_step(told))
