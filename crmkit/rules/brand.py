"""Brand targets, target customers and the state of every watched product's rates (method.md §3 steps 3-5, §4)."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from crmkit.model.brand import BrandTarget, DemandServed, ProductOrders, RateKind, RateState
from crmkit.model.errors import Fault, Refusal
from crmkit.model.judgement import Judgement, Rate
from crmkit.model.month import Month
from crmkit.model.policy import AnomalyPolicy, Policy, RatePolicy
from crmkit.model.product import Watched
from crmkit.rules import rates
from crmkit.rules.anomaly import judge

NOBODY: frozenset[int] = frozenset()


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from first to last."""
    found = [first]
    while found[-1] < last:
        found.append(found[-1].next)
    return found if first <= last else []


def refuse_overlap(wanted: BrandTarget, kept: Iterable[BrandTarget], product: str) -> None:
    """Ranges of one product never overlap; the one that begins in the same month is the one changed.

    Raises Refusal: BAD_VALUE when the last month lies before the first, RULE targets-overlap.
    """
    if wanted.last < wanted.first:
        raise Refusal(Fault.BAD_VALUE, option="--to", value=str(wanted.last), expected=f">= {wanted.first}")
    for one in kept:
        if one.product == wanted.product and one.first != wanted.first and one.meets(wanted.first, wanted.last):
            way_out = f"crmkit analyze target remove {product} --from {one.first}"
            raise Refusal(
                Fault.RULE, rule="targets-overlap", value=f"{product} {one.first}…{one.last}", way_out=way_out
            )


def unwatched_month(wanted: BrandTarget, entries: Iterable[Watched]) -> Month | None:
    """The first month of the range in which the product is not on the watch list; None when it always is."""
    own = [entry for entry in entries if entry.product == wanted.product]
    months = months_between(wanted.first, wanted.last)
    return next((month for month in months if not any(entry.holds(month) for entry in own)), None)


def months_changed(before: BrandTarget | None, after: BrandTarget | None) -> tuple[Month, ...]:
    """The months in which the product is judged by something else than before."""
    old, new = (dict.fromkeys(months_between(one.first, one.last), one.rates) if one else {} for one in (before, after))
    return tuple(sorted(month for month in old.keys() | new.keys() if old.get(month) != new.get(month)))


def rate_of(
    kind: RateKind,
    orders: ProductOrders,
    month: Month,
    targets: AbstractSet[int],
    demand: DemandServed,
    policy: RatePolicy,
) -> Rate:
    """One rate of a product in a month, with its count."""
    now = orders.of(month)
    if kind is RateKind.ON_SHELF:
        return rates.on_shelf(targets, now)
    if kind is RateKind.SELL_THROUGH:
        return rates.sell_through(now, ordered_before(orders, month, policy))
    if kind is RateKind.REPURCHASE:
        return rates.repurchase(now, orders.of(month.previous))
    return rates.stock_out(demand.count, demand.lines)


def ordered_before(orders: ProductOrders, month: Month, policy: RatePolicy) -> frozenset[int]:
    """Who ordered the product in any of the three months before (rates.sell_through_months)."""
    months = range(1, policy.sell_through_months + 1)
    return frozenset().union(*(orders.of(month.plus(-back)) for back in months))


def rate_states(
    watched: Sequence[int],
    orders: Mapping[int, ProductOrders],
    month: Month,
    targets: Mapping[int, BrandTarget],
    listed: Mapping[int, AbstractSet[int]],
    demand: Mapping[int, DemandServed],
    policy: Policy,
) -> tuple[RateState, ...]:
    """Every rate of every watched product in the month judged, in the order given.

    `targets` and `listed` (target customers) are those that held in that month, `demand` its demand lines.
    """
    return tuple(
        _state(
            product,
            kind,
            targets.get(product),
            rate_of(
                kind,
                orders.get(product, ProductOrders(product, {})),
                month,
                listed.get(product, NOBODY),
                demand.get(product, DemandServed()),
                policy.rates,
            ),
            policy.anomaly,
        )
        for product in watched
        for kind in RateKind
    )


def _state(product: int, kind: RateKind, target: BrandTarget | None, rate: Rate, policy: AnomalyPolicy) -> RateState:
    aim = target.rates.get(kind) if target else None
    found = judge(kind.measure, aim, rate.value, policy)
    return RateState(product, kind, aim, rate, found, found)


def with_hand_states(computed: Iterable[RateState], kept: Iterable[RateState]) -> tuple[RateState, ...]:
    """Computed anew, with what the manager changed by hand and why; a change that the figures now bear out goes."""
    by_hand = {(one.product, one.kind): one for one in kept if one.by_hand}

    def joined(one: RateState) -> RateState:
        old = by_hand.get((one.product, one.kind))
        if old is None or old.final is one.computed:
            return one
        return replace(one, final=old.final, note=old.note)

    return tuple(map(joined, computed))


def judged_by_hand(one: RateState, final: Judgement, note: str, product: str) -> RateState:
    """A state changed by the manager, with a note; back to what was computed needs none. Raises Refusal(RULE)."""
    if final is one.computed:
        return replace(one, final=final, note=None)
    if not note.strip():
        way_out = f"crmkit analyze brand judge {product} {one.kind.value} {final.value} --note REASON"
        raise Refusal(Fault.RULE, rule="note-needed", way_out=way_out)
    return replace(one, final=final, note=note.strip())
