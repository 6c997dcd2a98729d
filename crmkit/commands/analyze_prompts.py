"""What a person is asked line by line: one customer's demand, the scores of all. A slip is told, nothing is lost."""

import sys
import unicodedata
from collections.abc import Mapping

from crmkit.context import Context, write_stream
from crmkit.model.customer import Customer
from crmkit.model.errors import Refusal
from crmkit.model.month import Month
from crmkit.model.operating import AbilityItem
from crmkit.model.person import Person
from crmkit.report import faults
from crmkit.report.papers import operating as state_papers
from crmkit.report.papers import scores as papers
from crmkit.report.words import _
from crmkit.rules.operating import origin_of_row
from crmkit.workflow import analyze_operating as step
from crmkit.workflow.draft_only import refuse_after_submit
from crmkit.workflow.show_scores import month_scores
from crmkit.workflow.take_demand import read_entry


def ask_demand(context: Context, customer: Customer) -> list[str]:
    """The lines of one questionnaire, as P1=5 or 服务=送货, until an empty one."""
    told = _("{customer}: a line each, as P1=5 or 服务=送货; an empty line ends.")
    context.say(told.format(customer=f"{customer.code} {customer.name}"))
    asked: list[str] = []
    while line := ask("> "):
        try:
            read_entry(context.store(), context.policy, [line])
        except Refusal as refusal:
            tell(context, refusal)
        else:
            asked.append(line)
    return asked


def ask_scores(context: Context, whose: Person, month: Month) -> None:
    """Ask for the scores of every valid customer without all six, by code; each answer is written at once, so that a
    session broken off goes on where it stood.
    """
    common = (context.store(), context.act(), context.policy, whose, month)
    refuse_after_submit(context.store(), whose, month)
    found = step.operating_state(context.store(), context.policy, whose, month, context.act())
    waiting, last = found.unscored, month_scores(context.store(), whose, month.previous)
    context.say(papers.how_to_answer())
    place = 0
    while place < len(waiting):
        one = waiting[place]
        before = last.get(one.id, {})
        context.say(papers.asked(one, found.effects.get(one.id), before, place + 1, len(waiting)))
        answer = ask("> ")
        if answer is None or answer.casefold() == "q":
            break
        if answer.casefold() in ("s", "b"):
            place = max(0, place + (1 if answer.casefold() == "s" else -1))
            continue
        scores = digits_of(answer, before)
        if scores is None:
            context.say(papers.not_understood())
            continue
        try:
            step.score_customer(*common, one, scores, origin=origin_of_row(scores, before))
        except Refusal as refusal:
            tell(context, refusal)
            break
        place += 1
    done = step.operating_state(context.store(), context.policy, whose, month, context.act())
    context.show(state_papers.state(done))
    context.say(state_papers.next_step(done))


def digits_of(answer: str, last: Mapping[AbilityItem, int]) -> dict[AbilityItem, int] | None:
    """Six digits 1-5 in the order of the method; nothing typed takes last month's, where all six are known."""
    typed = unicodedata.normalize("NFKC", answer).replace(" ", "")
    if not typed:
        return dict(last) if len(last) == len(AbilityItem) else None
    if len(typed) != len(AbilityItem) or not set(typed) <= set("12345"):
        return None
    return {item: int(digit) for item, digit in zip(AbilityItem, typed, strict=True)}


def ask(question: str) -> str | None:
    """One line a person types; None when there is no more (Ctrl-D)."""
    write_stream(sys.stderr, question)
    line = sys.stdin.readline()
    return line.strip() if line else None


def tell(context: Context, refusal: Refusal) -> None:
    """Say what was wrong, and go on."""
    for line in faults.lines(refusal):
        context.say(line)
