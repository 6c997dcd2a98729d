"""The month that steps 5 and 6 judge, M-1, and how far its orders go."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crmkit.model.calendar import WorkCalendar
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.calendar import month_days
from crmkit.rules.market import progress
from crmkit.store import market
from crmkit.store.connection import Store
from crmkit.workflow.working_calendar import calendar_between

YEARS_BACK = 2  # the same months last year, and the months before those


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """`through` is the last day that counts, `passed` its part of the working days: 1 once the month is whole."""

    month: Month
    through: date
    passed: Fraction
    calendar: WorkCalendar

    @property
    def running(self) -> bool:
        return self.passed < 1


def judged_month(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> JudgedMonth:
    """M-1 of a working month. A month that is not over counts up to the last day the file has orders of.

    Raises Refusal(RULE, month-not-begun).
    """
    judged = month.previous
    if today < judged.first:
        way_out = f"crmkit status --month {Month.of(today)}"
        raise Refusal(Fault.RULE, rule="month-not-begun", month=judged, way_out=way_out)
    calendar = calendar_between(
        store, policy, None, judged.plus(-12 * YEARS_BACK).first, month.last, assume_weekdays=True
    )
    through = judged.last if today > judged.last else _last_order(store, manager, judged, today)
    days = month_days(calendar, judged)
    if not days or through >= days[-1]:
        through = judged.last
    return JudgedMonth(judged, through, progress(calendar, judged, through), calendar)


def _last_order(store: Store, manager: Person, judged: Month, today: date) -> date:
    return market.last_order(store, judged.first, min(today, judged.last), manager.id) or judged.first
