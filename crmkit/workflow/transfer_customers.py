"""Customers change hands: open strategies and visits go along, what was done stays with who did it (method.md §4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.operation import Act
from crmkit.model.person import Person, Role
from crmkit.model.policy import Policy
from crmkit.model.visit import PlannedVisit
from crmkit.rules.load import Load, loads
from crmkit.store import customers, people, planned
from crmkit.store.connection import Store
from crmkit.workflow.acting import refuse_unless_for_all
from crmkit.workflow.set_customer import open_visits


@dataclass(frozen=True, slots=True)
class Transfer:
    """Customers and who has them now; `visits` go along, `stayed` had this manager already."""

    to: Person
    customers: tuple[Customer, ...]
    stayed: tuple[Customer, ...]
    former: dict[int, Person]
    visits: tuple[PlannedVisit, ...]
    load: Load


def assign_customers(
    store: Store, act: Act, policy: Policy, chosen: Sequence[Customer], to: Person, *, dry_run: bool = False
) -> Transfer:
    """Give customers who have no manager to one. Raises Refusal(RULE has-manager): what is owned is transferred."""
    owned = [one.code for one in chosen if one.manager not in (None, to.id)]
    if owned:
        way_out = f"crmkit customer transfer {','.join(owned[:10])} --to {to.code}"
        raise Refusal(Fault.RULE, rule="has-manager", value=" ".join(owned[:10]), way_out=way_out)
    return transfer_customers(store, act, policy, chosen, to, dry_run=dry_run)


def transfer_customers(
    store: Store, act: Act, policy: Policy, chosen: Sequence[Customer], to: Person, *, dry_run: bool = False
) -> Transfer:
    """Hand customers over from today on. Open visits are the new manager's, without a place on a road until replanned;
    visits made, orders and strategies keep all they say. Raises Refusal(ROLE): the receiver is a customer manager, and
    only the market manager takes customers from another.
    """
    if to.role is not Role.CUSTOMER_MANAGER:
        raise Refusal(Fault.ROLE, role=to.role.value, needed=Role.CUSTOMER_MANAGER.value)
    moving = tuple(one for one in chosen if one.manager != to.id)
    _refuse_taking(store, act, policy, moving)
    visits = tuple(visit for one in moving for visit in open_visits(store, one.id, act.today))
    if not dry_run:
        with store.operation(act):
            hand_to(store, to, moving, visits)
    return Transfer(
        to=to,
        customers=moving,
        stayed=tuple(one for one in chosen if one.manager == to.id),
        former={person.id: person for person in people.everyone(store)},
        visits=visits,
        load=_load_after(store, policy, to, moving),
    )


def _refuse_taking(store: Store, act: Act, policy: Policy, moving: Sequence[Customer]) -> None:
    """His own anybody hands over; what another has the market manager moves."""
    mine = {None, *(person.id for person in people.named(store, act.actor))}
    if any(one.manager not in mine for one in moving):
        refuse_unless_for_all(store, act, policy)


def hand_to(store: Store, to: Person, moving: Sequence[Customer], visits: Sequence[PlannedVisit]) -> None:
    """Within an operation: customers and their open visits are this manager's; strategies follow the customer."""
    customers.set_manager(store, [one.id for one in moving], to.id)
    planned.hand_over(store, [visit.id for visit in visits], to.id)


def _load_after(store: Store, policy: Policy, to: Person, moving: Sequence[Customer]) -> Load:
    gone = {one.id for one in moving}
    owners = [to.id if one.id in gone else one.manager for one in customers.all(store)]
    return next(load for load in loads([to], owners, policy.base_data.customers_per_manager))
