"""The words of what is decided when a month is opened, and the commands that answer it without a terminal."""

from collections.abc import Iterable, Mapping

from crmkit.model.month import Month
from crmkit.model.opening import Answer, Decision, Mark, Matter
from crmkit.report.papers.status import STEP_WORDS
from crmkit.report.words import _, later
from crmkit.rules.opening import STEP_OF
from crmkit.workflow.open_month import Advanced

MATTERS: Mapping[Matter, str] = {
    Matter.METHODS: later("without a visit method"),
    Matter.LOST: later("no longer valid"),
    Matter.DEMAND: later("questionnaires not confirmed"),
    Matter.SCORES: later("without scores"),
    Matter.UP: later("effect risen into another quadrant"),
    Matter.DOWN: later("effect fallen into another quadrant"),
    Matter.BRAND_TARGETS: later("brand targets of last month"),
    Matter.RATES: later("abnormal rates"),
    Matter.INDICATORS: later("abnormal indicators"),
    Matter.TARGETS: later("targets of the month"),
    Matter.SATISFACTION: later("satisfaction target"),
    Matter.PROBLEMS: later("text of the problems"),
    Matter.FOCUS: later("text of the focus"),
    Matter.KEY_LINE: later("key list around its line"),
    Matter.TIES: later("ties at a frequency border"),
    Matter.LOAD: later("overload"),
}
MARKS: Mapping[Mark, str] = {
    Mark.CARRIED: later("carried over"),
    Mark.ASSUMED: later("assumed for a group"),
    Mark.TAKEN: later("taken as found"),
    Mark.CHANGED: later("changed by hand"),
}
ADVANCED: Mapping[Advanced, str] = {
    Advanced.COMPUTED: later("Step 2: operating effect of {count} customers computed"),
    Advanced.CARRIED: later("Step 2: last month's scores carried over for {count} customers"),
    Advanced.BRAND: later("Step 5: {count} rates judged"),
    Advanced.MARKET: later("Step 6: {count} indicators judged, targets proposed"),
    Advanced.GENERATED: later("Step 2: closed, {count} customers scored"),
    Advanced.STRATEGIES: later("Step 7: {count} service strategies generated"),
    Advanced.PLAN: later("Step 8: month plan drafted for {count} customers"),
}
_STEP_KEYS = {
    0: "base", 1: "demand", 2: "operating", 3: "brand_targets", 5: "brand_state", 6: "market", 7: "strategies",
    8: "plan",
}  # fmt: skip
_COMMANDS: Mapping[Matter, str] = {
    Matter.METHODS: "crmkit customer set --without visit_method visit_method=onsite",
    Matter.DEMAND: "crmkit analyze demand confirm --all --month {month}",
    Matter.SCORES: "crmkit analyze score --all 3 --month {month}",
    Matter.TARGETS: "crmkit analyze market target --confirm --month {month}",
    Matter.SATISFACTION: "crmkit plan strategies --satisfaction {offered} --month {month}",
    Matter.LOAD: "crmkit plan open --accept-shortage {reason} --month {month}",
}


def matter_words(decision: Decision) -> str:
    """Operating state: without scores."""
    return _(STEP_WORDS[_STEP_KEYS[STEP_OF[decision.matter]]]) + _(": ") + _(MATTERS[decision.matter])


def mark_word(mark: Mark) -> str:
    return _(MARKS[mark])


def command_for(decision: Decision, month: Month, offered: str) -> str:
    """What to type where nobody can be asked: the step's own command, or --take for what is only to be seen."""
    known = _COMMANDS.get(decision.matter, "crmkit plan open --take {matter} --month {month}")
    return known.format(month=month, offered=offered, reason=_("REASON"), matter=decision.matter.value)


def answer_words(answers: Iterable[Answer]) -> list[str]:
    """Effect risen into another quadrant: carried over 12; with the reason, where one was given."""
    groups: dict[tuple[Matter, Mark, bool, str], int] = {}
    for one in answers:
        key = (one.matter, one.mark, one.asked, one.note or "")
        groups[key] = groups.get(key, 0) + 1
    return [_answer_line(*key, count) for key, count in groups.items()]


def _answer_line(matter: Matter, mark: Mark, asked: bool, note: str, count: int) -> str:
    aside = "" if asked else _(" (nobody was asked)")
    return f"{_(MATTERS[matter])}{_(': ')}{mark_word(mark)} {count}{aside}" + (f"{_(': ')}{note}" if note else "")
