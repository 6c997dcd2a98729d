"""crmkit plan submit, withdraw, approve, reject: what happens to the two documents of the month."""

from typing import Annotated

import typer

from crmkit.commands import typed, typed_lines
from crmkit.commands.options import DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.packing import key_of, packing
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.report.words import _

Only = Annotated[
    str | None, typer.Option("--only", metavar="DOCUMENT", help=_("strategies or plan alone; both when left out."))
]


def hang_approval(app: typer.Typer) -> None:
    """Hang the four commands on `crmkit plan`."""
    text = _("Steps 7 and 8: submit the strategies and the month plan; -o FILE.crmplan for another machine.")
    command(app, "submit", text)(submit)
    command(app, "withdraw", _("Take back your own submission while nobody has decided."))(withdraw)
    command(app, "approve", _("Approve the month; writes every frequency into the customers."))(approve)
    command(app, "reject", _("Send the month back to draft, with a reason, whole or by line."))(reject)


def submit(
    ctx: typer.Context,
    month: MonthWord = None,
    accept_shortage: Annotated[
        str | None, typer.Option(metavar="REASON", help=_("Submit although the month cannot hold every visit."))
    ] = None,
    only: Only = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import documents as papers
    from crmkit.report.papers.package import sent_next
    from crmkit.workflow import settle_documents as settling
    from crmkit.workflow.send_package import submit_as_package

    context, target = packing(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted, typed.documents_of(only))
    if target is None:
        settled = settling.submit(*common, accept_shortage=accept_shortage, dry_run=dry_run)
    else:
        settled = submit_as_package(
            *common, target=target, key=key_of(context), accept_shortage=accept_shortage, dry_run=dry_run
        )
    context.show(papers.settled(settled, dry_run=dry_run))
    context.say(papers.next_step(settled) if target is None else sent_next(target))


def withdraw(
    ctx: typer.Context,
    month: MonthWord = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Why."))] = None,
    only: Only = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import documents as papers
    from crmkit.workflow import settle_documents as settling

    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    common = (context.store(), context.act(), context.policy, whose, wanted, typed.documents_of(only))
    settled = settling.withdraw(*common, reason=reason, dry_run=dry_run)
    context.show(papers.settled(settled, dry_run=dry_run))
    context.say(papers.next_step(settled))


def approve(
    ctx: typer.Context,
    month: MonthWord = None,
    only: Only = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import documents as papers
    from crmkit.workflow import settle_documents as settling

    context = context_of(ctx)
    act, wanted = context.act(), month_of(context, month)
    whose = settling.whose_decision(context.store(), manager, act.actor, wanted)
    common = (context.store(), act, context.policy, whose, wanted, typed.documents_of(only))
    settled = settling.approve(*common, dry_run=dry_run)
    context.show(papers.settled(settled, dry_run=dry_run))
    context.say(papers.next_step(settled))


def reject(
    ctx: typer.Context,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why."))] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help=_('Of one line, repeated: "1003: …", "1003/2: …", "1003 频率：…".')),
    ] = None,
    month: MonthWord = None,
    only: Only = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import documents as papers
    from crmkit.workflow import settle_documents as settling
    from crmkit.workflow.read_feedback import read_feedback

    context = context_of(ctx)
    act, wanted = context.act(), month_of(context, month)
    whose = settling.whose_decision(context.store(), manager, act.actor, wanted)
    named = typed_lines.lines_of(line or ())
    why = typed_lines.reason_of(reason, named)
    common = (context.store(), act, context.policy, whose, wanted, typed.documents_of(only))
    said = read_feedback(context.store(), whose, wanted, named)
    settled = settling.reject(*common, reason=why, lines=said, dry_run=dry_run)
    context.show(papers.settled(settled, dry_run=dry_run))
    context.say(papers.next_step(settled))
