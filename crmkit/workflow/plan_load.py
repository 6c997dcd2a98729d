"""What a month's frequencies ask for against what its working days hold (step 8)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.planning import Foresight
from crmkit.model.policy import Policy
from crmkit.model.strategy import FrequencyLine
from crmkit.rules.capacity import area_loads, foresee
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.store import customers
from crmkit.store.connection import Store
from crmkit.workflow.given_ways import given_ways
from crmkit.workflow.visit_problem import clients_of_lines, standing_on
from crmkit.workflow.working_calendar import calendar_of_month


def load_from(month: Month, today: date) -> date:
    """The first day whose load counts: today within the month; a month that is over is told as it was before it."""
    return today if today in month else month.first


def month_load(
    store: Store, policy: Policy, manager: Person, month: Month, lines: Iterable[FrequencyLine], today: date
) -> Foresight:
    """Foresight of the days that are left: a past week is not owed, what was made is not asked again.

    Before the month that is the whole month. An unpublished calendar is taken as Monday to Friday here.
    """
    calendar = calendar_of_month(store, policy, manager.id, month, assume_weekdays=True)
    owned = customers.all(store, manager.id)
    clients = clients_of_lines(owned, lines)
    standing = standing_on(store, manager, calendar, month, today)
    given = given_ways(store, (client.customer for client in clients))
    problem = state_problem(Span(month, calendar, policy, load_from(month, today), given), clients, standing)
    return replace(foresee(problem), areas=area_loads(problem, {one.id: one.neighbourhood for one in owned}))
