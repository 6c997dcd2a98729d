"""crmkit plan package, receive: a submitted month as one file for another machine, and the answer coming back."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.options import DryRun, ManagerWord, MonthWord, own_month_of
from crmkit.commands.packing import key_of, packing
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.report.words import _


def hang_package(app: typer.Typer) -> None:
    """Hang the two commands on `crmkit plan`."""
    text = _("Write a submitted month as a package file again, for another machine: -o FILE.crmplan.")
    command(app, "package", text)(package)
    command(app, "receive", _("Take in the market manager's answer to a package."))(receive)


def package(ctx: typer.Context, month: MonthWord = None, manager: ManagerWord = None, dry_run: DryRun = False) -> None:
    from crmkit.report.papers import package as papers
    from crmkit.workflow.send_package import send_package

    context, target = packing(ctx)
    if target is None:
        raise Refusal(Fault.ANSWER_NEEDED, flag="-o FILE.crmplan")
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted)
    sent = send_package(*common, target=target, key=key_of(context), dry_run=dry_run)
    context.show(papers.sent(sent, dry_run=dry_run))
    context.say(papers.sent_next(target))


def receive(
    ctx: typer.Context,
    answer: Annotated[Path, typer.Argument(metavar="ANSWER", help=_("The answer, a .crmplan file."))],
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import package as papers
    from crmkit.workflow.receive_answer import receive_answer

    context = context_of(ctx)
    common = (context.store(), context.act(), context.policy, answer, key_of(context))
    received = receive_answer(*common, dry_run=dry_run)
    context.show(papers.received(received, dry_run=dry_run))
    context.say(papers.received_next(received))
