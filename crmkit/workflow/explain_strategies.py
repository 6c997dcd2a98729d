"""Why a customer has so many strategies: each with the figure that caused it."""

from dataclasses import dataclass

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operating import Ability, Effect
from crmkit.model.person import Person
from crmkit.model.policy import CatalogueEntry, Policy
from crmkit.model.strategy import Strategy
from crmkit.rules.strategies import strategy_counts, strategy_words
from crmkit.store import operating, strategies
from crmkit.store.connection import Store


@dataclass(frozen=True, slots=True)
class WhyStrategies:
    """`counted` of them count for the frequency: the dropped ones do not."""

    customer: Customer
    month: Month
    policy: Policy
    strategies: tuple[Strategy, ...]
    words: tuple[CatalogueEntry, ...]
    counted: int
    effect: Effect | None
    ability: Ability | None


def explain_strategies(
    store: Store, policy: Policy, manager: Person, month: Month, customer: Customer
) -> WhyStrategies:
    """Raises Refusal(GATE) before the month's strategies are generated."""
    if not strategies.of_manager(store, manager.id, month):
        raise Refusal(
            Fault.GATE, step=8, needs="strategies-generated", way_out=f"crmkit plan strategies --month {month}"
        )
    mine = tuple(strategies.of_customer(store, customer.id, month))
    return WhyStrategies(
        customer,
        month,
        policy,
        mine,
        tuple(strategy_words(one, policy) for one in mine),
        strategy_counts(mine)[customer.id],
        operating.effects(store, manager.id, month).get(customer.id),
        operating.abilities(store, manager.id, month).get(customer.id),
    )
