"""Who works in this file."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER_MANAGER = "customer_manager"  # 客户经理
    MARKET_MANAGER = "market_manager"  # 市场经理
    BRAND_MANAGER = "brand_manager"  # 品牌经理


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    code: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who (`substitute`) stands in for whom (`person`), both days included; ids of persons."""

    id: int
    person: int
    substitute: int
    first: date
    last: date
