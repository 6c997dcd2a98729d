"""Operating effect 经营效果, operating ability 经营能力 and the quadrant of each customer (method.md §4, step 2)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from crmkit.model.customer import Customer
from crmkit.model.figures import VOLUME_SCALE, CustomerMonth, MonthFigures, decimal_of, ratio
from crmkit.model.operating import (
    Ability,
    AbilityItem,
    Effect,
    EffectDetail,
    EffectItem,
    PeerGroup,
    Quadrant,
    ScoreOrigin,
)
from crmkit.model.policy import EffectPolicy, Policy
from crmkit.rules.peers import peers_of

Values = Mapping[EffectItem, Decimal | None]


def effects(
    valid: Sequence[Customer],
    current: MonthFigures,
    before: MonthFigures,
    policy: EffectPolicy,
    *,
    has_key_brands: bool = True,
) -> tuple[Effect, ...]:
    """The operating effect of every valid customer from the orders of M-1 (`current`) and M-2 (`before`).

    Ordered by customer code. `has_key_brands` false = no product is marked key brand, the item has no data for anyone.
    """
    values = {
        customer.id: effect_values(customer.id, current, before, has_key_brands=has_key_brands) for customer in valid
    }
    peers = peers_of(valid, policy)
    columns: dict[int, dict[EffectItem, list[Decimal]]] = {}

    def effect(customer: Customer) -> Effect:
        group, members = peers(customer)
        column = columns.setdefault(id(members), {}) or _columns(members, values)
        columns[id(members)] = column
        return _effect(customer.id, group, len(members), values[customer.id], column, policy)

    return tuple(effect(customer) for customer in sorted(valid, key=lambda one: one.code))


def effect_values(
    customer: int, current: MonthFigures, before: MonthFigures, *, has_key_brands: bool = True
) -> dict[EffectItem, Decimal | None]:
    """The five values before ranking; None = no data.

    Growth is M-1 against M-2 per ordering day, as a fraction (0.1 = 10 %), and has no data after a month without
    volume; carton value (minor units per carton) has none without volume, ordered ÷ allowed none where no line
    carries an allowed quantity. Who ordered nothing carries 0 products: that is data.
    """
    now = current.of(customer)
    return {
        EffectItem.VOLUME_GROWTH: _growth(customer, current, before),
        EffectItem.CARTON_VALUE: ratio(now.amount * VOLUME_SCALE, now.volume) if now.volume > 0 else None,
        EffectItem.PRODUCTS: Decimal(now.products),
        EffectItem.ORDERED_SHARE: _ordered_share(now),
        EffectItem.KEY_PRODUCTS: Decimal(now.key_products) if has_key_brands else None,
    }


def mid_rank_percentile(value: Decimal, sorted_values: Sequence[Decimal]) -> Fraction:
    """(below + half of the equal ones, itself included) ÷ all × 100: 0 < it < 100, the mean of all is 50."""
    below = bisect_left(sorted_values, value)
    equal = bisect_right(sorted_values, value) - below
    return Fraction(50 * (2 * below + equal), len(sorted_values))


def quadrant(effect: Decimal | None, ability: Decimal, policy: Policy) -> Quadrant | None:
    """Effect/ability, at the cut = high: high/high keep, low/high unlock, high/low coach, low/low support.

    None when the effect has no data at all.
    """
    if effect is None:
        return None
    able = ability >= policy.ability.cut
    if effect >= policy.effect.cut:
        return Quadrant.KEEP if able else Quadrant.COACH
    return Quadrant.UNLOCK if able else Quadrant.SUPPORT


def weak_abilities(ability: Ability, policy: Policy) -> tuple[AbilityItem, ...]:
    """The items scored 1-2 (ability.weak_at_most), in the order of the method."""
    return tuple(item for item in AbilityItem if ability.scores.get(item, 5) <= policy.ability.weak_at_most)


def unscored(valid: Sequence[Customer], abilities: Mapping[int, Ability]) -> tuple[Customer, ...]:
    """The valid customers that stop `generate`: any of the six scores is missing. By customer code."""
    items = set(AbilityItem)
    lacking = (one for one in valid if one.id not in abilities or set(abilities[one.id].scores) != items)
    return tuple(sorted(lacking, key=lambda one: one.code))


def carried_abilities(previous: Iterable[Ability], customers: Iterable[int]) -> tuple[Ability, ...]:
    """Last month's scores for the customers asked for, marked carried. Whoever has none stays without."""
    wanted = set(customers)
    return tuple(Ability(one.customer, one.scores, ScoreOrigin.CARRIED) for one in previous if one.customer in wanted)


def assumed_abilities(customers: Iterable[int], scores: Mapping[AbilityItem, int]) -> tuple[Ability, ...]:
    """One set of scores for a group in one act, marked assumed."""
    return tuple(Ability(customer, dict(scores), ScoreOrigin.ASSUMED) for customer in customers)


def origin_of_row(given: Mapping[AbilityItem, int], last: Mapping[AbilityItem, int]) -> ScoreOrigin:
    """How a row of a scores file came about: one that repeats last month's six scores was carried, not looked at
    (our default); with any other score, or none to repeat, it was entered.
    """
    return ScoreOrigin.CARRIED if len(given) == len(AbilityItem) and dict(given) == dict(last) else ScoreOrigin.ENTERED


def _growth(customer: int, current: MonthFigures, before: MonthFigures) -> Decimal | None:
    now, then = current.of(customer).volume, before.of(customer).volume
    days_now, days_then = current.days_of(customer), before.days_of(customer)
    if then <= 0 or days_now <= 0 or days_then <= 0:
        return None
    return decimal_of(Fraction(now * days_then, then * days_now) - 1)


def _ordered_share(now: CustomerMonth) -> Decimal | None:
    return ratio(now.ordered_limited, now.allowed) if now.allowed > 0 else None


def _columns(members: Sequence[Customer], values: Mapping[int, Values]) -> dict[EffectItem, list[Decimal]]:
    """Per item the sorted values of the peers that have data."""
    return {
        item: sorted(value for one in members if (value := values[one.id][item]) is not None) for item in EffectItem
    }


def _effect(
    customer: int,
    group: PeerGroup,
    peer_count: int,
    values: Values,
    columns: Mapping[EffectItem, Sequence[Decimal]],
    policy: EffectPolicy,
) -> Effect:
    scores = {item: mid_rank_percentile(value, columns[item]) for item, value in values.items() if value is not None}
    details = tuple(
        EffectDetail(item, values[item], decimal_of(scores[item]) if item in scores else None) for item in EffectItem
    )
    total = weighted_score(scores, policy)
    return Effect(customer, None if total is None else decimal_of(total), group, peer_count, details)


def weighted_score(scores: Mapping[EffectItem, Fraction], policy: EffectPolicy) -> Fraction | None:
    """Σ weight × score ÷ Σ weight over the items with data; None when those weigh nothing."""
    weights = {item: int(getattr(policy, item)) for item in scores}
    whole = sum(weights.values())
    return sum((weights[item] * scores[item] for item in scores), Fraction(0)) / whole if whole else None
