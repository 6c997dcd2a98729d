"""Which customers a person means by what he says of them: 档位=20-30, 市场类型=城镇, without a phone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crmkit.model.customer import Customer

PARTS = frozenset({"name", "address", "contact", "neighbourhood", "route", "city"})  # a part of the text is enough


@dataclass(frozen=True, slots=True)
class Condition:
    """What a customer's column must be: one of `values`, or between `low` and `high`; no values at all: blank."""

    column: str
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    own: bool = False

    @property
    def blank(self) -> bool:
        return not self.values and self.low is None and self.high is None


def cell(customer: Customer, column: str) -> Any:
    """What stands in a customer's column, as the store keeps it."""
    if column in ("latitude_e6", "longitude_e6"):
        return getattr(customer.place, column) if customer.place else None
    if column == "closed_weekdays":
        return "".join(map(str, customer.closed_weekdays)) or None
    value = getattr(customer, column)
    return value.isoformat() if isinstance(value, date) else value


def chosen(
    customers: Iterable[Customer], conditions: Iterable[Condition], own: Mapping[int, Mapping[str, str]]
) -> list[Customer]:
    """The customers that fulfil every condition; `own` are the values of own fields by customer."""
    listed = list(conditions)
    return [one for one in customers if all(_fulfils(one, condition, own.get(one.id, {})) for condition in listed)]


def _fulfils(customer: Customer, condition: Condition, own: Mapping[str, str]) -> bool:
    found = own.get(condition.column) if condition.own else cell(customer, condition.column)
    if found is None or condition.blank:
        return found is None and condition.blank
    if condition.values:
        if condition.column in PARTS and not condition.own:
            return any(str(value).casefold() in str(found).casefold() for value in condition.values)
        return found in condition.values
    return bool(condition.low <= found <= condition.high)
