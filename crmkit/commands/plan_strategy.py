"""crmkit plan strategy: one customer's service strategies by hand (step 7). Hung on the group of the plan."""

from typing import Annotated

import typer

from crmkit.commands.options import CustomerWord, DryRun, ManagerWord, MonthWord, manager_of, own_month_of
from crmkit.commands.times import month_of
from crmkit.commands.tree import command, context_of
from crmkit.model.errors import Fault, Refusal
from crmkit.model.strategy import StrategyAction
from crmkit.report.words import _
from crmkit.workflow.edit_strategy import StrategyChange

_LONGEST = 400  # characters of a text or a reason


def hang_strategy(app: typer.Typer) -> None:
    """Hang the command on `crmkit plan`."""
    told = _("Step 7: one customer's strategies by number; add, reword, drop one, or take that back.")
    command(app, "strategy", told)(strategy)


def strategy(
    ctx: typer.Context,
    customer: CustomerWord,
    add: Annotated[str | None, typer.Option("--add", metavar="TEXT", help=_("A strategy in your own words."))] = None,
    edit: Annotated[
        int | None, typer.Option("--edit", metavar="N", help=_("Give number N the text of --text."))
    ] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help=_("The new text of --edit."))] = None,
    drop: Annotated[
        int | None, typer.Option("--drop", metavar="N", help=_("Drop number N; it no longer counts for the frequency."))
    ] = None,
    restore: Annotated[
        int | None, typer.Option("--restore", metavar="N", help=_("Take back what was changed of number N."))
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))] = "",
    month: MonthWord = None,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> None:
    from crmkit.report.papers import customer_strategies as papers
    from crmkit.workflow.edit_strategy import customer_strategies, edit_strategy
    from crmkit.workflow.find_customer import find_customer

    context = context_of(ctx)
    change = _change(add, edit, text, drop, restore, reason)
    whose = own_month_of(context, manager) if change else manager_of(context, manager)
    wanted = month_of(context, month)
    found = find_customer(context.store(), customer, whose)
    if change is None:
        shown = customer_strategies(context.store(), context.policy, whose, wanted, found)
        context.show(papers.customer_strategies(shown))
    else:
        common = (context.store(), context.act(), context.policy, whose, wanted, found)
        done = edit_strategy(*common, change, dry_run=dry_run)
        context.show(papers.edited_strategy(done, dry_run=dry_run))
        shown = done.shown
    context.say(papers.next_step(shown))


def _change(
    add: str | None, edit: int | None, text: str | None, drop: int | None, restore: int | None, reason: str
) -> StrategyChange | None:
    """What is to be done; None: only to look. Raises Refusal: CONFLICTING_OPTIONS, ANSWER_NEEDED, BAD_VALUE."""
    given = {"--add": add, "--edit": edit, "--drop": drop, "--restore": restore}
    meant = [flag for flag, value in given.items() if value is not None]
    if len(meant) > 1:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first=meant[0], second=meant[1])
    if not meant:
        if text is not None or reason:
            raise Refusal(Fault.ANSWER_NEEDED, flag="--add | --edit | --drop | --restore")
        return None
    if (edit is None) != (text is None):
        raise Refusal(Fault.ANSWER_NEEDED, flag="--text" if text is None else "--edit N")
    wording = add if add is not None else text
    said = None if wording is None else _wording(meant[0] if add is not None else "--text", wording)
    number = next((value for value in (edit, drop, restore) if value is not None), 0)
    return StrategyChange(StrategyAction(meant[0].removeprefix("--")), _short("--reason", reason), number, said)


def _wording(flag: str, text: str) -> str:
    """One line of text: it stands on a line of the daily sheet. Raises Refusal(BAD_VALUE)."""
    said = " ".join(_short(flag, text).split())
    if not said:
        raise Refusal(Fault.BAD_VALUE, option=flag, value=text, expected=f"1-{_LONGEST}")
    return said


def _short(flag: str, text: str) -> str:
    if len(text) > _LONGEST or "\0" in text:
        raise Refusal(Fault.BAD_VALUE, option=flag, value=text[:20] + "…", expected=f"0-{_LONGEST}")
    return text
