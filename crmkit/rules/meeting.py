"""Counting the visits of a week for its meeting."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date

from crmkit.model.meeting import VisitCounts
from crmkit.model.visit import PlannedState, PlannedVisit, Visit


def count_visits(plans: Sequence[PlannedVisit], facts: Sequence[Visit], today: date) -> VisitCounts:
    """One day. A visit of today not typed in is still to come; one made in the place of a planned one is not extra."""
    states = Counter(plan.state for plan in plans)
    open_visits = [plan for plan in plans if plan.state is PlannedState.OPEN]
    untyped = sum(plan.day < today for plan in open_visits)
    return VisitCounts(
        planned=len(plans) - states[PlannedState.CANCELLED],
        made=states[PlannedState.VISITED],
        early=states[PlannedState.EARLY],
        missed=states[PlannedState.MISSED],
        untyped=untyped,
        coming=len(open_visits) - untyped,
        extra=sum(fact.visited and fact.ad_hoc and fact.planned is None for fact in facts),
    )


def together(counts: Iterable[VisitCounts]) -> VisitCounts:
    """The sums of several days or managers."""
    listed = [astuple(one) for one in counts]
    return VisitCounts(*map(sum, zip(*listed, strict=True))) if listed else VisitCounts()
