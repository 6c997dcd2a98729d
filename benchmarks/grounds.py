"""Invented territories as planning problems: one manager or several, in town, in the country, or both."""

import math
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from crmkit.model.assigning import Team
from crmkit.model.calendar import WorkCalendar
from crmkit.model.customer import Customer, Frequency, MarketType, Place, VisitMethod
from crmkit.model.month import Month
from crmkit.model.person import Person, Role
from crmkit.model.planning import Client, Problem
from crmkit.model.policy import Policy
from crmkit.rules.assigning import Member, state_team
from crmkit.rules.calendar import build_calendar, needed_range
from crmkit.rules.owing import Span
from crmkit.rules.planning import state_problem
from crmkit.sources.holidays import official_days
from crmkit.sources.policy import shipped_policy
from crmkit.sources.territory.shops import Shop, shops

MONTH = Month(2026, 3)  # 22 working days, no holiday
KINDS = ("urban", "rural", "mixed")
_MINUTES = {"urban": 9, "rural": 16, "mixed": 10}  # of a day for each of 240 customers' share, road included

Point = tuple[float, float]


@dataclass(frozen=True)
class Ground:
    """A territory: its customers by code, how many managers it has, and the policy with wide enough days."""

    kind: str
    seed: int
    managers: int
    clients: tuple[Client, ...]
    policy: Policy

    @property
    def points(self) -> list[Point]:
        """Flat places of the customers, in metres."""
        return [_flat(client.customer.place) for client in self.clients]

    def part(self, members: list[int]) -> Problem:
        """The month of one manager with these customers (places in `clients`)."""
        return state_problem(self._span(1), [self.clients[at] for at in sorted(members)], [])

    def team(self) -> Team:
        """The month of all managers; nobody has a customer yet."""
        people = [Person(n, f"CM{n}", f"Manager {n}", Role.CUSTOMER_MANAGER) for n in range(1, self.managers + 1)]
        members = [Member(person, _calendar(person.id), ()) for person in people]
        return state_team(self._span(None), members, self.clients, [])

    def _span(self, person: int | None) -> Span:
        return Span(MONTH, _calendar(person), self.policy, MONTH.first)


def ground(count: int, seed: int, kind: str = "mixed", managers: int = 1, evenness: int = 0) -> Ground:
    """A territory of so many customers, with the frequencies of the method: 8 % key, then 20 / 50 / 30 percent.

    The hours of a day grow with the customers of a manager, so that one person could do it. `evenness` 0: the
    policy's weight.
    """
    shipped = shipped_policy()
    policy = replace(
        shipped,
        capacity=replace(
            shipped.capacity,
            mode="minutes",
            day_minutes=60 + max(420, 60 * _MINUTES[kind] * count // managers // 240),
        ),
        planning=replace(shipped.planning, evenness=evenness or shipped.planning.evenness),
        base_data=replace(shipped.base_data, customers_per_manager=max(300, count)),
    )
    return Ground(kind, seed, managers, tuple(_clients(count, seed, kind)), policy)


@cache
def _calendar(person: int | None) -> WorkCalendar:
    covers = needed_range(MONTH)
    return build_calendar(covers, official_days("CN", *covers), (), person=person, zone="Asia/Shanghai")


def _clients(count: int, seed: int, kind: str) -> list[Client]:
    random = Random(seed)
    ranks = random.sample(range(count), count)
    key = count * 8 // 100
    weekly, monthly = key + (20 * (count - key) + 50) // 100, (30 * (count - key) + 50) // 100
    found = []
    for number, (shop, rank) in enumerate(zip(_shops(count, seed, kind), ranks, strict=True), 1):
        often = Frequency.WEEKLY if rank < weekly else Frequency.TWICE_MONTHLY
        customer = Customer(
            number,
            shop.code,
            shop.name,
            market_type=MarketType.RURAL if shop.rural else MarketType.URBAN,
            visit_method=VisitMethod.ONSITE,
            place=Place(shop.latitude, shop.longitude),
        )
        found.append(Client(customer, Frequency.MONTHLY if rank >= count - monthly else often, rank, rank < key))
    return sorted(found, key=lambda client: client.customer.code)


def _shops(count: int, seed: int, kind: str) -> list[Shop]:
    """The shops of the demo's territory; of one three times the size those in town, of one five times those outside."""
    if kind == "mixed":
        return list(shops(seed, MONTH, count, 1))
    wider = shops(seed, MONTH, count * (3 if kind == "urban" else 5), 1)
    return [shop for shop in wider if shop.rural == (kind == "rural")][:count]


def _flat(place: Place | None) -> Point:
    assert place is not None
    east = place.longitude_e6 * math.cos(math.radians(place.latitude_e6 / 1e6))
    return east * 0.111_319, place.latitude_e6 * 0.111_319
