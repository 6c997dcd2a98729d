"""The service strategies 服务策略 a month gives each customer (method.md §4, Strategies; step 7)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from crmkit.model.customer import Customer
from crmkit.model.operating import Ability, Effect
from crmkit.model.policy import CatalogueEntry, Policy
from crmkit.model.strategy import Demand, Strategy, StrategyOrigin, StrategyState
from crmkit.rules.operating import quadrant, weak_abilities

Item = TypeVar("Item", Demand, Strategy)

QUADRANT_CAUSE = "operating_state"
OTHER_DEMAND = "other"


def derive_strategies(
    valid: Sequence[Customer],
    effects: Mapping[int, Effect],
    abilities: Mapping[int, Ability],
    demands: Iterable[Demand],
    unfinished: Iterable[Strategy],
    policy: Policy,
) -> tuple[Strategy, ...]:
    """Every strategy of M: by customer code, and in each customer quadrant, weak effect items, weak ability items,
    confirmed demands, then what is carried from M-1.

    `unfinished` are M-1's strategies (any state: only open ones are offered again). One that arises anew this month
    with the same code and cause stands once, in its place, with origin carried: the shop has waited for it. Customers
    without an effect or ability get what the other gives; the gate (every valid customer scored) is the caller's.
    """
    wished = _by_customer(demand for demand in demands if demand.confirmed)
    waiting = _by_customer(one for one in unfinished if one.state is StrategyState.OPEN)
    found: list[Strategy] = []
    for customer in sorted(valid, key=lambda one: one.code):
        fresh = [
            *_of_state(customer.id, effects.get(customer.id), abilities.get(customer.id), policy),
            *_of_demands(wished.get(customer.id, []), policy),
        ]
        found += _with_carried(fresh, waiting.get(customer.id, []))
    return tuple(found)


def strategy_counts(strategies: Iterable[Strategy]) -> Counter[int]:
    """Strategies per customer, as the frequency counts them: the dropped ones do not count, done ones do.

    Ad hoc items ● are not strategies of the month and never come in here.
    """
    return Counter(one.customer for one in counted(strategies))


def counted(strategies: Iterable[Strategy]) -> tuple[Strategy, ...]:
    """All but the dropped ones."""
    return tuple(one for one in strategies if one.state is not StrategyState.DROPPED)


def items_of_day(strategies: Sequence[Strategy]) -> tuple[Strategy, ...]:
    """What a visit is to work on: the open strategies. None open: the sheet says 本月策略已完成 and prints the
    policy's routine items.
    """
    return tuple(one for one in strategies if one.state is StrategyState.OPEN)


def strategy_words(strategy: Strategy, policy: Policy) -> CatalogueEntry:
    """The catalogue's words, or a person's own text in both languages; an entry the policy no longer has shows its
    code.
    """
    if strategy.text:
        return CatalogueEntry(strategy.code, strategy.text, strategy.text)
    return catalogue_words(strategy.code, policy)


def catalogue_words(code: str, policy: Policy) -> CatalogueEntry:
    """The catalogue's words of an entry; one the policy no longer has shows its code."""
    return policy.strategy.entry(code) or CatalogueEntry(code, code, code)


def _of_state(customer: int, effect: Effect | None, ability: Ability | None, policy: Policy) -> list[Strategy]:
    found: list[Strategy] = []
    place = quadrant(effect.score, ability.score, policy) if effect and ability else None
    if place:
        found.append(Strategy(customer, str(place), StrategyOrigin.QUADRANT, QUADRANT_CAUSE))
    if effect:
        weak = effect.weak_items(policy.effect.weak_below)
        found += [Strategy(customer, f"weak.{item}", StrategyOrigin.WEAK_EFFECT, str(item)) for item in weak]
    if ability:
        low = weak_abilities(ability, policy)
        found += [Strategy(customer, f"low.{item}", StrategyOrigin.WEAK_ABILITY, str(item)) for item in low]
    return found


def _of_demands(demands: Sequence[Demand], policy: Policy) -> list[Strategy]:
    """One per demand line; the same kind and cause stands once. A kind the catalogue does not know is "other"."""
    known = [entry.code for entry in policy.strategy.catalogue]
    made = {(_demand_code(demand.kind, known), demand.cause): demand.customer for demand in demands}
    return [
        Strategy(customer, code, StrategyOrigin.DEMAND, cause)
        for (code, cause), customer in sorted(made.items(), key=lambda one: (known.index(one[0][0]), one[0][1]))
    ]


def _demand_code(kind: str, known: Sequence[str]) -> str:
    code = f"demand.{kind}"
    return code if code in known else f"demand.{OTHER_DEMAND}"


def _with_carried(fresh: Sequence[Strategy], waiting: Sequence[Strategy]) -> list[Strategy]:
    offered = {(one.code, one.cause): one for one in sorted(waiting, key=lambda one: (one.code, one.cause))}
    kept = [
        replace(one, origin=StrategyOrigin.CARRIED, text=offered.pop(same).text)
        if (same := (one.code, one.cause)) in offered
        else one
        for one in fresh
    ]
    return kept + [replace(one, origin=StrategyOrigin.CARRIED, id=0) for one in offered.values()]


def _by_customer(items: Iterable[Item]) -> dict[int, list[Item]]:
    grouped: dict[int, list[Item]] = {}
    for item in items:
        grouped.setdefault(item.customer, []).append(item)
    return grouped
