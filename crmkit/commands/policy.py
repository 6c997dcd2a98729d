"""crmkit policy: every number of the method."""

from typing import Annotated

import typer

from crmkit.commands.tree import command, context_of, group
from crmkit.report.papers import policy as papers
from crmkit.report.words import _
from crmkit.workflow.compare_policies import policy_difference, policy_lines

app = group(_("Every number of the method: show, compare."))


@command(app, "show", _("Every number in force, and where it comes from."))
def show(ctx: typer.Context) -> None:
    context = context_of(ctx)
    context.show(papers.shown(policy_lines(context.policy_word)))


@command(app, "diff", _("What another policy would change."))
def diff(
    ctx: typer.Context,
    other: Annotated[str, typer.Argument(metavar="FILE|NAME", help=_("A policy file, or standard or ratio."))],
) -> None:
    context = context_of(ctx)
    context.show(papers.difference(policy_difference(context.policy_word, other), other))
