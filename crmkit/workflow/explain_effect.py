"""Why a customer's operating effect is what it is: each item's figures, its place among the peers, the rows behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.model.operating import EffectItem
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.model.provenance import Behind
from crmkit.model.restating import Input
from crmkit.rules.peers import peers_of
from crmkit.store import computing, customers, operating, provenance
from crmkit.store.connection import Store
from crmkit.workflow.show_effect import ShownEffect, show_effect


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where one item stands among the peers with data: mid-rank = (below + equal ÷ 2) ÷ all × 100, itself among the
    equal ones.
    """

    item: EffectItem
    below: int
    equal: int
    all: int


@dataclass(frozen=True, slots=True)
class WhyEffect:
    """`inputs` are the customer's figures of M-2 and M-1 as they were when the effect was computed."""

    shown: ShownEffect
    places: Mapping[EffectItem, ItemPlace]
    inputs: Mapping[Month, Input]
    behind: tuple[Behind, ...]  # of M-2 and M-1


def explain_effect(
    store: Store, policy: Policy, manager: Person, month: Month, customer: Customer, rows: int = 0
) -> WhyEffect:
    """Raises Refusal as show_effect."""
    shown = show_effect(store, policy, manager, month, customer)
    known = operating.effects(store, manager.id, month)
    computed = [one for one in customers.all(store, manager.id) if one.id in known]
    members = {one.id for one in peers_of(computed, policy.effect)(customer)[1]}
    values = {
        item: [
            detail.value
            for key in members
            for detail in known[key].details
            if detail.item is item and detail.value is not None
        ]
        for item in EffectItem
    }
    places = {
        line.detail.item: _place(line.detail.item, line.detail.value, values[line.detail.item])
        for line in shown.lines
        if line.detail.value is not None
    }
    months = (month.plus(-2), month.previous)
    return WhyEffect(
        shown,
        places,
        computing.inputs(store, manager.id, month).get(customer.id, {}),
        tuple(provenance.behind(store, one.first, one.last, customer=customer.id, limit=rows) for one in months),
    )


def _place(item: EffectItem, value: Decimal, values: list[Decimal]) -> ItemPlace:
    return ItemPlace(item, sum(one < value for one in values), values.count(value), len(values))
