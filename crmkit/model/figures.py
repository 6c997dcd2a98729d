"""What SQL counted. Volumes are thousandths of a carton 条 (or of the sales unit), amounts minor units (fen)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from crmkit.model.month import Month

VOLUME_SCALE = 1000
AMOUNT_SCALE = 100
_DIGITS = Context(prec=28, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class CustomerMonth:
    """One customer's orders in one month. Returns count negative in their month.

    `ordered_limited` and `allowed` sum only lines that carry an allowed quantity 可订量; both 0 when none does.
    `products` and `key_products` count products with a positive net volume.
    """

    customer: int
    volume: int = 0
    amount: int = 0
    orders: int = 0
    products: int = 0
    key_products: int = 0
    key_volume: int = 0
    ordered_limited: int = 0
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class ProductMonth:
    """One customer's net volume of one product in one month."""

    customer: int
    product: int
    volume: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What one manager's customers ordered in one month, and on how many ordering days 订货日.

    `days` are the ordering days of whoever has no ordering weekday, `own_days` those of customers with one.
    `area_days` are the ordering days of all customers together (0: nobody has a weekday, `days` stands for the area):
    a holiday week takes one ordering day from everybody, so it must take as much from the area.
    A customer who ordered nothing need not be listed.
    """

    month: Month
    days: int
    customers: Mapping[int, CustomerMonth]
    own_days: Mapping[int, int] = field(default_factory=dict)
    area_days: int = 0

    def of(self, customer: int) -> CustomerMonth:
        """The customer's figures; all 0 when nothing was ordered."""
        return self.customers.get(customer) or CustomerMonth(customer)

    @property
    def days_of_area(self) -> int:
        """The area's ordering days; only their ratio between months counts."""
        return self.area_days or self.days

    def days_of(self, customer: int) -> int:
        """The customer's ordering days."""
        return self.own_days.get(customer, self.days)


def ratio(numerator: int | Fraction, denominator: int | Fraction) -> Decimal | None:
    """Numerator ÷ denominator to 28 digits, the same everywhere; None when the denominator is 0."""
    if denominator == 0:
        return None
    exact = Fraction(numerator) / Fraction(denominator)
    return decimal_of(exact)


def decimal_of(exact: Fraction) -> Decimal:
    """A fraction to 28 digits, exact where it has no more."""
    return _DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator))
