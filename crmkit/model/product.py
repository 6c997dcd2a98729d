"""The product 商品(规格) and its category tree 品类."""

from dataclasses import dataclass
from decimal import Decimal

from crmkit.model.month import Month

DEFAULT_UNITS_PER_CARTON = 200  # 支/条 (method.md §4, indicators)
UNITS_PER_CASE = 50_000  # 1 箱 = 50 000 支
UNITS_PER_CRATE = 10_000  # 1 件 = 10 000 支: five to a case
UNITS_PER_PACK = 20  # 1 包 = 20 支 (our default)


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    path: tuple[str, ...]  # names from the root down


@dataclass(frozen=True, slots=True)
class Product:
    """One product; it hangs on a leaf category only (step 0)."""

    id: int
    code: str
    name: str
    category: int | None = None
    key_brand: bool = False  # 重点品牌
    tar: Decimal | None = None  # 焦油含量, mg
    units_per_carton: int = DEFAULT_UNITS_PER_CARTON
    active: bool = True
    held: frozenset[str] = frozenset()  # columns set by hand: an import leaves them as they are


@dataclass(frozen=True, slots=True)
class Watched:
    """A product on the watch list 关注商品 from a month on, up to another when that is known."""

    id: int
    product: int
    first: Month
    last: Month | None = None

    def holds(self, month: Month) -> bool:
        """Is it watched in that month?"""
        return self.first <= month and (self.last is None or month <= self.last)

    def meets(self, first: Month, last: Month | None) -> bool:
        """Do the two ranges share a month?"""
        return (last is None or self.first <= last) and (self.last is None or first <= self.last)
