"""The dated visits of some weeks, ready to leave the file: for a phone's calendar, a table, an office's wall."""

from dataclasses import dataclass
from datetime import date, datetime

from crmkit.model.customer import Customer, VisitMethod
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.visit import PlannedState


@dataclass(frozen=True, slots=True)
class VisitHistory:
    """What the change log knows of one customer's planned visits of a month: the most there ever were at once, and
    the operation that last touched them, with its time.
    """

    most: int
    op: int
    at: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What a calendar knows a visit by: the how-manieth of its customer in the month, whatever its day. A plan made
    anew moves it instead of adding one. `sequence` grows with every change.
    """

    manager: Person
    customer: Customer
    month: Month
    number: int
    sequence: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DatedVisit:
    """One planned visit. `position` counts from 1 in the day's order; 0 for one that is off.

    `begins` and `ends` are set where the day is timed by its route.
    """

    identity: Identity
    day: date
    method: VisitMethod
    state: PlannedState
    position: int
    short_code: str
    pinned: bool = False
    begins: datetime | None = None
    ends: datetime | None = None

    @property
    def customer(self) -> Customer:
        return self.identity.customer

    @property
    def is_off(self) -> bool:
        """Cancelled, or made on another day already."""
        return self.state in (PlannedState.CANCELLED, PlannedState.EARLY)


@dataclass(frozen=True, slots=True)
class DatedVisits:
    """Visits by manager, day and place. `gone` are visits that were planned once and are no more: a calendar that
    has them must hear of it.
    """

    first: date
    last: date
    zone: str
    visits: tuple[DatedVisit, ...]
    gone: tuple[Identity, ...] = ()
    provisional: bool = False
