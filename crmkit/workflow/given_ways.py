"""The ways between shops that somebody gave, gathered once for all who measure a road."""

from collections.abc import Iterable

from crmkit.model.customer import Customer
from crmkit.model.distance import Given, Ways
from crmkit.rules.distance import usable
from crmkit.store import distances
from crmkit.store.connection import Store


def ways_of(store: Store, listed: Iterable[Customer]) -> Ways:
    """The given ways between these customers that hold, and who has moved since his were given."""
    known = {customer.id: customer for customer in listed}
    return usable(distances.between(store, known), known)


def given_ways(store: Store, listed: Iterable[Customer]) -> Given:
    """The ways that hold."""
    return ways_of(store, listed).given
