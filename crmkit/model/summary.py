"""Week summary 周工作小结 and month summary 月度工作总结 (steps 13 and 14): what is counted, and what a person says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crmkit.model.annotation import MonthItem
from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.model.visit import MissReason, Visit


class SummaryKind(StrEnum):
    WEEK = "week"
    MONTH = "month"


class SummaryPart(StrEnum):
    """What the person writes, in the order of the manual."""

    STATE = "state"  # 指标完成状态
    SCHEDULE = "schedule"  # 工作安排合理性
    EFFECT = "effect"  # 工作有效性
    COMPLETION = "completion"  # 计划完成情况
    ACCURACY = "accuracy"  # 分析准确性
    REASON = "reason"  # 计划合理性
    EXPERIENCE = "experience"  # 工作经验
    SHORTCOMINGS = "shortcomings"  # 不足


PARTS: Mapping[SummaryKind, tuple[SummaryPart, ...]] = {
    SummaryKind.WEEK: (SummaryPart.STATE, SummaryPart.SCHEDULE, SummaryPart.EFFECT),
    SummaryKind.MONTH: (
        SummaryPart.COMPLETION,
        SummaryPart.ACCURACY,
        SummaryPart.REASON,
        SummaryPart.EXPERIENCE,
        SummaryPart.SHORTCOMINGS,
    ),
}
LONGEST_PART = 4000  # characters


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; nothing of nothing is no share."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class OwedWindow:
    """So many visits of one customer owed from `first` to `last`: one a week, or one or two a month."""

    customer: int
    first: date
    last: date
    count: int = 1


@dataclass(frozen=True, slots=True)
class Completion:
    """Visits of a period, counted three ways up to a day; `untyped` planned ones nobody typed in.

    `on_day`: planned visits made on the day they were planned for, of those planned. `in_period`: the same, made on
    any day of the period. `by_frequency`: visits owed by the frequencies in customers' records that were made.
    """

    on_day: Share
    in_period: Share
    by_frequency: Share
    made: int
    by_phone: int
    extra: int  # ● not planned, and standing for no planned visit
    missed: Mapping[MissReason, int] = field(default_factory=dict)
    untyped: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What one visit left in words."""

    customer: Customer
    visit: Visit


@dataclass(frozen=True, slots=True)
class Work:
    """What was done in a period besides the figures. `key` are key customers visited of all, `strategies` those marked
    ★ of the month's, of a week those marked up to its end, `marked` of them within it; `handled` ad hoc items done,
    `waiting` those open at its end.
    """

    completion: Completion
    strategies: Share
    key: Share
    marked: int = 0
    anomalies: tuple[Told, ...] = ()
    opinions: tuple[Told, ...] = ()
    handled: tuple[MonthItem, ...] = ()
    waiting: tuple[MonthItem, ...] = ()
    per_day: Mapping[date, Share] = field(default_factory=dict)  # visits made, planned


@dataclass(frozen=True, slots=True)
class Period:
    """The week or month, and the last day of it that is counted."""

    kind: SummaryKind
    first: date
    last: date
    until: date

    @property
    def months(self) -> tuple[Month, ...]:
        """The months its counted days lie in."""
        both = (Month.of(self.first), Month.of(max(self.first, self.until)))
        return both[:1] if both[0] == both[1] else both


class DraftCode(StrEnum):
    """A sentence offered from facts; the person takes it, changes it or leaves it."""

    AHEAD = "ahead"  # indicator, reached, passed
    BEHIND = "behind"
    REACHED = "reached"  # the month is over: indicator, reached
    SHORT = "short"
    ABNORMAL = "abnormal"  # indicators found abnormal
    DONE_OF_PLAN = "done-of-plan"  # share, of
    MISSED_MOST = "missed-most"  # reason, count
    FREQUENCY_SHORT = "frequency-short"  # owed visits not made
    STRATEGIES_DONE = "strategies-done"
    STRATEGIES_OPEN = "strategies-open"
    ANOMALIES = "anomalies"
    HANDLED = "handled"
    UNTYPED = "untyped"
    EVEN_DAYS = "uneven-days"  # most and least visits of a day
    EXTRA = "extra"
    BETTER = "better"  # than last period, by points
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Draft:
    """One offered sentence for one part; `facts` fill its words."""

    part: SummaryPart
    code: DraftCode
    facts: Mapping[str, str | int] = field(default_factory=dict)
