"""A team in one area: who visits whom. The problem, its solution, and what an assigner is.

Areas 片区 are the customers of one manager each. Stops and days are named by their index in `Team.problem`,
areas by their index in `Team.areas`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from math import isqrt
from typing import Protocol

from crmkit.model.customer import Customer
from crmkit.model.person import Person
from crmkit.model.planning import Problem

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Area:
    """One manager: the room of each day (-1 on days off and printed days), what stands there already, and the
    most customers he may have.
    """

    person: Person
    rooms: tuple[int, ...]
    standing: tuple[tuple[int, ...], ...]  # stops whose visits stay on that day, by road
    standing_loads: tuple[int, ...]
    standing_seconds: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Team:
    """A month of several managers. `problem` holds all their stops and the days of which any manager works one.

    `owners` is the area of each stop, NOBODY where it has none; a `fixed` stop stays with its owner: an
    appointment or a printed visit of the month stands. `hand_over` is what handing one customer over costs, in
    thousandths of a weight; at most `most_moved` may be.
    """

    problem: Problem
    areas: tuple[Area, ...]
    owners: tuple[int, ...]
    fixed: tuple[bool, ...]
    hand_over: int
    most_moved: int

    def may(self, stop: int, area: int) -> bool:
        """May this area have the stop?"""
        return not self.fixed[stop] or self.owners[stop] == area


@dataclass(frozen=True, slots=True)
class Assignment:
    """The area of each stop."""

    owners: tuple[int, ...]
    iterations: int
    seed: int


class Assigner(Protocol):
    """An optimiser of a team. Same team, seed and effort → the same assignment on every machine."""

    name: str

    def assign(self, team: Team, *, seed: int, effort: int) -> Assignment:
        """Search with `effort` iterations for each 240 customers. Never breaks a limit or moves a fixed stop, where
        `impossible` of the rules finds nothing against the team.
        """
        ...


class Shortage(Enum):
    """Why no assignment keeps all limits."""

    TOO_MANY = "too_many"  # more customers than all managers together may have
    FIXED = "fixed"  # appointments and printed visits hold more customers with a manager than he may have
    KEEP = "keep"  # more must change hands than may


@dataclass(frozen=True, slots=True)
class Impossible:
    """A limit no assignment can keep: what it would take and what is allowed, of one manager or of all."""

    shortage: Shortage
    needed: int
    allowed: int
    person: Person | None = None


class Cause(StrEnum):
    """Why a customer changes hands."""

    UNASSIGNED = "unassigned"  # nobody had him
    LIMIT = "limit"  # his manager has more customers than the policy allows
    ROAD = "road"  # his new manager is nearer
    LOAD = "load"  # his manager has more work than the new one


@dataclass(frozen=True, slots=True)
class Change:
    """A customer who changes hands. `near` are the metres to the nearest customers of the old area and of the
    new one, all changes made; None where an area has no other.
    """

    customer: Customer
    owner: Person | None
    to: Person
    cause: Cause
    visits: int
    near: tuple[int | None, int | None]


def variation_squared(values: Sequence[int]) -> Fraction:
    """The coefficient of variation, squared, so that it stays exact; 0 of nothing."""
    total = sum(values)
    return Fraction(len(values) * sum(value * value for value in values), total * total) - 1 if total else Fraction(0)


def spread_percent(values: Sequence[int]) -> Decimal:
    """The coefficient of variation in percent, to a tenth: what people call how uneven days are."""
    squared = variation_squared(values) * 1_000_000
    return Decimal((isqrt(4 * squared.numerator // squared.denominator) + 1) // 2).scaleb(-1)


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """One manager's month as his own visit plan would be. `day_seconds` are visits and road of each of his days;
    `way_out` the metres from the middle of the area to the nearest shop of each day: how compact it is.
    """

    person: Person
    customers: int
    visits: int
    metres: int
    way_out: int
    day_seconds: tuple[int, ...]
    by_phone: int
    unfit: int

    @property
    def minutes(self) -> int:
        return (sum(self.day_seconds) + 30) // 60

    @property
    def kilometres(self) -> int:
        return (self.metres + 500) // 1000

    @property
    def spread(self) -> Decimal:
        return spread_percent(self.day_seconds)


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """All managers together; `spread` is over the days of all."""

    areas: tuple[AreaFigures, ...]

    @property
    def customers(self) -> int:
        return sum(area.customers for area in self.areas)

    @property
    def visits(self) -> int:
        return sum(area.visits for area in self.areas)

    @property
    def minutes(self) -> int:
        return (sum(sum(area.day_seconds) for area in self.areas) + 30) // 60

    @property
    def kilometres(self) -> int:
        return (sum(area.metres for area in self.areas) + 500) // 1000

    @property
    def spread(self) -> Decimal:
        return spread_percent([seconds for area in self.areas for seconds in area.day_seconds])

    @property
    def by_phone(self) -> int:
        return sum(area.by_phone for area in self.areas)

    @property
    def unfit(self) -> int:
        return sum(area.unfit for area in self.areas)
