"""The ratio policy's warnings 预警 (Yunnan manual): area, key brand and customer against their peers, big customers."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from crmkit.model.customer import Customer
from crmkit.model.judgement import Judgement
from crmkit.model.market import AreaSum
from crmkit.model.policy import RatioPolicy
from crmkit.model.product import Product
from crmkit.rules.anomaly import is_big_customer, judge_ratio, peer_ratio


def area_ratios(now: Mapping[int, AreaSum], before: Mapping[int, AreaSum], keys: Sequence[int]) -> dict[int, Fraction]:
    """(1+g)/(1+g_peers) of each manager's volume; his peers are all other managers together."""
    whole_now, whole_before = sum(one.volume for one in now.values()), sum(one.volume for one in before.values())
    found = {}
    for key in keys:
        own, then = now.get(key, AreaSum()).volume, before.get(key, AreaSum()).volume
        ratio = peer_ratio(own, then, whole_now - own, whole_before - then)
        if ratio is not None:
            found[key] = ratio
    return found


def key_brand_warnings(
    products: Sequence[Product], now: Mapping[int, int], before: Mapping[int, int], policy: RatioPolicy
) -> tuple[tuple[Product, Fraction], ...]:
    """Key-brand products whose growth lags behind their peers': the products of the same category in the area, itself
    included [our default].
    """
    found = []
    for product in products:
        if not product.key_brand:
            continue
        peers = [one.id for one in products if one.category == product.category]
        ratio = peer_ratio(
            now.get(product.id, 0),
            before.get(product.id, 0),
            sum(now.get(one, 0) for one in peers),
            sum(before.get(one, 0) for one in peers),
        )
        if ratio is not None and judge_ratio(ratio, policy) is Judgement.ABNORMAL:
            found.append((product, ratio))
    return tuple(found)


def big_customers(
    valid: Sequence[Customer], volumes: Mapping[int, int], policy: RatioPolicy
) -> tuple[tuple[Customer, int], ...]:
    """大户 with their volume (thousandths), the biggest first, against the valid customers of their market type."""
    markets: dict[object, list[int]] = {}
    for customer in valid:
        markets.setdefault(customer.market_type, []).append(volumes.get(customer.id, 0))
    found = [
        (customer, volumes.get(customer.id, 0))
        for customer in valid
        if is_big_customer(volumes.get(customer.id, 0), markets[customer.market_type], policy)
    ]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0].code)))
