"""When on a day each visit begins, by the order of the road and the policy's times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crmkit.model.customer import VisitMethod
from crmkit.model.planning import Client
from crmkit.model.policy import CapacityPolicy
from crmkit.rules.capacity import pace, visit_load

_NOON = 12  # lunch is taken before the first visit that would begin at noon or later [our default]


@dataclass(frozen=True, slots=True)
class Leg:
    """One visit and the way to it from the one before, in metres."""

    client: Client
    method: VisitMethod
    metres: int


def visit_times(capacity: CapacityPolicy, legs: Sequence[Leg], start: datetime) -> list[tuple[datetime, datetime]]:
    """Begin and end of each visit, in whole minutes: way, visit, way, visit; lunch once."""
    minutes = replace(capacity, mode="minutes")
    units, per = pace(minutes)
    at, lunch, found = start, capacity.lunch_minutes, []
    for leg in legs:
        at += timedelta(minutes=-(-leg.metres * units // (60 * per)))
        if lunch and at.hour >= _NOON:
            at, lunch = at + timedelta(minutes=lunch), 0
        ends = at + timedelta(minutes=max(1, visit_load(minutes, leg.client, leg.method) // 60))
        found.append((at, ends))
        at = ends
    return found
