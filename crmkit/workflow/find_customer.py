"""Find the customer somebody means."""

from crmkit.model.customer import Customer
from crmkit.store import customers
from crmkit.store.connection import Store


def find_customer(store: Store, typed: str, manager: int | None = None) -> Customer:
    """By code, else by a unique part of code or name. Raises Refusal NOT_FOUND, or AMBIGUOUS with the candidates."""
    return customers.find(store, typed, manager)
