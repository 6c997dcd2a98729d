"""crmkit annotate submit, withdraw, approve, reject, restate: the month's results, and marks after them."""

from typing import Annotated

import typer

from crmkit.commands.options import DryRun, Items, ManagerWord, MonthWord, Reason, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.annotation import RestatementState
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.report.papers import annotation as papers
from crmkit.report.papers.documents import settled
from crmkit.report.words import _
from crmkit.store.connection import Store
from crmkit.workflow import settle_results as settling
from crmkit.workflow.restate_marks import ask_restatement, decide_restatement

Number = Annotated[
    int | None, typer.Option("--restatement", metavar="N", help=_("The restatement of this number: annotate list."))
]


def hang_results(app: typer.Typer) -> None:
    """Hang the five commands on `crmkit annotate`."""
    command(app, "restate", _("Ask for a mark after the results were submitted; the market manager decides."))(restate)
    command(app, "submit", _("Submit the results of the month; from the last planned visit day on."))(submit)
    command(app, "withdraw", _("Take your own results back while nobody has decided."))(withdraw)
    command(app, "approve", _("Approve the results of a month, or one restatement of a mark."))(approve)
    command(app, "reject", _("Send the results of a month back, or refuse a restatement, with a reason."))(reject)


def restate(
    ctx: typer.Context,
    items: Items,
    reason: Reason,
    open_: Annotated[bool, typer.Option("--open", help=_("It was not done after all."))] = False,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted, items)
    asked = ask_restatement(*common, done=not open_, reason=reason, dry_run=dry_run)
    context.show(papers.restated(asked, dry_run=dry_run))


def submit(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    context.show(settled(settling.submit_result(*common, dry_run=dry_run), dry_run=dry_run))


def withdraw(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    context.show(settled(settling.withdraw_result(*common, dry_run=dry_run), dry_run=dry_run))


def approve(
    ctx: typer.Context,
    restatement: Number = None,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    if restatement is not None:
        _decide(context, restatement, RestatementState.APPROVED, None, dry_run=dry_run)
        return
    common = _waiting(context, month, manager)
    context.show(settled(settling.approve_result(*common, dry_run=dry_run), dry_run=dry_run))


def reject(
    ctx: typer.Context,
    reason: Reason,
    restatement: Number = None,
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    context = context_of(ctx)
    if restatement is not None:
        _decide(context, restatement, RestatementState.REJECTED, reason, dry_run=dry_run)
        return
    common = _waiting(context, month, manager)
    context.show(settled(settling.reject_result(*common, reason=reason, dry_run=dry_run), dry_run=dry_run))


def _waiting(context: Context, month: str | None, manager: str | None) -> tuple[Store, Act, Policy, Person, Month]:
    """Whose results are decided on, and of which month, with what every decision is given."""
    act, wanted = context.act(), month_of(context, month)
    whose = settling.whose_result(context.store(), manager, act.actor, wanted)
    return context.store(), act, context.policy, whose, wanted


def _decide(context: Context, number: int, state: RestatementState, answer: str | None, *, dry_run: bool) -> None:
    common = (context.store(), context.act(), context.policy, number, state)
    context.show(papers.restated([decide_restatement(*common, answer=answer, dry_run=dry_run)], dry_run=dry_run))
