"""What may be typed to a question of the sitting besides Enter: numbers of its list, a value, words of one's own."""

import unicodedata
from collections.abc import Callable, Mapping

from crmkit.commands.analyze_prompts import digits_of
from crmkit.commands.plan_open_each import EACH, numbers_of, reason
from crmkit.commands.typed import code_of
from crmkit.commands.typed_targets import note_of, satisfaction_of, targets_of, texts_of
from crmkit.context import Context
from crmkit.model.opening import Decision, Mark, Matter
from crmkit.model.operating import AbilityItem
from crmkit.report.papers.opening_question import draft_lines, last_text, listed
from crmkit.rules.opening import around_the_line
from crmkit.sources.visitwords import METHODS
from crmkit.workflow import answer_opening as step
from crmkit.workflow.answer_opening import Sitting, border_of
from crmkit.workflow.open_month import Opening

Answering = Callable[[Context, Sitting, Opening, Decision, str], bool]
NEAR = 5  # names shown on each side of a tied border
LAST = ("m", "上月")
BACK = ("b", "back", "返回")


def _method(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    step.give_method(sitting, listed(opening, decision), code_of(METHODS, typed, "VISIT_METHOD"))
    return True


def _scores(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    """One digit for every item, or six."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    digits = digits_of(plain * len(AbilityItem) if len(plain) == 1 else plain, {})
    if digits is None:
        return False
    step.give_scores(sitting, listed(opening, decision), digits, assumed=True)
    return True


def _moved(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    """Those named are scored anew, the others keep last month's."""
    chosen = numbers_of(typed, len(decision.points))
    if not chosen:
        return False
    anew = [decision.subjects[place] for place in chosen]
    step.keep_scores(sitting, decision, [code for code in decision.subjects if code not in anew])
    EACH[decision.matter](context, sitting, opening, decision, anew)
    return True


def _judged(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    """Those named are called normal, with a note; the others stay abnormal."""
    chosen = numbers_of(typed, len(decision.points))
    if not chosen:
        return False
    note = reason()
    step.judge(sitting, opening, decision, [decision.subjects[place] for place in chosen], note)
    return True


def _targets(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    step.aim(sitting, targets_of(typed.split()))
    return True


def _satisfaction(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    step.satisfy(sitting, satisfaction_of(typed))
    return True


def _text(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    """Some lines of the draft, the draft and a line more, last month's words, or other words."""
    drafted, last = draft_lines(opening, decision.matter), last_text(opening, decision.matter)
    if typed.casefold() in LAST and last:
        step.keep_text(sitting, decision, last, Mark.CARRIED)
        return True
    kept = [drafted[place] for place in numbers_of(typed, len(drafted))]
    if not kept:
        kept = [*drafted, typed[1:].strip()] if typed.startswith(("+", "＋")) else [typed]
    text = "\n".join(kept)
    texts_of(text, None)
    step.keep_text(sitting, decision, text, Mark.CHANGED)
    return True


def _key_line(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    """Those named change sides: a key customer goes off the list, another one on it."""
    assert opening.plan is not None, "a line is one of a plan"
    near = around_the_line(opening.plan.candidates, opening.plan.key_limit)
    chosen = [near[place] for place in numbers_of(typed, len(near))]
    if not chosen:
        return False
    owned = opening.portfolio.owned
    on = [owned[one.customer] for one in chosen if not one.standing.is_key]
    off = [owned[one.customer] for one in chosen if one.standing.is_key]
    step.swap_keys(sitting, decision, on, off, reason())
    return True


def _ties(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    """Those named get the frequency of the other side."""
    border = border_of(opening, decision)
    sides = [(key, border.lower) for key in border.above[:NEAR][::-1]]
    sides += [(key, border.upper) for key in border.below[:NEAR]]
    chosen = numbers_of(typed, len(sides))
    if not chosen:
        return False
    step.override(sitting, decision, dict(sides[place] for place in chosen), opening, reason())
    return True


def _load(context: Context, sitting: Sitting, opening: Opening, decision: Decision, typed: str) -> bool:
    if typed.casefold() in BACK:
        step.go_back(sitting)
    else:
        step.accept_load(sitting, decision, note_of(typed))
    return True


ANSWERS: Mapping[Matter, Answering] = {
    Matter.METHODS: _method,
    Matter.SCORES: _scores,
    Matter.UP: _moved,
    Matter.DOWN: _moved,
    Matter.RATES: _judged,
    Matter.INDICATORS: _judged,
    Matter.TARGETS: _targets,
    Matter.SATISFACTION: _satisfaction,
    Matter.PROBLEMS: _text,
    Matter.FOCUS: _text,
    Matter.KEY_LINE: _key_line,
    Matter.TIES: _ties,
    Matter.LOAD: _load,
}
