"""crmkit visit enter: the evening, a whole day as short lines from a file, from stdin or asked for."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crmkit.commands.analyze_prompts import ask
from crmkit.commands.options import DayWord, DryRun, ManagerWord, own_month_of
from crmkit.commands.times import day_of
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.errors import Exit
from crmkit.model.person import Person
from crmkit.report.papers import evening as papers
from crmkit.report.words import _
from crmkit.workflow.enter_day import Evening, enter_day

_ENDS = (".", "。", "完", "好", "ok", "q")


def hang_enter(app: typer.Typer) -> None:
    """Hang the command on `crmkit visit`."""
    command(app, "enter", _("Type in a day as short lines, one shop a line, by the codes on the sheet."))(enter)


def enter(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help=_("The lines; - or none: what is piped in, or asked for."), exists=False),
    ] = None,
    day: DayWord = None,
    correct: Annotated[bool, typer.Option("--correct", help=_("Write over what was logged for that day."))] = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> int:
    context = context_of(ctx)
    whose, wanted = own_month_of(context, manager), day_of(context, day)
    asked = file is None and context.interactive
    lines = _asked(context, whose, wanted, correct=correct) if asked else _piped(file)
    common = (context.store(), context.act(), context.policy, whose, wanted, lines)
    if context.interactive and not dry_run:
        seen = enter_day(*common, correct=correct, dry_run=True)
        context.show(papers.evening_page(seen, dry_run=True))
        if seen.slips:
            return Exit.INPUT_REFUSED
        if not seen.shops or not context.confirm(papers.question(seen)):
            return Exit.DONE
    kept = enter_day(*common, correct=correct, dry_run=dry_run)
    context.show(papers.evening_page(kept, dry_run=dry_run))
    return Exit.INPUT_REFUSED if kept.slips else Exit.DONE


def _piped(file: Path | None) -> str:
    """The lines of a file, or of stdin."""
    from crmkit.sources.evening import decoded

    if file is None or str(file) == "-":
        return decoded(sys.stdin.buffer.read(), "-")
    return decoded(file.read_bytes(), str(file))


def _asked(context: Context, whose: Person, day: date, *, correct: bool) -> str:
    """Line by line; a line that cannot be kept is told at once and left out, the others stay."""
    context.say(papers.how_to_type())
    lines: list[str] = []
    while (line := ask("> ")) is not None and line.casefold() not in _ENDS:
        tried = "\n".join([*lines, line])
        found = _tried(context, whose, day, tried, correct=correct)
        wrong = [slip for slip in found.slips if slip.line > len(lines)]
        for slip in wrong:
            context.say(papers.slip_words(slip))
        if not wrong:
            lines += line.splitlines() or [""]
    return "\n".join(lines)


def _tried(context: Context, whose: Person, day: date, lines: str, *, correct: bool) -> Evening:
    common = (context.store(), context.act(), context.policy, whose, day, lines)
    return enter_day(*common, correct=correct, dry_run=True)
