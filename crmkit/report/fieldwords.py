"""The words of base data: a column of a customer or a product, and what stands in it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from crmkit.model.customer import BusinessType, CustomerState, Frequency, MarketType, VisitMethod
from crmkit.report.page import Cell, Term, said
from crmkit.report.terms import weekday, word
from crmkit.report.words import _, later

FIELDS: Mapping[str, str] = {
    "code": later("Code"),
    "name": later("Name"),
    "licence": later("Licence number"),
    "manager": later("Customer manager"),
    "state": later("State"),
    "grade": later("Grade"),
    "market_type": later("Market type"),
    "business_type": later("Business type"),
    "neighbourhood": later("Neighbourhood"),
    "route": later("Route"),
    "order_weekday": later("Ordering day"),
    "online": later("Orders online"),
    "visit_method": later("Visit method"),
    "frequency": later("Visit frequency"),
    "longitude_e6": later("Longitude"),
    "latitude_e6": later("Latitude"),
    "place": later("Coordinates"),
    "address": later("Address"),
    "city": later("City"),
    "contact": later("Contact"),
    "phone": later("Phone"),
    "opened_on": later("Opened on"),
    "closed_on": later("Closed on"),
    "closed_weekdays": later("Closed weekdays"),
    "hours": later("Opening hours"),
    "category": later("Category"),
    "key_brand": later("Key brand"),
    "tar": later("Tar content"),
    "units_per_carton": later("Sticks per carton"),
    "active": later("On sale"),
    # only in files
    "longitude": later("Longitude"),
    "latitude": later("Latitude"),
    "category_1": later("Category, level 1"),
    "category_2": later("Category, level 2"),
    "category_3": later("Category, level 3"),
    "number": later("Order number"),
    "line": later("Line number"),
    "day": later("Order date"),
    "customer": later("Customer code"),
    "product": later("Product code"),
    "volume": later("Quantity"),
    "amount": later("Amount"),
    "allowed": later("Allowed quantity"),
    "total": later("Order total"),
    "from": later("From shop"),
    "to": later("To shop"),
    "length": later("Distance by road, m"),
}
_CODES: Mapping[str, type[StrEnum]] = {
    "state": CustomerState,
    "market_type": MarketType,
    "business_type": BusinessType,
    "visit_method": VisitMethod,
    "frequency": Frequency,
}
_FLAGS = frozenset({"online", "key_brand", "active"})
_MONDAY = date(2026, 11, 2).toordinal()


def field_word(column: str) -> str:
    """The word of a column; an own field speaks for itself."""
    return _(FIELDS[column]) if column in FIELDS else column


def value_cell(column: str, value: Any) -> Cell:
    """What stands in a column, as a cell."""
    if value is None:
        return None
    if column in _CODES:
        return Term(str(value), word(_CODES[column](value)))
    if column in _FLAGS:
        return bool(value)
    if column in ("order_weekday", "closed_weekdays"):
        return Term(str(value), _weekdays(str(value)))
    if column.endswith("_e6"):
        return degrees(value)
    return value if isinstance(value, int | date) else str(value)


def value_word(column: str, value: Any) -> str:
    """What stands in a column, as people read it; "-" where nothing stands."""
    return said(value_cell(column, value)) or "-"


def degrees(millionths: int) -> str:
    """Millionths of a degree as people write them: 117.120000."""
    sign, whole = "-" if millionths < 0 else "", abs(millionths)
    return f"{sign}{whole // 1_000_000}.{whole % 1_000_000:06d}"


def _weekdays(digits: str) -> str:
    return _(", ").join(weekday(date.fromordinal(_MONDAY + int(digit) - 1)) for digit in digits)
