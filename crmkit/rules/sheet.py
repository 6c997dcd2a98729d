"""What the daily sheet says of each shop: what it ordered since the last visit, what to verify there, what to bring.

Step 11 prescribes the sheet and not these lines: how they are counted are our defaults.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from crmkit.model.customer import Customer, Frequency
from crmkit.model.planning import Client
from crmkit.model.policy import CapacityPolicy
from crmkit.model.sheet import Bringing, ProductsOf, SinceVisit, Stop
from crmkit.rules.capacity import day_room, visit_load, visit_seconds
from crmkit.rules.choosing import cell
from crmkit.rules.completeness import stale_before
from crmkit.rules.routing import seconds_of_road

USUAL = timedelta(days=91)  # thirteen weeks: each weekday as often as any other
_FEWEST_DAYS = 3  # order days that make a usual one
_ASKED = 2  # fields a sheet asks to verify in a shop
# what a person can see or ask in a shop; coordinates and the way of a visit he cannot
ON_PAPER = ("contact", "phone", "business_type", "address", "hours")


def span_of(seen: date) -> tuple[date, date]:
    """The day of a visit, and the first day of the weeks before it that say what is usual."""
    return seen, seen - USUAL + timedelta(days=1)


def since_visit(
    until: date, days: int, products: Sequence[ProductsOf], days_before: int, before: Sequence[ProductsOf]
) -> SinceVisit:
    """What a shop ordered since its last visit, held against the thirteen weeks up to it.

    Usual is the mean amount of an order day, of three at least. Gained is a product ordered now and not once in those
    weeks; lost one that stood in at least half of their order days and in none since, told only where there was an
    order since and a usual one before. Returns alone gain nothing.
    """
    known = days_before >= _FEWEST_DAYS
    amount = sum(one.amount for one in before)
    had = {one.product for one in before if one.volume > 0}
    now = {one.product for one in products if one.volume > 0}
    regular = [one for one in before if one.volume > 0 and 2 * one.days >= days_before]
    return SinceVisit(
        until=until,
        days=days,
        volume=sum(one.volume for one in products),
        amount=sum(one.amount for one in products),
        usual=Fraction(amount, days_before) if known and amount > 0 else None,
        gained=_names(one for one in products if one.product in now - had) if known else (),
        lost=_names(one for one in regular if one.product not in now) if known and days else (),
    )


def _names(products: Iterable[ProductsOf]) -> tuple[str, ...]:
    return tuple(one.product for one in sorted(products, key=lambda one: (-one.volume, one.product)))


def to_verify(customer: Customer, verified: Mapping[str, date], today: date, months: int) -> tuple[str, ...]:
    """The two fields nobody made sure of for longest: never ones first (of these the empty ones), then the oldest;
    none looked at within the policy's months. Where nothing tells them apart each day asks for the next ones, so that
    a shop is not asked for its phone every week.

    They stand in the order of the card, and what was made sure of on the day itself stays among them: their numbers
    mean the same in the morning, in the evening and typed once more (more of them than a sheet asks for were made
    sure of otherwise). Nothing is asked of a day behind the last making sure: what its paper asked cannot be told.
    """
    if any(verified.get(field, today) > today for field in ON_PAPER):
        return ()
    seen = [field for field in ON_PAPER if verified.get(field) == today]
    seen = seen if len(seen) <= _ASKED else []
    old, turn = stale_before(today, months), today.toordinal()
    stale = [field for field in ON_PAPER if verified.get(field, date.min) < old]

    def rank(field: str) -> tuple[date, bool, int]:
        after = (ON_PAPER.index(field) - turn) % len(ON_PAPER)
        return verified.get(field, date.min), cell(customer, field) is not None, after

    asked = [*seen, *sorted(stale, key=rank)[: _ASKED - len(seen)]]
    return tuple(sorted(asked, key=ON_PAPER.index))


def to_bring(stops: Iterable[Stop]) -> tuple[Bringing, ...]:
    """The products behind the day's open demands, those most shops ask for first."""
    asked: dict[str, list[tuple[str, int]]] = {}
    for stop in stops:
        for product, volume in dict.fromkeys(pair for task in stop.tasks for pair in task.wanted):
            asked.setdefault(product, []).append((stop.short_code, volume))
    found = [
        Bringing(product, sum(volume for _shop, volume in shops), tuple(dict.fromkeys(shop for shop, _volume in shops)))
        for product, shops in asked.items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.shops), -one.volume, one.product)))


def day_minutes(stops: Iterable[Stop], metres: int | None, capacity: CapacityPolicy) -> int:
    """What the day's visits, calls and roads take by the policy, rounded up to whole minutes."""
    seconds = sum(visit_seconds(capacity, _client(stop), stop.method) for stop in stops)
    return -(-(seconds + seconds_of_road(capacity, metres or 0)) // 60)


def fullness(stops: Iterable[Stop], metres: int | None, capacity: CapacityPolicy) -> int | None:
    """How much of the day's room is taken, in permille; None where a day has none."""
    room = day_room(capacity)
    load = sum(visit_load(capacity, _client(stop), stop.method) for stop in stops)
    road = seconds_of_road(capacity, metres or 0) if capacity.mode == "minutes" else 0
    return (1000 * (load + road) + room // 2) // room if room else None


def _client(stop: Stop) -> Client:
    return Client(stop.customer, stop.frequency or Frequency.MONTHLY, key=stop.key)
