"""crmkit plan verify: the plan made again and compared with its seal."""

import typer

from crmkit.commands.options import All, ManagerWord, MonthWord, manager_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Exit
from crmkit.report.words import _


def hang_verify(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    told = _("Make the plan again from the same data, policy and seed, and hold it against its seal.")
    command(app, "verify", told)(verify)


def verify(ctx: typer.Context, month: MonthWord = None, show_all: All = False, manager: ManagerWord = None) -> Exit:
    from crmkit.report.papers import verification as papers
    from crmkit.workflow.verify_plan import verify_plan

    context = context_of(ctx)
    whose, wanted = manager_of(context, manager), month_of(context, month)
    found = verify_plan(context.store(), context.policy, whose, wanted)
    context.show(papers.verified(found, show_all=show_all))
    if found.is_clean:
        return Exit.DONE
    context.warn(papers.warning(found))
    return Exit.DAMAGED if found.is_altered else Exit.DONE_WITH_WARNINGS
