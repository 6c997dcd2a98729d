"""Annotation 任务执行标注 (step 12): what is marked ★, what is open and since when; restatements of closed months."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.model.policy import CatalogueEntry
from crmkit.model.strategy import StrategyOrigin


class ItemKind(StrEnum):
    STRATEGY = "strategy"
    AD_HOC = "ad_hoc"  # ● 临时性任务


@dataclass(frozen=True, slots=True)
class MonthItem:
    """One thing to do, or done. `code` is how it is named: K7M-2 a strategy, ●12 an ad hoc item.

    A strategy waits since the first day of the month it first arose in, an ad hoc item since its own day.
    """

    customer: Customer
    kind: ItemKind
    code: str
    words: CatalogueEntry
    since: date
    done: bool
    origin: StrategyOrigin | None = None
    done_on: date | None = None  # of ad hoc items; a strategy's day is in the change log
    id: int = 0


class RestatementState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class MarkRestatement:
    """A mark asked for after the month's results were submitted: it counts once the market manager has approved."""

    manager: int
    month: Month
    customer: int
    kind: ItemKind
    item: int
    done: bool  # what the mark is to be
    reason: str
    asked_by: str
    asked_at: str
    state: RestatementState = RestatementState.WAITING
    decided_by: str | None = None
    decided_at: str | None = None
    answer: str | None = None
    id: int = 0
