"""Whom a customer is compared with (method.md §4, Operating effect)."""

from collections.abc import Callable, Sequence

from crmkit.model.customer import Customer
from crmkit.model.operating import PeerGroup
from crmkit.model.policy import EffectPolicy

Peers = tuple[PeerGroup, tuple[Customer, ...]]


def peers_of(valid: Sequence[Customer], policy: EffectPolicy) -> Callable[[Customer], Peers]:
    """A function telling each valid customer's peers, itself included.

    Same market type and grade ±2; fewer than 8: same market type; still fewer: all. A customer without a grade starts
    at its market type, one without a market type at all [our default]: what is not known is not guessed.
    """
    known: dict[tuple[object, int | None], Peers] = {}

    def peers(customer: Customer) -> Peers:
        place = (customer.market_type, customer.grade)
        if place not in known:
            known[place] = _drawn(customer, valid, policy)
        return known[place]

    return peers


def _drawn(customer: Customer, valid: Sequence[Customer], policy: EffectPolicy) -> Peers:
    market = tuple(one for one in valid if one.market_type is customer.market_type)
    near = tuple(one for one in market if _is_near(one, customer, policy.grade_span))
    if customer.market_type is not None and len(near) >= policy.min_peers:
        return PeerGroup.GRADE, near
    if customer.market_type is not None and len(market) >= policy.min_peers:
        return PeerGroup.MARKET, market
    return PeerGroup.ALL, tuple(valid)


def _is_near(one: Customer, other: Customer, span: int) -> bool:
    return one.grade is not None and other.grade is not None and abs(one.grade - other.grade) <= span
