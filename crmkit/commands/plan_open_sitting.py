"""The sitting that opens a month: one question after another, each answer kept at once; stopped and gone on with."""

import sys
import unicodedata
from enum import Enum, auto

from crmkit.commands.analyze_prompts import ask, tell
from crmkit.commands.plan_open_answers import ANSWERS
from crmkit.commands.plan_open_each import EACH
from crmkit.context import Context, write_stream
from crmkit.model.errors import Exit, Fault, Refusal, Signalled
from crmkit.model.opening import Decision, Matter
from crmkit.report.formats import Format, render
from crmkit.report.page import Page
from crmkit.report.papers import documents
from crmkit.report.papers import opening as papers
from crmkit.report.papers.opening_question import question
from crmkit.report.words import _
from crmkit.workflow.answer_opening import Sitting, submit_month, take
from crmkit.workflow.open_month import Opening

STOP = ("q", "quit", "退出", "停", "停止", "空")
LATER = ("l", "later", "以后", "稍后")
ONE_BY_ONE = ("o", "each", "逐个", "逐户", "逐一")
ALL = ("?", "all", "全部", "名单")
YES = ("y", "yes", "是", "好")


class Outcome(Enum):
    """What became of a question."""

    ANSWERED = auto()
    LATER = auto()
    STOPPED = auto()


def sit(context: Context, sitting: Sitting, *, submit: bool) -> int:
    """Ask until nothing is open, then show the month and offer to submit it."""
    from dataclasses import replace

    sitting = replace(sitting, asked=True)
    try:
        opening, finished = _asked_through(context, sitting)
    except (KeyboardInterrupt, Signalled):
        context.say("\n" + papers.stopping(sitting.month))
        raise
    context.show(papers.opened(opening))
    if opening.is_closed:
        context.say(papers.closed(opening))
    elif finished and opening.is_submittable and (submit or _wants_to_submit(opening)):
        context.show(documents.settled(settled := submit_month(sitting, opening)))
        context.say(documents.next_step(settled))
        return Exit.DONE
    else:
        context.say(papers.next_step(opening))
    return Exit.DONE_WITH_WARNINGS if opening.decisions else Exit.DONE


def _asked_through(context: Context, sitting: Sitting) -> tuple[Opening, bool]:
    """Where it stands in the end, and whether every question was put."""
    put_off: set[tuple[Matter, str]] = set()
    opening, place = sitting.opened(), 0
    _say_all(context, papers.resumed(opening))
    while True:
        _say_all(context, papers.made_lines(opening.advanced))
        decision = next((one for one in opening.decisions if one.key not in put_off), None)
        if decision is None:
            return opening, True
        place += 1
        outcome = _put(context, sitting, opening, decision, (place, len(put_off)))
        if outcome is Outcome.STOPPED:
            context.say(papers.stopping(sitting.month))
            return sitting.looked(), False
        if outcome is Outcome.LATER:
            put_off.add(decision.key)
        opening = sitting.opened()


def _put(
    context: Context, sitting: Sitting, opening: Opening, decision: Decision, place: tuple[int, int]
) -> Outcome:
    """Put one question until it is answered, put off, or the sitting stopped."""
    _write(context, question(opening, decision, *place))
    while True:
        typed = ask("> ")
        word = unicodedata.normalize("NFKC", typed).strip().casefold() if typed is not None else "q"
        if word in STOP:
            return Outcome.STOPPED
        if word in LATER:
            return Outcome.LATER
        if word in ALL:
            _write(context, question(opening, decision, *place, show_all=True))
            continue
        try:
            if word in ONE_BY_ONE and decision.matter in EACH:
                EACH[decision.matter](context, sitting, opening, decision, decision.subjects)
                return Outcome.LATER  # whoever was passed over is asked in the next sitting
            if _answered(context, sitting, opening, decision, typed or "", word):
                return Outcome.ANSWERED
        except Refusal as refusal:
            tell(context, refusal)
            if refusal.fault is Fault.BUSY:  # others wrote meanwhile: the question is put anew, from what is there now
                return Outcome.ANSWERED
        else:
            context.say(_("Not understood; ? shows all names and what can be answered."))


def _answered(
    context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str, word: str
) -> bool:
    if not word:
        take(sitting, opening, decision)
        if decision.proposed:
            context.say(papers.taken(decision))
        return decision.proposed
    answer = ANSWERS.get(decision.matter)
    return answer(context, sitting, opening, decision, typed) if answer else False


def _wants_to_submit(opening: Opening) -> bool:
    return (ask(papers.submit_question(opening) + " > ") or "").casefold() in YES


def _write(context: Context, page: Page) -> None:
    """A question is no answer of the command: it goes where talk goes."""
    shown = render(page, Format.TABLE, width=context.width, colour=context.colour)
    write_stream(sys.stderr, "\n" + str(shown))


def _say_all(context: Context, lines: list[str]) -> None:
    for line in lines:
        context.say(line)
