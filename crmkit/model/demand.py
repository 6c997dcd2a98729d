"""Direct demand 直接需求: one questionnaire record 问卷记录 per customer and month (step 1)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crmkit.model.customer import Customer
from crmkit.model.month import Month

NOTE_LENGTH = 400  # characters of what a shop said with one wish


class Channel(StrEnum):
    """How a questionnaire came in."""

    ONLINE = "online"  # 网上填报: the cut-off holds for these
    PHONE = "phone"  # 电话
    VISIT = "visit"  # 拜访
    WECHAT = "wechat"  # 微信
    PAPER = "paper"  # 纸质
    OTHER = "other"  # 其他


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One product wanted, in thousandths of a carton; always more than none."""

    product: int
    volume: int


@dataclass(frozen=True, slots=True)
class Wish:
    """One service wish; `kind` is a demand kind of the policy's catalogue without its "demand."."""

    kind: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What one customer asked for in one month; lines by product, wishes by kind. Without any it says: nothing wanted.

    `came_on` is the day it came in. Only a confirmed one causes strategies; every change takes the mark back.
    """

    customer: int
    month: Month
    came_on: date
    channel: Channel
    lines: tuple[DemandLine, ...] = ()
    wishes: tuple[Wish, ...] = ()
    confirmed: bool = False
    confirmed_by: str | None = None
    confirmed_at: str | None = None
    id: int = 0


class Lacking(StrEnum):
    """Why a customer's questionnaire of a month is not there."""

    AWAITED = "awaited"  # orders online, and the cut-off has not passed
    OVERDUE = "overdue"  # orders online, nothing came by the cut-off: by hand now
    BY_HAND = "by_hand"  # does not order online: by hand before the deadline


@dataclass(frozen=True, slots=True)
class Missing:
    """A valid customer without a questionnaire of the month."""

    customer: Customer
    why: Lacking


@dataclass(frozen=True, slots=True)
class ProductDemand:
    """Demand lines of one product in one month: how many, and how many of them were served with nothing."""

    product: int
    lines: int
    unserved: int
