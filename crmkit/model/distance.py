"""Ways between shops that somebody gave, as from a map service, and how a way was had."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from crmkit.model.customer import Customer, Place

Pair = tuple[int, int]  # two customers, the smaller id first: a way is as long back as forth
Given = Mapping[Pair, int]  # metres
NONE_GIVEN: Given = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GivenWay:
    """A way by road in metres, with the places both shops had when it was given (None: not known then)."""

    one: int
    other: int
    metres: int
    one_place: Place | None = None
    other_place: Place | None = None

    @property
    def pair(self) -> Pair:
        return self.one, self.other


@dataclass(frozen=True, slots=True)
class Ways:
    """The given ways of some customers that hold; `stale` are those who moved since theirs were given."""

    given: Given = field(default_factory=dict)
    stale: tuple[Customer, ...] = ()


class Had(StrEnum):
    """How the length of a way was had."""

    GIVEN = "given"
    STRAIGHT = "straight"  # great circle × detour
    ADDRESS = "address"  # by neighbourhood, street and house number: a place is not known


@dataclass(frozen=True, slots=True)
class WaysHad:
    """How many of the ways driven were had in each way."""

    given: int = 0
    straight: int = 0
    address: int = 0

    @property
    def all(self) -> int:
        return self.given + self.straight + self.address

    @property
    def is_guessed(self) -> bool:
        """Is every one of them only guessed by addresses?"""
        return self.all == self.address > 0

    def percents(self) -> dict[Had, int]:
        """The share of each kind there is, 100 together: the fewest are rounded up, the most take the rest."""
        counts = {Had.GIVEN: self.given, Had.STRAIGHT: self.straight, Had.ADDRESS: self.address}
        shares = {had: -(-100 * count // self.all) for had, count in counts.items() if count}
        if shares:
            most = max(shares, key=lambda had: counts[had])
            shares[most] += 100 - sum(shares.values())
        return shares
