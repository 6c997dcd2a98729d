"""crmkit plan open: steps 1 to 8 in one sitting; everything carried over or computed, the exceptions asked."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from crmkit.commands.options import DryRun, ManagerWord, MonthWord, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.errors import Exit, Fault, Refusal
from crmkit.model.opening import Matter
from crmkit.report.words import _

if TYPE_CHECKING:
    from crmkit.workflow.answer_opening import Sitting


def open_(
    ctx: typer.Context,
    month: MonthWord = None,
    take: Annotated[
        list[str] | None,
        typer.Option("--take", metavar="WHAT", help=_("Take what is proposed, e.g. up, ties, key_line; may repeat.")),
    ] = None,
    accept_shortage: Annotated[
        str | None, typer.Option(metavar="REASON", help=_("Submit although the month cannot hold every visit."))
    ] = None,
    submit: Annotated[bool, typer.Option("--submit", help=_("Submit at the end; --yes alone never does."))] = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> int:
    from crmkit.report.papers import opening as papers
    from crmkit.workflow.answer_opening import Sitting, rehearsed

    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), month_of(context, month)
    matters = tuple(map(_matter, take or ()))
    sitting = Sitting(context.store(), context.act(), context.policy, whose, wanted, asked=False)
    if dry_run:
        context.show(papers.opened(rehearsed(sitting), dry_run=True))
        return Exit.DONE
    if context.interactive and not (context.options.yes or matters or accept_shortage):
        from crmkit.commands.plan_open_sitting import sit

        return sit(context, sitting, submit=submit)
    return _unattended(context, sitting, matters, accept_shortage, submit=submit)


def _unattended(
    context: Context, sitting: "Sitting", matters: tuple[Matter, ...], accept_shortage: str | None, *, submit: bool
) -> int:
    """Nobody is asked: --yes takes every proposal, --take some; what is open then is listed with its command."""
    from crmkit.report.papers import opening as papers
    from crmkit.workflow import answer_opening as step

    opening, _met = step.taken_through(sitting, None if context.options.yes else matters)
    if accept_shortage is not None:
        opening = step.accept_shortage(sitting, opening, accept_shortage)
    if submit and not opening.is_closed:
        step.submit_month(sitting, opening)
        opening = replace(sitting.looked(), advanced=opening.advanced)
    elif opening.decisions:
        opening = step.with_later(sitting, opening)
    context.show(papers.opened(opening))
    context.say(papers.closed(opening) if opening.is_closed else papers.next_step(opening))
    return Exit.DONE_WITH_WARNINGS if opening.decisions else Exit.DONE


def _matter(word: str) -> Matter:
    found = word.strip().replace("-", "_").lower()
    if found not in list(Matter):
        raise Refusal(Fault.BAD_VALUE, option="--take", value=word, expected=" ".join(Matter))
    return Matter(found)


def hang_open(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    command(app, "open", _("Steps 1 to 8 in one sitting: carried over or computed, only the exceptions asked."))(open_)
