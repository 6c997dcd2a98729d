"""Planned visits and the facts of the day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crmkit.model.customer import VisitMethod

LONGEST_TEXT = 2000  # characters of one of the three texts


class PlannedState(StrEnum):
    OPEN = "open"
    VISITED = "visited"
    MISSED = "missed"
    CANCELLED = "cancelled"
    EARLY = "early"  # 已提前拜访


class MissReason(StrEnum):
    CLOSED = "closed"  # 关门
    OWNER_AWAY = "owner_away"  # 店主不在
    WEATHER = "weather"  # 天气
    MEETING = "meeting"  # 会议
    REFUSED = "refused"  # 拒访
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    customer: int
    manager: int
    day: date
    method: VisitMethod
    position: int  # 1-based place in the day's order; 0 for a visit without a road
    state: PlannedState = PlannedState.OPEN
    pinned: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """The record of one customer on one day: facts only."""

    customer: int
    manager: int
    day: date
    visited: bool
    method: VisitMethod
    miss_reason: MissReason | None = None
    ad_hoc: bool = False  # ● 临时性任务
    arrived: str | None = None  # HH:MM
    left: str | None = None
    anomaly: str | None = None  # 市场异常信息
    opinion: str | None = None  # 客户意见建议
    effect: str | None = None  # 拜访效果及感受
    planned: int | None = None  # the planned visit it was made for or stands for
    id: int = 0
