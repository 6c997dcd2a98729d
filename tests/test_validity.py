"""Whom a month is made for."""

from dataclasses import replace
from datetime import date

import pytest

from crmkit.model.customer import Customer, CustomerState, VisitMethod
from crmkit.rules.validity import ordering_since, valid_customers
from crmkit.sources.policy import shipped_policy

POLICY = shipped_policy().valid


def shop(number: int, state: CustomerState = CustomerState.ACTIVE, manager: int | None = 1) -> Customer:
    return Customer(number, f"C{9 - number}", "shop", manager=manager, state=state, visit_method=VisitMethod.ONSITE)


SHOPS = [shop(number, state) for number, state in enumerate(CustomerState, start=1)] + [shop(6, manager=2)]


def test_valid_is_active_and_owned_and_the_marked_who_order_are_named() -> None:
    found = valid_customers([*SHOPS, shop(7, manager=None)], 1, {2, 4, 6}, POLICY)
    assert [one.id for one in found.valid] == [1]
    assert [one.id for one in found.left_out] == [5, 4, 3, 2]  # by customer code
    assert [one.id for one in found.ordering] == [4, 2]


def test_by_policy_ordering_counts_whatever_the_mark() -> None:
    found = valid_customers(SHOPS, 1, {2, 4, 6}, replace(POLICY, ordering_counts=True))
    assert [one.id for one in found.valid] == [4, 2, 1]
    assert found.ordering == ()


def test_without_a_visit_method_valid_but_named() -> None:
    found = valid_customers([replace(SHOPS[0], visit_method=None)], 1, set(), POLICY)
    assert found.methodless == found.valid != ()


@pytest.mark.parametrize(
    ("today", "since"),
    [
        ("2026-11-02", "2026-08-03"),
        ("2026-01-31", "2025-11-01"),
        ("2026-05-31", "2026-03-01"),
        ("2026-05-28", "2026-03-01"),
    ],
)
def test_three_months_back(today: str, since: str) -> None:
    assert ordering_since(date.fromisoformat(today), POLICY) == date.fromisoformat(since)
