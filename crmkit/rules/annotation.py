"""How long something has been open, and which marks a month still takes (step 12)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from crmkit.model.annotation import MonthItem
from crmkit.model.document import DocumentState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.strategy import Strategy, StrategyState

_CLOSED = (DocumentState.RESULT_SUBMITTED, DocumentState.RESULT_APPROVED)


def refuse_closed(state: DocumentState | None, month: Month) -> None:
    """Marks are made while the month record is exactly approved; afterwards they are restatements.

    Raises Refusal: GATE (step 12) before, RULE results-submitted after.
    """
    if state is DocumentState.APPROVED:
        return
    if state in _CLOSED:
        raise Refusal(Fault.RULE, rule="results-submitted", month=str(month), way_out="crmkit annotate restate")
    raise Refusal(Fault.GATE, step=12, needs="strategies-approved", way_out=f"crmkit status --month {month}")


def refuse_not_closed(state: DocumentState | None, month: Month) -> None:
    """Only a month whose results went up is restated. Raises Refusal(RULE results-open)."""
    if state not in _CLOSED:
        raise Refusal(Fault.RULE, rule="results-open", month=str(month), way_out="crmkit annotate done")


def first_months(
    month: Month, now: Iterable[Strategy], before: Mapping[Month, Sequence[Strategy]]
) -> dict[int, Month]:
    """By strategy, the month it first arose in: back through the months in which the same code and cause stood open
    with the same customer, without a gap.
    """
    waiting = {
        past: {(one.customer, one.code, one.cause) for one in listed if one.state is StrategyState.OPEN}
        for past, listed in before.items()
    }
    found = {}
    for one in now:
        first = month
        while (one.customer, one.code, one.cause) in waiting.get(first.previous, ()):
            first = first.previous
        found[one.id] = first
    return found


def by_age(items: Iterable[MonthItem]) -> tuple[MonthItem, ...]:
    """The longest open first, then by customer code."""
    return tuple(sorted(items, key=lambda item: (item.since, item.customer.code, item.code)))


def days_open(item: MonthItem, today: date) -> int:
    """Calendar days since it arose; never below 0."""
    return max(0, (today - item.since).days)
