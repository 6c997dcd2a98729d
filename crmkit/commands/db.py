"""crmkit db: the file itself - its log, undo, backups, checks."""

from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.tree import command, context_of, group
from crmkit.model.errors import Exit
from crmkit.report.papers import database as papers
from crmkit.report.words import _
from crmkit.workflow.back_up import back_up
from crmkit.workflow.check_database import check_database
from crmkit.workflow.list_operations import list_operations, show_operation
from crmkit.workflow.restore_backup import chosen_backup, restore_backup
from crmkit.workflow.undo_operation import undo_operation

app = group(_("The file: log, undo, backup, restore, check."))


@command(app, "log", _("What was done, newest first; with --op what one command changed."))
def log(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help=_("How many operations."))] = 20,
    op: Annotated[int | None, typer.Option("--op", metavar="N", help=_("One operation with its changes."))] = None,
    personal: Annotated[bool, typer.Option("--personal", help=_("Show names, phones and addresses too."))] = False,
) -> None:
    context = context_of(ctx)
    if op is None:
        context.show(papers.log(list_operations(context.store(), limit=limit)))
    else:
        context.show(papers.operation(show_operation(context.store(), op, personal=personal)))


@command(app, "undo", _("Take back one command wholly: yours, number N or the newest."))
def undo(
    ctx: typer.Context,
    number: Annotated[int | None, typer.Argument(metavar="[N]", help=_("Its number in crmkit db log."))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be written."))] = False,
) -> None:
    context = context_of(ctx)
    undone = undo_operation(context.store(), context.act(), op=number, dry_run=dry_run)
    context.show(papers.undone(undone, dry_run=dry_run))


@command(app, "backup", _("Make a checked copy, in the backup folder or under a name."))
def backup(
    ctx: typer.Context,
    dest: Annotated[Path | None, typer.Argument(metavar="[DEST]", help=_("File to make."))] = None,
) -> None:
    context = context_of(ctx)
    context.show(papers.backed_up(back_up(context.store(), context.founding_act(), target=dest)))


@command(app, "restore", _("Put a backup in the database's place; what is there now is kept."))
def restore(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help=_("The newest when left out."))] = None,
) -> int:
    context = context_of(ctx)
    chosen = chosen_backup(context.database, context.founding_act(), file)
    question = _("Replace {path} by {backup}?").format(path=context.database, backup=chosen)
    if not context.confirm(question):
        context.say(_("Nothing was changed."))
        return Exit.DONE
    context.show(papers.restored(restore_backup(context.database, context.founding_act(), backup=chosen)))
    return Exit.DONE


@command(app, "check", _("Is the file whole? Silent when it is."))
def check(
    ctx: typer.Context,
    full: Annotated[bool, typer.Option("--full", help=_("Compare every value with the change log."))] = False,
) -> int:
    context = context_of(ctx)
    checked = check_database(context.store(), full=full)
    if not checked.findings:
        return Exit.DONE
    context.show(papers.checked(checked))
    return Exit.DAMAGED if checked.damaged else Exit.DONE_WITH_WARNINGS
