"""The customers of a manager or of the whole file, and one with what its month says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.model.operating import Quadrant
from crmkit.model.ownfield import OwnField
from crmkit.model.person import Person
from crmkit.model.policy import CatalogueEntry, Policy
from crmkit.model.strategy import FrequencyLine, KeyCandidate, Strategy
from crmkit.model.visit import PlannedState, PlannedVisit, Visit
from crmkit.rules.choosing import chosen
from crmkit.rules.codes import short_codes
from crmkit.rules.operating import quadrant
from crmkit.rules.strategies import strategy_words
from crmkit.rules.strategies_by_hand import numbered
from crmkit.rules.validity import ordering_since, valid_customers
from crmkit.store import (
    closures,
    customers,
    figures,
    frequencies,
    keycustomers,
    operating,
    ownfields,
    people,
    planned,
    strategies,
    visits,
)
from crmkit.store.connection import Store
from crmkit.workflow.typed_fields import read_conditions


@dataclass(frozen=True, slots=True)
class CustomerList:
    """Customers by code; `valid` are ids. `managers` are by id, `own` the values of own fields by customer."""

    customers: tuple[Customer, ...]
    valid: frozenset[int]
    managers: dict[int, Person]
    fields: tuple[OwnField, ...] = ()
    own: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownCustomer:
    """One customer, what the month gives it, and its visits."""

    customer: Customer
    month: Month
    manager: Person | None
    short_code: str | None
    quadrant: Quadrant | None
    candidate: KeyCandidate | None
    line: FrequencyLine | None
    strategies: tuple[tuple[int, Strategy, CatalogueEntry], ...]  # number on the sheet, strategy, its words
    last: Visit | None
    planned: tuple[PlannedVisit, ...]  # open ones from today on
    own: Mapping[str, str] = field(default_factory=dict)  # own fields that are filled
    own_held: tuple[str, ...] = ()  # own fields set by hand
    closures: tuple[tuple[date, date, str], ...] = ()  # from, to, reason; those to come
    formerly: tuple[str, ...] = ()  # codes of customers merged into this one


def list_customers(
    store: Store,
    policy: Policy,
    today: date,
    manager: Person | None,
    *,
    without_method: bool = False,
    only_valid: bool = False,
    where: Iterable[str] = (),
    without: Iterable[str] = (),
) -> CustomerList:
    """The customers of one manager, or of all; those without a visit method only, or the valid ones only.

    `where` are conditions as typed (档位=20-30, state=active), `without` names of fields that must be blank.
    Raises Refusal(BAD_VALUE).
    """
    fields = ownfields.all(store)
    conditions, own = read_conditions(where, without, fields), ownfields.by_customer(store)
    managers = {person.id: person for person in people.everyone(store)}
    found = customers.all(store, manager.id if manager else None)
    valid = frozenset().union(*(_valid(store, policy, today, person) for person in managers))
    wanted = [c for c in found if c.id in valid or not (only_valid or without_method)]
    if without_method:
        wanted = [customer for customer in wanted if customer.visit_method is None]
    return CustomerList(tuple(chosen(wanted, conditions, own)), valid, managers, tuple(fields), own)


def show_customer(store: Store, policy: Policy, today: date, customer: Customer, month: Month) -> ShownCustomer:
    """One customer with its month."""
    manager = people.by_id(store, customer.manager) if customer.manager else None
    key = manager.id if manager else 0
    listed = strategies.of_customer(store, customer.id, month)
    numbers = {strategy.id: number for number, strategy in numbered(listed).items()}
    effect = operating.effects(store, key, month).get(customer.id)
    ability = operating.abilities(store, key, month).get(customer.id)
    return ShownCustomer(
        customer=customer,
        month=month,
        manager=manager,
        short_code=_short_code(store, customer),
        quadrant=quadrant(effect.score, ability.score, policy) if effect and ability else None,
        candidate=next((c for c in keycustomers.candidates(store, key, month) if c.customer == customer.id), None),
        line=next((line for line in frequencies.lines(store, key, month) if line.customer == customer.id), None),
        strategies=tuple((numbers.get(s.id, 0), s, strategy_words(s, policy)) for s in listed),
        last=visits.last_real(store, key, date.max).get(customer.id),
        planned=tuple(
            visit
            for visit in planned.of_customer(store, customer.id, today, date.max)
            if visit.state is PlannedState.OPEN
        ),
        own=ownfields.of_customer(store, customer.id),
        own_held=ownfields.held_of(store, customer.id),
        closures=tuple(line for line in closures.listed(store, customer.id) if line[1] >= today),
        formerly=tuple(sorted(code for code, key in customers.aliases(store).items() if key == customer.id)),
    )


def _short_code(store: Store, customer: Customer) -> str | None:
    if customer.manager is None:
        return None
    return short_codes(one.code for one in customers.all(store, customer.manager)).get(customer.code)


def _valid(store: Store, policy: Policy, today: date, manager: int) -> set[int]:
    ordering = figures.ordering(store, ordering_since(today, policy.valid), today, manager)
    return {one.id for one in valid_customers(customers.all(store, manager), manager, ordering, policy.valid).valid}
