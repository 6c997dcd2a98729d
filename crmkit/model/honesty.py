"""What a writer may look at again before he submits: signs that a text or a visit is not from the street."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crmkit.model.person import Person


class Doubt(StrEnum):
    SAME_TEXT = "same_text"  # one sentence for many customers
    LAST_TIME = "last_time"  # the text of the visit or the summary before, again
    TOO_CLOSE = "too_close"  # in time, for the way between two shops
    DAY_TOO_LONG = "day_too_long"  # visits and ways need more than the day has
    AT_ONCE = "at_once"  # a whole day typed in one minute, no text
    PART_TWICE = "part_twice"  # one text in two parts of a summary


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One sign: the day (None: of the whole period), customers by code, and figures that fill its words."""

    doubt: Doubt
    day: date | None = None
    customers: tuple[str, ...] = ()
    text: str | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HonestyCheck:
    """What was looked at and found, for the writer's own eyes. `looked` visits, `texts` texts of them."""

    manager: Person
    first: date
    last: date
    looked: int
    texts: int
    found: tuple[Doubtful, ...]
