"""How full and how fresh the customer file is; and the note that somebody made sure of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.importing import Kind
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.choosing import cell
from crmkit.rules.completeness import VERIFIABLE, Filled, Lack, completeness, lacking
from crmkit.store import ownfields, verified
from crmkit.store.connection import Store
from crmkit.workflow.list_customers import list_customers
from crmkit.workflow.set_customer import seen_as
from crmkit.workflow.typed_fields import target_of


@dataclass(frozen=True, slots=True)
class CheckedCustomers:
    """The fields of all customers, what valid ones lack, and after how many months a field is stale."""

    customers: int
    valid: int
    fields: tuple[Filled, ...]
    lacking: tuple[Lack, ...]
    months: int


def check_customers(store: Store, policy: Policy, today: date, manager: Person | None) -> CheckedCustomers:
    """Completeness and stale fields of a manager's customers, or of all."""
    listed = list_customers(store, policy, today, manager)
    months = policy.base_data.verify_months
    valid = [one for one in listed.customers if one.id in listed.valid]
    return CheckedCustomers(
        customers=len(listed.customers),
        valid=len(valid),
        fields=completeness(valid, verified.by_customer(store), today, months),
        lacking=lacking(valid),
        months=months,
    )


def verify_customer(
    store: Store, act: Act, customer: Customer, names: Iterable[str], *, dry_run: bool = False
) -> tuple[str, ...]:
    """Note that these fields of a customer were made sure of today; without names all that are filled.

    Returns their columns. Raises Refusal(BAD_VALUE) for a name that is no field.
    """
    own = ownfields.all(store)
    columns = [seen_as(target_of(Kind.CUSTOMERS, name, own).column) for name in names]
    seen = tuple(dict.fromkeys(columns or _filled(customer)))
    if not dry_run:
        with store.operation(act):
            verified.note(store, customer.id, seen, act.today)
    return seen


def _filled(customer: Customer) -> list[str]:
    return [field for field in VERIFIABLE if cell(customer, field) is not None]
