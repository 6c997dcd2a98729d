"""One customer after another, where a question is answered so: each answer is kept at once, s passes one over."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping

from crmkit.commands.analyze_prompts import ask, digits_of, tell
from crmkit.commands.typed import code_of
from crmkit.commands.typed_targets import note_of
from crmkit.context import Context
from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.opening import Decision, Matter
from crmkit.report.papers import demand, scores
from crmkit.report.words import _
from crmkit.sources.visitwords import METHODS
from crmkit.workflow import answer_opening as step
from crmkit.workflow.answer_opening import SAME, Sitting
from crmkit.workflow.open_month import Opening

Each = Callable[[Context, Sitting, Opening, Decision, Iterable[str]], None]


def numbers_of(typed: str, most: int) -> tuple[int, ...]:
    """1 3, 1,3 or 1、3 as places counted from 0; nothing where it is anything else."""
    parts = unicodedata.normalize("NFKC", typed).replace(",", " ").replace("、", " ").split()
    if not parts or not all(part.isascii() and part.isdigit() and 1 <= int(part) <= most for part in parts):
        return ()
    return tuple(dict.fromkeys(int(part) - 1 for part in parts))


def reason() -> str:
    """Why, as a person types it. Raises Refusal(RULE reason-needed) for none."""
    typed = note_of(ask(_("Why?") + " > ") or "").strip()
    if not typed:
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=_("type it, or Enter at the question"))
    return typed


def _answers(
    context: Context, opening: Opening, codes: Iterable[str], told: Callable[[Customer, int, int], str]
) -> Iterator[tuple[Customer, str]]:
    """Each customer with what was typed to him; s passes him over, q or the end of input ends it."""
    chosen = [opening.by_code[code] for code in codes]
    for place, customer in enumerate(chosen, start=1):
        context.say(told(customer, place, len(chosen)))
        typed = ask("> ")
        if typed is None or typed.casefold() in ("q", "退出"):
            return
        if typed.casefold() not in ("s", "l", "跳过"):
            yield customer, typed


def _scored(context: Context, sitting: Sitting, opening: Opening, decision: Decision, codes: Iterable[str]) -> None:
    """Six digits are looked at; Enter keeps last month's, or 3 of each where there are none."""
    context.say(_("Six digits 1-5; Enter: last month's, or 333333 where there is none; s passes one over, q ends."))

    def told(customer: Customer, place: int, count: int) -> str:
        last = dict(opening.scores_before.get(customer.id, {}))
        return scores.asked(customer, opening.state.effects.get(customer.id), last, place, count)

    for customer, typed in _answers(context, opening, codes, told):
        given = digits_of(typed, {})
        if typed and given is None:
            context.say(scores.not_understood())
        elif given is not None:
            step.give_scores(sitting, [customer], given, assumed=False)
        elif decision.matter is Matter.SCORES:
            step.give_scores(sitting, [customer], SAME, assumed=True)
        else:
            step.keep_scores(sitting, decision, [customer.code])


def _confirmed(context: Context, sitting: Sitting, opening: Opening, decision: Decision, codes: Iterable[str]) -> None:
    """Enter confirms the questionnaire shown."""
    context.say(_("Enter confirms; s passes one over, q ends."))

    def told(customer: Customer, place: int, count: int) -> str:
        return f"{place}/{count}  {demand.in_one_line(opening.demand, customer)}"

    for customer, typed in _answers(context, opening, codes, told):
        if not typed or typed.casefold() in ("y", "是"):
            step.confirm_one(sitting, customer)


def _method(context: Context, sitting: Sitting, opening: Opening, decision: Decision, codes: Iterable[str]) -> None:
    """A way to visit each; Enter leaves him without one."""
    context.say(_("onsite, phone, wechat, online or meeting; Enter passes one over, q ends."))

    def told(customer: Customer, place: int, count: int) -> str:
        return f"{place}/{count}  {customer.code} {customer.name}"

    for customer, typed in _answers(context, opening, codes, told):
        if typed:
            try:
                step.give_method(sitting, [customer], code_of(METHODS, typed, "VISIT_METHOD"))
            except Refusal as refusal:
                tell(context, refusal)


EACH: Mapping[Matter, Each] = {
    Matter.METHODS: _method,
    Matter.DEMAND: _confirmed,
    Matter.SCORES: _scored,
    Matter.UP: _scored,
    Matter.DOWN: _scored,
}
