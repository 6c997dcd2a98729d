"""What a month's frequencies ask for against what its working days hold (step 8)."""

from collections.abc import Iterable

from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.planning import Foresight
from crmkit.model.policy import Policy
from crmkit.model.strategy import FrequencyLine
from crmkit.rules.capacity import foresee
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.store import customers
from crmkit.store.connection import Store
from crmkit.workflow.visit_problem import clients_of_lines, standing_before
from crmkit.workflow.working_calendar import calendar_of_month


def month_load(
    store: Store, policy: Policy, manager: Person, month: Month, lines: Iterable[FrequencyLine]
) -> Foresight:
    """Foresight of a whole month as it stood before its first day, whatever was visited since.

    An unpublished calendar is taken as Monday to Friday here.
    """
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    clients = clients_of_lines(customers.all(store, manager.id), lines)
    standing = standing_before(store, manager, calendar, month)
    return foresee(state_problem(Span(month, calendar, policy, month.first), clients, standing))
