"""The customer 客户 and the words that describe one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MarketType(StrEnum):
    """市场类型."""

    URBAN = "urban"  # 城镇
    RURAL = "rural"  # 乡村


class BusinessType(StrEnum):
    """业态."""

    MALL = "mall"  # 商场
    SUPERMARKET = "supermarket"  # 超市
    CONVENIENCE = "convenience"  # 便利店
    TOBACCO_LIQUOR = "tobacco_liquor"  # 烟酒商店
    GROCERY = "grocery"  # 食杂店
    ENTERTAINMENT = "entertainment"  # 娱乐服务类
    OTHER = "other"  # 其他类


class CustomerState(StrEnum):
    """Only `active` is valid by its mark."""

    ACTIVE = "active"  # 正常
    CLOSED = "closed"  # 歇业
    SUSPENDED = "suspended"  # 停业
    REVOKED = "revoked"  # 许可证注销/吊销
    EXPIRED = "expired"  # 许可证过期


class VisitMethod(StrEnum):
    """拜访方式."""

    ONSITE = "onsite"  # 实地
    PHONE = "phone"  # 电话
    WECHAT = "wechat"  # 微信
    ONLINE = "online"  # 网络
    MEETING = "meeting"  # 集中


class Frequency(StrEnum):
    """拜访频率."""

    WEEKLY = "weekly"  # 每周一次
    TWICE_MONTHLY = "twice_monthly"  # 每月两次
    MONTHLY = "monthly"  # 每月一次


class Likeness(StrEnum):
    """Why two customers may be one shop."""

    LICENCE = "licence"
    PHONE = "phone"
    ADDRESS = "address"
    NAME_AND_CONTACT = "name_and_contact"
    NAME_AND_PLACE = "name_and_place"
    CODE = "code"  # codes that differ only by O and 0, or I, L and 1


@dataclass(frozen=True, slots=True)
class Place:
    """WGS-84 coordinates in millionths of a degree: exact, and the same on every machine."""

    latitude_e6: int
    longitude_e6: int

    def __post_init__(self) -> None:
        if abs(self.latitude_e6) > 90_000_000 or abs(self.longitude_e6) > 180_000_000:
            raise ValueError("coordinates outside the globe")


@dataclass(frozen=True, slots=True)
class Customer:
    """One shop as the store knows it. `id` is the store's key, `code` the office's (text, zeros matter)."""

    id: int
    code: str
    name: str
    manager: int | None = None  # id of the customer manager
    state: CustomerState = CustomerState.ACTIVE
    grade: int | None = None  # 档位 1-30
    market_type: MarketType | None = None
    business_type: BusinessType | None = None
    neighbourhood: str | None = None  # 小片
    route: str | None = None  # 线路
    order_weekday: int | None = None  # 订货日, ISO: Monday 1 … Sunday 7
    online: bool | None = None  # 网上订货
    visit_method: VisitMethod | None = None
    frequency: Frequency | None = None  # written by approval only (step 8)
    place: Place | None = None
    address: str | None = None
    city: str | None = None
    contact: str | None = None
    phone: str | None = None
    licence: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    closed_weekdays: tuple[int, ...] = ()  # ISO weekdays on which the shop is shut
    closed_ranges: tuple[tuple[date, date], ...] = ()  # dates on which it is shut: from, to
    hours: str | None = None  # 营业时间, "09:00-12:00,14:00-21:30"
    held: frozenset[str] = frozenset()  # columns set by hand: an import leaves them as they are

    def shut_on(self, day: date) -> bool:
        """Is the shop shut on that day: a weekday it always rests, or a date within a closed range?"""
        within = any(first <= day <= last for first, last in self.closed_ranges)
        return within or day.isoweekday() in self.closed_weekdays
