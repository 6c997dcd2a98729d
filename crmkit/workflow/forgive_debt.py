"""Visits owed to a customer that need not be made up: forgiven with a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.debt import Debt
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.policy import Policy
from crmkit.store import debts
from crmkit.store.connection import Store
from crmkit.workflow.acting import manager_of
from crmkit.workflow.visit_debt import visit_debts


@dataclass(frozen=True, slots=True)
class ForgivenDebts:
    """What was let go, and what of this customer stays owed."""

    customer: Customer
    reason: str
    forgiven: tuple[Debt, ...]
    left: tuple[Debt, ...]


def forgive_debt(
    store: Store,
    act: Act,
    policy: Policy,
    customer: Customer,
    reason: str,
    *,
    since: date | None = None,
    dry_run: bool = False,
) -> ForgivenDebts:
    """Forgive every visit owed to the customer now, or only the one owed since a day.

    Raises Refusal: RULE reason-needed, no-manager; NOT_FOUND when nothing is owed, naming the days there are.
    """
    if not reason.strip():
        way_out = f"crmkit visit forgive {customer.code} --reason REASON"
        raise Refusal(Fault.RULE, rule="reason-needed", way_out=way_out)
    found = visit_debts(store, policy, manager_of(store, customer), act.today, only=(customer.id,))
    chosen = tuple(debt for debt in found.open if since in (None, debt.since))
    if not chosen:
        _refuse_nothing(customer, since, found.open)
    days = sorted({debt.since for debt in chosen})
    if not dry_run:
        with store.operation(act):
            debts.forgive(store, act, customer.id, days, reason.strip())
    left = tuple(debt for debt in found.open if debt not in chosen)
    return ForgivenDebts(customer, reason.strip(), chosen, left)


def _refuse_nothing(customer: Customer, since: date | None, open_debts: Collection[Debt]) -> None:
    known = [debt.since.isoformat() for debt in open_debts] or [f"crmkit visit debt {customer.code}"]
    noun, value = ("visit-debt-since", since.isoformat()) if since else ("visit-debt", customer.code)
    raise Refusal(Fault.NOT_FOUND, noun=noun, value=value, known=known)
