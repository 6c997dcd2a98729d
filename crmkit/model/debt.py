"""Visit debt 欠访: owed visits that were missed or stood on no day, and what became of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crmkit.model.customer import VisitMethod
from crmkit.model.month import Month
from crmkit.model.planning import Misfit
from crmkit.model.visit import MissReason


class DebtCause(StrEnum):
    MISSED = "missed"  # a planned visit that did not take place
    UNFIT = "unfit"  # an owed visit that stood on no day


class DebtState(StrEnum):
    OPEN = "open"
    REPAID = "repaid"  # 补访: a later visit beyond what was owed
    FORGIVEN = "forgiven"  # let go with a reason
    EXPIRED = "expired"  # the month's result was approved


@dataclass(frozen=True, slots=True)
class UnfitVisit:
    """An owed visit that the newest visit plan of its month put on no day. `since`: the first day it could have stood
    on.
    """

    customer: int
    manager: int
    month: Month
    since: date
    number: int
    week: date | None
    misfit: Misfit


@dataclass(frozen=True, slots=True)
class Forgiveness:
    """A person's word that the visits of one customer owed since a day need not be made up."""

    customer: int
    since: date
    reason: str
    actor: str
    day: date


@dataclass(frozen=True, slots=True)
class Debt:
    """One owed visit that was not made in time. `ended` is the day it was repaid, forgiven or expired."""

    customer: int
    manager: int  # whose month owes it: its result approved, it expires
    since: date
    cause: DebtCause
    why: MissReason | Misfit
    state: DebtState = DebtState.OPEN
    ended: date | None = None
    method: VisitMethod | None = None  # of the visit that repaid it
    forgiveness: Forgiveness | None = None

    @property
    def month(self) -> Month:
        return Month.of(self.since)


def counted(debts: Iterable[Debt]) -> Counter[DebtState]:
    """Owed is the sum of the four."""
    return Counter(debt.state for debt in debts)
