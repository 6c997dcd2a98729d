"""A planned visit that leaves its day, and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MoveReason(StrEnum):
    """Why a visit left its day, came onto the plan, or went off it."""

    ABSENT = "absent"  # nobody works on the old day
    CLOSED = "closed"  # the shop is shut on the old day
    GAP = "gap"  # the old day is too near to a visit made, printed or pinned
    OTHER_VISIT = "other_visit"  # another visit of this customer moved, and the gap to it would not hold
    ROOM = "room"  # others need the old day's room more
    NEW = "new"  # owed, and not planned before
    MISSED = "missed"  # repays a visit that did not take place
    NOT_OWED = "not_owed"  # no longer owed
    NO_DAY = "no_day"  # no day holds it: visit debt
    HAND = "hand"  # moved by a person
    SKIPPED = "skipped"  # taken off by a person
    ADDED = "added"  # put on by a person


@dataclass(frozen=True, slots=True)
class VisitMove:
    """One visit that left its day. `was` None: not planned before; `becomes` None: off the plan."""

    customer: int
    was: date | None
    becomes: date | None
    reason: MoveReason
    note: str = ""
    at: str = ""
    actor: str = ""


class Obstacle(StrEnum):
    """Why a visit cannot well stand on a day: the day is red."""

    ABSENT = "absent"  # the manager does not work
    CLOSED = "closed"  # the shop is shut
    PRINTED = "printed"  # the day's sheet is out
    TAKEN = "taken"  # this customer has another visit that day
    GAP = "gap"  # too near to, or too far from, his other visits
    WEEK = "week"  # outside the week, or before or after the days, it is owed for
    ROOM = "room"  # the day is full


class Caution(StrEnum):
    """What makes a possible day a poor one: the day is yellow."""

    DETOUR = "detour"
    LOAD = "load"  # the day would be much fuller than the others
    SPACING = "spacing"  # outside the preferred gap
    WEEKDAY = "weekday"  # another weekday than the shop expects


@dataclass(frozen=True, slots=True)
class DayOffer:
    """What one day would mean for one visit.

    `metres` of detour is the cheapest place in the day's order, `seconds` what they take at the policy's speed;
    `visits` are the day's with this one, `percent` of its room is then taken; gaps are working days to
    the customer's visits around, None where there is none.
    """

    day: date
    here: bool  # the visit stands there now
    metres: int
    seconds: int
    visits: int
    percent: int
    gap_before: int | None
    gap_after: int | None
    obstacles: tuple[Obstacle, ...] = ()
    cautions: tuple[Caution, ...] = ()

    @property
    def colour(self) -> str:
        """green, yellow or red."""
        if self.obstacles:
            return "red"
        return "yellow" if self.cautions else "green"
