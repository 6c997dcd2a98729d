"""How full the customer file is, what the month needs and does not find, what nobody looked at for long."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from crmkit.model.customer import Customer
from crmkit.model.month import Month
from crmkit.rules.choosing import cell

# what each step of the month reads: without the first a shop is on no paper, the others make lists worse (step 0)
NEEDED = ("visit_method", "market_type", "grade", "place")
COUNTED = (
    *("licence", "state", "grade", "market_type", "business_type", "neighbourhood", "route", "order_weekday", "online"),
    *("visit_method", "place", "address", "city", "contact", "phone", "opened_on", "hours", "manager"),
)
# what changes in a shop without the office knowing (systems.md: the customer file is renewed every three months)
VERIFIABLE = ("contact", "phone", "address", "business_type", "visit_method", "place", "hours")


@dataclass(frozen=True, slots=True)
class Filled:
    """One field: how many customers have it, and how many filled ones nobody verified for the policy's months."""

    field: str
    filled: int
    of: int
    stale: tuple[Customer, ...] = ()

    @property
    def permille(self) -> int:
        return 1000 * self.filled // self.of if self.of else 0


@dataclass(frozen=True, slots=True)
class Lack:
    """A valid customer and what the month does not find."""

    customer: Customer
    fields: tuple[str, ...]


def completeness(
    customers: Collection[Customer], verified: Mapping[int, Mapping[str, date]], today: date, months: int
) -> tuple[Filled, ...]:
    """Each counted field over these customers; `verified` are customer → column → day."""
    since = stale_before(today, months)
    return tuple(_filled(field, customers, verified, since) for field in COUNTED)


def stale_before(today: date, months: int) -> date:
    """A field last verified before this day is stale: the same day so many months ago, or that month's last day."""
    month = Month.of(today).plus(-months)
    return month.days[min(today.day, len(month.days)) - 1]


def _filled(
    field: str, customers: Collection[Customer], verified: Mapping[int, Mapping[str, date]], since: date
) -> Filled:
    having = [one for one in customers if cell(one, field) is not None]
    stale = [one for one in having if _verified(verified.get(one.id, {}), field) < since]
    return Filled(field, len(having), len(customers), tuple(stale) if field in VERIFIABLE else ())


def _verified(days: Mapping[str, date], field: str) -> date:
    return days.get(field, date.min)


def lacking(valid: Iterable[Customer]) -> tuple[Lack, ...]:
    """Valid customers without what the month needs, by code; those who lack most first."""
    found = [Lack(one, tuple(field for field in NEEDED if cell(one, field) is None)) for one in valid]
    return tuple(sorted((lack for lack in found if lack.fields), key=lambda x: (-len(x.fields), x.customer.code)))
