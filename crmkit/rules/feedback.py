"""The lines of a month's two documents, as a person argues about them: what they say now, what was generated, and how
they went through the rounds (method.md §3, "Two documents").
"""

from collections.abc import Iterable, Mapping, Sequence

from crmkit.model.customer import Customer
from crmkit.model.document import DocumentAction, Transition
from crmkit.model.feedback import LineChange, LineFeedback, LinePart, Lines, LineStory, LineValue, PlanLine
from crmkit.model.policy import FrequencyPolicy
from crmkit.model.strategy import (
    FrequencyLine,
    KeyCandidate,
    Standing,
    Strategy,
    StrategyEdit,
    StrategyState,
)
from crmkit.rules.frequency import frequency_lines
from crmkit.rules.strategies_by_hand import added_by_hand, first_texts, key_of

OWN = "own"  # the value of a text somebody wrote himself
Codes = Mapping[int, str]  # customer codes by id


def strategy_lines(strategies: Iterable[Strategy], codes: Codes, satisfaction: str | None) -> dict[PlanLine, LineValue]:
    """The lines of the strategies as they stand. Done or not is no matter of the plan: both are open here."""
    found = {_strategy_line(one, codes): _strategy_value(one, one.text) for one in strategies if one.customer in codes}
    if satisfaction is not None:
        found[PlanLine("", LinePart.SATISFACTION)] = LineValue(satisfaction)
    return found


def generated_strategy_lines(
    strategies: Iterable[Strategy], edits: Sequence[StrategyEdit], codes: Codes
) -> dict[PlanLine, LineValue]:
    """The same as they were generated: without those added, with the first text, none dropped."""
    added, firsts = added_by_hand(edits), first_texts(edits)
    return {
        _strategy_line(one, codes): LineValue(
            StrategyState.OPEN.value, f"{one.code} {one.cause}", firsts.get(key_of(one), one.text)
        )
        for one in strategies
        if one.customer in codes and key_of(one) not in added
    }


def plan_lines(
    candidates: Iterable[KeyCandidate],
    lines: Iterable[FrequencyLine],
    codes: Codes,
    texts: tuple[str | None, str | None] = (None, None),
) -> dict[PlanLine, LineValue]:
    """The lines of the month plan as they stand. Texts nobody wrote are drafts, and no line."""
    found = {
        PlanLine(codes[one.customer], LinePart.KEY): LineValue(one.standing.value, text=one.note)
        for one in candidates
        if one.customer in codes
    }
    for line in lines:
        if line.customer in codes:
            name = PlanLine(codes[line.customer], LinePart.FREQUENCY)
            found[name] = LineValue(line.frequency.value, line.source.value, line.note)
    for part, text in zip((LinePart.PROBLEMS, LinePart.FOCUS), texts, strict=True):
        if text is not None:
            found[PlanLine("", part)] = LineValue(OWN, text=text)
    return found


def generated_plan_lines(
    candidates: Sequence[KeyCandidate],
    lines: Sequence[FrequencyLine],
    customers: Mapping[int, Customer],
    strategy_counts: Mapping[int, int],
    key_limit: int,
    policy: FrequencyPolicy,
) -> dict[PlanLine, LineValue]:
    """The same without anything done by hand: keys by rank, frequencies by keys and the generated strategies.

    `strategy_counts` are those of the strategies as generated, `customers` those of the lines.
    """
    standing = _generated_standing(candidates, key_limit)
    keys = {customer for customer, found in standing.items() if found is Standing.PROPOSED}
    valid = [customers[line.customer] for line in lines if line.customer in customers]
    volumes = {line.customer: line.volume for line in lines}
    found = frequency_lines(valid, keys, strategy_counts, volumes, policy)
    codes = {customer.id: customer.code for customer in valid}
    listed = {PlanLine(codes[key], LinePart.KEY): LineValue(one.value) for key, one in standing.items() if key in codes}
    for line in found:
        listed[PlanLine(codes[line.customer], LinePart.FREQUENCY)] = LineValue(line.frequency.value, line.source.value)
    return listed


def round_of(steps: Iterable[Transition]) -> int:
    """The round a document is in, or was last submitted in: each rejection ends one."""
    return 1 + sum(step.action is DocumentAction.REJECT for step in steps)


def stories(
    original: Lines, rounds: Mapping[int, Lines], now: Lines, feedback: Sequence[LineFeedback]
) -> tuple[LineStory, ...]:
    """Every line that ever was, through all rounds, by customer, part and number."""
    names = {*original, *now, *(name for lines in rounds.values() for name in lines), *(one.line for one in feedback)}
    return tuple(
        LineStory(
            name,
            original.get(name),
            {number: lines.get(name) for number, lines in sorted(rounds.items())},
            now.get(name),
            tuple(one for one in feedback if one.line == name),
        )
        for name in sorted(names, key=_place)
    )


def changes_between(
    before: Lines, after: Lines, feedback: Sequence[LineFeedback]
) -> tuple[tuple[LineChange, ...], tuple[LineChange, ...]]:
    """What moved from one standing to another, each with what was said of it; then feedback on what did not move.

    Feedback on all of a customer is answered when any line of his moved.
    """
    names = sorted({*before, *after, *(one.line for one in feedback)}, key=_place)
    changes = [LineChange(name, before.get(name), after.get(name), _said_of(name, feedback)) for name in names]
    moved = tuple(one for one in changes if one.moved)
    touched = {one.line.customer for one in moved}
    unmoved = tuple(one for one in changes if not one.moved and one.feedback and not _answered(one, touched))
    return moved, unmoved


def _answered(change: LineChange, touched: set[str]) -> bool:
    return change.line.part is LinePart.CUSTOMER and change.line.customer in touched


def _said_of(name: PlanLine, feedback: Iterable[LineFeedback]) -> tuple[LineFeedback, ...]:
    return tuple(one for one in feedback if one.line == name)


def _place(line: PlanLine) -> tuple[str, int, int]:
    """Lines of the whole month first, then by customer code; a customer's parts in the order people read them."""
    return line.customer, list(LinePart).index(line.part), line.number


def _strategy_line(one: Strategy, codes: Codes) -> PlanLine:
    return PlanLine(codes[one.customer], LinePart.STRATEGY, one.number)


def _strategy_value(one: Strategy, text: str | None) -> LineValue:
    state = one.state if one.state is StrategyState.DROPPED else StrategyState.OPEN
    return LineValue(state.value, f"{one.code} {one.cause}", text)


def _generated_standing(candidates: Iterable[KeyCandidate], key_limit: int) -> dict[int, Standing]:
    """Who would be proposed if nobody had added or removed anyone; who has no reason is no candidate then."""
    with_reasons = [one for one in candidates if one.reasons]
    limit = min(key_limit, len(with_reasons))
    return {one.customer: Standing.PROPOSED if one.rank <= limit else Standing.BELOW for one in with_reasons}
