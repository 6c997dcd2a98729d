"""Effect detail of one customer: every item with its value, its place among the peers and its weight."""

from dataclasses import dataclass
from decimal import Decimal

from crmkit.model.customer import Customer
from crmkit.model.errors import Fault, Refusal
from crmkit.model.month import Month
from crmkit.model.operating import Ability, AbilityItem, Effect, EffectDetail, Quadrant
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.rules.operating import quadrant, weak_abilities
from crmkit.store import operating
from crmkit.store.connection import Store
from crmkit.workflow.acting import refuse_invalid


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One item; `weight` is what it counts in this customer's score, in percent (0: no data, re-weighted)."""

    detail: EffectDetail
    weight: Decimal
    weak: bool


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """What step 2 knows of one customer in one month."""

    customer: Customer
    month: Month
    effect: Effect
    lines: tuple[EffectLine, ...]
    ability: Ability | None
    weak_abilities: tuple[AbilityItem, ...]
    quadrant: Quadrant | None


def show_effect(store: Store, policy: Policy, manager: Person, month: Month, customer: Customer) -> ShownEffect:
    """Raises Refusal(GATE) when the month's effects are not computed, RULE(not-valid) when this one's is not."""
    known = operating.effects(store, manager.id, month)
    if not known:
        raise Refusal(Fault.GATE, step=2, needs="computed", way_out=f"crmkit analyze compute --month {month}")
    if customer.id not in known:
        refuse_invalid(store, manager, customer)
    effect = known[customer.id]
    ability = operating.abilities(store, manager.id, month).get(customer.id)
    return ShownEffect(
        customer=customer,
        month=month,
        effect=effect,
        lines=_lines(effect, policy),
        ability=ability,
        weak_abilities=weak_abilities(ability, policy) if ability else (),
        quadrant=quadrant(effect.score, ability.score, policy) if ability else None,
    )


def _lines(effect: Effect, policy: Policy) -> tuple[EffectLine, ...]:
    weights = {detail.item: int(getattr(policy.effect, detail.item)) for detail in effect.details}
    whole = sum(weights[detail.item] for detail in effect.details if detail.score is not None)
    weak = effect.weak_items(policy.effect.weak_below)
    return tuple(
        EffectLine(
            detail,
            Decimal(0) if detail.score is None else round(Decimal(100 * weights[detail.item]) / whole, 1),
            detail.item in weak,
        )
        for detail in effect.details
    )
