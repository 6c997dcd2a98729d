"""Which customers a month is made for (method.md §2, valid customer 有效客户)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crmkit.model.customer import Customer, CustomerState
from crmkit.model.policy import ValidPolicy


@dataclass(frozen=True, slots=True)
class Validity:
    """A manager's customers, parted; each tuple by customer code.

    `valid` is ranked and planned; `methodless` are the valid ones without a visit method: named, not on papers;
    `left_out` are not valid; `ordering` are those of the left out who ordered lately all the same: their mark may
    be old, and the policy's valid.ordering_counts would make them valid.
    """

    valid: tuple[Customer, ...]
    methodless: tuple[Customer, ...]
    left_out: tuple[Customer, ...]
    ordering: tuple[Customer, ...]


def ordering_since(today: date, policy: ValidPolicy) -> date:
    """The first day of "ordered in the last three months": the day after the same day three months before."""
    from dateutil.relativedelta import relativedelta

    return today - relativedelta(months=policy.ordering_months) + timedelta(days=1)


def valid_customers(
    customers: Iterable[Customer], manager: int, ordering: Collection[int], policy: ValidPolicy
) -> Validity:
    """Parts the customers of one manager. `ordering` are those with an order of positive net volume since
    `ordering_since`. Valid: owned by this manager and active; or, by policy, ordering whatever the mark.
    """
    owned = sorted((one for one in customers if one.manager == manager), key=lambda one: one.code)
    valid = tuple(one for one in owned if _is_valid(one, ordering, policy))
    left_out = tuple(one for one in owned if not _is_valid(one, ordering, policy))
    return Validity(
        valid=valid,
        methodless=tuple(one for one in valid if one.visit_method is None),
        left_out=left_out,
        ordering=tuple(one for one in left_out if one.id in ordering),
    )


def _is_valid(customer: Customer, ordering: Collection[int], policy: ValidPolicy) -> bool:
    return customer.state is CustomerState.ACTIVE or (policy.ordering_counts and customer.id in ordering)
