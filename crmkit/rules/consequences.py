"""What of the later steps moved: two standings of a month held against each other."""

from collections.abc import Mapping

from crmkit.model.consequence import Consequence, Follower
from crmkit.model.month import Month

Standing = Mapping[Follower, Mapping[str, tuple[str, ...]]]
"""Of each follower that was made, by code (of a customer, product, indicator): what stands there."""


def consequences(month: Month, before: Standing, after: Standing) -> tuple[Consequence, ...]:
    """Every follower that stands otherwise than before, in the order in which they follow; none when nothing moved.

    What was not there before did not follow: it was made.
    """
    found = (_moved(month, one, before[one], after.get(one, {})) for one in Follower if one in before)
    return tuple(one for one in found if one)


def _moved(
    month: Month, follower: Follower, before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> Consequence | None:
    if before == after:
        return None
    both = sorted(before.keys() & after.keys())
    turned = tuple((code, before[code], after[code]) for code in both if before[code] != after[code])
    return Consequence(
        month,
        follower,
        sum(map(len, before.values())),
        sum(map(len, after.values())),
        came=tuple(sorted(after.keys() - before.keys())),
        went=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(code for code, _old, _new in turned),
        turned=turned,
    )
