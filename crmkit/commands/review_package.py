"""crmkit review open, approve, reject: a package on the machine of who decides."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands import typed, typed_lines
from crmkit.commands.options import All, DryRun
from crmkit.commands.packing import key_of, packing, refuse_target
from crmkit.commands.plan_approval import Only
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.document import DocumentAction
from crmkit.model.errors import Fault, Refusal
from crmkit.model.feedback import TypedLine
from crmkit.model.operation import Act
from crmkit.model.package import Opened, Party, Submission
from crmkit.report.papers import package as papers
from crmkit.report.papers import package_month
from crmkit.report.words import _
from crmkit.workflow.review_package import (
    OpenedMonth,
    answer_beside,
    answer_package,
    decider_in,
    decider_named,
    feedback_on,
    open_package,
    sent_month,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help=_("The package, a .crmplan file."))]

_OTHER = {DocumentAction.APPROVE: DocumentAction.REJECT, DocumentAction.REJECT: DocumentAction.APPROVE}


def hang_review_package(app: typer.Typer) -> None:
    """Hang the three commands on `crmkit review`."""
    command(app, "open", _("Show a package; nothing is changed and no database is needed."))(open_)
    command(app, "approve", _("Approve a package; writes the answer, -o FILE.crmplan."))(approve)
    command(app, "reject", _("Send a package back with a reason; writes the answer, -o FILE.crmplan."))(reject)


def open_(ctx: typer.Context, file: File, show_all: All = False) -> None:
    context = context_of(ctx)
    found = open_package(file, key_of(context), context.policy)
    if isinstance(found, Opened):
        context.show(papers.opened_answer(found))
        return
    context.show(package_month.opened(found, show_all=show_all))
    context.say(package_month.next_step(found))


def approve(ctx: typer.Context, file: File, only: Only = None, dry_run: DryRun = False) -> None:
    context, target = packing(ctx, file)
    _answer(context, file, target, DocumentAction.APPROVE, only, dry_run=dry_run)


def reject(
    ctx: typer.Context,
    file: File,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why."))] = None,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", metavar="TEXT", help=_('"CUSTOMER: reason", once for each line; may be repeated.')),
    ] = None,
    only: Only = None,
    dry_run: DryRun = False,
) -> None:
    context, target = packing(ctx, file)
    said = typed_lines.lines_of(line or ())
    why = typed_lines.reason_of(reason, said)
    _answer(context, file, target, DocumentAction.REJECT, only, why, said, dry_run=dry_run)


def _answer(
    context: Context,
    file: Path,
    target: Path | None,
    action: DocumentAction,
    only: str | None,
    reason: str | None = None,
    said: tuple[TypedLine, ...] = (),
    *,
    dry_run: bool,
) -> None:
    key = key_of(context)
    found = sent_month(file, key, context.policy)
    act, decider = _who(context, found)
    path = target or answer_beside(file, action)
    refuse_target(path, file)
    kinds = None if only is None else typed.documents_of(only)
    common = (found, act, decider, action, kinds, reason, feedback_on(found.submission, said))
    done = answer_package(*common, target=path, key=key, dry_run=dry_run)
    context.show(papers.answered(done, dry_run=dry_run))
    other = answer_beside(file, _OTHER[action])
    if other.exists():
        context.warn(papers.other_answer(other))
    context.say(papers.answered_next(done))


def _who(context: Context, found: OpenedMonth) -> tuple[Act, Party]:
    """Who decides: by his own file where there is one, else as he is named."""
    if context.database.is_file():
        act = context.act()
        return act, decider_in(context.store(), act, context.policy)
    named, _origin = context.setting("actor", context.options.actor)
    if not named:
        raise Refusal(Fault.ANSWER_NEEDED, flag=f"--as {_codes(found.submission)}")
    return context.founding_act(), decider_named(found.submission, named)


def _codes(sent: Submission) -> str:
    return "|".join(one.code for one in sent.deciders) or "CODE"
