"""The four rates 四率 of a product (method.md §4; sell-through after YC/T 455.3), counted over sets of customers."""

from collections.abc import Set as AbstractSet

from crmkit.model.judgement import Rate


def on_shelf(targets: AbstractSet[int], ordered: AbstractSet[int]) -> Rate:
    """上柜率: target customers with an order in the month ÷ target customers."""
    return Rate(len(targets & ordered), len(targets))


def sell_through(ordered: AbstractSet[int], ordered_before: AbstractSet[int]) -> Rate:
    """动销率: customers ordering it ÷ customers who ordered it in the three months before.

    The numerator counts everyone who orders now, new ones too, as the words say: the rate may pass 100 %.
    """
    return Rate(len(ordered), len(ordered_before))


def repurchase(ordered: AbstractSet[int], ordered_last_month: AbstractSet[int]) -> Rate:
    """重购率: customers ordering it in this month and the month before ÷ those of the month before."""
    return Rate(len(ordered & ordered_last_month), len(ordered_last_month))


def stock_out(unserved: int, lines: int) -> Rate:
    """断货率: demand lines served with nothing ÷ demand lines (or customers found without ÷ checked)."""
    return Rate(unserved, lines)
