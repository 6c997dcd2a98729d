"""crmkit visit enter: the evening, a whole day as short lines from a file, from stdin or asked for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmkit.commands.options import DayWord, DryRun, ManagerWord, own_month_of
from crmkit.commands.times import day_of
from crmkit.commands.tree import command, context_of
from crmkit.context import Context
from crmkit.model.errors import Exit, Fault, Refusal, Signalled
from crmkit.model.evening import Again
from crmkit.model.person import Person
from crmkit.report.words import _

if TYPE_CHECKING:
    from crmkit.workflow.enter_day import Evening

_ENDS = (".", "。", "完", "好", "ok", "q")
_BACK = ("<", "＜", "《", "撤", "撤销", "撤回", "undo")


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
    add: Annotated[bool, typer.Option("--add", help=_("Put more words behind what was logged for that day."))] = False,
    manager: ManagerWord = None,
    dry_run: DryRun = False,
) -> int:
    from crmkit.report.papers import evening as papers
    from crmkit.workflow.enter_day import enter_day

    context, again = context_of(ctx), _again(add=add, correct=correct)
    whose, wanted = own_month_of(context, manager), day_of(context, day)
    asked = file is None and context.interactive
    typed: list[str] = [] if asked else [_piped(file)]
    with _told_when_broken_off(context, typed if asked else []):
        if asked:
            _ask_lines(context, whose, wanted, again, typed)
        lines = "\n".join(typed)
        common = (context.store(), context.act(), context.policy, whose, wanted, lines)
        if context.interactive and not dry_run:
            seen = enter_day(*common, again=again, dry_run=True)
            context.show(papers.evening_page(seen, preview=True))
            if seen.slips or not seen.shops or not context.confirm(papers.question(seen)):
                context.say(papers.nothing_kept(lines if asked else ""))
                return Exit.INPUT_REFUSED if seen.slips else Exit.DONE
    kept = enter_day(*common, again=again, dry_run=dry_run)
    context.show(papers.evening_page(kept, dry_run=dry_run))
    return Exit.INPUT_REFUSED if kept.slips else Exit.DONE


@contextmanager
def _told_when_broken_off(context: Context, typed: list[str]) -> Iterator[None]:
    """Ctrl-C, or a closed terminal: the lines typed so far are told, to be pasted again."""
    from crmkit.report.papers import evening as papers

    try:
        yield
    except (KeyboardInterrupt, Signalled, typer.Abort):
        if typed:
            context.say("\n" + papers.nothing_kept("\n".join(typed)))
        raise


def _again(*, add: bool, correct: bool) -> Again:
    if add and correct:
        raise Refusal(Fault.CONFLICTING_OPTIONS, first="--add", second="--correct")
    return Again.ADDED if add else (Again.CORRECTED if correct else Again.REFUSED)


def _piped(file: Path | None) -> str:
    """The lines of a file, or of stdin."""
    from crmkit.sources.evening import decoded

    if file is not None and str(file) != "-":
        return decoded(file.read_bytes(), str(file))
    piped = sys.stdin.buffer.read() if sys.stdin else b""
    if not piped:  # nobody sits here, and nothing is piped in
        raise Refusal(Fault.ANSWER_NEEDED, flag="crmkit visit enter FILE")
    return decoded(piped, "-")


def _ask_lines(context: Context, whose: Person, day: date, again: Again, lines: list[str]) -> None:
    """Line by line into `lines`; a line that cannot be kept is told at once and left out, the others stay."""
    from crmkit.commands.analyze_prompts import ask
    from crmkit.report.papers import evening as papers

    context.say(papers.how_to_type())
    while (line := ask("> ")) is not None and line.casefold() not in _ENDS:
        if line.casefold() in _BACK:
            context.say(papers.taken_back(lines.pop() if lines else ""))
            continue
        tried = "\n".join([*lines, line])
        found = _tried(context, whose, day, tried, again)
        for slip in found.slips:  # the lines before had none: 关门 may stand against a ★ above
            context.say(papers.slip_words(slip))
        if not found.slips:
            lines += line.splitlines() or [""]


def _tried(context: Context, whose: Person, day: date, lines: str, again: Again) -> "Evening":
    from crmkit.workflow.enter_day import enter_day

    common = (context.store(), context.act(), context.policy, whose, day, lines)
    return enter_day(*common, again=again, dry_run=True)
