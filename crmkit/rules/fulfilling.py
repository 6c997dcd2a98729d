"""What a visit that was not planned for its day fulfils.

method.md §4, Visits: an unplanned visit is ● and fulfils the nearest open planned visit of that customer if the
gaps still hold. A visit debt nearer than every planned visit is repaid first [our default]: who went again two days
after a shut door has not made the visit planned for the week after.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Frequency
from crmkit.model.month import Month
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedVisit
from crmkit.rules.calendar import gap, monday_of
from crmkit.rules.planning import gaps_of


def fulfilled_by(
    calendar: WorkCalendar,
    policy: Policy,
    frequency: Frequency,
    day: date,
    open_visits: Sequence[PlannedVisit],
    made: Sequence[date],
    owed: Sequence[date] = (),
) -> PlannedVisit | None:
    """The nearest open planned visit that a visit on `day` takes the place of; None when no gap would hold.

    `open_visits` are the customer's open planned visits, `made` the days of its real visits, `owed` the days from
    which its visit debts run: None too when one of these is as near. Nearest counts in
    working days, the earlier one first [our default]; the gaps are judged with the planned visit gone. A visit
    counts for its own month, or for the same week over the month border: what a month owes no older visit pays.
    """
    due = [v for v in open_visits if v.day in Month.of(day) or monday_of(v.day) == monday_of(day)]
    near = sorted(due, key=lambda visit: (abs(gap(calendar, day, visit.day)), visit.day))
    debt = min((abs(gap(calendar, since, day)) for since in owed), default=None)
    for candidate in near:
        if debt is not None and debt <= abs(gap(calendar, day, candidate.day)):
            return None
        others = [*made, *(visit.day for visit in open_visits if visit != candidate)]
        if _holds(calendar, policy, frequency, day, others):
            return candidate
    return None


def _holds(calendar: WorkCalendar, policy: Policy, frequency: Frequency, day: date, others: Iterable[date]) -> bool:
    """Are the gaps to the visit before and the visit after within bounds? Over the month border only the lower."""
    gaps = gaps_of(policy, frequency)
    listed = list(others)
    before = max((other for other in listed if other < day), default=None)
    after = min((other for other in listed if other > day), default=None)
    for neighbour in (before, after):
        if neighbour is None:
            continue
        apart = abs(gap(calendar, neighbour, day))
        same = Month.of(neighbour) == Month.of(day)
        least = gaps.least if same else gaps.border
        if apart < least or (same and gaps.most and apart > gaps.most):
            return False
    return True
