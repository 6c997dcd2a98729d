"""crmkit policy: every number of the method."""

from typing import Annotated

import typer

from crmkit.commands.analyze_progress import Team
from crmkit.commands.options import ManagerWord, MonthWord, manager_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of, group
from crmkit.model.errors import Fault, Refusal
from crmkit.report.papers import policy as papers
from crmkit.report.papers import policy_month as month_papers
from crmkit.report.words import _
from crmkit.workflow.compare_months import compare_months
from crmkit.workflow.compare_policies import policy_difference, policy_lines, policy_named

app = group(_("Every number of the method: show, compare."))


@command(app, "show", _("Every number in force, and where it comes from."))
def show(ctx: typer.Context) -> None:
    context = context_of(ctx)
    context.show(papers.shown(policy_lines(context.policy_word)))


@command(app, "diff", _("What another policy would change: numbers; with --month states, frequencies, visits."))
def diff(
    ctx: typer.Context,
    policies: Annotated[
        list[str], typer.Argument(metavar="[FILE|NAME] FILE|NAME", help=_("Policy files, or standard or ratio."))
    ],
    month: MonthWord = None,
    manager: ManagerWord = None,
    team: Team = False,
) -> None:
    context = context_of(ctx)
    if len(policies) > 2:
        raise Refusal(Fault.BAD_VALUE, option="diff", value=" ".join(policies), expected="standard ratio")
    first, other = (policies[0], policies[1]) if len(policies) == 2 else (None, policies[0])
    word = first or context.policy_word
    if month is None:
        context.show(papers.difference(policy_difference(word, other), other, first))
        return
    whose = None if team else manager_of(context, manager)
    both = (policy_named(word), policy_named(other))
    months = compare_months(context.store(), both, whose, month_of(context, month), context.today)
    context.show(month_papers.compared(months, other, first))
