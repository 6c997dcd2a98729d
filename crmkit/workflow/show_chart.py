"""The last thirteen months of a customer, a product or an area, month by month."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crmkit.model.customer import Customer
from crmkit.model.market import AreaSum
from crmkit.model.month import Month
from crmkit.model.person import Person
from crmkit.model.product import Product
from crmkit.store import figures, market
from crmkit.store.connection import Store

MONTHS = 13  # the same month of last year stands beside this one


class Subject(StrEnum):
    CUSTOMER = "customer"
    PRODUCT = "product"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month; `found` None before the file's first order. `running`: counted up to a day inside it."""

    month: Month
    found: AreaSum | None
    running: bool


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Thirteen months up to one. `manager` None: every area of the file together."""

    subject: Subject
    manager: Person | None
    customer: Customer | None
    product: Product | None
    through: date
    bars: tuple[MonthBar, ...]


def show_chart(
    store: Store,
    month: Month,
    as_of: date,
    manager: Person | None = None,
    *,
    customer: Customer | None = None,
    product: Product | None = None,
) -> ChartSeries:
    """The thirteen months up to `month`, orders counted up to `as_of`; a running month up to the file's last order."""
    span = figures.order_span(store)
    through = min(as_of, month.last)
    if through < month.last and span and span[1] in month:
        through = min(through, span[1])
    counted = market.by_month(
        store, month.plus(1 - MONTHS).first, through, manager.id if manager and not customer else None,
        customer=customer.id if customer else None, product=product.id if product else None,
    )  # fmt: skip
    began = Month.of(span[0]) if span else month.next
    months = [month.plus(n + 1 - MONTHS) for n in range(MONTHS)]
    bars = tuple(_bar(one, began, counted.get(one), through) for one in months)
    subject = Subject.CUSTOMER if customer else Subject.PRODUCT if product else Subject.AREA
    return ChartSeries(subject, manager, customer, product, through, bars)


def _bar(month: Month, began: Month, found: AreaSum | None, through: date) -> MonthBar:
    if month < began or month.first > through:
        return MonthBar(month, None, running=False)
    return MonthBar(month, found or AreaSum(), running=through in month and through < month.last)
