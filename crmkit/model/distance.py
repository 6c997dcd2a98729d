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

    def percent(self, had: Had) -> int:
        """The share of one kind, rounded down, but 1 where there are any."""
        count = {Had.GIVEN: self.given, Had.STRAIGHT: self.straight, Had.ADDRESS: self.address}[had]
        return max(count and 1, count * 100 // self.all) if self.all else 0

    def plus(self, other: "WaysHad") -> "WaysHad":
        return WaysHad(self.given + other.given, self.straight + other.straight, self.address + other.address)
