"""What is missing on the way to the month plan: the command that comes first, so that one refusal is enough."""

from datetime import date

from crmkit.model.document import DocumentKind
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.operating import unscored
from crmkit.store import documents, operating
from crmkit.store.connection import Store
from crmkit.workflow.portfolio import portfolio_of


def way_to_plan(store: Store, policy: Policy, manager: Person, month: Month, today: date) -> str:
    """The first command of steps 2, 7 and 8 that is not done. Raises Refusal(GATE, step 0) without customers."""
    state = operating.state(store, manager.id, month)
    if state != "generated":
        return _way_to_state(store, policy, manager, month, today, computed=state is not None)
    if documents.find(store, manager.id, month, DocumentKind.STRATEGIES) is None:
        return f"crmkit plan strategies --month {month} --satisfaction 90"
    return f"crmkit plan generate --month {month}"


def way_to_scores(month: Month, carriable: int) -> str:
    """How to score who is left: last month's scores where there are any, else one number for all."""
    return f"crmkit analyze score --month {month} {'--carry' if carriable else '--all 3'}"


def _way_to_state(store: Store, policy: Policy, manager: Person, month: Month, today: date, *, computed: bool) -> str:
    portfolio = portfolio_of(store, policy, manager, month, today)
    missing = unscored(portfolio.valid, operating.abilities(store, manager.id, month))
    if not computed:
        return f"crmkit analyze compute --month {month}"
    if missing:
        last = operating.abilities(store, manager.id, month.previous)
        return way_to_scores(month, sum(customer.id in last for customer in missing))
    return f"crmkit analyze generate --month {month}"
